"""The watcher: files that came to rest are merged; everything it cannot do now it tries again."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from ledgersync.errors import LedgerSyncError, Message, WorkspaceFault
from ledgersync.journal import Journal
from ledgersync.sync.decisions import has_saved_decisions
from ledgersync.sync.inbox import Arrival, arrivals, is_whole
from ledgersync.sync.merging import merge_arrivals
from ledgersync.sync.primaries import is_touched
from ledgersync.sync.results import MergeReport
from ledgersync.sync.session import Session, open_session
from ledgersync.watch.diary import Diary, write_beat
from ledgersync.watch.observers import Eyes
from ledgersync.watch.sightings import Sightings
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workspace import Workspace

SCAN_EVERY = 30.0
LOOK_EVERY = 1.0
RETRY_EVERY = 20.0


@dataclass
class Settings:
    """Seconds; `poll` asks for a polling observer."""

    poll: float | None = None
    settle: float = 2.0
    scan_every: float = SCAN_EVERY
    retry_every: float = RETRY_EVERY


@dataclass
class Watcher:
    """Watches one workspace until `stop` is set.

    `told` hears of every round's report, `after` runs at the end of each inside its session,
    `idle` between rounds (for schedules).
    """

    workspace: Workspace
    settings: Settings = field(default_factory=Settings)
    told: Callable[[MergeReport], None] = lambda _: None
    said: Callable[[Message], None] = lambda _: None
    after: Callable[[Session], None] = lambda _: None
    idle: Callable[[], None] = lambda: None
    stop: threading.Event = field(default_factory=threading.Event)
    rounds: int = 0

    def __post_init__(self) -> None:
        self._wake = threading.Event()
        self._sightings = Sightings(self.settings.settle)
        self._started = time.time()
        self._last_scan = self._last_try = float("-inf")

    def run(self) -> None:
        """Watches until stopped; raises WorkspaceFault when another watcher is at work."""
        lock = FileLock(self.workspace.state / "watch.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise _another() from error
        self._diary = Diary(self.workspace.state)
        eyes = Eyes(self._folders(), self._wake.set, self.settings.poll)
        try:
            self._diary.note("start")
            eyes.open()
            while not self.stop.is_set():
                self._look(eyes)
        finally:
            eyes.close()
            self._diary.note("stop", rounds=self.rounds)
            self._diary.close()
            (self.workspace.state / "watch.json").unlink(missing_ok=True)
            lock.release()

    def _look(self, eyes: Eyes) -> None:
        """One look: wait for a hint or the next second, then see what has come to rest."""
        hinted = self._wake.wait(LOOK_EVERY)
        self._wake.clear()
        write_beat(self.workspace.state, self._started, self.rounds)
        if eyes.look_after():
            self._diary.note("observer restarted")
            self.said(Message("文件夹监视已恢复。", "Watching was restarted."))
            hinted = True
        now = time.monotonic()
        if hinted or now - self._last_scan >= self.settings.scan_every or self._sightings.waiting:
            self._last_scan = now
            self._round_if_due(now)
        self.idle()

    def _round_if_due(self, now: float) -> None:
        try:
            ready, restless = self._due()
            retry = restless and now - self._last_try >= self.settings.retry_every
            if ready or retry:
                self._last_try = now
                self.round(ready)
        except (LedgerSyncError, OSError) as error:
            self._diary.note("failed", kind=type(error).__name__)
            if isinstance(error, LedgerSyncError):
                self.said(error.message)

    def _due(self) -> tuple[list[Arrival], bool]:
        """Arrivals at rest that are not known yet, and whether something else is to be done."""
        with Journal.open(self.workspace.journal_file, self.workspace.catalog) as journal:
            session = Session.over(self.workspace, journal)
            fresh = [a for a in self._arrivals(journal) if not _known(session, a)]
            settled = set(self._sightings.settled(a.path for a in fresh))
            ready = [a for a in fresh if a.path in settled and is_whole(a.path)]
            restless = bool(journal.writes.pending()) or has_saved_decisions(session)
            restless = restless or any(is_touched(session, ledger) for ledger in session.catalog)
        return ready, restless

    def round(self, ready: list[Arrival]) -> MergeReport:
        """Merges some arrivals; also takes in hand edits, decisions and writes that waited."""
        with open_session(self.workspace, "watch", wait=60) as session:
            report = merge_arrivals(session, ready)
            self.after(session)
        self.rounds += 1
        for s in report.submissions:
            self._diary.note("merged", file=s.sha256[:12], ledger=s.ledger, status=s.status)
        for w in report.writes:
            if w.status == "pending":
                self._diary.note("pending", ledger=w.ledger)
        self.told(report)
        return report

    def _folders(self) -> list[Path]:
        root = self.workspace.root
        own = [root / name for name in ("inbox", "conflicts", "primary")]
        return own + [Path(p).expanduser() for p in self.workspace.config.paths.extra_inbox]

    def _arrivals(self, journal: Journal) -> list[Arrival]:
        found = arrivals(self.workspace.inbox)
        for folder in self.workspace.config.paths.extra_inbox:
            found += _stamped(Path(folder).expanduser(), journal.workspace_id)
        return found


def _stamped(folder: Path, workspace_id: str) -> list[Arrival]:
    """Download folders hold other people's files too: only our stamped copies are taken."""
    found = []
    for arrival in arrivals(folder):
        stamp = read_stamp(arrival.path) if is_whole(arrival.path) else None
        if stamp and stamp.workspace == workspace_id and stamp.staff:
            found.append(Arrival(arrival.path, stamp.staff))
    return found


def _known(session: Session, arrival: Arrival) -> bool:
    try:
        stat = arrival.path.stat()
    except OSError:
        return True
    file = session.workspace.relative(arrival.path)
    known = session.journal.submissions.known_hash(file, stat.st_size, stat.st_mtime_ns)
    return known is not None


def _another() -> WorkspaceFault:
    return WorkspaceFault(
        Message("这个工作区已经有一个 watch 在运行。", "Another watch is at work here."),
        Message("不用再开；用 ledgersync status 查看。", "No second one is needed; see status."),
    )
