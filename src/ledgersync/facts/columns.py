"""A table's columns: what stands beside the fields, the types of fields, what is derived."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ledgersync.checks.cycles import Cycle, parse_cycle
from ledgersync.facts.frugal import keep_pandas_out
from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, TableSchema

keep_pandas_out()

# type of a field → DuckDB's type and Arrow's
TYPES: dict[str, tuple[str, Any]] = {
    "integer": ("BIGINT", pa.int64()),
    "decimal": ("DECIMAL(18, 6)", pa.float64()),  # sums are exact, in whatever order
    "money": ("DECIMAL(18, 2)", pa.decimal128(18, 2)),
    "date": ("DATE", pa.date32()),
    "bool": ("BOOLEAN", pa.bool_()),
    "choices": ("VARCHAR[]", pa.list_(pa.string())),
}
TEXT = ("VARCHAR", pa.string())
# where a row stands, whether it has an error (for good, or until a day), and the fields whose cells
# say something that is no value of theirs
PLACE: tuple[tuple[str, Any], ...] = (
    ("_record", pa.string()),
    ("_sheet", pa.string()),
    ("_row", pa.int32()),
    ("_faulty", pa.bool_()),
    ("_faulty_until", pa.date32()),
    ("_unread", pa.list_(pa.string())),
)
_MOST: dict[str, int] = {
    "integer": 2**63,
    "decimal": 10**12,
    "money": 10**16,
}  # what their types hold
MARK = "_mark"  # the same number for rows that say the same


def arrow_type(f: FieldSchema) -> Any:
    return TYPES.get(f.type, TEXT)[1]


def derived_names(f: FieldSchema) -> tuple[str, ...]:
    if f.privacy == "address":
        return (f"{f.id}_key",)
    return (f"{f.id}_months", f"{f.id}_days") if f.cycles else ()


def key_type(f: FieldSchema) -> Any:
    """A home's key is text here; months and days of a cycle are numbers."""
    return pa.string() if f.privacy == "address" else pa.int32()


def part_columns(table: TableSchema) -> Iterator[tuple[str, Any]]:
    """Name and type of every column of a part."""
    yield from PLACE
    yield MARK, pa.uint64()
    for f in table.fields:
        yield f.id, arrow_type(f)
        yield from ((name, key_type(f)) for name in derived_names(f))


def part_schema(table: TableSchema) -> pa.Schema:
    return pa.schema(list(part_columns(table)))


def plain_value(value: Value) -> Any:
    """What cannot be counted is nothing."""
    return None if isinstance(value, Invalid) else value


def countable(f: FieldSchema, values: Sequence[Value]) -> list[Any]:
    """Values of a field as a column takes them; a number beyond all measure is nothing, too."""
    plain = map(plain_value, values)
    if f.type not in _MOST:
        return list(plain)
    most = _MOST[f.type]
    numbers = (v if isinstance(v, (int, float, Decimal)) else None for v in plain)
    kept = [v if v is not None and abs(float(v)) < most else None for v in numbers]
    return [None if v is None else float(v) for v in kept] if f.type == "decimal" else kept


def values_of(f: FieldSchema, column: pa.ChunkedArray) -> list[Value]:
    """The values that a column was made of; those that it cannot hold are nothing."""
    found: list[Value] = column.to_pylist()
    if f.type == "choices":
        return [None if v is None else tuple(v) for v in column.to_pylist()]
    if f.type == "decimal":
        return [int(v) if isinstance(v, float) and v.is_integer() else v for v in found]
    return found


def cycle_columns(f: FieldSchema, column: Sequence[Any]) -> dict[str, list[Any]]:
    """Months and days of a field with cycles, nothing for any other."""
    if not f.cycles:
        return {}
    names = derived_names(f)
    cycles = {choice: parse_cycle(text) or Cycle() for choice, text in f.cycles.items()}
    found = [cycles.get(v, Cycle()) for v in column]
    return {names[0]: [c.months or None for c in found], names[1]: [c.days or None for c in found]}
