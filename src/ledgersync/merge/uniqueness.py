"""No record gets a key that another one has: what would do so becomes a conflict `key`.

Two records are about the same where their keys are equal, or, where one of them has none, their
fallback keys (`KeyReader.agree`). What a revision leaves is looked at as a whole, so that records
may exchange their keys in it. Records that were alike before are nobody's doing.
"""

from collections.abc import Sequence

from ledgersync.merge.keys import KeyReader
from ledgersync.merge.owners import Owners
from ledgersync.merge.result import ConflictCandidate, MergeResult, Operation
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema


def keep_keys_unique(
    table: TableSchema,
    ours: Rows,
    result: MergeResult,
    *,
    rows_stay: bool = False,
    owners: Owners | None = None,
) -> None:
    """Takes back, in place, what gives a record of `result` a key that another one has.

    Of a record that was there only the cells of its key are taken back; one that is added stays
    away whole, and the conflict shows the record that has its key. With `rows_stay` added rows
    stay all the same: people typed them into the primary. `owners` are those of `ours`, where
    somebody has them already; `result.merged` then differs from `ours` by its operations alone.
    """
    if result.operations:
        _Guard(KeyReader(table), ours, result, owners, rows_stay=rows_stay).run()


class _Guard:
    """One run of `keep_keys_unique`."""

    def __init__(
        self,
        reader: KeyReader,
        ours: Rows,
        result: MergeResult,
        owners: Owners | None,
        *,
        rows_stay: bool,
    ) -> None:
        self.reader, self.ours, self.result, self.rows_stay = reader, ours, result, rows_stay
        self.owners, self.touched = owners, frozenset(op.record for op in result.operations)

    def run(self) -> None:
        """Each round takes something back, and may so give an old key back to its record."""
        while renamed := self._renamed():
            owners = self._owners()
            order = {record: n for n, record in enumerate(renamed)}
            taken = {r: other for r in renamed if (other := self._other(r, owners, order))}
            if not taken:
                return
            for record, other in taken.items():
                self._take_back(record, other)

    def _owners(self) -> Owners:
        """Of what is merged so far."""
        if self.owners is None:
            return Owners(self.reader, self.result.merged)
        return self.owners.after(self.result.merged, self.touched)

    def _renamed(self) -> list[str]:
        """Records that the operations add or whose keys they change, in their order."""
        merged = self.result.merged
        touched = dict.fromkeys(op.record for op in self.result.operations)
        return [r for r in touched if r in merged and self._is_renamed(r)]

    def _is_renamed(self, record: str) -> bool:
        before, now = self.ours.get(record), self.result.merged[record]
        if before is None:
            return not self.rows_stay
        at = (*self.reader.key_at, *self.reader.fallback_at)
        return any(before[i] != now[i] for i in at)

    def _other(self, record: str, owners: Owners, order: dict[str, int]) -> str | None:
        """The record that keeps this key: one that had it, or got it before in this revision."""
        for other in owners.others(record):
            later = other in order and order[other] > order[record]
            if not later and not self._were_alike(record, other):
                return other
        return None

    def _were_alike(self, one: str, other: str) -> bool:
        if one not in self.ours or other not in self.ours:
            return False
        return self.reader.agree(self.ours[one], self.ours[other]) is True

    def _take_back(self, record: str, other: str) -> None:
        if record in self.ours:
            self._restore_key(record, other)
            return
        row = self.result.merged.pop(record)
        self._drop([op for op in self.result.operations if op.record == record])
        self.result.unsettled[record] = None
        self.result.counts.added -= 1
        self._conflict(record, None, self.result.merged.get(other), row)

    def _restore_key(self, record: str, other: str) -> None:
        before, row = self.ours[record], list(self.result.merged[record])
        for i in self._cells(record, other):
            name = self.reader.table.field_ids[i]
            self._drop([o for o in self.result.operations if (o.record, o.field) == (record, name)])
            self.result.counts.applied -= 1
            self._conflict(record, name, before[i], row[i])
            row[i] = before[i]
        self.result.merged[record] = tuple(row)

    def _cells(self, record: str, other: str) -> Sequence[int]:
        """The changed cells by which the record has come to be like the other."""
        reader, before, now = self.reader, self.ours[record], self.result.merged[record]
        keyed = reader.key(now) is not None and reader.key(self.result.merged[other]) is not None
        at = reader.key_at if keyed else dict.fromkeys((*reader.key_at, *reader.fallback_at))
        return [i for i in at if before[i] != now[i]]

    def _drop(self, operations: Sequence[Operation]) -> None:
        kept = [op for op in self.result.operations if op not in operations]
        self.result.operations[:] = kept

    def _conflict(
        self, record: str, field: str | None, mine: Row | Value, theirs: Row | Value
    ) -> None:
        base = mine if field else None
        self.result.conflicts.append(ConflictCandidate("key", record, field, base, mine, theirs))
        self.result.counts.conflicts += 1
