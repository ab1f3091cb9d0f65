"""The primaries on disk: hand edits are taken in first, then what is missing is patched in."""

from pathlib import Path

from ledgersync.checks import RowChecker
from ledgersync.errors import LedgerSyncError, Message, PatchRefused, UnreadableFile
from ledgersync.journal import PrimaryFile, Shadow, SubmissionRecord, file_hash
from ledgersync.merge import Counts, MergeResult, merge_table, settled
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema
from ledgersync.sync.difference import edits_for
from ledgersync.sync.recording import write_conflicts, write_held, write_operations
from ledgersync.sync.results import WriteResult
from ledgersync.sync.session import Session
from ledgersync.sync.view import PrimaryView, TableView, view_primary
from ledgersync.workbook.patch import open_elsewhere, patch_sheets
from ledgersync.workbook.properties import last_modified_by
from ledgersync.workspace.place import keep_private

HAND = "手工修改"


def take_in(
    session: Session, ledger: LedgerSchema, author: str | None = None, kind: str = "hand"
) -> PrimaryView:
    """Compares the primary with what it was when last written, and takes over what differs.

    Faulty cells stay as they are; removals above the guard are held.
    """
    path = session.workspace.primary(ledger)
    sha256 = file_hash(path)
    known = session.journal.writes.primary(ledger.id)
    bases = _bases(session, ledger, known.revision if known else 0)
    view = view_primary(session, ledger, bases)
    who = author or last_modified_by(path) or HAND
    with session.journal.transaction():
        results = {t: _merge_hand(session, ledger, v, bases[t]) for t, v in view.tables.items()}
        _record_hand(session, ledger, results, who=who, kind=kind, sha256=sha256)
        _keep_shadows(session, ledger, results)
        session.journal.writes.set_primary(
            PrimaryFile(
                ledger.id, session.workspace.relative(path), sha256, session.journal.log.last
            )
        )
    return view


def _bases(session: Session, ledger: LedgerSchema, revision: int) -> dict[str, Rows]:
    """What the primary held when it was last written or taken in."""
    bases: dict[str, Rows] = {}
    for table in ledger.tables:
        shadow = session.journal.copies.primary_shadow(ledger.id, table)
        if shadow:
            bases[table.id] = settled(shadow.rows, shadow.unsettled)
        else:
            bases[table.id] = session.journal.state.rows_at(ledger.id, table.id, revision)
    return bases


def _merge_hand(session: Session, ledger: LedgerSchema, view: TableView, base: Rows) -> MergeResult:
    ours = session.journal.state.rows(ledger.id, view.schema.id)
    theirs, present = view.rows, view.whole.present
    if view.whole.is_uneven:
        theirs = view.whole.filled(theirs, view.positions, (base, ours))
        present = frozenset(view.schema.field_ids)
    return merge_table(
        view.schema,
        base,
        ours,
        theirs,
        present=present,
        faults=RowChecker(view.schema, session.today).faults,
        positions=view.positions,
        removals=True,
        strict_returns=False,
        doubts=view.doubts,
    )


def _record_hand(
    session: Session,
    ledger: LedgerSchema,
    results: dict[str, MergeResult],
    *,
    who: str,
    kind: str,
    sha256: str,
) -> None:
    counts = sum((r.counts for r in results.values()), Counts())
    if not counts.total:
        return
    revision = None
    if any(r.operations for r in results.values()):
        revision = session.journal.log.begin(kind, who, session.now())
    path = session.workspace.primary(ledger)
    submission = session.journal.submissions.add(
        SubmissionRecord(
            session.workspace.relative(path),
            sha256,
            who,
            ledger.id,
            kind,
            "held" if counts.held else "merged",
            counts.as_dict(),
            revision=revision,
        ),
        session.now(),
    )
    for old in session.journal.held.hand_of(ledger.id):
        session.journal.held.close(old.id, "replaced", revision)
    for table_id, result in results.items():
        table = ledger.by_id[table_id]
        if revision:
            write_operations(session, ledger, table, result.operations, result.merged, revision)
        write_conflicts(
            session,
            ledger,
            table,
            result.conflicts,
            staff=who,
            submission=submission,
            revision=revision,
        )
        write_held(session, ledger, table, result, staff=who, submission=submission, hand=True)
    if revision:
        session.journal.log.seal(revision)


def _keep_shadows(session: Session, ledger: LedgerSchema, results: dict[str, MergeResult]) -> None:
    revision = session.journal.log.last
    for table_id, result in results.items():
        session.journal.copies.set_primary_shadow(
            ledger.id, ledger.by_id[table_id], Shadow(revision, result.shadow, result.unsettled)
        )


def is_touched(session: Session, ledger: LedgerSchema) -> bool:
    """Whether somebody saved the primary since it was last written or taken in."""
    path = session.workspace.primary(ledger)
    known = session.journal.writes.primary(ledger.id)
    return path.exists() and (known is None or known.sha256 != file_hash(path))


def take_in_hand_edits(session: Session) -> list[str]:
    """Hand edits of every primary, before anything else is merged; the ledgers they were in."""
    touched = [ledger for ledger in session.catalog if is_touched(session, ledger)]
    for ledger in touched:
        take_in(session, ledger)
    return [ledger.id for ledger in touched]


def write_primary(session: Session, ledger: LedgerSchema, *, force: bool = False) -> WriteResult:
    """Brings a primary on disk to the journal's state, or leaves the write pending and says why."""
    path = session.workspace.primary(ledger)
    if not path.exists():
        return _pending(session, ledger, "", _gone(path))
    known = session.journal.writes.primary(ledger.id)
    if known and not force and _is_current(session, ledger, known, path):
        session.journal.writes.done(ledger.id)
        return WriteResult(ledger.id, "current")
    if is_touched(session, ledger):
        take_in(session, ledger)
    if session.journal.held.hand_of(ledger.id):
        return _pending(session, ledger, file_hash(path), _undecided(ledger))
    return _patch(session, ledger, path)


def _is_current(session: Session, ledger: LedgerSchema, known: PrimaryFile, path: Path) -> bool:
    if known.sha256 != file_hash(path):
        return False
    if session.journal.copies.primary_shadow(ledger.id, ledger.tables[0]) is not None:
        return False
    return session.journal.log.last_of(ledger.id) <= known.revision


def _patch(session: Session, ledger: LedgerSchema, path: Path) -> WriteResult:
    expected = file_hash(path)
    state = session.state(ledger)
    view = view_primary(session, ledger, state)
    edits, cells, rows = edits_for(view, state)
    if edits:
        session.journal.writes.intend(
            ledger.id, session.journal.log.last, expected, None, "", session.now()
        )
        try:
            expected = patch_sheets(path, path, edits, expect_sha256=expected).sha256
        except PatchRefused as refusal:
            return _pending(session, ledger, expected, refusal.message)
        except PermissionError:
            return _pending(session, ledger, expected, _open_elsewhere(ledger, path, cells))
        keep_private(path)
    with session.journal.transaction():
        session.journal.copies.drop_primary_shadows(ledger.id)
        session.journal.writes.set_primary(
            PrimaryFile(
                ledger.id, session.workspace.relative(path), expected, session.journal.log.last
            )
        )
        session.journal.writes.done(ledger.id)
    return WriteResult(ledger.id, "written" if edits else "current", cells, rows)


def write_all(session: Session) -> list[WriteResult]:
    """Every primary; a failure of one leaves it pending and does not stop the others."""
    results = []
    for ledger in session.catalog:
        if session.journal.writes.primary(ledger.id) is None:
            continue
        try:
            results.append(write_primary(session, ledger))
        except (UnreadableFile, OSError) as error:
            results.append(_pending(session, ledger, "", _said(error)))
    return results


def _pending(session: Session, ledger: LedgerSchema, expected: str, reason: Message) -> WriteResult:
    session.journal.writes.intend(
        ledger.id, session.journal.log.last, expected, None, reason.zh, session.now()
    )
    return WriteResult(ledger.id, "pending", message=reason)


def _said(error: LedgerSyncError | OSError) -> Message:
    if isinstance(error, LedgerSyncError):
        return error.message
    return Message(f"文件操作失败：{error.strerror}", f"File operation failed: {error.strerror}")


def _gone(path: Path) -> Message:
    return Message(
        f"主台账 {path.name} 不见了；请从回收站或备份放回 primary 文件夹",
        f"The primary {path.name} is gone; put it back into the folder primary",
    )


def _undecided(ledger: LedgerSchema) -> Message:
    return Message(
        f"{ledger.workbook}里有成批手工删除待裁定（ledgersync held），裁定前不写入",
        f"{ledger.id}: removals by hand wait for a decision (ledgersync held)",
    )


def _open_elsewhere(ledger: LedgerSchema, path: Path, cells: int) -> Message:
    owner = open_elsewhere(path)
    who_zh, who_en = (f"被{owner}", f" by {owner}") if owner else ("被人", "")
    return Message(
        f"{ledger.workbook}{who_zh}打开，{cells} 处待写入，关闭后自动完成",
        f"{path.name} is open{who_en}; {cells} cells wait and follow when it is closed",
    )
