"""The primaries on disk: hand edits are taken in first, then what is missing is patched in."""

from dataclasses import replace
from pathlib import Path

from ledgersync.checks import RowChecker
from ledgersync.errors import LedgerSyncError, PatchRefused, UnreadableFile, os_reason
from ledgersync.files import open_elsewhere
from ledgersync.journal import LastSubmission, PrimaryFile
from ledgersync.journal.notices import PRIMARY
from ledgersync.merge import Counts, MergeResult, keep_keys_unique, merge_table
from ledgersync.messages import Message, counted, literal, message
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.cases.notices import Source, Told, notices_of, of_ledger, settle_changed
from ledgersync.sync.cases.settlement import settle_by_hand
from ledgersync.sync.columns.meaning import Reread
from ledgersync.sync.primary.difference import Difference, difference
from ledgersync.sync.primary.hand_base import HandBase, HandBases
from ledgersync.sync.primary.places import remember_layout, remembered_view
from ledgersync.sync.primary.remembered import (
    is_read_anew,
    missing_tables,
    note_offices,
    note_wording,
    remember_missing,
)
from ledgersync.sync.primary.sheets import with_sheets
from ledgersync.sync.primary.strange import refuse_strange
from ledgersync.sync.primary.view import PrimaryView, TableView, view_primary
from ledgersync.sync.results import SubmissionResult, WriteResult
from ledgersync.sync.revision.entry import entry
from ledgersync.sync.revision.numbers import give_numbers
from ledgersync.sync.revision.record import write_held, write_submission
from ledgersync.sync.session import PROGRAM, Session
from ledgersync.sync.stamps import is_of_another_journal, stamp_now, stamped_revision
from ledgersync.workbook.patch import PatchReport, SheetEdit, patch_sheets
from ledgersync.workbook.properties import last_modified_by
from ledgersync.workbook.stamp import read_stamp, restamping
from ledgersync.workbook.stamp_text import STAMP_SHEET
from ledgersync.workspace.place import keep_private

HAND = "手工修改"
_ATTEMPTS = 4


def ingest(
    session: Session, ledger: LedgerSchema, author: str | None = None, kind: str = "hand"
) -> PrimaryView:
    """Compares the primary with what it was when last written, and takes over what differs.

    Faulty cells stay as they are; removals above the guard are held.
    """
    path = session.workspace.primary(ledger)
    bases = HandBases(session, ledger.id)
    view = view_primary(session, ledger, bases.rows, learn=True)
    if kind == "hand":
        refuse_strange(session, view)
    ledger = view.ledger
    sha256, stamped = view.data.sha256, stamped_revision(session, ledger, view.data.stamp)
    if kind == "hand" and bases.known and bases.known.sha256 == sha256:
        author, kind = PROGRAM, "handover"  # nobody's edit: its headers mean something else by now
    missing = missing_tables(session, ledger.id)
    who = author or last_modified_by(path) or HAND
    with session.journal.transaction():
        results = {
            t: _merge_hand(session, ledger, v, bases.tables[t], removals=t not in missing)
            for t, v in view.tables.items()
        }
        remember_missing(session, ledger.id, missing | (ledger.by_id.keys() - view.tables.keys()))
        view.faults = sum(_faulty(ledger.by_id[t], r) for t, r in results.items())
        view.changes = _record_hand(session, ledger, results, who=who, kind=kind, sha256=sha256)
        view.is_unknown = is_of_another_journal(session, ledger, view.data.stamp)
        _keep_last(session, ledger, results)
        _keep_notices(session, ledger, view, results, who)
        file, revision = session.workspace.relative(path), session.journal.log.last
        session.journal.writes.set_primary(PrimaryFile(ledger.id, file, sha256, revision, stamped))
        note_wording(session, ledger.id)
    session.views[ledger.id] = view
    return view


def _merge_hand(
    session: Session, ledger: LedgerSchema, view: TableView, known: HandBase, *, removals: bool
) -> MergeResult:
    ours = session.journal.state.rows(ledger.id, view.schema.id)
    now = Reread(view.schema, session.today, view.whole.added_heads)
    base = now.rows(known.of(view.rows))
    theirs, present = view.rows, view.whole.present
    if view.whole.is_uneven:
        theirs = view.whole.filled(theirs, view.positions, (base, ours))
        present = frozenset(view.schema.field_ids)
    result = merge_table(
        view.schema,
        base,
        ours,
        theirs,
        present=present,
        faults=RowChecker(view.schema, session.today).faults,
        positions=view.positions,
        removals=removals,
        strict_returns=False,
        unresolved=view.unresolved,
    )
    give_numbers(session, ledger, view.schema, result)
    keep_keys_unique(view.schema, ours, result, rows_stay=True)
    return result


def _faulty(table: TableSchema, result: MergeResult) -> int:
    """Cells that break a rule; nothing is checked in columns that people added."""
    extras = {f.id for f in table.extras}
    return sum(r.field not in extras for r in result.reported)


def _record_hand(
    session: Session,
    ledger: LedgerSchema,
    results: dict[str, MergeResult],
    *,
    who: str,
    kind: str,
    sha256: str,
) -> int:
    """Writes down what was changed by hand; returns how much that was."""
    counts = sum((r.counts for r in results.values()), Counts())
    for old in session.journal.held.hand_of(ledger.id):
        session.journal.held.close(old.id, "replaced", None)  # what is still gone is held anew
    if not counts.total:
        return 0
    file, status = session.workspace.primary(ledger), "held" if counts.held else "merged"
    submission = SubmissionResult(
        session.workspace.relative(file), sha256, who, ledger.id, kind, status, counts.as_dict()
    )
    with entry(session, kind, who) as made:
        made.rows_stay = True  # what people wrote into the primary twice stays, and is told
        if any(r.operations for r in results.values()):
            made.begin()
        number = write_submission(session, submission, revision=made.revision)
        for table_id, result in results.items():
            table = ledger.by_id[table_id]
            made.enter(ledger, table, result)
            made.ask(ledger, table, result, staff=who, submission=number)
            write_held(session, ledger, table, result, staff=who, submission=number, hand=True)
        settle_by_hand(session, ledger, results, staff=who)
    return counts.total


def _keep_last(session: Session, ledger: LedgerSchema, results: dict[str, MergeResult]) -> None:
    revision = session.journal.log.last
    for table_id, result in results.items():
        session.journal.copies.set_last_saved(
            ledger.id,
            ledger.by_id[table_id],
            LastSubmission(revision, result.last_submission, result.unsettled),
        )


def _keep_notices(
    session: Session,
    ledger: LedgerSchema,
    view: PrimaryView,
    results: dict[str, MergeResult],
    who: str,
) -> None:
    """What stands in the primary and was not, or not surely, taken in; told until it is mended."""
    told = [
        Told(v.whole, v.rows, v.positions, view.bases.get(t, {})) for t, v in view.tables.items()
    ]
    findings, source = of_ledger(view.data, ledger.id), Source(PRIMARY, who, None)
    found = notices_of(session, ledger, findings, told, source)
    for part in (part for table in told for part in table.whole.parts):
        part.extras = {}  # said; a large primary is not kept twice
    settle_changed(session, ledger, results)
    session.journal.notices.replace(PRIMARY, ledger.id, found)


def is_touched(session: Session, ledger: LedgerSchema) -> bool:
    """Whether somebody saved the primary since it was last written or taken in."""
    path = session.workspace.primary(ledger)
    known = session.journal.writes.primary(ledger.id)
    if not path.exists():
        return False
    if known is None or is_read_anew(session, ledger.id):
        return True
    return known.sha256 != session.hashes.of(path)


def ingest_hand_edits(session: Session) -> dict[str, int]:
    """Hand edits of every primary, before anything else is merged; by ledger, how many.

    A primary that cannot be read just now is left for `write_all` to speak of.
    """
    taken: dict[str, int] = {}
    for ledger in session.catalog:
        try:
            if is_touched(session, ledger) and (changes := ingest(session, ledger).changes):
                taken[ledger.id] = changes
        except (UnreadableFile, OSError):
            continue
    return taken


def write_primary(session: Session, ledger: LedgerSchema) -> WriteResult:
    """Brings a primary on disk to the journal's state, or leaves the write pending and says why."""
    path = session.workspace.primary(ledger)
    if not path.exists():
        return _pending(session, ledger, "", _gone(path))
    for _ in range(_ATTEMPTS + len(ledger.tables)):
        sha256 = session.hashes.of(path)
        known = session.journal.writes.primary(ledger.id)
        if known is None or known.sha256 != sha256 or is_read_anew(session, ledger.id):
            ingest(session, ledger)
            continue
        if _is_current(session, ledger, known):
            session.journal.writes.done(ledger.id)
            return WriteResult(ledger.id, "current")
        if session.journal.held.hand_of(ledger.id):
            return _pending(session, ledger, sha256, _undecided(ledger))
        result = _patch(session, ledger, path, sha256)
        if result is not None:
            return result
    return _pending(session, ledger, "", _restless(path))


def _is_current(session: Session, ledger: LedgerSchema, known: PrimaryFile) -> bool:
    if session.journal.copies.has_last_saved(ledger.id) or missing_tables(session, ledger.id):
        return False
    return session.journal.log.last_of(ledger.id) <= known.revision


def _patch(session: Session, ledger: LedgerSchema, path: Path, sha256: str) -> WriteResult | None:
    """Writes what the file lacks; None when there is more to do, or it was saved meanwhile."""
    ledger = session.catalog.ledgers[ledger.id]
    view = session.views.pop(ledger.id, None)
    state = session.shown(ledger)
    if view is None or view.data.sha256 != sha256 or view.ledger is not ledger:
        view = remembered_view(session, ledger, sha256)
    view = view or view_primary(session, ledger, HandBases(session, ledger.id).rows)
    if view.data.sha256 != sha256:
        return None
    try:
        found = difference(view, state)
    except PatchRefused as refusal:  # a workbook that cannot be patched at all
        return _pending(session, ledger, sha256, refusal.message)
    report: PatchReport | None = None
    if found.edits:
        if open_elsewhere(path) is not None:
            return _pending(session, ledger, sha256, _open_elsewhere(ledger, path, found))
        try:
            found, report = _put_with_sheets(session, ledger, path, found, sha256)
        except PatchRefused as refusal:
            return _refused(session, ledger, path, found, refusal, sha256)
    if found.again:
        _half_written(session, ledger, report)
        return None
    return _done(session, view, found, report)


def _half_written(session: Session, ledger: LedgerSchema, report: PatchReport | None) -> None:
    """The file as it is now is ours, and no hand edit; it still shows the revision of before."""
    known = session.journal.writes.primary(ledger.id)
    if known and report:
        with session.journal.transaction():
            session.journal.writes.set_primary(replace(known, sha256=report.sha256))


def _put_with_sheets(
    session: Session, ledger: LedgerSchema, path: Path, found: Difference, sha256: str
) -> tuple[Difference, PatchReport | None]:
    """Writes all, or where no sheet can be added, what has a place; what it was."""
    try:
        return found, _put(session, ledger, path, found, sha256)
    except PatchRefused as refusal:
        if not found.restored or refusal.reason in ("target.changed", "target.open"):
            raise
    found = found.without_sheets()
    return found, _put(session, ledger, path, found, sha256) if found.edits else None


def _put(
    session: Session, ledger: LedgerSchema, path: Path, found: Difference, sha256: str
) -> PatchReport:
    """Patches the file, stamped with the revision that it shows when it shows all."""
    revision = session.journal.log.last
    session.journal.writes.intend(ledger.id, revision, sha256, None, "", session.now())
    edits = found.edits
    parts: dict[str, bytes] = {}
    if not found.again:
        stamp = stamp_now(session, ledger, PRIMARY)
        cells, parts = restamping(path, stamp)
        edits = edits | ({STAMP_SHEET: SheetEdit(cells=cells)} if cells else {})
    with with_sheets(path, ledger, found.restored) as source:
        report = patch_sheets(source, path, edits, parts=parts, expect_sha256=sha256)
    keep_private(path)
    return report


def _done(
    session: Session, view: PrimaryView, found: Difference, report: PatchReport | None
) -> WriteResult:
    """Remembers what the file is now; what it has no room for stays pending."""
    ledger, path, sha256 = view.ledger, view.path, (report or view.data).sha256
    known, revision = session.journal.writes.primary(ledger.id), session.journal.log.last
    stamped = revision if report else stamped_revision(session, ledger, read_stamp(path))
    file = session.workspace.relative(path)
    with session.journal.transaction():
        note_offices(session)
        session.journal.copies.primary_written(ledger.id, known.stamped if known else None)
        session.journal.writes.set_primary(PrimaryFile(ledger.id, file, sha256, revision, stamped))
        session.journal.writes.done(ledger.id)
        remember_missing(session, ledger.id, (t.id for t in found.homeless))
        remember_layout(session, ledger, view, found, report, sha256)
    if found.homeless:
        waiting = _pending(session, ledger, sha256, _no_sheet(path, found))
        waiting.waiting = frozenset(t.id for t in found.homeless)
        return waiting
    session.messages += found.told(ledger)
    status = "written" if found.edits else "current"
    told = _restored(path, found) if found.restored else None
    return WriteResult(ledger.id, status, found.cells, found.rows, told)


def _refused(
    session: Session,
    ledger: LedgerSchema,
    path: Path,
    found: Difference,
    refusal: PatchRefused,
    sha256: str,
) -> WriteResult | None:
    """Saved meanwhile: once more from the start. Held open, or beyond the patcher: pending."""
    if refusal.reason == "target.changed":
        return None
    if refusal.reason == "target.open":
        return _pending(session, ledger, sha256, _open_elsewhere(ledger, path, found))
    return _pending(session, ledger, sha256, refusal.message)


def write_all(session: Session) -> list[WriteResult]:
    """Every primary; a failure of one leaves it pending and does not stop the others."""
    results = []
    for ledger in [x for x in session.catalog if session.journal.writes.primary(x.id)]:
        try:
            results.append(write_primary(session, ledger))
        except (UnreadableFile, OSError) as error:
            results.append(_pending(session, ledger, "", _reason(error)))
    return results


def _pending(session: Session, ledger: LedgerSchema, expected: str, reason: Message) -> WriteResult:
    session.journal.writes.intend(
        ledger.id, session.journal.log.last, expected, None, reason.zh, session.now()
    )
    return WriteResult(ledger.id, "pending", message=reason)


def _reason(error: LedgerSyncError | OSError) -> Message:
    if isinstance(error, LedgerSyncError):
        return error.message
    why = os_reason(error)
    return message("文件操作失败：{why}", why=why)


def _gone(path: Path) -> Message:
    return message("主台账 {path} 不见了；请从回收站或备份放回 primary 文件夹", path=path.name)


def _undecided(ledger: LedgerSchema) -> Message:
    workbook = literal(ledger.workbook, ledger.id)
    return message(
        "{workbook}里有成批手工删除待裁定（ledgersync held），裁定前不写入", workbook=workbook
    )


def _open_elsewhere(ledger: LedgerSchema, path: Path, found: Difference) -> Message:
    owner, waiting = open_elsewhere(path), found.cells + found.rows
    told = counted("{workbook}被人打开，{n} 处待写入，关闭后自动完成", waiting)
    if owner:
        told = counted(
            "{workbook}被{owner}打开，{n} 处待写入，关闭后自动完成", waiting, owner=owner
        )
    return told.filled(workbook=literal(ledger.workbook, path.name))


def _no_sheet(path: Path, found: Difference) -> Message:
    sheets = [message("“{sheet}”", sheet=t.sheet) for t in found.homeless]
    return message(
        "{path} 里没有工作表{sheets}，其记录只在日志里；从模板复制该表到主台账后自动写入",
        path=path.name,
        sheets=sheets,
    )


def _restored(path: Path, found: Difference) -> Message:
    sheets = [message("“{sheet}”", sheet=t.sheet) for t in found.restored]
    return message("{path} 的工作表{sheets}不见了，已按日志补回", path=path.name, sheets=sheets)


def _restless(path: Path) -> Message:
    return message("{path} 正被反复保存，稍后再写", path=path.name)
