"""The columns that an engine keeps: its own, the fields, and what is derived from fields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledgersync.facts.columns import TEXT, TYPES, derived_names
from ledgersync.facts.homes import home_key
from ledgersync.schema import TableSchema

_ENGINE: tuple[tuple[str, str, Any], ...] = (
    ("_source", "UTINYINT", pa.uint8()),
    ("_unit", "USMALLINT", pa.uint16()),
    ("_record", "VARCHAR", pa.string()),
    ("_sheet", "USMALLINT", pa.uint16()),
    ("_row", "UINTEGER", pa.uint32()),
    ("_faulty", "BOOLEAN", pa.bool_()),
    ("_unread", "VARCHAR[]", pa.list_(pa.string())),
)


@dataclass
class Numbering:
    """Small numbers for what repeats: homes, and the sheets that rows stand on."""

    homes: dict[int, tuple[Any, Any]] = field(default_factory=dict)  # by unit: keys, numbers
    count: int = 0  # homes that have a number
    sheets: dict[tuple[str, str], int] = field(default_factory=dict)

    def keyed(self, unit: int, keys: Any) -> Any:
        """The numbers of a unit's homes by their keys, none of which repeats; as an int32 array."""
        known, numbers = self.homes.get(unit, (pa.array([], pa.string()), np.array([], np.int32)))
        at = pc.index_in(keys, value_set=known).fill_null(-1).to_numpy()
        fresh = at < 0
        new = np.arange(self.count, self.count + int(fresh.sum()), dtype=np.int32)
        found = np.empty(len(keys), np.int32)
        found[fresh], found[~fresh] = new, numbers[at[~fresh]]
        if len(new):
            unseen = keys.filter(pa.array(fresh))
            self.homes[unit] = (pa.concat_arrays([known, unseen]), np.concatenate([numbers, new]))
            self.count += len(new)
        return found

    def sheet(self, file: str, sheet: str) -> int:
        return self.sheets.setdefault((file, sheet), len(self.sheets))


def declared_columns(table: TableSchema) -> Iterator[tuple[str, str, Any]]:
    """Name, SQL type and Arrow type of every column of a table."""
    yield from _ENGINE
    for f in table.fields:
        yield (f.id, *TYPES.get(f.type, TEXT))
        for name in derived_names(f):
            yield (name, "INTEGER", pa.int32())


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
        texts = pa.array([self._key(text) for text in encoded.dictionary.to_pylist()], pa.string())
        keys = texts.take(encoded.indices)
        found = np.full(len(keys), -1, np.int32)
        there = pc.fill_null(pc.not_equal(keys, ""), False).to_numpy(zero_copy_only=False)
        for unit in np.unique(units):
            mine = np.flatnonzero(there & (units == unit))
            known = keys.take(pa.array(mine)).dictionary_encode()
            numbers = self.numbering.keyed(self.home_unit(int(unit)), known.dictionary)
            found[mine] = numbers[known.indices.to_numpy()]
        return found

    def _key(self, text: str) -> str:
        found = self.seen.get(text)
        if found is None:
            found = self.seen[text] = home_key(text)
        return found
