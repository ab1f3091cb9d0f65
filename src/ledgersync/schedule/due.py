"""Which entries of `[[schedule]]` are due: none twice, none forgotten."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import WorkspaceFault
from ledgersync.messages import message
from ledgersync.schedule.cron import fire_times
from ledgersync.workspace import Workspace
from ledgersync.workspace.clock import SHANGHAI
from ledgersync.workspace.config import CONFIG_NAME, Schedule

MOST_CAUGHT_UP = 24  # missed runs of one entry that are made up for
_NOW_AND_THEN = timedelta(hours=6)
_FIRST_LOOK_BACK = timedelta(days=7)
_LOOKS_APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Due:
    """One run of an entry that has to happen."""

    entry: Schedule
    at: datetime


class Book:
    """`schedule.db`: which run of which entry was started and done.

    `entry.since` is when a name was first seen, `entry.settled` up to when all its runs were
    dealt with; `seen.since` from when on its present cron counts (`seen.cron` is empty while the
    settings lack it); `look.at` when the settings were read.
    """

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        path = state / "schedule.db"
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS run (name TEXT NOT NULL, at TEXT NOT NULL,"
                " started TEXT NOT NULL, done TEXT, code INTEGER, PRIMARY KEY (name, at)) STRICT"
            )
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, since TEXT NOT NULL,"
                " settled TEXT NOT NULL) STRICT"
            )
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY, cron TEXT NOT NULL,"
                " since TEXT NOT NULL) STRICT"
            )
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS look (one INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT"
            )
        except sqlite3.DatabaseError as error:
            raise _damaged(path) from error

    def close(self) -> None:
        self._db.close()

    def read(self, entries: Sequence[Schedule], now: datetime, changed: datetime) -> None:
        """Notes from when on new and altered entries count: since the settings last changed.

        What an earlier look did not see was written after it, whatever time the file bears.
        """
        at = str(self._written(now, changed))
        rows = self._db.execute("SELECT name, cron FROM seen")
        known: dict[str, str] = {str(name): str(cron) for name, cron in rows}
        for name in known.keys() - {entry.name for entry in entries}:
            self._db.execute("UPDATE seen SET cron = '' WHERE name = ?", (name,))
        for entry in entries:
            if known.get(entry.name) != entry.cron:
                self._see(entry, at, is_known=entry.name in known)

    def _see(self, entry: Schedule, at: str, *, is_known: bool) -> None:
        self._db.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", (entry.name, at, at))
        if not is_known:  # a book that noted no crons yet knows since when
            row = self._db.execute("SELECT since FROM entry WHERE name = ?", (entry.name,))
            at = row.fetchone()[0]
        self._db.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (entry.name, entry.cron, at)
        )

    def _written(self, now: datetime, changed: datetime) -> datetime:
        """When what is new in the settings was written, and never a time to come."""
        row = self._db.execute("SELECT at FROM look").fetchone()
        last = datetime.fromisoformat(row[0]) if row else None
        if last is None or abs(now - last) > _LOOKS_APART:
            self._db.execute("INSERT OR REPLACE INTO look VALUES (1, ?)", (str(now),))
        if last is None or last > now:  # a new book, or one of a clock that was ahead
            last = now - _FIRST_LOOK_BACK
        return max(changed, last) if changed <= now else now

    def since(self, name: str, now: datetime) -> datetime:
        """From when on runs may be missing.

        A clock that was ahead once settled times to come: then it is the last run that counts.
        """
        self._db.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", (name, *[str(now)] * 2))
        row = self._db.execute("SELECT since, settled FROM entry WHERE name = ?", (name,))
        first, settled = (datetime.fromisoformat(text) for text in row.fetchone())
        row = self._db.execute("SELECT since FROM seen WHERE name = ?", (name,)).fetchone()
        first = datetime.fromisoformat(row[0]) if row else first
        dealt = settled if settled <= now else self.last_due(name, now)
        return min(max(first, dealt or first), now)

    def settle(self, name: str, now: datetime, *, ran: bool) -> None:
        """Everything up to now is dealt with; a clock that is behind settles nothing.

        Without a run this is written down only now and then: it saves the next look some work.
        """
        row = self._db.execute("SELECT since, settled FROM entry WHERE name = ?", (name,))
        first, settled = (datetime.fromisoformat(text) for text in row.fetchone())
        if first <= now and (ran or abs(now - settled) > _NOW_AND_THEN):
            self._db.execute("UPDATE entry SET settled = ? WHERE name = ?", (str(now), name))

    def last_due(self, name: str, now: datetime) -> datetime | None:
        """The due time of the last run up to now that came to its end."""
        rows = self._db.execute("SELECT at FROM run WHERE name = ? AND done IS NOT NULL", (name,))
        times = [datetime.fromisoformat(row[0]) for row in rows]
        return max((t for t in times if t <= now), default=None)

    def is_done(self, due: Due) -> bool:
        row = self._db.execute(
            "SELECT done FROM run WHERE name = ? AND at = ?", (due.entry.name, due.at.isoformat())
        ).fetchone()
        return row is not None and row[0] is not None

    def start(self, due: Due, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO run (name, at, started) VALUES (?, ?, ?)"
            " ON CONFLICT (name, at) DO UPDATE SET started = excluded.started",
            (due.entry.name, due.at.isoformat(), now.isoformat()),
        )

    def done(self, due: Due, now: datetime, code: int) -> None:
        self._db.execute(
            "UPDATE run SET done = ?, code = ? WHERE name = ? AND at = ?",
            (now.isoformat(), code, due.entry.name, due.at.isoformat()),
        )

    def last(self, name: str) -> tuple[datetime, int] | None:
        """When the entry last ran to its end, and its exit code."""
        row = self._db.execute(
            "SELECT done, code FROM run WHERE name = ? AND done IS NOT NULL"
            " ORDER BY at DESC LIMIT 1",
            (name,),
        ).fetchone()
        return (datetime.fromisoformat(row[0]), int(row[1])) if row else None


def note_entries(workspace: Workspace, now: datetime) -> None:
    """Notes what the settings say at this moment, so that nothing new in them is passed over."""
    book = Book(workspace.state)
    try:
        book.read(workspace.config.schedule, now, settings_changed(workspace, now))
    finally:
        book.close()


def settings_changed(workspace: Workspace, now: datetime) -> datetime:
    """When `ledgersync.toml` was last changed; now where that cannot be told."""
    try:
        return datetime.fromtimestamp((workspace.root / CONFIG_NAME).stat().st_mtime, SHANGHAI)
    except (OSError, OverflowError, ValueError):
        return now


def due_runs(entry: Schedule, book: Book, now: datetime) -> list[Due]:
    """Runs up to `now` that are not done, oldest first.

    An entry with a period is made up for run by run, since each has a period of its own; one
    without is made up for once.
    """
    since = book.since(entry.name, now)
    runs = [Due(entry, at) for at in fire_times(entry, since, now)]
    if entry.period:
        return [due for due in runs if not book.is_done(due)][-MOST_CAUGHT_UP:]
    return [due for due in runs[-1:] if not book.is_done(due)]


def _damaged(path: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message("定时任务的记录 {path} 打不开（文件损坏，或不能写入）。", path=path),
        message("请检查该文件夹能否写入；文件损坏时删掉它，会重新记（可能多跑一次）。"),
    )
