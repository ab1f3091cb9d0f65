"""Open conflicts looked at again, whenever something about their table has changed.

A conflict shows what stands in the primary *now*. Where that is another value than it showed, a
new conflict under a new number takes its place, so that nobody decides about a value that nobody
saw; where nothing differs any more, it ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from ledgersync.journal import CONVERGED, ConflictCase
from ledgersync.journal.rows import decode_record
from ledgersync.merge import Owners
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema
from ledgersync.sync.revision.record import load_value, stored
from ledgersync.sync.session import Session
from ledgersync.values import from_json


def renew_conflicts(session: Session, ledger: str, table: str, revision: int | None) -> None:
    """Looks at the open conflicts of a table again; `revision` is what has changed it."""
    cases = session.journal.conflicts.open_in(ledger, table)
    if cases:
        _Renewal(session, ledger, session.catalog.table(ledger, table), revision).run(cases)


class _Renewal:
    """One look at a table's conflicts."""

    def __init__(
        self, session: Session, ledger: str, table: TableSchema, revision: int | None
    ) -> None:
        self.journal, self.table, self.revision = session.journal, table, revision
        self.ledger = ledger
        self.rows: Rows = session.journal.state.rows(ledger, table.id)

    def run(self, cases: Iterable[ConflictCase]) -> None:
        homeless: dict[tuple[object, ...], list[ConflictCase]] = defaultdict(list)
        for case in cases:
            there = case.record in self.rows
            if case.field is None:
                (self._row_there if there else self._row_absent)(case)
            elif there:
                self._cell(case, case.field)
            else:
                homeless[case.record, case.theirs_by, self._copy(case)].append(case)
        for group in homeless.values():
            self._to_row(group)

    def _copy(self, case: ConflictCase) -> str | None:
        """The copy that brought it up."""
        submission = self.journal.submissions.get(case.submission) if case.submission else None
        return submission.copy if submission else None

    def _cell(self, case: ConflictCase, field: str) -> None:
        value = self.rows[case.record][self.table.position[field]]
        now = stored(self.table, value, whole=False)
        if now == case.theirs:
            self._end(case)
        elif now != case.ours:
            self._renew(case, now, case.record)

    def _row_there(self, case: ConflictCase) -> None:
        """A conflict over a whole record that is there (again)."""
        now = self._stored(self.rows[case.record])
        if now == case.theirs:
            self._end(case)
        elif case.theirs is not None and (case.ours is None or case.kind == "key"):
            self._to_cells(case, self.rows[case.record])
        elif now != case.ours:
            self._renew(case, now, case.record)

    def _row_absent(self, case: ConflictCase) -> None:
        """Over one that is not there: nothing to remove, or a row that wants to come in."""
        if case.theirs is None:
            self._end(case)
            return
        holder = None if case.kind == "edit/delete" else self._holder(case)
        now = self._stored(self.rows[holder]) if holder else None
        if now != case.ours:
            self._renew(case, now, holder or case.record)

    def _holder(self, case: ConflictCase) -> str | None:
        """The record that the row may be, or that has its key."""
        for text in (case.theirs, case.ours):
            found = self._owners.of(decode_record(self.table, text)) if text else []
            if found:
                return found[0]
        return None

    @cached_property
    def _owners(self) -> Owners:
        return self.journal.state.owners(self.ledger, self.table.id)

    def _to_row(self, cases: Sequence[ConflictCase]) -> None:
        """The record of these cells is gone: one conflict whether it comes back with them."""
        removed = [o for o in self.journal.log.of_record(cases[0].record) if o.kind == "remove"]
        last = decode_record(self.table, removed[-1].old) if removed else self._nothing
        base, row = list(last), list(last)
        for case in cases:
            field = self.table.by_id[cast(str, case.field)]
            at = self.table.position[field.id]
            base[at] = from_json(field, load_value(case.base))
            row[at] = from_json(field, load_value(case.theirs))
        new = replace(
            cases[0],
            field=None,
            kind="edit/delete",
            base=self._stored(tuple(base)),
            ours=None,
            theirs=self._stored(tuple(row)),
            ours_by=self.journal.log.author_of(cases[0].record, None),
        )
        for case in cases:
            self.journal.conflicts.renew(case, [new])

    def _to_cells(self, case: ConflictCase, row: Row) -> None:
        """The record is there again: what differs in it is asked cell by cell."""
        base = decode_record(self.table, case.base) if case.base else self._nothing
        theirs = decode_record(self.table, case.theirs)
        kind = "edit/edit" if case.base else "add/add"
        new = [
            replace(
                case,
                field=name,
                kind=kind,
                base=stored(self.table, base[i], whole=False),
                ours=stored(self.table, row[i], whole=False),
                theirs=stored(self.table, theirs[i], whole=False),
                ours_by=self.journal.log.author_of(case.record, name),
            )
            for i, name in enumerate(self.table.field_ids)
            if theirs[i] != base[i] and theirs[i] != row[i]
        ]
        if new:
            self.journal.conflicts.renew(case, new)
        else:
            self._end(case)

    def _renew(self, case: ConflictCase, now: str | None, record: str) -> None:
        by = self.journal.log.author_of(record, case.field)
        self.journal.conflicts.renew(case, [replace(case, ours=now, ours_by=by)])

    def _end(self, case: ConflictCase) -> None:
        self.journal.conflicts.close(case.id, CONVERGED, self.revision)

    def _stored(self, row: Row) -> str | None:
        return stored(self.table, row, whole=True)

    @property
    def _nothing(self) -> Row:
        return (None,) * len(self.table.fields)
