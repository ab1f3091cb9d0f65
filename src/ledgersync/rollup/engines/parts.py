"""Parts, of a workbook or a dataset, as the columns that the embedded engine keeps."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import MARK, derived_names
from ledgersync.rollup.columns import Numbering, declared_columns
from ledgersync.schema import TableSchema

_AT_ONCE = 2


@dataclass(frozen=True)
class PartLoader:
    """Makes the engine's columns of the parts of one table."""

    table: TableSchema
    numbering: Numbering
    home_unit: Callable[[int], int]
    today: date

    def rows(self, part: pa.Table, source: int, unit: int, file: str) -> pa.Table:
        """All of a part."""
        numbers = zip(("_source", "_unit"), _numbers(part.num_rows, source, unit), strict=True)
        return pa.table({**dict(numbers), **self.columns(part, unit, file)})

    def columns(self, part: pa.Table, unit: int, file: str) -> dict[str, Any]:
        """What the engine keeps of those columns that a part has."""
        made: dict[str, Callable[[Any], Any]] = {
            "_sheet": lambda column: self._sheets(column, file),
            "_row": lambda column: column.cast(pa.uint32()),
            "_faulty": lambda _: self._faulty(part),
            **dict.fromkeys(self.homes, lambda column: self._homes(column, unit)),
        }
        left_out = (MARK, "_faulty_until")
        names = [name for name in part.column_names if name not in left_out]
        return {name: made.get(name, _as_it_is)(part.column(name)) for name in names}

    @cached_property
    def homes(self) -> frozenset[str]:
        """The columns that are keys of homes."""
        addresses = (f for f in self.table.fields if f.privacy == "address")
        return frozenset(name for f in addresses for name in derived_names(f))

    @cached_property
    def types(self) -> dict[str, Any]:
        """Every column that a part may have for the engine, with its type."""
        fixed = {"_source", "_unit"}
        return {n: arrow for n, _, arrow in declared_columns(self.table) if n not in fixed}

    def past(self, part: pa.Table, unit: int) -> pa.Table:
        """What was held on earlier days."""
        numbers = pa.array(np.full(part.num_rows, unit, np.uint16))
        others = [name for name in part.column_names if name != "_unit"]
        return part.select(others).append_column("_unit", numbers)

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


@dataclass
class TableParts:
    """The parts of one table in a dataset; `read` adds columns to those that are here.

    `parts` are the file, the number of its rows, the unit's number, and the workbook it came from.
    """

    loader: PartLoader
    source: int
    parts: Sequence[tuple[Path, int, int, str]]

    @cached_property
    def columns(self) -> dict[str, Any]:
        """By name, over all parts; from the beginning whose and which table's rows they are."""
        found = [_numbers(rows, self.source, unit) for _, rows, unit, _ in self.parts]
        sources, units = zip(*found, strict=True)
        return {"_source": pa.chunked_array(sources), "_unit": pa.chunked_array(units)}

    @property
    def table(self) -> pa.Table:
        """What was read."""
        return pa.table(self.columns)

    def read(self, asked: Collection[str]) -> bool:
        """Reads what is asked for and not here; whether there was any such column."""
        fresh = [name for name in self.loader.types if name in asked and name not in self.columns]
        if fresh:
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                read = threads.map(lambda part: self._read(part[0], fresh), self.parts)
                found = [
                    self._made(part, raw, fresh) for part, raw in zip(self.parts, read, strict=True)
                ]
            for name in fresh:
                chunks = [chunk for f in found for chunk in f[name]]
                self.columns[name] = pa.chunked_array(chunks, self.loader.types[name])
        return bool(fresh)

    def _read(self, path: Path, names: Sequence[str]) -> pa.Table:
        """Those of the columns that a part has."""
        with pq.ParquetFile(path, read_dictionary=["_sheet", *self.loader.homes]) as part:
            wanted = [*names, *(["_faulty_until"] if "_faulty" in names else [])]
            return part.read(columns=wanted, use_threads=False)

    def _made(
        self, part: tuple[Path, int, int, str], raw: pa.Table, names: Sequence[str]
    ) -> dict[str, Sequence[Any]]:
        """The chunks of each column; of one that the part does not have, nothing."""
        (_, rows, unit, file), types = part, self.loader.types
        there = self.loader.columns(raw, unit, file)
        empty = (name for name in names if name not in there)
        there.update((name, pa.nulls(rows, types[name])) for name in empty)
        return {name: _chunks(there[name].cast(types[name])) for name in names}


def _as_it_is(column: Any) -> Any:
    return column


def _numbers(rows: int, source: int, unit: int) -> tuple[Any, Any]:
    """The same for every row of a part."""
    return pa.array(np.full(rows, source, np.uint8)), pa.array(np.full(rows, unit, np.uint16))


def _chunks(column: Any) -> Sequence[Any]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _encoded(column: Any) -> Any:
    """A column as one array of its different texts and where they stand."""
    if pa.types.is_dictionary(column.type):
        return column.unify_dictionaries().combine_chunks()
    return column.combine_chunks().dictionary_encode()
