"""What some fields of a table held on earlier days, as the journal tells it: one row per span."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import arrow_type, countable
from ledgersync.journal import Journal, LoggedOperation
from ledgersync.journal.state import take_back
from ledgersync.model import Rows
from ledgersync.schema import TableKey, TableSchema

FOR_EVER = date(9999, 12, 31)
Fields = Mapping[TableKey, Sequence[str]]


def history_schema(table: TableSchema, fields: Sequence[str]) -> pa.Schema:
    """Record, first and last day, and what the fields held from the one to the other."""
    spans = [("_record", pa.string()), ("_from", pa.date32()), ("_until", pa.date32())]
    return pa.schema([*spans, *((name, arrow_type(table.by_id[name])) for name in fields)])


def history_of(journal: Journal, key: TableKey, fields: Sequence[str]) -> pa.Table:
    """All spans of a table's records, the last of them without an end."""
    table = journal.catalog.table(*key)
    spans = Spans(table, [table.position[name] for name in fields])
    days = _days(journal)
    logged = [o for o in journal.log.operations(ledger=key[0]) if o.table == key[1]]
    rows = dict(journal.state.rows(*key))
    for day, made in groupby(reversed(logged), key=lambda o: days[o.revision]):
        spans.go_back(rows, day, list(made))
    if days:
        spans.begin(rows, min(days.values()))
    return spans_table(spans.found, history_schema(table, fields))


def spans_table(spans: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Spans as columns, be there any or not."""
    columns = list(zip(*spans, strict=True)) or [()] * len(schema)
    return pa.table([list(column) for column in columns], schema)


def _days(journal: Journal) -> dict[int, date]:
    """The day of each revision; a clock that went back made none that is later than the next."""
    found: dict[int, date] = {}
    earliest = FOR_EVER
    for revision in reversed(journal.log.revisions()):
        earliest = min(earliest, date.fromisoformat(revision.at[:10]))
        found[revision.id] = earliest
    return found


@dataclass
class Spans:
    """Walks from now to the first day; what changed on a day ends the span before it."""

    table: TableSchema
    positions: Sequence[int]
    found: list[tuple[Any, ...]] = field(default_factory=list)
    ends: dict[str, date] = field(default_factory=dict)

    def go_back(self, rows: Rows, day: date, made: Sequence[LoggedOperation]) -> None:
        """Takes a day's operations (the last first) back in `rows`."""
        touched = list(dict.fromkeys(o.record for o in made))
        after = {record: self._held(rows, record) for record in touched}
        for operation in made:
            take_back(self.table, rows, operation)
        for record in touched:
            if self._held(rows, record) == after[record]:
                continue
            values = after[record]
            if values is not None:
                last = self.ends.get(record, FOR_EVER)
                self.found.append((record, day, last, *values))
            self.ends[record] = day - timedelta(1)

    def begin(self, rows: Rows, first: date) -> None:
        """What is left was there when the journal began."""
        for record in rows:
            values = self._held(rows, record)
            assert values is not None, "the record is there"
            self.found.append((record, first, self.ends.get(record, FOR_EVER), *values))

    def _held(self, rows: Rows, record: str) -> tuple[Any, ...] | None:
        row = rows.get(record)
        if row is None:
            return None
        return tuple(countable(self.table.fields[at], [row[at]])[0] for at in self.positions)


def until_yesterday(history: pa.Table, today: date) -> pa.Table:
    """The days that are over: what is held today, the workbook itself says."""
    over = history.filter(pc.less(history.column("_from"), pa.scalar(today, pa.date32())))
    last = pa.scalar(today - timedelta(1), pa.date32())
    ends = pc.min_element_wise(over.column("_until"), last)
    return over.set_column(over.schema.get_field_index("_until"), "_until", ends)
