"""A merged submission entered into the journal: all that came of it, in one transaction."""

from ledgersync.journal import Shadow
from ledgersync.schema import LedgerSchema
from ledgersync.sync.cases.settlement import settle_returned
from ledgersync.sync.entry import Entry, entry
from ledgersync.sync.intake.base import Basis
from ledgersync.sync.intake.merge import MergedTable
from ledgersync.sync.record import returned_cases, write_held, write_submission
from ledgersync.sync.results import CellWarning, SubmissionResult
from ledgersync.sync.session import Session


def enter(
    session: Session,
    ledger: LedgerSchema,
    result: SubmissionResult,
    basis: Basis,
    merged: dict[str, MergedTable],
) -> None:
    """Writes a submission with its revision, cases and shadows; `result` learns what went back."""
    journal = session.journal
    with entry(session, "submission", result.staff) as made:
        if any(m.result.operations for m in merged.values()):
            made.begin()
        number = write_submission(session, result, basis=basis, revision=made.revision)
        for part in merged.values():
            _enter_table(made, ledger, result, part, number)
        settle_returned(session, ledger, basis, merged, result, number)
        _drop_restored(session, basis, merged)
        journal.returned.add(result.returned)
        _keep_shadows(session, basis, merged)


def _enter_table(
    made: Entry, ledger: LedgerSchema, result: SubmissionResult, part: MergedTable, number: int
) -> None:
    session, staff, came = made.session, result.staff, part.result
    table = part.whole.table
    if came.operations:
        result.tables.add(table.id)
    made.enter(ledger, table, came)
    made.ask(ledger, table, came, staff=staff, submission=number)
    write_held(session, ledger, table, came, staff=staff, submission=number)
    session.journal.log.agree(ledger.id, table.id, came.agreed)
    back = returned_cases(ledger, part.whole, came.returned, staff=staff, submission=number)
    result.returned += back
    result.warnings += _warnings(part)


def _warnings(part: MergedTable) -> list[CellWarning]:
    return [
        CellWarning(*part.whole.place(w.position), w.field, w.rule, w.message)
        for w in part.result.warned
        if w.position is not None
    ]


def _drop_restored(session: Session, basis: Basis, merged: dict[str, MergedTable]) -> None:
    """Held removals of this copy end for the rows that it shows again."""
    for case in session.journal.held.of_copy(basis.copy.id):
        part = merged.get(case.table)
        if part:
            gone = tuple(r for r in case.records if r not in part.identified.rows)
            session.journal.held.keep_only(case, gone)


def _keep_shadows(session: Session, basis: Basis, merged: dict[str, MergedTable]) -> None:
    """What the copy said, for the next time it is submitted."""
    if basis.copy.kind == "own":
        session.journal.copies.add(basis.copy)
    revision = session.journal.log.last
    for part in merged.values():
        shadow = Shadow(
            revision, part.result.shadow, part.result.unsettled, part.identified.aliases
        )
        session.journal.copies.set_shadow(
            basis.copy.id, basis.copy.ledger, part.whole.table, shadow
        )
