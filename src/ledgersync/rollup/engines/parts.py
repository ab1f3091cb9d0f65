"""Parts, of a workbook or a dataset, as the columns that the embedded engine keeps."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ledgersync.facts.columns import MARK, derived_names
from ledgersync.rollup.columns import Numbering
from ledgersync.schema import TableSchema

_ALWAYS = ("_record", "_sheet", "_row", "_faulty", "_faulty_until", "_unread")


@dataclass(frozen=True)
class PartLoader:
    """Takes the parts of one table; the columns in `named` and what the engine needs."""

    table: TableSchema
    numbering: Numbering
    home_unit: Callable[[int], int]
    named: Collection[str] | None  # all of them where not given
    today: date

    def read(self, path: Path, source: int, unit: int, file: str) -> pa.Table:
        """A part of a dataset."""
        homes = list(self._homes_of)
        with pq.ParquetFile(path, read_dictionary=["_sheet", *homes]) as part:
            wanted = self._wanted(part.schema_arrow.names)
            return self.rows(part.read(columns=wanted), source, unit, file)

    @cached_property
    def _homes_of(self) -> frozenset[str]:
        """The columns that are keys of homes."""
        addresses = (f for f in self.table.fields if f.privacy == "address")
        return frozenset(name for f in addresses for name in derived_names(f))

    def rows(self, part: pa.Table, source: int, unit: int, file: str) -> pa.Table:
        count = part.num_rows
        found: dict[str, Any] = {
            "_source": pa.array(np.full(count, source, np.uint8)),
            "_unit": pa.array(np.full(count, unit, np.uint16)),
            "_record": part.column("_record"),
            "_sheet": self._sheets(part.column("_sheet"), file),
            "_row": part.column("_row").cast(pa.uint32()),
            "_faulty": self._faulty(part),
            "_unread": part.column("_unread"),
        }
        for name in part.column_names:
            if name in self._homes_of:
                found[name] = self._homes(part.column(name), unit)
            elif name not in (*_ALWAYS, MARK):
                found[name] = part.column(name)
        return pa.table(found)

    def past(self, part: pa.Table, unit: int) -> pa.Table:
        """What was held on earlier days."""
        numbers = pa.array(np.full(part.num_rows, unit, np.uint16))
        others = [name for name in part.column_names if name != "_unit"]
        return part.select(others).append_column("_unit", numbers)

    def _wanted(self, names: Sequence[str]) -> list[str]:
        there = set(names)
        fields = [n for f in self.table.fields for n in (f.id, *derived_names(f))]
        wanted = there if self.named is None else there.intersection(self.named)
        return [*_ALWAYS, *(name for name in fields if name in wanted)]

    def _sheets(self, column: Any, file: str) -> Any:
        encoded = _encoded(column)
        numbers = [self.numbering.sheet(file, name) for name in encoded.dictionary.to_pylist()]
        return pa.array(numbers, pa.uint16()).take(encoded.indices)

    def _homes(self, column: Any, unit: int) -> Any:
        """Homes are one within their community: every different key is looked at once."""
        encoded = _encoded(column)
        numbers = self.numbering.keyed(self.home_unit(unit), encoded.dictionary)
        return pa.array(numbers).take(encoded.indices)

    def _faulty(self, part: pa.Table) -> Any:
        """Faulty for good, or up to a day that has not passed."""
        until = part.column("_faulty_until")
        still = pc.fill_null(pc.greater_equal(until, pa.scalar(self.today, pa.date32())), False)
        return pc.or_(pc.fill_null(part.column("_faulty"), False), still)


def _encoded(column: Any) -> Any:
    """A column as one array of its different texts and where they stand."""
    if pa.types.is_dictionary(column.type):
        return column.unify_dictionaries().combine_chunks()
    return column.combine_chunks().dictionary_encode()
