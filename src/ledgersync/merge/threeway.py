"""The three-way merge of one table, cell by cell, in the order base, ours, theirs.

Only rows that differ from what the copy said last are looked at; everything else is one
comparison per row. Verdicts that concern a single cell's validity depend on the submission and
its base alone, never on ours, so that the order of submissions does not decide about them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from itertools import filterfalse

from ledgersync.dataclass import dataclass
from ledgersync.merge.base import differing
from ledgersync.merge.keys import KeyReader
from ledgersync.merge.removals import mass_removal
from ledgersync.merge.result import (
    ConflictCandidate,
    ConflictKind,
    Faults,
    HeldRemoval,
    MergeResult,
    Operation,
    Returned,
    Side,
    Unresolved,
    Warned,
)
from ledgersync.merge.validator import Validator, same_damaged, with_rest
from ledgersync.messages import Message
from ledgersync.model import Invalid, Row, RowFault, Rows, Value
from ledgersync.schema import TableSchema
from ledgersync.values import notes


@dataclass(frozen=True, slots=True)
class Terms:
    """How a submission is merged.

    `removals`: rows that are gone may be removals. `additive`: nothing is known of the copy's
    base: new records are added, every difference is a conflict. `strict_returns=False`: a hand
    edit, faulty cells and rows stay and are reported. `hold`: None lets the guard of this table
    decide about mass removals, a bool decides it (for a submission of several tables).
    `guarded`: cells (record, field) whose change would undo a colleague's: conflicts.
    `disputed`: cells that say once more what waits in an open conflict of this copy, by record and
    place in the row: nothing new.
    """

    removals: bool = True
    additive: bool = False
    strict_returns: bool = True
    hold: bool | None = None
    guarded: frozenset[tuple[str, int]] = frozenset()
    disputed: Mapping[str, frozenset[int]] = field(default_factory=dict)


def merge_table(
    table: TableSchema,
    base: Rows,
    ours: Rows,
    theirs: Rows,
    *,
    present: frozenset[str],
    faults: Faults,
    positions: Mapping[str, int],
    removals: bool,
    additive: bool = False,
    strict_returns: bool = True,
    last_submission: Rows | None = None,
    unresolved: Unresolved | None = None,
    hold: bool | None = None,
    guarded: frozenset[tuple[str, int]] = frozenset(),
    disputed: Mapping[str, frozenset[int]] | None = None,
) -> MergeResult:
    """Merges a copy's table into the primary; the arguments are left as they are.

    `base` is what was taken in of the copy (`settled(last_submission, unsettled)`, or the issued
    rows), `last_submission` what it said last where that differs, `present` the fields that have a
    column; for the rest see `Terms`, `Unresolved`, `MergeResult`.

    A damaged id number (`id.precision_lost`) of a good id counts as no change and is warned of.
    """
    if additive:
        base, last_submission, removals = {}, {}, False
    terms = Terms(removals, additive, strict_returns, hold, guarded, disputed or {})
    last = base if last_submission is None else last_submission
    theirs = _filled(table, present, theirs, last, base)
    merge = _Merge(
        table, base, last, ours, theirs, faults, positions, terms, unresolved or Unresolved()
    )
    return merge.run()


def _filled(
    table: TableSchema, present: frozenset[str], theirs: Rows, last: Rows, base: Rows
) -> Rows:
    """Cells of absent columns as they were last: a missing column never clears anything."""
    absent = [i for i, name in enumerate(table.field_ids) if name not in present]
    if not absent:
        return theirs
    nothing: Row = (None,) * len(table.fields)
    filled = {}
    for record, row in theirs.items():
        before = last.get(record) or base.get(record) or nothing
        cells = list(row)
        for i in absent:
            cells[i] = before[i]
        filled[record] = tuple(cells)
    return filled


@dataclass(slots=True)
class _Case:
    """One touched record: its rows, and which of its cells may come in."""

    record: str
    base: Row
    ours: Row | None
    theirs: Row
    fresh: frozenset[int]
    back: dict[int, RowFault] = field(default_factory=dict)
    accepted: list[int] = field(default_factory=list)

    def candidate(self) -> Row:
        """The base with every cell that may come in."""
        cells = list(self.base)
        for i in self.accepted:
            cells[i] = self.theirs[i]
        return tuple(cells)


class _Merge:
    """One run of `merge_table`; fills `result`."""

    def __init__(
        self,
        table: TableSchema,
        base: Rows,
        last: Rows,
        ours: Rows,
        theirs: Rows,
        faults: Faults,
        positions: Mapping[str, int],
        terms: Terms,
        unresolved: Unresolved,
    ) -> None:
        self.table, self.names = table, table.field_ids
        self.base, self.last, self.ours, self.theirs = base, last, ours, theirs
        self.positions, self.terms, self.unresolved = positions, terms, unresolved
        self.reader = KeyReader(table)
        self.validator = Validator(self.reader, faults)
        self.nothing: Row = (None,) * len(table.fields)
        self.every = range(len(table.fields))
        self.result = MergeResult(dict(ours), last_submission=theirs)
        self.counts = self.result.counts

    def run(self) -> MergeResult:
        touched = dict.fromkeys(self._touched())
        for record in dict.fromkeys((*touched, *self._waiting(), *self.unresolved.returned)):
            self._take(record, self.theirs[record])
        self.counts.converged += sum(record in touched for record in self.unresolved.converged)
        if not self.terms.strict_returns:
            told = self.unresolved.returned.items()
            self.result.reported += [r for record, r in told if record not in self.unresolved.again]
        self._missing()
        return self.result

    def _touched(self) -> Iterable[str]:
        """Records that are not what the copy said last."""
        return differing(self.theirs, self.last)

    def _waiting(self) -> list[str]:
        """Untouched records of which something was not taken in: its reason may be gone."""
        if self.last is self.base:
            return []
        differ = differing(self.last, self.base)
        return [r for r in differ if r in self.theirs and self._as_before(r)]

    def _as_before(self, record: str) -> bool:
        return self.last.get(record) == self.theirs[record]

    def _take(self, record: str, theirs: Row) -> None:
        base, ours = self.base.get(record), self.ours.get(record)
        if self.terms.strict_returns and record in self.unresolved.returned:
            self._return_row(self.unresolved.returned[record])
        elif self.terms.strict_returns and record in self.unresolved.review:
            self._review(record, theirs)
        elif base is None and ours is None:
            self._add(record, theirs)
        else:
            self._compare(record, base, ours, theirs)

    def _return_row(self, given: Returned) -> None:
        record = given.record
        assert record is not None
        self.result.unsettled[record] = self.base.get(record)
        if record not in self.unresolved.again:
            self.counts.returned += 1
            self.result.returned.append(given)

    def _return_unknown(self, case: _Case) -> None:
        """A new row that says not whom it is about; the same one again is no news."""
        self.result.unsettled[case.record] = None
        if not self._as_before(case.record):
            rule, message = self.validator.reason(case.back)
            place = self.positions.get(case.record)
            given = Returned(case.record, place, None, rule, message, None, case.theirs)
            self.counts.returned += 1
            self.result.returned.append(given)

    def _review(self, record: str, theirs: Row) -> None:
        """A row that may be another record's: its candidate is kept for a person."""
        if self._as_before(record):
            return
        other = self.unresolved.review[record]
        ours = self.ours.get(other) if other else None
        self._conflict("add/add", record, None, (None, ours, theirs))

    def _add(self, record: str, theirs: Row) -> None:
        case = _Case(record, self.nothing, None, theirs, frozenset(self.every))
        back = case.back = self.validator.cells(theirs, self.nothing, case.fresh, case.fresh)
        row = tuple([None if i in back else v for i, v in enumerate(theirs)]) if back else theirs
        if self.terms.strict_returns and self.validator.nobody(row):
            self._return_unknown(case)
            return
        self._report(case, rest=True)
        if not self.terms.strict_returns:
            row = theirs
        self.counts.added += 1
        self.result.merged[record] = row
        self.result.operations.append(Operation("add", record, None, None, row))
        if row is not theirs:
            self.result.unsettled[record] = row

    def _compare(self, record: str, base: Row | None, ours: Row | None, theirs: Row) -> None:
        """A record that base or ours knows: validate its changed cells, then merge them."""
        before, last = base or self.nothing, self.last.get(record) or base or self.nothing
        pending = self._pending(theirs, before, new=base is None)
        fresh = frozenset(pending if last is before else self._fresh(pending, theirs, last))
        disputed = self.terms.disputed.get(record, frozenset())
        if disputed and ours is not None:
            pending = [i for i in pending if i not in disputed]
        case = _Case(record, before, ours, theirs, fresh)
        self._validate(case, pending)
        rest = bool(case.accepted) and ours is not None
        listed = self._report(case, rest=rest)
        if ours is None and not disputed.issuperset(case.accepted):
            self._conflict("edit/delete", record, None, (base, None, case.candidate()))
        else:
            self.counts.returned += listed
            self._cells(case, "add/add" if base is None else "edit/edit")
        if len(case.accepted) < len(pending):
            self.result.unsettled[record] = case.candidate()

    def _fresh(self, pending: list[int], theirs: Row, last: Row) -> list[int]:
        """The cells that this submission changed, rather than one before it."""
        return [i for i in pending if theirs[i] != last[i]]

    def _pending(self, theirs: Row, before: Row, *, new: bool) -> list[int]:
        """The cells that differ from the base; a new row says nothing with an empty cell."""
        if new:
            return [i for i, value in enumerate(theirs) if value is not None]
        cells = zip(self.every, theirs, before, strict=True)
        return [i for i, new, old in cells if new != old]

    def _validate(self, case: _Case, pending: list[int]) -> None:
        """Sorts the pending cells into damaged, returned and accepted ones."""
        row = case.theirs
        damaged = any(type(row[i]) is Invalid for i in pending)
        good = self._undamaged(case, pending) if damaged else {}
        doubtful = {i for i in pending if i not in good}
        if good:
            row = tuple([good.get(i, value) for i, value in enumerate(row)])
        case.back = self.validator.cells(row, case.base, doubtful, case.fresh)
        stays_out = case.back if self.terms.strict_returns else {}
        case.accepted = [i for i in pending if i in doubtful and i not in stays_out]

    def _undamaged(self, case: _Case, pending: list[int]) -> dict[int, Value]:
        """Good ids in place of those that a spreadsheet damaged; each is warned of once."""
        good: dict[int, Value] = {}
        for i in pending:
            for known in (case.base[i], case.ours[i] if case.ours else None):
                if i not in good and same_damaged(case.theirs[i], known):
                    good[i] = known
        for i in good.keys() & case.fresh:
            note = notes.wrong_id(self.table.fields[i], "id.precision_lost")
            place = self.positions.get(case.record)
            warned = Warned(case.record, place, self.names[i], note.rule, note.message)
            self.result.warned.append(warned)
        return good

    def _cells(self, case: _Case, kind: ConflictKind) -> None:
        """The table of the design, cell by cell, against a record that ours has."""
        if case.ours is None:
            return
        merged: list[Value] | None = None
        keys = self._contested(case)
        for i in case.accepted:
            old, mine, new = case.base[i], case.ours[i], case.theirs[i]
            if mine == new:
                self.counts.converged += 1
                self.result.agreed.append((case.record, self.names[i]))
            elif mine != old or i in keys or self._is_guarded(case.record, i):
                self._conflict(kind, case.record, self.names[i], (old, mine, new))
            else:
                merged = merged or list(case.ours)
                merged[i] = new
                self.counts.applied += 1
                edit = Operation("edit", case.record, self.names[i], mine, new)
                self.result.operations.append(edit)
        if merged is not None:
            self.result.merged[case.record] = tuple(merged)

    def _is_guarded(self, record: str, i: int) -> bool:
        return self.terms.additive or (record, i) in self.terms.guarded

    def _contested(self, case: _Case) -> tuple[int, ...]:
        """The key cells of a record whose new key another record owns already."""
        if case.record not in self.unresolved.contested:
            return ()
        keyed = self.reader.key(case.theirs) is not None
        return self.reader.key_at if keyed else self.reader.fallback_at

    def _report(self, case: _Case, *, rest: bool) -> int:
        """Lists the faulty cells that this submission brought; says how many were returned."""
        if not case.back:
            return 0
        new = [i for i in sorted(case.back) if i in case.fresh]
        headers = [self.table.fields[i].header for i in new]
        strict = self.terms.strict_returns
        for i in new:
            fault = case.back[i]
            message = with_rest(fault.message, headers) if rest and strict else fault.message
            listed = self.result.returned if strict else self.result.reported
            listed.append(self._returned(case, i, fault.rule, message))
        return len(new) if strict else 0

    def _returned(self, case: _Case, i: int, rule: str, message: Message) -> Returned:
        place, typed = self.positions.get(case.record), case.theirs[i]
        return Returned(case.record, place, self.names[i], rule, message, typed, case.theirs)

    def _conflict(
        self, kind: ConflictKind, record: str, name: str | None, sides: tuple[Side, Side, Side]
    ) -> None:
        self.counts.conflicts += 1
        self.result.conflicts.append(ConflictCandidate(kind, record, name, *sides))

    def _missing(self) -> None:
        """Records that the copy no longer shows: removed, held, in conflict, or left alone."""
        gone = list(filterfalse(self.theirs.__contains__, self.base))
        if not gone:
            return
        fresh = [r for r in gone if r in self.last and r not in self.unresolved.seen]
        held = self._held(len(fresh))
        removable = set(fresh) if self.terms.removals else set()
        for record in gone:
            if record not in removable or not self._remove(record, held):
                self.result.unsettled[record] = self.base[record]

    def _held(self, missing: int) -> bool:
        if self.terms.hold is not None:
            return self.terms.hold
        return mass_removal(missing, len(self.base), len(self.base))

    def _remove(self, record: str, held: bool) -> bool:
        """Takes in one removal; False when the record stays."""
        base, ours = self.base[record], self.ours.get(record)
        if ours is None:
            self.counts.converged += 1
            self.result.agreed.append((record, None))
            return True
        if held:
            self.counts.held += 1
            self.result.held.append(HeldRemoval(record, base))
            return False
        if not self._untouched(base, ours):
            self._conflict("edit/delete", record, None, (base, ours, None))
            return False
        self.counts.removed += 1
        del self.result.merged[record]
        self.result.operations.append(Operation("remove", record, None, ours, None))
        return True

    def _untouched(self, base: Row, ours: Row) -> bool:
        """Ours is as the copy knew it; a number that the merge itself gave is no edit."""
        return base == ours or all(
            old == mine or (i in self.reader.generated and self._was_renumbered(i, old))
            for i, (old, mine) in enumerate(zip(base, ours, strict=True))
        )

    def _was_renumbered(self, i: int, typed: Value) -> bool:
        """The copy has no number there, or one that is another record's."""
        return typed is None or any(row[i] == typed for row in self.ours.values())
