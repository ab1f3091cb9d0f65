"""Rows made into Arrow columns: the engine's own, the fields, and what is derived from fields."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from ledgersync.checks.cycles import Cycle, parse_cycle
from ledgersync.model import Invalid, Row, Value
from ledgersync.rollup.facts import FactRow
from ledgersync.rollup.keys import home_key, names_a_place
from ledgersync.schema import FieldSchema, TableSchema

_TYPES: dict[str, tuple[str, Any]] = {
    "integer": ("BIGINT", pa.int64()),
    "decimal": ("DOUBLE", pa.float64()),
    "money": ("DECIMAL(18, 2)", pa.decimal128(18, 2)),
    "date": ("DATE", pa.date32()),
    "bool": ("BOOLEAN", pa.bool_()),
    "choices": ("VARCHAR[]", pa.list_(pa.string())),
}
_TEXT = ("VARCHAR", pa.string())
_ENGINE: tuple[tuple[str, str, Any], ...] = (
    ("_source", "UTINYINT", pa.uint8()),
    ("_unit", "USMALLINT", pa.uint16()),
    ("_record", "VARCHAR", pa.string()),
    ("_sheet", "USMALLINT", pa.uint16()),
    ("_row", "UINTEGER", pa.uint32()),
    ("_faulty", "BOOLEAN", pa.bool_()),
)
Faulty = Callable[[Row], bool]


@dataclass
class Numbering:
    """Small numbers for what repeats: homes, and the sheets that rows stand on."""

    homes: dict[tuple[int | None, str], int] = field(default_factory=dict)
    sheets: dict[tuple[str, str], int] = field(default_factory=dict)

    def home(self, unit: int, address: Value) -> int | None:
        """The same number for the same home; an address without a place is the unit's own."""
        key = home_key(address) if isinstance(address, str) else ""
        if not key:
            return None
        scope = None if names_a_place(key) else unit
        return self.homes.setdefault((scope, key), len(self.homes))

    def sheet(self, file: str, sheet: str) -> int:
        return self.sheets.setdefault((file, sheet), len(self.sheets))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: table number, unit number, the unit that homes belong to, file."""

    source: int
    unit: int
    home_unit: int
    file: str


def declared_columns(table: TableSchema) -> Iterator[tuple[str, str, Any]]:
    """Name, SQL type and Arrow type of every column of a table."""
    yield from _ENGINE
    for f in table.fields:
        yield (f.id, *_TYPES.get(f.type, _TEXT))
        for name in derived_names(f):
            yield (name, "INTEGER", pa.int32())


def derived_names(f: FieldSchema) -> tuple[str, ...]:
    if f.privacy == "address":
        return (f"{f.id}_key",)
    return (f"{f.id}_months", f"{f.id}_days") if f.cycles else ()


def arrow_table(
    table: TableSchema,
    rows: Sequence[FactRow],
    origin: Origin,
    numbering: Numbering,
    faulty: Faulty | None,
) -> pa.Table:
    """The rows with all columns of `declared_columns`."""
    count = len(rows)
    values: dict[str, list[Any]] = {
        "_source": [origin.source] * count,
        "_unit": [origin.unit] * count,
        "_record": [r.record for r in rows],
        "_sheet": [numbering.sheet(origin.file, r.sheet) for r in rows],
        "_row": [r.sheet_row for r in rows],
        "_faulty": [faulty(r.row) for r in rows] if faulty else [None] * count,
    }
    for position, f in enumerate(table.fields):
        column = [_plain(r.row[position]) for r in rows]
        values[f.id] = column
        values.update(_derived(f, column, origin, numbering))
    arrays = {name: pa.array(values[name], kind) for name, _, kind in declared_columns(table)}
    return pa.table(arrays)


def _plain(value: Value) -> Any:
    """What cannot be counted is nothing."""
    return None if isinstance(value, Invalid) else value


def _derived(
    f: FieldSchema, column: list[Any], origin: Origin, numbering: Numbering
) -> dict[str, list[Any]]:
    names = derived_names(f)
    if f.privacy == "address":
        return {names[0]: [numbering.home(origin.home_unit, v) for v in column]}
    if not f.cycles:
        return {}
    cycles = {choice: parse_cycle(text) or Cycle() for choice, text in f.cycles.items()}
    found = [cycles.get(v, Cycle()) for v in column]
    return {names[0]: [c.months or None for c in found], names[1]: [c.days or None for c in found]}
