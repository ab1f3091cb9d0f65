"""Which entries of `[[schedule]]` are due: none twice, none forgotten."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ledgersync.errors import Message, WorkspaceFault
from ledgersync.schedule.cron import fire_times
from ledgersync.workspace.config import Schedule

MOST_CAUGHT_UP = 24  # missed runs of one entry that are made up for
_NOW_AND_THEN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Due:
    """One run of an entry that has to happen."""

    entry: Schedule
    at: datetime


class Book:
    """`schedule.db`: which run of which entry was started and done.

    `entry.since` is when the entry was first seen, `entry.settled` up to when all its runs were
    dealt with.
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
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error

    def close(self) -> None:
        self._db.close()

    def since(self, name: str, now: datetime) -> datetime:
        """From when on runs may be missing.

        A clock that was ahead once settled times to come: then it is the last run that counts.
        """
        self._db.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", (name, *[str(now)] * 2))
        row = self._db.execute("SELECT since, settled FROM entry WHERE name = ?", (name,))
        first, settled = (datetime.fromisoformat(text) for text in row.fetchone())
        if settled <= now:
            return max(first, settled)
        return self.last_due(name, now) or min(first, now)

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


def _damaged(path: Path, error: sqlite3.DatabaseError) -> WorkspaceFault:
    return WorkspaceFault(
        Message(
            f"定时任务的记录 {path} 打不开（文件损坏，或不能写入）。",
            f"{path} cannot be opened: {error}.",
        ),
        Message(
            "请检查该文件夹能否写入；文件损坏时删掉它，会重新记（可能多跑一次）。",
            "Check the folder; if the file is damaged, delete it.",
        ),
    )
