"""Numbers that the merge gives (`ZF-<unit tail>-<n>`), and references that follow them.

A typed number is kept while it is unique; an empty one, or one that another record has, is
replaced when the row is added. The copy goes on saying what was typed, so references in it are
translated each time, by record: `followed` and `follow`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ledgersync.merge.keys import KeyReader, usable
from ledgersync.merge.result import MergeResult, Operation
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema


def number_added(
    table: TableSchema,
    result: MergeResult,
    *,
    unit_tail: str,
    taken: Collection[str] = (),
    last: int = 0,
    reserved: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Numbers the rows that `result` adds, in place; the new number by record.

    `taken` are numbers that must not come again though no record has them now; those that are
    given are higher than `last`, but for those that were `reserved` for their records.
    """
    generated = KeyReader(table).generated
    given: dict[str, str] = {}
    if not generated or not any(op.kind == "add" for op in result.operations):
        return given
    at = generated[0]
    numbers = _Numbers(_series(table, unit_tail), taken, last)
    added = {op.record for op in result.operations if op.kind == "add"}
    numbers.take(row[at] for record, row in result.merged.items() if record not in added)
    numbers.expect(row[at] for record, row in result.merged.items() if record in added)
    for i, op in enumerate(result.operations):
        if op.kind != "add":
            continue
        row = result.merged[op.record]
        if not numbers.keep(row[at]):
            waiting = (reserved or {}).get(op.record)
            number = waiting if waiting and numbers.keep(waiting) else numbers.next()
            given[op.record] = number
            row = (*row[:at], number, *row[at + 1 :])
            result.merged[op.record] = row
            result.operations[i] = replace(op, new=row)
    return given


def highest_freed(table: TableSchema, operations: Iterable[Operation], *, unit_tail: str) -> int:
    """The highest of the given numbers that records lose or take with them, 0 for none."""
    generated = KeyReader(table).generated
    if not generated:
        return 0
    at, name = generated[0], table.field_ids[generated[0]]
    lost: list[Value] = []
    for op in operations:
        if op.field is None and isinstance(op.old, tuple):
            lost.append(op.old[at])
        elif op.field == name and not isinstance(op.old, tuple):
            lost.append(op.old)
    return _highest(_series(table, unit_tail), lost)


def number_text(table: TableSchema, number: int, *, unit_tail: str) -> str:
    """A number of a table as people read it: `ZF-001007-1`."""
    return f"{_series(table, unit_tail)}{number}"


def highest_number(table: TableSchema, rows: Iterable[Row], *, unit_tail: str) -> int:
    """The highest of the given numbers that rows have, 0 for none."""
    generated = KeyReader(table).generated
    if not generated:
        return 0
    return _highest(_series(table, unit_tail), (row[generated[0]] for row in rows))


def _series(table: TableSchema, unit_tail: str) -> str:
    """What all numbers given in a table begin with."""
    return f"{table.number_prefix}-{unit_tail}-"


def _highest(series: str, values: Iterable[Value]) -> int:
    pattern = re.compile(re.escape(series) + r"(\d+)")
    found = (pattern.fullmatch(value) for value in values if isinstance(value, str))
    return max((int(match[1]) for match in found if match), default=0)


class _Numbers:
    """Which numbers of one kind are used, and the next free one."""

    def __init__(self, prefix: str, taken: Collection[str], last: int) -> None:
        self._prefix = prefix
        self._taken: set[Value] = set(taken)
        self._last = last
        self.expect(taken)

    def take(self, values: Iterable[Value]) -> None:
        found = list(values)
        self._taken.update(found)
        self.expect(found)

    def expect(self, values: Iterable[Value]) -> None:
        """Numbers given from now on are higher than these."""
        self._last = max(self._last, _highest(self._prefix, values))

    def keep(self, value: Value) -> bool:
        """Whether a typed number is free; it is taken then."""
        if not usable(value) or value in self._taken:
            return False
        self._taken.add(value)
        return True

    def next(self) -> str:
        self._last += 1
        number = f"{self._prefix}{self._last}"
        self._taken.add(number)
        return number


def followed(table: TableSchema, last_submission: Rows, merged: Rows) -> dict[Value, Value]:
    """Typed numbers of a copy whose records have another number in the primary, with that one.

    A number that the copy has for two records says nothing.
    """
    generated = KeyReader(table).generated
    if not generated:
        return {}
    at = generated[0]
    names: dict[Value, set[Value]] = {}
    for record, row in last_submission.items():
        if usable(row[at]) and record in merged:
            names.setdefault(row[at], set()).add(merged[record][at])
    return {
        old: new
        for old, numbers in names.items()
        if len(numbers) == 1 and usable(new := next(iter(numbers))) and new != old
    }


def follow(table: TableSchema, target: str, numbers: Mapping[Value, Value], rows: Rows) -> Rows:
    """`rows` with their references to `target` (`ledger.table.field`) translated.

    Used alike on base, last_submission and submitted rows of a copy before they are merged.
    """
    cells = [table.position[f.id] for f in table.fields if f.ref == target]
    if not numbers or not cells:
        return rows
    followed_rows = dict(rows)
    for record, row in rows.items():
        if any(row[i] in numbers for i in cells):
            new = [numbers.get(v, v) if i in cells else v for i, v in enumerate(row)]
            followed_rows[record] = tuple(new)
    return followed_rows
