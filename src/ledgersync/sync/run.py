"""The whole way of a merge run: hand edits, submissions, primaries, copies, lists for people."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ledgersync.collector import without_collector
from ledgersync.errors import UnreadableFile, os_reason
from ledgersync.filenames import meant, readable
from ledgersync.journal import DryOriginals
from ledgersync.messages import Message, counted, message
from ledgersync.sync.cases.conflicts import set_aside, write_conflict_list
from ledgersync.sync.cases.decisions import outdated_decisions, take_saved_decisions
from ledgersync.sync.cases.notices import in_primaries, settle_scopes
from ledgersync.sync.cases.returned import write_returned
from ledgersync.sync.copies.refresh import refresh_copies
from ledgersync.sync.create import add_missing_primaries
from ledgersync.sync.intake.inbox import (
    Arrival,
    Inbox,
    Stray,
    is_whole,
    not_whole,
    survey,
)
from ledgersync.sync.intake.remembered import is_reported, note_unreadable
from ledgersync.sync.intake.sender import sender_of, with_sender
from ledgersync.sync.intake.submit import as_before, submit
from ledgersync.sync.intake.unsent import unsent
from ledgersync.sync.primary.parts import leave_parts
from ledgersync.sync.primary.write import ingest_hand_edits, write_all
from ledgersync.sync.results import MergeReport, Notice, SubmissionResult, not_in_force
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.words.offers import offers_of
from ledgersync.sync.words.word_list import write_word_list
from ledgersync.sync.year.books import ingest_archives, write_archives
from ledgersync.sync.year.turn import rest_late
from ledgersync.workbook.read import refusals

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

    Raises UnreadableFile when a named file does not exist.
    """
    with without_collector():
        found = _wanted(session, files, staff)
        return _merge(session, found, password, progress, named=bool(files))


def merge_arrivals(
    session: Session, arrivals: Iterable[Arrival], *, progress: Progress = lambda _: None
) -> MergeReport:
    """Merges what a watcher saw arrive, and brings everything on disk up to date."""
    with without_collector():
        found = Inbox([with_sender(session, arrival) for arrival in arrivals])
        return _merge(session, found, None, progress, named=True)


def _merge(
    session: Session, found: Inbox, password: str | None, progress: Progress, *, named: bool
) -> MergeReport:
    """Hand edits and saved decisions first, then these arrivals, then all that follows."""
    add_missing_primaries(session)
    report, fresh = begin(session), _fresh(session, found.arrivals)
    session.readings.ahead(fresh)
    try:
        for arrival in found.arrivals:
            if named or arrival.path in fresh:
                progress(readable(arrival.path.name))
            results = _take(session, arrival, password, named=named)
            report.submissions += results
            _read_primaries_ahead(session, results)
        report.submissions += told_of(session, found.strays)
        return finish(session, report)
    finally:
        session.readings.drop()


def begin(session: Session) -> MergeReport:
    """What people did in the workspace's own files: primaries, and the conflict list."""
    ingest_hand_edits(session)
    report = MergeReport(0, messages=list(session.messages))
    report.submissions += ingest_archives(session)
    try:
        report.decisions += take_saved_decisions(session)
    except UnreadableFile:
        report.messages.append(set_aside(session))
    if decided := sum(d.done for d in report.decisions):
        report.messages.append(counted("冲突清单里裁定了 {n} 处，已写入。", n=decided))
    return report


def _fresh(session: Session, found: Sequence[Arrival]) -> list[Path]:
    """What has changed since it was seen: it will be read ahead, and said to be read."""
    fresh = []
    for arrival in found:
        with suppress(OSError):
            stat, file = arrival.path.stat(), session.workspace.relative(arrival.path)
            known = session.journal.submissions.known_hash(file, stat.st_size, stat.st_mtime_ns)
            if known or is_reported(session, file, stat):
                continue
            if not _holds_what_it_held(session, arrival.path, file):
                fresh.append(arrival.path)
    return fresh


def _holds_what_it_held(session: Session, path: Path, file: str) -> bool:
    """It was seen too soon after it was saved to be known by its time, and is the same still."""
    last = session.journal.submissions.last_hash(file)
    return last is not None and session.hashes.of(path) == last


def _read_primaries_ahead(session: Session, results: Iterable[SubmissionResult]) -> None:
    """A primary into which something has come will be read before it is written.

    Not so when it is known where everything stands in it.
    """
    for result in results:
        if result.ledger and result.status != "unchanged" and result.ledger not in session.views:
            if session.journal.writes.has_layout(result.ledger):
                continue
            path = session.workspace.primary(session.catalog.ledgers[result.ledger])
            if path.exists():
                session.readings.ahead([path])


def finish(session: Session, report: MergeReport) -> MergeReport:
    """What follows every change of the state: primaries, lists, returned copies, refreshes."""
    report.hand_faults = {name: view.faults for name, view in session.views.items() if view.faults}
    report.unknown_primaries = [
        name for name, view in session.views.items() if view.is_unknown and view.changes
    ]
    report.messages += rest_late(session)
    report.messages += write_archives(session)  # before the primaries lose the same rows
    report.writes = write_all(session)
    _mark_pending(report)
    _write_conflict_list(session, report)
    settle_scopes(session)
    write_returned(session)
    report.refreshed = refresh_copies(session)
    report.in_primaries = notices_in_primaries(session)
    report.unsent = unsent(session)
    write_word_list(session)
    leave_parts(session)
    session.journal.keep_columns()
    report.words = offers_of(session.journal, session.workspace.catalog)
    report.revision = session.journal.log.last
    catalog = session.workspace.catalog
    report.ledgers = [not_in_force(catalog.ledgers[name].workbook) for name in catalog.pending]
    return report


def _write_conflict_list(session: Session, report: MergeReport) -> None:
    """The list as it is now; what was decided in it about what is open no more is told first."""
    try:
        report.decisions += outdated_decisions(session)
    except UnreadableFile:
        report.messages.append(set_aside(session))
    report.messages += [d.told for d in report.refused]
    write_conflict_list(session)


def notices_in_primaries(session: Session) -> list[Notice]:
    """What is to be told of the primaries in every run, until it is mended."""
    workspace, ledgers = session.workspace, session.catalog.ledgers
    cases = [c for c in in_primaries(session) if c.ledger in ledgers]
    return [Notice.of(workspace.relative(workspace.primary(ledgers[c.ledger])), c) for c in cases]


class _TakenBack(Exception):
    """Ends a preview: the transaction is rolled back."""


def preview(
    session: Session,
    files: Sequence[Path],
    staff: str | None,
    *,
    password: str | None = None,
) -> MergeReport:
    """What a merge would do: everything is carried out in a transaction that is taken back.

    Not a byte is written: originals are not kept, primaries and copies are left alone.
    """
    dry = replace(session, originals=DryOriginals(session.workspace.originals), views={})
    report = MergeReport(session.journal.log.last)
    found = _wanted(session, files, staff)
    with suppress(_TakenBack), session.journal.transaction():
        ingest_hand_edits(dry)
        for arrival in found.arrivals:
            report.submissions += _take(dry, arrival, password, named=bool(files))
        report.submissions += told_of(dry, found.strays)
        report.in_primaries = notices_in_primaries(dry)
        report.unsent = unsent(dry)
        raise _TakenBack
    return report


def _take(
    session: Session, arrival: Arrival, password: str | None, *, named: bool
) -> list[SubmissionResult]:
    """One file; what is wrong with the file itself stops nobody else's."""
    file = session.workspace.relative(arrival.path)
    try:
        stat = arrival.path.stat()
        if not named and (known := _unchanged(session, arrival, file, stat)):
            return known
        if is_whole(arrival.path):
            results = submit(session, arrival.path, arrival.staff, password, stat)
        else:
            results = [_not_now(file, arrival, _incomplete(file, arrival.path))]
    except OSError as error:
        return [_not_now(file, arrival, _failed(file, error))]
    if not named:
        note_unreadable(session, file, stat, results)
    for result in results:
        if result.message is None and readable(arrival.path.name) != arrival.path.name:
            result.message = _odd_name(arrival.path)
    return results


def _odd_name(path: Path) -> Message:
    return message(
        "文件名的编码不对（多半是解压时认错了中文），按“{name}”收的；可以改名，不改也收得到",
        name=meant(path.name),
    )


def _unchanged(
    session: Session, arrival: Arrival, file: str, stat: os.stat_result
) -> list[SubmissionResult]:
    """What became of this file before, when it has not been saved since."""
    submissions = session.journal.submissions
    known = submissions.known_hash(file, stat.st_size, stat.st_mtime_ns)
    return as_before(session, file, known, arrival.staff) if known else []


def told_of(session: Session, strays: Iterable[Stray]) -> list[SubmissionResult]:
    """Files that nobody can take, each named with what to do; news once for each save of them."""
    found = []
    for stray in strays:
        file = session.workspace.relative(stray.path)
        result = SubmissionResult(file, "", stray.staff, None, "none", "unreadable")
        result.message, result.rule = stray.message, stray.rule
        with suppress(OSError):
            note_unreadable(session, file, stray.path.stat(), [result])
        found.append(result)
    return found


def _not_now(file: str, arrival: Arrival, message: Message) -> SubmissionResult:
    """A file that cannot be read at present; nothing is recorded, the next run tries again."""
    return SubmissionResult(file, "", arrival.staff, None, "none", "unreadable", message=message)


def _failed(file: str, error: OSError) -> Message:
    why = os_reason(error)
    return message("{file} 没有收进来（{why}），下次合并时再试。", file=file, why=why)


def _incomplete(file: str, path: Path) -> Message:
    """What is wrong in the reader's words, and that it may be well by the next time."""
    reason = not_whole(path, file)
    return message("{reason}若还在传或正在保存，好了以后再合并一次。", reason=reason)


def _wanted(session: Session, files: Sequence[Path], staff: str | None) -> Inbox:
    if files:
        return Inbox(_named(session, files, staff))
    found = survey(session.workspace.inbox)
    found.arrivals = [with_sender(session, arrival) for arrival in found.arrivals]
    if staff is None:
        return found
    who = same_person(session, staff)
    mine = [a for a in found.arrivals if a.staff == who]
    return Inbox(mine, [s for s in found.strays if same_person(session, s.staff) == who])


def _named(session: Session, files: Sequence[Path], staff: str | None) -> list[Arrival]:
    found = [_existing(session, path) for path in files]
    arrivals = [Arrival(path, staff or sender_of(session, path)) for path in found]
    return [with_sender(session, arrival) for arrival in arrivals]


def _existing(session: Session, path: Path) -> Path:
    """A file as named from here, or as messages name it: from the workspace."""
    if path.is_file():
        return path
    if not path.is_absolute() and (inside := session.workspace.locate(path.as_posix())).is_file():
        return inside
    raise refusals.missing(readable(path.name))


def _mark_pending(report: MergeReport) -> None:
    """A submission whose primary could not be written yet is pending, not merged."""
    for submission in report.submissions:
        write = next((w for w in report.writes if w.keeps_waiting(submission)), None)
        if write and submission.status == "merged":
            submission.status, submission.message = "pending", write.message
