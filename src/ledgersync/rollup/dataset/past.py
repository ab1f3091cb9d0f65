"""What the journal says of past days as spans, where it was asked for single days only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import plain_value
from ledgersync.facts.history import history_schema, spans_table
from ledgersync.rollup.facts import FactColumns, UnitFacts
from ledgersync.schema import TableKey, TableSchema


@dataclass(frozen=True, slots=True)
class Held:
    """What some fields of a record held from a first to a last day."""

    record: str
    since: date
    until: date
    values: tuple[Any, ...]


def spans_of(
    facts: UnitFacts, key: TableKey, table: TableSchema, fields: Sequence[str]
) -> pa.Table:
    """Days that follow each other and say the same are one span."""
    held = _spans(facts, key, [table.position[name] for name in fields])
    rows = [(h.record, h.since, h.until, *h.values) for h in held]
    return spans_table(rows, history_schema(table, fields))


def _spans(facts: UnitFacts, key: TableKey, positions: Sequence[int]) -> list[Held]:
    open_: dict[str, Held] = {}
    found: list[Held] = []
    for day, tables in sorted(facts.as_of.items()):
        now: dict[str, Held] = {}
        rows = tables.get(key, ())
        assert not isinstance(rows, FactColumns), "single days are told as rows"
        for row in rows:
            values = tuple(plain_value(row.row[at]) for at in positions)
            before = open_.pop(row.record, None)
            if before and before.values == values:
                now[row.record] = replace(before, until=day)
            else:
                now[row.record] = Held(row.record, day, day, values)
                found += [before] if before else []
        found += open_.values()
        open_ = now
    return [*found, *open_.values()]
