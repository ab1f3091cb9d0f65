"""A merged submission entered into the journal: all that came of it, in one transaction."""

from ledgersync.journal import LastSubmission
from ledgersync.model import Finding
from ledgersync.schema import LedgerSchema
from ledgersync.sync.cases.notices import Source, Told, notices_of, settle_changed
from ledgersync.sync.cases.settlement import settle_returned
from ledgersync.sync.cases.withdrawal import Disputes
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import MergedTable
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.revision.entry import Entry, entry
from ledgersync.sync.revision.record import returned_cases, write_held, write_submission
from ledgersync.sync.session import Session


def enter(
    session: Session,
    ledger: LedgerSchema,
    result: SubmissionResult,
    basis: Basis,
    merged: dict[str, MergedTable],
    disputes: Disputes,
) -> None:
    """Writes a submission with its revision and cases; `result` learns what went back."""
    journal = session.journal
    with entry(session, "submission", result.staff) as made:
        if any(m.result.operations for m in merged.values()):
            made.begin()
        number = write_submission(session, result, basis=basis, revision=made.revision)
        for part in merged.values():
            disputes.withdraw(session, part.whole.table, part.result.last_submission)
            _enter_table(made, ledger, result, part, number)
        settle_returned(session, ledger, basis, merged, result, number)
        _drop_restored(session, basis, merged)
        journal.returned.add(result.returned)
        _tell(session, ledger, result, basis, merged, number)
        _keep_last(session, basis, merged, result.file)


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
    result.warnings += _warnings(result.file, part)


def _warnings(file: str, part: MergedTable) -> list[Finding]:
    """Cells that were not taken over, and rightly so: a damaged id never replaces a good one."""
    return [
        Finding(
            *(file, *part.whole.place(w.position), part.whole.column(w.position, w.field)),
            *(part.whole.origins[w.position][0].ledger, part.whole.table.id, w.field),
            *(w.rule, "warning", w.message),
        )
        for w in part.result.warned
        if w.position is not None
    ]


def _tell(
    session: Session,
    ledger: LedgerSchema,
    result: SubmissionResult,
    basis: Basis,
    merged: dict[str, MergedTable],
    number: int,
) -> None:
    """Keeps what was left out or taken with a doubt; `result` learns what is to be told."""
    tables = [
        Told(p.whole, p.identified.rows, p.identified.positions, p.before) for p in merged.values()
    ]
    source = Source(basis.copy.id, result.staff, number)
    found = notices_of(session, ledger, result.findings, tables, source)
    settle_changed(session, ledger, {t: p.result for t, p in merged.items()})
    result.notices = session.journal.notices.replace(source.copy, ledger.id, found)


def _drop_restored(session: Session, basis: Basis, merged: dict[str, MergedTable]) -> None:
    """Held removals of this copy end for the rows that it shows again."""
    for case in session.journal.held.of_copy(basis.copy.id):
        part = merged.get(case.table)
        if part:
            gone = tuple(r for r in case.records if r not in part.identified.rows)
            session.journal.held.keep_only(case, gone)


def _keep_last(session: Session, basis: Basis, merged: dict[str, MergedTable], file: str) -> None:
    """What the copy said, for the next time it is submitted; of another file, what that said."""
    if basis.copy.kind == "own":
        session.journal.copies.add(basis.copy)
    if basis.last_file and basis.last_file != file:
        session.journal.copies.put_aside(basis.copy.id, basis.last_file)
        session.journal.copies.drop_aside(basis.copy.id, file)
    revision = session.journal.log.last
    for part in merged.values():
        last_submission = LastSubmission(
            revision, part.result.last_submission, part.result.unsettled, part.identified.aliases
        )
        session.journal.copies.set_last_submission(
            basis.copy.id, basis.copy.ledger, part.whole.table, last_submission
        )
