"""The columns that an engine keeps: its own, the fields, and what is derived from fields."""

from collections.abc import Iterator
from dataclasses import field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import TEXT, TYPES, derived_names
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
