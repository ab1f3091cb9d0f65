"""One file taken in: read, compared with its base, merged, written into the journal."""

import os
from collections.abc import Sequence
from errno import EAGAIN
from pathlib import Path

from ledgersync.errors import UnreadableFile
from ledgersync.merge import Counts
from ledgersync.messages import Message, counted, message
from ledgersync.model import TableData, WorkbookData
from ledgersync.schema import LedgerSchema
from ledgersync.sync.cases.notices import of_ledger, still_left_out
from ledgersync.sync.cases.withdrawal import disputes_of
from ledgersync.sync.columns.extras import learn_columns, left_out
from ledgersync.sync.intake.base import choose_basis
from ledgersync.sync.intake.commit import enter
from ledgersync.sync.intake.inbox import NOBODY
from ledgersync.sync.intake.merge import merge_tables
from ledgersync.sync.intake.offered import fill_offered, told_of_offered
from ledgersync.sync.intake.refusals import (
    has_left,
    no_table,
    refuse_foreign,
    refuse_revoked,
    unreadable,
)
from ledgersync.sync.intake.remembered import note_saved
from ledgersync.sync.intake.rosters import told_of_roster
from ledgersync.sync.intake.sender import owner_of
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import MergedTable, put_together, without_proposals
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.stamps import origin_of


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
    return as_before(session, file, sha256, staff)


def as_before(session: Session, file: str, sha256: str, staff: str) -> list[SubmissionResult]:
    """What became of this content before, and what is still to be said of it."""
    names = session.workspace.config.staff_member(staff).names
    sent = session.journal.submissions.of_file(sha256, *names)
    found = []
    for before in {s.ledger: s for s in sent if s.ledger}.values():
        result = SubmissionResult(file, sha256, staff, before.ledger, before.base, "unchanged")
        result.notices = still_left_out(session, before)
        found.append(result)
    return found


def _submit_content(
    session: Session, path: Path, file: str, sha256: str, staff: str, password: str | None
) -> list[SubmissionResult]:
    try:
        data = session.readings.read(path, password)
        if data.sha256 != sha256:  # read ahead, and saved since
            data = session.readings.read(path, password)
    except UnreadableFile as error:
        return [unreadable(session, file, sha256, staff, error.message)]
    if data.sha256 != sha256:
        raise BlockingIOError(EAGAIN, os.strerror(EAGAIN), str(path))  # saved while it was read
    if not data.tables:
        return [unreadable(session, file, sha256, staff, no_table(file), data)]
    if (told := told_of_roster(session, data, path, file, password)) is not None:
        return [unreadable(session, file, sha256, staff, told, data)]
    if staff == NOBODY:  # formats whose stamp is known only now
        staff = same_person(session, staff, owner_of(session, data.stamp))
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
    if data.stamp and origin_of(session, data.stamp) == "foreign":
        result = SubmissionResult(file, sha256, staff, ledger.id, "none", "held")
        return refuse_foreign(session, result, data.stamp)
    ledger = learn_columns(session, ledger, data.tables)
    tables = put_together(ledger, data.tables)
    basis = choose_basis(session, ledger, staff, file, data.stamp, tables, data.saved)
    if basis.copy.kind == "own":
        without_proposals(tables)
    offered = fill_offered(session, ledger, tables, basis) if basis.kind == "stamped" else {}
    result = SubmissionResult(file, sha256, staff, ledger.id, basis.kind, "unchanged")
    result.findings = of_ledger(data, ledger.id)
    if basis.copy.revoked or (basis.kind != "stamped" and has_left(session, staff)):
        return refuse_revoked(session, result, basis)
    parts = [t for t in data.tables if t.ledger == ledger.id]
    result.remarks = remarks_on(staff, basis)
    result.left_out = [
        message("“{sheet}”{told}", sheet=part.sheet, told=column.told)
        for part in parts
        for column in left_out(session, ledger.by_id[part.table], part)
        if not column.is_entry
    ]
    disputes = disputes_of(session, basis.copy.id, file)
    merged = merge_tables(session, ledger, tables, basis, disputes)
    result.remarks += _totals(parts) + _archived(merged) + told_of_offered(offered, merged)
    counts = sum((m.result.counts for m in merged.values()), Counts())
    result.changes = counts.as_dict()
    result.status = status_of(counts)
    enter(session, ledger, result, basis, merged, disputes)
    note_saved(session, basis.copy.id, data.saved)
    return result


def remarks_on(staff: str, basis: Basis) -> list[Message]:
    """What its sender should know of how a file was understood."""
    found = []
    owner = basis.copy.staff if basis.kind == "stamped" else None
    if owner and owner != staff:
        found.append(
            message(
                "这份副本是发给{owner}的，由{staff}交来，按{staff}交的收了。",
                owner=owner,
                staff=staff,
            )
        )
    if basis.late:
        found.append(
            message(
                "这份比同一副本已收的“{last}”保存得早：那份改过的格子照旧，不同的成为冲突。",
                last=(basis.last_file or "").rpartition("/")[2],
            )
        )
    if basis.kept:
        found.append(
            counted(
                "文件没有可用的版本标记，按内容看是较早发出的那一份；"
                "{n} 格仍是当时的旧内容，未当作修改。",
                basis.kept,
            )
        )
    return found


def _totals(parts: Sequence[TableData]) -> list[Message]:
    """Rows of totals among the records: they are no records, and the next copy has none."""
    found = []
    for part in parts:
        first, rows = max(part.header_rows), [s.row for s in part.skipped if s.reason == "total"]
        below = [row for row in rows if row > first]
        if below:
            found.append(
                counted(
                    "“{sheet}”有 {n} 行合计（第{rows}行）没有并入：合计由汇总来算，不用填。",
                    len(below),
                    sheet=part.sheet,
                    rows=[*map(str, below[:5]), *(["…"] if below[5:] else [])],
                )
            )
    return found


def _archived(merged: dict[str, MergedTable]) -> list[Message]:
    """Rows that were taken out of the copy, and rest in an archive: that removes nothing."""
    return [
        counted(
            "“{sheet}”有 {n} 行文件里删了，但已归入年度归档，仍留在那里；"
            "真要删，请统计员先 year open 放回主台账。",
            table.missed,
            sheet=table.whole.table.sheet,
        )
        for table in merged.values()
        if table.missed
    ]


def status_of(counts: Counts) -> str:
    """`held` as soon as removals wait; `returned` when nothing else came of the file."""
    if counts.held:
        return "held"
    if counts.total == 0:
        return "unchanged"
    return "returned" if counts.total == counts.returned else "merged"
