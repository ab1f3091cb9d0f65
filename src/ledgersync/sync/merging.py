"""The whole way of a merge run: hand edits, submissions, primaries, copies, lists for people."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ledgersync.errors import Message, UsageFault
from ledgersync.journal import file_hash
from ledgersync.model import Stamp
from ledgersync.sync.decisions import take_saved_decisions, write_conflict_list
from ledgersync.sync.inbox import NOBODY, Arrival, arrivals, is_submission, is_whole
from ledgersync.sync.primaries import take_in_hand_edits, write_all
from ledgersync.sync.refresh import refresh_copies
from ledgersync.sync.results import MergeReport, SubmissionResult
from ledgersync.sync.returning import write_returned
from ledgersync.sync.session import Session
from ledgersync.sync.submit import submit
from ledgersync.workbook.stamp import read_stamp

Progress = Callable[[str], None]


def merge_files(
    session: Session,
    files: Sequence[Path] = (),
    staff: str | None = None,
    *,
    password: str | None = None,
    progress: Progress = lambda _: None,
) -> MergeReport:
    """Merges the inbox, or the files named, and brings everything on disk up to date.

    Raises UsageFault when a named file does not exist.
    """
    found = _wanted(session, files, staff)
    return merge_arrivals(session, found, password=password, progress=progress, named=bool(files))


def merge_arrivals(
    session: Session,
    found: Iterable[Arrival],
    *,
    password: str | None = None,
    progress: Progress = lambda _: None,
    named: bool = False,
) -> MergeReport:
    """Hand edits and saved decisions first, then these arrivals, then all that follows."""
    take_in_hand_edits(session)
    take_saved_decisions(session)
    report = MergeReport(0)
    for arrival in found:
        progress(arrival.path.name)
        report.submissions += _take(session, arrival, password, named=named)
    return finish(session, report)


def finish(session: Session, report: MergeReport) -> MergeReport:
    """What follows every change of the state: primaries, lists, returned copies, refreshes."""
    report.writes = write_all(session)
    _mark_pending(report)
    write_conflict_list(session)
    write_returned(session, report.submissions)
    report.refreshed = refresh_copies(session)
    report.revision = session.journal.log.last
    return report


def preview(session: Session, files: Sequence[Path], staff: str | None) -> MergeReport:
    """What a merge would do: everything is carried out in a transaction that is taken back."""
    report = MergeReport(session.journal.log.last)
    found = _wanted(session, files, staff)
    session.journal.connection.execute("BEGIN IMMEDIATE")
    try:
        for arrival in found:
            if is_whole(arrival.path):
                report.submissions += submit(session, arrival.path, arrival.staff)
    finally:
        session.journal.connection.rollback()
        session.journal.state.forget()
    return report


def _take(
    session: Session, arrival: Arrival, password: str | None, *, named: bool
) -> list[SubmissionResult]:
    path, journal = arrival.path, session.journal
    file = session.workspace.relative(path)
    stat = path.stat()
    known = journal.submissions.known_hash(file, stat.st_size, stat.st_mtime_ns)
    if known and not named:
        before = [s for s in journal.submissions.of_file(known, arrival.staff) if s.ledger]
        if before:
            latest = {s.ledger: s for s in before}.values()
            return [
                SubmissionResult(file, known, arrival.staff, s.ledger, s.base, "unchanged")
                for s in latest
            ]
    if not is_whole(path):
        message = Message(
            f"{file} 不完整或正在保存，先跳过；保存完成后再合并。",
            f"{file} is incomplete or being saved; skipped for now.",
        )
        return [
            SubmissionResult(
                file, file_hash(path), arrival.staff, None, "none", "unreadable", message=message
            )
        ]
    results = submit(session, path, arrival.staff, password)
    with journal.transaction():
        journal.submissions.saw(file, path, results[0].sha256)
    return results


def _wanted(session: Session, files: Sequence[Path], staff: str | None) -> list[Arrival]:
    if files:
        return _named(session, files, staff)
    return _of(arrivals(session.workspace.inbox), staff)


def _of(found: Iterable[Arrival], staff: str | None) -> list[Arrival]:
    return [a for a in found if staff is None or a.staff == staff]


def _named(session: Session, files: Sequence[Path], staff: str | None) -> list[Arrival]:
    return [Arrival(path, staff or _sender(session, path)) for path in map(_existing, files)]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageFault(
            Message(f"没有这个文件：{path}", f"No such file: {path}"),
            Message("请检查路径。", "Check the path."),
        )
    return path


def _sender(session: Session, path: Path) -> str:
    """The inbox folder a file lies in, else the name in its stamp."""
    try:
        parts = path.resolve().relative_to(session.workspace.inbox).parts
    except ValueError:
        parts = ()
    if len(parts) > 1:
        return parts[0]
    stamp: Stamp | None = read_stamp(path) if is_submission(path) else None
    return stamp.staff if stamp and stamp.staff else NOBODY


def _mark_pending(report: MergeReport) -> None:
    """A submission whose primary could not be written yet is pending, not merged."""
    waiting = {w.ledger: w.message for w in report.writes if w.status == "pending"}
    for submission in report.submissions:
        if submission.ledger in waiting and submission.status == "merged":
            submission.status = "pending"
            submission.message = waiting[submission.ledger]
