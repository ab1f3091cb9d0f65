"""Rows made into Arrow columns: the engine's own, the fields, and what is derived from fields."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ledgersync.checks.cycles import Cycle, parse_cycle
from ledgersync.model import Invalid, Row, Value
from ledgersync.rollup.facts import FactRow
from ledgersync.rollup.keys import home_key
from ledgersync.schema import FieldSchema, TableSchema

_TYPES: dict[str, tuple[str, Any]] = {
    "integer": ("BIGINT", pa.int64()),
    "decimal": ("DECIMAL(18, 6)", pa.float64()),  # sums are exact, in whatever order
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

    homes: dict[tuple[int, str], int] = field(default_factory=dict)
    sheets: dict[tuple[str, str], int] = field(default_factory=dict)

    def home(self, unit: int, address: Value) -> int | None:
        """The same number for the same home; a home is one within its community only."""
        key = home_key(address) if isinstance(address, str) else ""
        return self.keyed(unit, key) if key else None

    def keyed(self, unit: int, key: str) -> int:
        """The number of a home whose address was made a key before."""
        return self.homes.setdefault((unit, key), len(self.homes))

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


def arrow_type(f: FieldSchema) -> Any:
    return _TYPES.get(f.type, _TEXT)[1]


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
        "_sheet": [numbering.sheet(r.file or origin.file, r.sheet) for r in rows],
        "_row": [r.sheet_row for r in rows],
        "_faulty": [faulty(r.row) for r in rows] if faulty else [None] * count,
    }
    for position, f in enumerate(table.fields):
        column = [plain_value(r.row[position]) for r in rows]
        values[f.id] = column
        values.update(_derived(f, column, origin, numbering))
    arrays = {name: pa.array(values[name], kind) for name, _, kind in declared_columns(table)}
    return pa.table(arrays)


def plain_value(value: Value) -> Any:
    """What cannot be counted is nothing."""
    return None if isinstance(value, Invalid) else value


def _derived(
    f: FieldSchema, column: list[Any], origin: Origin, numbering: Numbering
) -> dict[str, list[Any]]:
    names = derived_names(f)
    if f.privacy == "address":
        return {names[0]: [numbering.home(origin.home_unit, v) for v in column]}
    return cycle_columns(f, column)


def cycle_columns(f: FieldSchema, column: Sequence[Any]) -> dict[str, list[Any]]:
    """Months and days of a field with cycles, nothing for any other."""
    if not f.cycles:
        return {}
    names = derived_names(f)
    cycles = {choice: parse_cycle(text) or Cycle() for choice, text in f.cycles.items()}
    found = [cycles.get(v, Cycle()) for v in column]
    return {names[0]: [c.months or None for c in found], names[1]: [c.days or None for c in found]}


@dataclass
class ColumnLoader:
    """Turns batches of columns into what the engine keeps of them: addresses only as numbers."""

    table: TableSchema
    numbering: Numbering
    unit_number: Callable[[str], int]
    home_unit: Callable[[int], int] = int
    seen: dict[str, str] = field(default_factory=dict)  # address as typed → its key

    def batch(self, arrow: pa.RecordBatch) -> pa.Table:
        """`_unit`, `<address>_key`, and the given fields that are no addresses."""
        encoded = arrow.column("unit").dictionary_encode()
        codes = encoded.dictionary.to_pylist()
        units = pa.array([self.unit_number(c) for c in codes], pa.uint16()).take(encoded.indices)
        given: dict[str, Any] = {"_unit": units}
        for f in self.table.fields:
            if f.id not in arrow.schema.names:
                continue
            if f.privacy == "address":
                numbers = self._homes(arrow.column(f.id).dictionary_encode(), units.to_numpy())
                given[derived_names(f)[0]] = pa.array(numbers, pa.int32(), mask=numbers < 0)
            else:
                given[f.id] = arrow.column(f.id)
        return pa.table(given)

    def _homes(self, encoded: Any, units: Any) -> Any:
        """Each different address of each unit is looked at once."""
        keys = [self._key(text) for text in encoded.dictionary.to_pylist()] + [""]
        indices = encoded.indices.fill_null(len(keys) - 1).to_numpy().astype(np.int64)
        pairs, place = np.unique(units.astype(np.int64) * len(keys) + indices, return_inverse=True)
        numbers = [self._number(*divmod(int(pair), len(keys)), keys) for pair in pairs]
        return np.array(numbers, np.int32)[place]

    def _number(self, unit: int, index: int, keys: Sequence[str]) -> int:
        return self.numbering.keyed(self.home_unit(unit), keys[index]) if keys[index] else -1

    def _key(self, text: str) -> str:
        found = self.seen.get(text)
        if found is None:
            found = self.seen[text] = home_key(text)
        return found
