"""A merge result written into the journal: operations, conflicts, what is returned and held."""

import json
from collections.abc import Iterable, Sequence

from ledgersync.journal import ConflictCase, HeldCase, ReturnedCase, SubmissionRecord
from ledgersync.journal.rows import dumps, encode_record
from ledgersync.merge import ConflictCandidate, MergeResult, Operation, Returned
from ledgersync.messages import Message
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import SubmittedTable
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.values import shown, to_json


def stored(table: TableSchema, value: Row | Value, *, whole: bool) -> str | None:
    """A cell or a whole row as the journal's JSON, None for nothing."""
    if value is None:
        return None
    if whole and isinstance(value, tuple):
        return encode_record(table, value)
    return dumps(to_json(value))  # type: ignore[arg-type]


def write_submission(
    session: Session,
    result: SubmissionResult,
    *,
    basis: Basis | None = None,
    revision: int | None = None,
    detail: Message | None = None,
) -> int:
    """Stores what became of a file, or of one ledger's part of it; the submission's number."""
    record = SubmissionRecord(
        result.file,
        result.sha256,
        result.staff,
        result.ledger,
        result.base,
        result.status,
        result.changes,
        copy=basis.copy.id if basis else None,
        base_revision=basis.revision if basis else None,
        revision=revision,
        detail={"zh": detail.zh, "en": detail.en} if detail else {},
    )
    return session.journal.submissions.add(record, session.now())


def write_operations(
    session: Session,
    ledger: LedgerSchema,
    table: TableSchema,
    operations: Sequence[Operation],
    merged: Rows,
    revision: int,
) -> None:
    """Logs the operations of one table and brings its state to `merged`."""
    if not operations:
        return
    session.journal.log.add(
        (
            revision,
            ledger.id,
            table.id,
            o.record,
            o.kind,
            o.field,
            stored(table, o.old, whole=o.field is None),
            stored(table, o.new, whole=o.field is None),
        )
        for o in operations
    )
    touched = {o.record for o in operations}
    changed = {record: merged[record] for record in touched if record in merged}
    ordered = {o.record: changed[o.record] for o in operations if o.record in changed}
    gone = [record for record in touched if record not in merged]
    session.journal.state.write(ledger.id, table.id, ordered, gone)


def write_conflicts(
    session: Session,
    ledger: LedgerSchema,
    table: TableSchema,
    candidates: Iterable[ConflictCandidate],
    *,
    staff: str,
    submission: int | None,
    revision: int | None,
) -> None:
    """Stores candidates as open conflicts, with who stands behind each side."""
    for c in candidates:
        whole = c.field is None
        session.journal.conflicts.add(
            ConflictCase(
                ledger=ledger.id,
                table=table.id,
                record=c.record,
                field=c.field,
                kind=c.kind,
                base=stored(table, c.base, whole=whole),
                ours=stored(table, c.ours, whole=whole),
                theirs=stored(table, c.theirs, whole=whole),
                ours_by=session.journal.log.author_of(c.record, c.field),
                theirs_by=staff,
                at=session.now().isoformat(),
                submission=submission,
                revision=revision,
            )
        )


def write_held(
    session: Session,
    ledger: LedgerSchema,
    table: TableSchema,
    result: MergeResult,
    *,
    staff: str,
    submission: int,
    hand: bool = False,
) -> None:
    """Stores the removals that wait for a person, one case per table."""
    records = tuple(h.record for h in result.held)
    if records:
        session.journal.held.add(
            HeldCase(
                submission,
                staff,
                ledger.id,
                table.id,
                records,
                hand=hand,
                since=session.journal.log.last,
            )
        )


def returned_cases(
    ledger: LedgerSchema,
    whole: SubmittedTable,
    returned: Iterable[Returned],
    *,
    staff: str,
    submission: int,
) -> list[ReturnedCase]:
    """What goes back to the sender, at the cells of the sender's own sheet."""
    return [_returned_case(ledger, whole, r, staff, submission) for r in returned]


def _returned_case(
    ledger: LedgerSchema, whole: SubmittedTable, r: Returned, staff: str, submission: int
) -> ReturnedCase:
    sheet, row, column = None, None, None
    if r.position is not None:
        sheet, row = whole.place(r.position)
        column = whole.column(r.position, r.field) if r.field else None
    return ReturnedCase(
        submission,
        staff,
        ledger.id,
        whole.table.id,
        r.record,
        r.field,
        sheet,
        row,
        column,
        r.rule,
        r.message.zh,
        r.message.en,
        shown_typed(r.typed) if r.field else encode_record(whole.table, r.row),
    )


def shown_typed(value: object) -> str | None:
    """What was typed, as text."""
    if value is None or isinstance(value, str):
        return value
    return shown(value)  # type: ignore[arg-type]


def load_value(text: str | None) -> object:
    """A stored cell or row as plain JSON data."""
    return None if text is None else json.loads(text)
