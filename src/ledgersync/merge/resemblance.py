"""Which earlier state a file without a stamp was made from, told by its content.

Somebody may send an older file after colleagues' entries were merged. What such a file holds of
the time before is nobody's change; that it lacks what came since removes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.merge.identified import Submitted
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one record as the journal logged it; `at` is the field, None the whole row."""

    revision: int
    author: str
    record: str
    at: int | None
    old: Row | Value
    new: Row | Value


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a file is from a state: differing cells, and rows that the state did not have."""

    cells: int = 0
    absent: int = 0

    def __add__(self, other: "Distance") -> "Distance":
        return Distance(self.cells + other.cells, self.absent + other.absent)


class Past:
    """One table's way back from now, step by step."""

    def __init__(self, now: Rows, steps: Sequence[Step]) -> None:
        self._now, self._steps = now, steps

    def rows_at(self, revision: int, records: Iterable[str]) -> Rows:
        """These records as they were after a revision, as far as they existed."""
        wanted = dict.fromkeys(records)
        rows = {r: self._now[r] for r in wanted if r in self._now}
        for step in reversed(self._steps):
            if step.revision <= revision:
                break
            if step.record in wanted:
                _undo(rows, step)
        return rows

    def distances(
        self, theirs: Rows, at: Sequence[int], revisions: Collection[int]
    ) -> dict[int, Distance]:
        """How far a file's rows (by record) are from the state after each revision."""
        rows = {r: self._now[r] for r in theirs if r in self._now}
        apart = {r: _differing(theirs[r], row, at) for r, row in rows.items()}
        total, steps, found = sum(apart.values()), list(self._steps), {}
        for revision in sorted(revisions, reverse=True):
            while steps and steps[-1].revision > revision:
                step = steps.pop()
                if step.record in theirs:
                    _undo(rows, step)
                    row = rows.get(step.record)
                    total -= apart.pop(step.record, 0)
                    if row is not None:
                        apart[step.record] = _differing(theirs[step.record], row, at)
                        total += apart[step.record]
            found[revision] = Distance(total, len(theirs) - len(rows))
        return found

    def matched(self, table: TableSchema, submitted: Iterable[Submitted]) -> Rows:
        """A file's rows by the record that each of them ever was, by id or by a key of then."""
        reader = KeyReader(table)
        known = self._now.keys() | {s.record for s in self._steps}
        keys: dict[object, str] | None = None
        found: Rows = {}
        for row in submitted:
            record = row.record_id if row.record_id in known else None
            if record is None:
                keys = self._owners(reader) if keys is None else keys
                record = next((keys[k] for k in reader.marks(row.row) if k in keys), None)
            if record is not None:
                found.setdefault(record, row.row)
        return found

    def _owners(self, reader: KeyReader) -> dict[object, str]:
        """Who had a key, a fallback key or a content: now, else the last time somebody had."""
        owners: dict[object, str] = {}
        rows = dict(self._now)
        for record, row in rows.items():
            for mark in reader.marks(row):
                owners.setdefault(mark, record)
        for step in reversed(self._steps):
            _undo(rows, step)
            if step.record in rows:
                for mark in reader.marks(rows[step.record]):
                    owners.setdefault(mark, step.record)
        return owners

    def histories(self, cells: Collection[tuple[str, int]]) -> dict[tuple[str, int], "History"]:
        """What some cells held, over time."""
        rows = {record: self._now.get(record) for record, _ in cells}
        found = {(r, i): History(_cell(rows[r], i)) for r, i in cells}
        by_record: dict[str, list[History]] = defaultdict(list)
        places = defaultdict(list)
        for (record, i), history in found.items():
            by_record[record].append(history)
            places[record].append(i)
        for step in reversed(self._steps):
            for i, history in zip(
                places.get(step.record, ()), by_record.get(step.record, ()), strict=True
            ):
                if step.at is None:
                    history.add(step, _cell(step.old, i))
                elif step.at == i:
                    history.add(step, step.old)
        return found


@dataclass(slots=True)
class History:
    """A cell's values: the one of now, and before each change what it was, newest first."""

    now: object
    changes: list[tuple[int, str, object]] = field(default_factory=list)

    def add(self, step: Step, old: object) -> None:
        self.changes.append((step.revision, step.author, old))

    def value_at(self, revision: int) -> object:
        """The value after a revision; `ABSENT` where there was no such record."""
        value = self.now
        for number, _, old in self.changes:
            if number <= revision:
                break
            value = old
        return value

    def last_author(self) -> str | None:
        return self.changes[0][1] if self.changes else None


ABSENT = object()


def _cell(row: object, i: int) -> object:
    return row[i] if isinstance(row, tuple) else ABSENT


def _undo(rows: Rows, step: Step) -> None:
    if step.at is not None:
        row = rows.get(step.record)
        if row is not None:
            rows[step.record] = (*row[: step.at], step.old, *row[step.at + 1 :])  # type: ignore[arg-type]
    elif step.old is None:
        rows.pop(step.record, None)
    else:
        rows[step.record] = step.old  # type: ignore[assignment]


def _differing(one: Row, other: Row, at: Sequence[int]) -> int:
    return 0 if one == other else sum(one[i] != other[i] for i in at)
