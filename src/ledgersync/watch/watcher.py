"""The watcher: files that came to rest are merged; everything it cannot do now it tries again."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from filelock import FileLock, Timeout

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, WorkspaceFault, os_reason
from ledgersync.journal import Journal
from ledgersync.messages import Message, literal, message
from ledgersync.schema.mappings import MAPPINGS_NAME
from ledgersync.sync.cases.decisions import take_saved_decisions
from ledgersync.sync.intake.remembered import note_unreadable
from ledgersync.sync.opening import open_session
from ledgersync.sync.primary.write import ingest_hand_edits
from ledgersync.sync.results import MergeReport, SubmissionResult
from ledgersync.sync.run import merge_arrivals, told_of
from ledgersync.sync.session import Session
from ledgersync.watch.observers import Observers, gone
from ledgersync.watch.pending_work import Finder, Work, inbox_folders
from ledgersync.watch.round_report import news
from ledgersync.watch.stability import FileStability, mark_of
from ledgersync.watch.watch_log import WatchLog, forget_heartbeat, write_heartbeat
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import CONFIG_NAME

LONGEST_PAUSE = 300.0  # seconds between attempts at a write that keeps waiting
HEARTBEAT_EVERY = 10.0


@dataclass
class Settings:
    """Seconds; `poll` asks for a polling observer.

    `settle` is longer than the coarsest clock of a file system (2 s), so that no save hides in
    the tick of the one before.
    """

    poll: float | None = None
    settle: float = 3.0
    look_every: float = 1.0
    scan_every: float = 30.0
    retry_every: float = 20.0
    lock_wait: float = 10.0


@dataclass
class Watcher:
    """Watches one workspace until `stop` is set.

    `told` hears of every round's report, `notify` of what people should know, each thing once;
    `after` runs at the end of each round inside its session, `idle` at every look (schedules),
    `reread` whenever the settings were read, `begun` once it is the only watcher here.
    """

    workspace: Workspace
    settings: Settings = field(default_factory=Settings)
    told: Callable[[MergeReport], None] = lambda _: None
    notify: Callable[[Message], None] = lambda _: None
    after: Callable[[Session], None] = lambda _: None
    idle: Callable[[], None] = lambda: None
    reread: Callable[[Workspace], None] = lambda _: None
    begun: Callable[[], None] = lambda: None
    stop: threading.Event = field(default_factory=threading.Event)
    rounds: int = 0
    observers: Observers | None = None

    def __post_init__(self) -> None:
        self._stability = FileStability(self.settings.settle)
        self._finder = Finder(self._stability, self._say, self.settings.retry_every)
        self._started = time.time()
        self._config_marks = _config_marks(self.workspace)
        self._known: dict[str, str] = {}
        self._heartbeat_due = self._scan_due = self._rest_until = 0.0
        self._retry_due, self._pause = float("inf"), self.settings.retry_every

    def run(self) -> None:
        """Watches until stopped.

        Raises WorkspaceFault when another watcher is at work, or the journal is not here.
        """
        with open_session(self.workspace, "watch", write=False):
            state = self.workspace.state
        lock = FileLock(state / "watch.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise _another() from error
        self._log = WatchLog(state)
        self.observers = observers = Observers(self._folders(), self.settings.poll)
        try:
            self._log.note("start")
            self.begun()
            self._open(observers)
            while not self.stop.is_set():
                self._look(observers)
                time.sleep(self.settings.look_every)
        finally:
            observers.close()
            self._log.note("stop", rounds=self.rounds)
            self._log.close()
            forget_heartbeat(state)
            lock.release()

    def once(self) -> MergeReport:
        """One round over what is at rest now: seen the same twice, `settle` seconds apart."""
        self._log = WatchLog(self.workspace.state)
        try:
            self._due()
            time.sleep(self.settings.settle)
            work = self._due()
            report = self._round(work)
        finally:
            self._log.close()
        if work.broken or work.strays:
            report.submissions += self._broken(work)
        return report

    def _broken(self, work: Work) -> list[SubmissionResult]:
        """The files that are not whole; news only once for each save of them."""
        found = []
        with open_session(self.workspace, "watch", wait=self.settings.lock_wait) as session:
            for path, told in work.broken:
                file = self.workspace.relative(path)
                result = SubmissionResult(file, "", "", None, "none", "unreadable", message=told)
                with suppress(OSError):
                    note_unreadable(session, file, path.stat(), [result])
                found.append(result)
            found += told_of(session, work.strays)
        return found

    def _open(self, observers: Observers) -> None:
        try:
            observers.open()
        except OSError as error:
            self._failed("observer", error)
        for folder in observers.missing:
            self._say(f"folder:{folder}", gone(folder))

    def _look(self, observers: Observers) -> None:
        """One look around: hints, observers, then whatever has come to rest."""
        now = time.monotonic()
        if now >= self._heartbeat_due:
            self._heartbeat()
        changed, freed = observers.hints.take()
        self._stability.forget(changed)
        if freed:  # somebody closed a workbook: what waits for it is tried at once
            self._retry_due = min(self._retry_due, now)
        hinted = bool(changed) or self._tend(observers)
        if hinted or now >= min(self._scan_due, self._retry_due) or self._stability.waiting:
            self._round_if_due(now)
        try:
            self.idle()
        except (LedgerSyncError, OSError, sqlite3.Error) as error:
            self._failed("schedule", error)

    def _tend(self, observers: Observers) -> bool:
        """Sees to the observers; whether they had to be started anew."""
        try:
            messages = observers.look_after()
        except OSError as error:  # the share is still away; the next look tries again
            self._failed("observer", error)
            return False
        for told in messages:
            self._log.note("observer restarted")
            self.notify(told)
        if messages:
            self._known.pop("observer", None)
        return bool(messages)

    def _round_if_due(self, now: float) -> None:
        """A round when there is something to do; a failed one is tried again a while later."""
        if now < self._rest_until:
            return
        self._scan_due = now + self.settings.scan_every
        try:
            self._follow_config()
            work = self._due()
            if work.arrivals or work.own or now >= self._retry_due:
                self._round(work)
        except (LedgerSyncError, OSError, sqlite3.Error) as error:
            self._rest_until = now + self.settings.retry_every
            self._failed("round", error)
        else:
            if self._known.pop("round", None):
                self.notify(message("已恢复正常。"))

    def _follow_config(self) -> None:
        """Opens the workspace anew once its settings have changed: staff, scopes, schedules."""
        marks = _config_marks(self.workspace)
        if marks != self._config_marks:
            self.workspace = Workspace.open(self.workspace.root)
            self._config_marks = marks
            self._log.note("settings read again")
            self.reread(self.workspace)

    def _due(self) -> Work:
        with Journal.open(self.workspace.journal_file, self.workspace.catalog) as journal:
            work = self._finder.look(Session.over(self.workspace, journal))
            if not journal.writes.pending():
                self._retry_due, self._pause = float("inf"), self.settings.retry_every
            elif self._retry_due == float("inf"):
                self._retry_due = time.monotonic() + self._pause
        return work

    def _round(self, work: Work) -> MergeReport:
        """Merges arrivals; also takes in hand edits, decisions and writes that waited."""
        with open_session(self.workspace, "watch", wait=self.settings.lock_wait) as session:
            waited = {write.ledger for write in session.journal.writes.pending()}
            edits = sum(ingest_hand_edits(session).values())
            decisions = take_saved_decisions(session)
            report = merge_arrivals(session, work.arrivals, progress=self._progress)
            self.after(session)
        self.rounds += 1
        for decision in [*decisions, *report.refused]:
            if not decision.done:
                self._say(f"decision:{decision.id}", _undecided(decision.id, decision.message))
        for told in news(self.workspace, report, waited, edits, sum(d.done for d in decisions)):
            self.notify(told)
        self._deal_with(work, report)
        self._note(report)
        self.told(report)
        return report

    def _progress(self, _name: str) -> None:
        self._heartbeat()

    def _heartbeat(self) -> None:
        write_heartbeat(self.workspace.state, self._started, self.rounds)
        self._heartbeat_due = time.monotonic() + HEARTBEAT_EVERY

    def _deal_with(self, work: Work, report: MergeReport) -> None:
        """What was taken rests until it changes; what was not is tried again, and said once."""
        relative = self.workspace.relative
        later = {s.file: s.message for s in report.submissions if not s.sha256}
        for path in [a.path for a in work.arrivals] + work.own:
            told = later.get(relative(path))
            if told is None:
                self._stability.done(path)
            else:
                self._stability.later(path, self.settings.retry_every)
                self._say(f"file:{path}", told)
        report.submissions = [s for s in report.submissions if s.sha256]
        waiting = {w.ledger: w.message for w in report.writes if w.status == "pending"}
        for ledger in [key for key in self._known if key.startswith("write:")]:
            if ledger.removeprefix("write:") not in waiting:
                del self._known[ledger]
        for ledger, reason in waiting.items():
            self._say(f"write:{ledger}", reason or literal(ledger, ledger))
        for write in report.writes:
            if write.message and write.status == "written":
                self.notify(write.message)
        self._plan_retry(bool(waiting))

    def _plan_retry(self, waiting: bool) -> None:
        """The next attempt at a pending write: ever later, until somebody closes a workbook."""
        if waiting:
            self._retry_due = time.monotonic() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        else:
            self._retry_due, self._pause = float("inf"), self.settings.retry_every

    def _note(self, report: MergeReport) -> None:
        for s in report.submissions:
            changes = {name: n for name, n in s.changes.items() if n}
            self._log.note(
                "merged", file=s.sha256[:12], ledger=s.ledger, status=s.status, **changes
            )
        for w in report.writes:
            if w.status != "current":
                self._log.note("primary", ledger=w.ledger, status=w.status, cells=w.cells)

    def _say(self, topic: str, message: Message) -> None:
        """Says a thing once, until something else is to be said of it."""
        if self._known.get(topic) != message.zh:
            self._known[topic] = message.zh
            self.notify(message)

    def _failed(self, topic: str, error: Exception) -> None:
        self._log.note("failed", part=topic, kind=type(error).__name__)
        self._say(topic, _reason(error))

    def _folders(self) -> list[Path]:
        root = self.workspace.root
        inbox, *extra = inbox_folders(self.workspace)
        return [inbox, root / "conflicts", root / "primary", *extra]


def _config_marks(workspace: Workspace) -> dict[Path, object]:
    root = workspace.root
    files = [root / CONFIG_NAME, root / MAPPINGS_NAME]
    files += sorted((root / "ledgers").glob("*.toml"))
    return {path: mark_of(path) for path in files}


def _reason(error: Exception) -> Message:
    """A failure as people read it, with what happens next."""
    if isinstance(error, LedgerSyncError):
        reason = error.message
    elif isinstance(error, OSError):
        reason = os_reason(error)
    else:
        reason = literal(str(error), str(error))
    reason = literal(reason.zh.rstrip("。"), reason.en.rstrip("."))
    return message("这一轮没有做成：{reason}。稍后自动再试。", reason=reason)


def _undecided(number: int, reason: Message) -> Message:
    return message("冲突清单第 {number} 号的裁定没有采用：{reason}", number=number, reason=reason)


def _another() -> WorkspaceFault:
    return WorkspaceFault(
        message("这个工作区已经有一个 watch 在运行。"),
        message("不用再开；用 ledgersync status 查看。"),
    )
