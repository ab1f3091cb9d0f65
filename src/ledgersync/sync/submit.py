"""One file taken in: read, compared with its base, merged, written into the journal."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EAGAIN
from pathlib import Path

from ledgersync.checks import RowChecker
from ledgersync.errors import Message, UnreadableFile
from ledgersync.journal import ReturnedCase, Shadow, SubmissionRecord
from ledgersync.merge import (
    Counts,
    Identified,
    MergeResult,
    Submitted,
    follow,
    followed,
    merge_table,
    number_added,
    resolve_identity,
)
from ledgersync.model import Value, WorkbookData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.basis import Basis, choose_basis
from ledgersync.sync.recording import (
    returned_cases,
    write_conflicts,
    write_held,
    write_operations,
)
from ledgersync.sync.results import CellWarning, SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.sync.submitted import SubmittedTable, put_together, without_proposals
from ledgersync.workbook.build import new_record_id


@dataclass(slots=True)
class _Merged:
    """One table of a submission, merged but not yet recorded."""

    whole: SubmittedTable
    identified: Identified
    result: MergeResult


def submit(
    session: Session,
    path: Path,
    staff: str,
    password: str | None = None,
    stat: os.stat_result | None = None,
) -> list[SubmissionResult]:
    """Takes in one file: one result per ledger in it, or one that says why it was not readable.

    `stat` is the file's from before it was read. All that a file brings is one transaction.
    """
    stat = stat or path.stat()
    content = path.read_bytes()
    sha256 = session.originals.keep(content)
    file = session.workspace.relative(path)
    with session.journal.transaction():
        results = _taken_before(session, file, sha256, staff)
        if not results:
            results = _submit_content(session, path, file, sha256, staff, password)
        session.journal.submissions.saw(file, stat, results[0].sha256)
    return results


def _taken_before(session: Session, file: str, sha256: str, staff: str) -> list[SubmissionResult]:
    """The same content again changes nothing, unless something else stood here in between."""
    submissions = session.journal.submissions
    if submissions.last_hash(file) not in (None, sha256):
        return []
    before = {s.ledger: s for s in submissions.of_file(sha256, staff) if s.ledger}
    return [
        SubmissionResult(file, sha256, staff, s.ledger, s.base, "unchanged")
        for s in before.values()
    ]


def _submit_content(
    session: Session, path: Path, file: str, sha256: str, staff: str, password: str | None
) -> list[SubmissionResult]:
    try:
        data = session.readings.read(path, password)
        if data.sha256 != sha256:  # read ahead, and saved since
            data = session.readings.read(path, password)
    except UnreadableFile as error:
        return [_unreadable(session, file, sha256, staff, error.message)]
    if data.sha256 != sha256:
        raise BlockingIOError(EAGAIN, os.strerror(EAGAIN), str(path))  # saved while it was read
    if not data.tables:
        return [_unreadable(session, file, sha256, staff, _no_table(file), data)]
    return submit_data(session, data, file, staff)


def submit_data(
    session: Session, data: WorkbookData, file: str, staff: str
) -> list[SubmissionResult]:
    """Takes in what was read from a file, ledger by ledger, in one transaction."""
    with session.journal.transaction():
        return [
            _submit_ledger(session, session.catalog.ledgers[name], file, data.sha256, staff, data)
            for name in data.ledgers()
        ]


def _submit_ledger(
    session: Session,
    ledger: LedgerSchema,
    file: str,
    sha256: str,
    staff: str,
    data: WorkbookData,
) -> SubmissionResult:
    tables = put_together(ledger, data.tables)
    records = {name: whole.records for name, whole in tables.items()}
    basis = choose_basis(session, ledger, staff, file, data.stamp, records)
    if basis.copy.kind == "own":
        without_proposals(tables)
    result = SubmissionResult(file, sha256, staff, ledger.id, basis.kind, "unchanged")
    result.findings = data.findings
    if basis.copy.revoked or (basis.kind != "stamped" and _has_left(session, staff)):
        return _refuse_revoked(session, result, basis)
    merged = _merge_tables(session, ledger, tables, basis)
    counts = sum((m.result.counts for m in merged.values()), Counts())
    result.changes = counts.as_dict()
    result.status = status_of(counts)
    with session.journal.transaction():
        _record(session, ledger, result, basis, merged)
    return result


def status_of(counts: Counts) -> str:
    """`held` as soon as removals wait; `returned` when nothing else came of the file."""
    if counts.held:
        return "held"
    if counts.total == 0:
        return "unchanged"
    return "returned" if counts.total == counts.returned else "merged"


def _merge_tables(
    session: Session, ledger: LedgerSchema, tables: dict[str, SubmittedTable], basis: Basis
) -> dict[str, _Merged]:
    """Merges the tables in the ledger's order, so that references follow numbers just given."""
    merged: dict[str, _Merged] = {}
    numbers: dict[str, Mapping[Value, Value]] = {}
    for name, whole in tables.items():
        part = _merge_one(session, ledger, whole, basis, numbers)
        number_added(whole.table, part.result, unit_tail=session.unit_tail)
        for f in whole.table.fields:
            if f.generated:
                given = followed(whole.table, part.result.shadow, part.result.merged)
                numbers[f"{ledger.id}.{name}.{f.id}"] = given
        merged[name] = part
    return merged


def _merge_one(
    session: Session,
    ledger: LedgerSchema,
    whole: SubmittedTable,
    basis: Basis,
    numbers: Mapping[str, Mapping[Value, Value]],
) -> _Merged:
    table = whole.table
    ours = session.journal.state.rows(ledger.id, table.id)
    kept = basis.shadows.get(table.id)
    base, said = basis.tables[table.id], kept.rows if kept else None
    records, present = whole.records, whole.present
    for target, given in numbers.items():
        base = follow(table, target, given, base)
        said = follow(table, target, given, said) if said is not None else None
        records = _followed_records(table, target, given, records)
    identified = resolve_identity(
        table,
        records,
        base,
        ours,
        new_id=new_record_id,
        shadow=said,
        present=present,
        aliases=kept.aliases if kept else None,
    )
    theirs = identified.rows
    if whole.is_uneven:
        behind = (base if said is None else said, base if said else ours)
        theirs = whole.filled(theirs, identified.positions, behind)
        present = frozenset(table.field_ids)
    result = merge_table(
        table,
        base,
        ours,
        theirs,
        present=present,
        faults=RowChecker(table, session.today).faults,
        positions=identified.positions,
        removals=not basis.additive,
        additive=basis.additive,
        shadow=said,
        doubts=identified.doubts,
    )
    return _Merged(whole, identified, result)


def _followed_records(
    table: TableSchema, target: str, given: Mapping[Value, Value], records: list[Submitted]
) -> list[Submitted]:
    rows = follow(table, target, given, {str(s.position): s.row for s in records})
    return [s._replace(row=rows[str(s.position)]) for s in records]


def _record(
    session: Session,
    ledger: LedgerSchema,
    result: SubmissionResult,
    basis: Basis,
    merged: dict[str, _Merged],
) -> None:
    journal = session.journal
    revision = None
    if any(m.result.operations for m in merged.values()):
        revision = journal.log.begin("submission", result.staff, session.now())
    number = journal.submissions.add(
        SubmissionRecord(
            result.file,
            result.sha256,
            result.staff,
            ledger.id,
            basis.kind,
            result.status,
            result.changes,
            copy=basis.copy.id,
            base_revision=basis.revision,
            revision=revision,
        ),
        session.now(),
    )
    for part in merged.values():
        _record_table(session, ledger, result, part, number, revision)
    if revision:
        journal.log.seal(revision)
    _close_corrected(session, ledger, result.staff, basis, merged, number)
    _drop_restored(session, basis, merged)
    journal.returned.add(result.returned)
    _keep_shadows(session, basis, merged)


def _record_table(
    session: Session,
    ledger: LedgerSchema,
    result: SubmissionResult,
    part: _Merged,
    number: int,
    revision: int | None,
) -> None:
    table = part.whole.table
    if part.result.operations:
        result.tables.add(table.id)
    if revision:
        write_operations(
            session, ledger, table, part.result.operations, part.result.merged, revision
        )
    write_conflicts(
        session,
        ledger,
        table,
        part.result.conflicts,
        staff=result.staff,
        submission=number,
        revision=revision,
    )
    write_held(session, ledger, table, part.result, staff=result.staff, submission=number)
    session.journal.log.agree(ledger.id, table.id, part.result.agreed)
    result.returned += returned_cases(
        ledger, part.whole, part.result.returned, staff=result.staff, submission=number
    )
    result.warnings += [
        CellWarning(*part.whole.place(w.position), w.field, w.rule, w.message)
        for w in part.result.warned
        if w.position is not None
    ]


def _close_corrected(
    session: Session,
    ledger: LedgerSchema,
    staff: str,
    basis: Basis,
    merged: dict[str, _Merged],
    number: int,
) -> None:
    """Returned cells that the same copy no longer holds so, or another one put right, are settled.

    Those that are still as they were move along with their rows.
    """
    done = []
    for case in session.journal.returned.open(staff, ledger.id):
        part = merged.get(case.table)
        if part is None:
            continue
        if case.copy != basis.copy.id:
            done += [case.id] if _put_right(part, case) else []
        elif _still_back(part, case):
            _move_along(session, part, case, number)
        else:
            done.append(case.id)
    session.journal.returned.replace(done)


def _still_back(part: _Merged, case: ReturnedCase) -> bool:
    if case.record is None:
        return False
    at = part.whole.table.position.get(case.field) if case.field else None
    return part.result.still_back(case.record, at)


def _put_right(part: _Merged, case: ReturnedCase) -> bool:
    """Another copy changed the cell, or added the record, that went back from the first one."""
    return any(
        o.record == case.record and o.field in (None, case.field) for o in part.result.operations
    )


def _move_along(session: Session, part: _Merged, case: ReturnedCase, number: int) -> None:
    position = part.identified.positions.get(case.record or "")
    if position is not None:
        sheet, row = part.whole.place(position)
        column = part.whole.column(position, case.field) if case.field else None
        session.journal.returned.move(case.id, number, sheet, row, column)


def _drop_restored(session: Session, basis: Basis, merged: dict[str, _Merged]) -> None:
    """Held removals of this copy end for the rows that it shows again."""
    for case in session.journal.held.of_copy(basis.copy.id):
        part = merged.get(case.table)
        if part:
            gone = tuple(r for r in case.records if r not in part.identified.rows)
            session.journal.held.keep_only(case, gone)


def _keep_shadows(session: Session, basis: Basis, merged: dict[str, _Merged]) -> None:
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


def _unreadable(
    session: Session,
    file: str,
    sha256: str,
    staff: str,
    message: Message,
    data: WorkbookData | None = None,
) -> SubmissionResult:
    result = SubmissionResult(file, sha256, staff, None, "none", "unreadable", message=message)
    result.findings = data.findings if data else []
    before = session.journal.submissions.of_file(sha256, staff)
    if not any(s.status == "unreadable" and s.file == file for s in before):
        record = SubmissionRecord(
            file,
            sha256,
            staff,
            None,
            "none",
            "unreadable",
            result.changes,
            detail={"zh": message.zh, "en": message.en},
        )
        session.journal.submissions.add(record, session.now())
    return result


def _has_left(session: Session, staff: str) -> bool:
    return session.workspace.config.staff_member(staff).left_to is not None


def _refuse_revoked(session: Session, result: SubmissionResult, basis: Basis) -> SubmissionResult:
    result.status = "held"
    result.message = Message(
        f"{basis.copy.staff} 已离岗，这份副本不再接收；原件已存档，请由接手人核对后补录。",
        f"{basis.copy.staff} has left; this copy is no longer taken in. The original is kept.",
    )
    with session.journal.transaction():
        session.journal.submissions.add(
            SubmissionRecord(
                result.file,
                result.sha256,
                result.staff,
                result.ledger,
                basis.kind,
                "held",
                result.changes,
                copy=basis.copy.id,
                detail={"zh": result.message.zh},
            ),
            session.now(),
        )
    return result


def _no_table(file: str) -> Message:
    return Message(
        f"{file} 里没有认出任何台账的表，未合并；原件已存档。可用 ledgersync read 查看。",
        f"No ledger was recognised in {file}; nothing was merged. Look with ledgersync read.",
    )
