"""The tables of one submission merged with the ledger's state, and not yet written down."""

from collections.abc import Collection, Mapping

from ledgersync.checks import RowChecker
from ledgersync.dataclass import dataclass
from ledgersync.merge import (
    Identified,
    MergeResult,
    Submitted,
    follow,
    followed,
    keep_keys_unique,
    merge_table,
    resolve_identity,
)
from ledgersync.model import Rows, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.cases.withdrawal import Disputes
from ledgersync.sync.columns.meaning import Reread
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import MergedTable, SubmittedTable
from ledgersync.sync.revision.numbers import give_numbers
from ledgersync.sync.session import Session
from ledgersync.values import is_untouched
from ledgersync.workbook.build import new_record_id

Numbers = Mapping[str, Mapping[Value, Value]]
"""By `ledger.table.field`: the generated numbers that a submission typed, and what they became."""


def merge_tables(
    session: Session,
    ledger: LedgerSchema,
    tables: dict[str, SubmittedTable],
    basis: Basis,
    disputes: Disputes,
) -> dict[str, MergedTable]:
    """Merges the tables in the ledger's order, so that references follow numbers just given."""
    merged: dict[str, MergedTable] = {}
    numbers: dict[str, Mapping[Value, Value]] = {}
    for name, whole in tables.items():
        part = _merge_one(session, ledger, whole, basis, numbers, disputes)
        give_numbers(session, ledger, whole.table, part.result)
        ours = session.journal.state.rows(ledger.id, name)
        owners = session.journal.state.owners(ledger.id, name)
        keep_keys_unique(whole.table, ours, part.result, owners=owners)
        for f in whole.table.fields:
            if f.generated:
                given = followed(whole.table, part.result.last_submission, part.result.merged)
                numbers[f"{ledger.id}.{name}.{f.id}"] = given
        merged[name] = part
    return merged


@dataclass(slots=True)
class _Sides:
    """What a table is compared with; `last` None: its copy never spoke before."""

    base: Rows
    ours: Rows
    last: Rows | None
    aliases: dict[str, str] | None

    def forget(self, resting: Collection[str], theirs: Rows) -> int:
        """A record that rests in an archive and is not in the copy is nobody's removal.

        Returns how many of them the copy had, and had not yet come without.
        """
        gone = set(resting) - theirs.keys()
        news = gone & self.base.keys() & (self.base if self.last is None else self.last).keys()
        if gone:
            self.base = {r: row for r, row in self.base.items() if r not in gone}
            if self.last is not None:
                self.last = {r: row for r, row in self.last.items() if r not in gone}
        return len(news)


def _merge_one(
    session: Session,
    ledger: LedgerSchema,
    whole: SubmittedTable,
    basis: Basis,
    numbers: Numbers,
    disputes: Disputes,
) -> MergedTable:
    sides = _sides(session, ledger, whole, basis, numbers)
    sides.base = disputes.base(whole.table, sides.base)
    identified = resolve_identity(
        whole.table,
        _records(whole, numbers),
        sides.base,
        sides.ours,
        new_id=new_record_id,
        last_submission=sides.last,
        present=whole.present,
        aliases=sides.aliases,
        our_owners=session.journal.state.owners(ledger.id, whole.table.id),
    )
    resting = session.journal.years.resting(ledger.id, whole.table.id)
    missed = sides.forget(resting, identified.rows)
    result = _merge(session, whole, identified, sides, basis, disputes)
    before = sides.base if sides.last is None else sides.last
    return MergedTable(whole, identified, result, before, missed)


def _sides(
    session: Session, ledger: LedgerSchema, whole: SubmittedTable, basis: Basis, numbers: Numbers
) -> _Sides:
    """Base, ours and what was said last, with references that follow the numbers given."""
    table, kept = whole.table, basis.last_submissions.get(whole.table.id)
    now = Reread(table, session.today, whole.added_heads)
    base, last = now.rows(basis.tables[table.id]), now.rows(kept.rows) if kept else None
    for target, given in numbers.items():
        base = follow(table, target, given, base)
        last = follow(table, target, given, last) if last is not None else None
    ours = session.journal.state.rows(ledger.id, table.id)
    return _Sides(base, ours, last, kept.aliases if kept else None)


def _records(whole: SubmittedTable, numbers: Numbers) -> list[Submitted]:
    """The rows as submitted, with references that follow the numbers given."""
    records = whole.records
    for target, given in numbers.items():
        rows = follow(whole.table, target, given, {str(s.position): s.row for s in records})
        records = [s._replace(row=rows[str(s.position)]) for s in records]
    return records


def _as_given(table: TableSchema, base: Rows, theirs: Rows, basis: Basis) -> Rows:
    """Cells of a copy from before its ledger changed, which read then as they were given out."""
    given = basis.revision or 0
    changed = [i for i, f in enumerate(table.fields) if f.formerly and given < f.changed_in]
    if not changed:
        return theirs
    rows = dict(theirs)
    for record in base.keys() & theirs.keys():
        before, row = base[record], theirs[record]
        same = [
            i
            for i in changed
            if row[i] != before[i] and is_untouched(table.fields[i], before[i], row[i])
        ]
        if same:
            rows[record] = tuple(before[i] if i in same else v for i, v in enumerate(row))
    return rows


def _merge(
    session: Session,
    whole: SubmittedTable,
    identified: Identified,
    sides: _Sides,
    basis: Basis,
    disputes: Disputes,
) -> MergeResult:
    base, ours, last = sides.base, sides.ours, sides.last
    theirs, present = identified.rows, whole.present
    if whole.is_uneven:
        behind = (base if last is None else last, base if last else ours)
        theirs = whole.filled(theirs, identified.positions, behind)
        present = frozenset(whole.table.field_ids)
    theirs = _as_given(whole.table, base, theirs, basis)
    return merge_table(
        whole.table,
        base,
        ours,
        theirs,
        present=present,
        faults=RowChecker(whole.table, session.today).faults,
        positions=identified.positions,
        removals=not basis.additive,
        additive=basis.additive,
        hold=basis.hold,
        guarded=basis.guarded.get(whole.table.id, frozenset()),
        last_submission=last,
        unresolved=identified.unresolved,
        disputed=disputes.cells(whole.table, theirs),
    )
