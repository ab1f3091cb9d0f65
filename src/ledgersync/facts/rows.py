"""Rows made into columns: values, places, whether a row has an error and until when."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import pyarrow as pa

from ledgersync.checks import RowChecker
from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import MARK, countable, cycle_columns, derived_names, part_schema
from ledgersync.facts.homes import home_key
from ledgersync.model import Invalid, Row
from ledgersync.schema import TableSchema


class PlacedRow(NamedTuple):
    """A record of a table, its values in field order, and where it stands."""

    record: str
    row: Row
    sheet: str
    sheet_row: int


@dataclass(frozen=True)
class RowColumns:
    """Makes columns of a table's rows, as they are on a day."""

    table: TableSchema
    today: date

    def of(self, rows: Sequence[PlacedRow]) -> pa.Table:
        """The rows with all columns of `part_schema`."""
        faults = [self._faults(r.row) for r in rows]
        found: dict[str, list[Any]] = {
            "_record": [r.record for r in rows],
            "_sheet": [r.sheet for r in rows],
            "_row": [r.sheet_row for r in rows],
            "_faulty": [always for always, _ in faults],
            "_faulty_until": [until for _, until in faults],
            "_unread": [self._unread(r.row) for r in rows],
            MARK: [mark_of(self.table.id, r.row) for r in rows],
        }
        for position, f in enumerate(self.table.fields):
            values = countable(f, [r.row[position] for r in rows])
            found[f.id] = values
            if f.privacy == "address":
                found[derived_names(f)[0]] = _home_keys(values)
            found.update(cycle_columns(f, values))
        schema = part_schema(self.table)
        return pa.table(found, schema)

    def _unread(self, row: Row) -> list[str] | None:
        """The fields that cannot be read; mostly there are none."""
        names = [f.id for f, v in zip(self.table.fields, row, strict=False) if type(v) is Invalid]
        return names or None

    def _faults(self, row: Row) -> tuple[bool, date | None]:
        """Whether the row has an error for good, else the last day of one that ends by itself.

        What is an error today because of a day to come is none any more once that day is here.
        """
        if not self._has_error(self.today, row):
            return False, None
        ahead = sorted({v for v in row if isinstance(v, date) and v > self.today})
        ends = (day for day in ahead if not self._has_error(day, row))
        first = next(ends, None)
        return (True, None) if first is None else (False, first - timedelta(1))

    def _has_error(self, day: date, row: Row) -> bool:
        checker = self._checkers.get(day)
        if checker is None:
            checker = self._checkers[day] = RowChecker(self.table, day)
        return any(fault.severity == "error" for fault in checker.faults(row))

    @cached_property
    def _checkers(self) -> dict[date, RowChecker]:
        return {}


def _home_keys(values: Sequence[Any]) -> list[str | None]:
    keys = {v: home_key(v) or None for v in set(values) if isinstance(v, str)}
    return [keys.get(v) for v in values]


def mark_of(table: str, row: Row) -> int:
    """A number that only the same row of the same table has, in every process."""
    digest = hashlib.blake2b(repr((table, row)).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
