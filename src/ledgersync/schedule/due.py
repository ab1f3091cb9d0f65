"""Which entries of `[[schedule]]` are due: cron expressions in Asia/Shanghai, none twice."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.triggers.cron import CronTrigger

from ledgersync.errors import Message, WorkspaceFault
from ledgersync.workspace.clock import SHANGHAI
from ledgersync.workspace.config import Schedule

MOST_CAUGHT_UP = 24  # missed runs of one entry that are made up for


@dataclass(frozen=True, slots=True)
class Due:
    """One run of an entry that has to happen."""

    entry: Schedule
    at: datetime


class Book:
    """`schedule.db`: which run of which entry was started and done."""

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(state / "schedule.db", isolation_level=None, timeout=10)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS run (name TEXT NOT NULL, at TEXT NOT NULL,"
            " started TEXT NOT NULL, done TEXT, code INTEGER, PRIMARY KEY (name, at)) STRICT"
        )
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT"
        )

    def close(self) -> None:
        self._db.close()

    def since(self, name: str, now: datetime) -> datetime:
        """From when on an entry counts: when it was first seen."""
        self._db.execute("INSERT OR IGNORE INTO entry VALUES (?, ?)", (name, now.isoformat()))
        row = self._db.execute("SELECT since FROM entry WHERE name = ?", (name,)).fetchone()
        return datetime.fromisoformat(row[0])

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


def trigger_of(entry: Schedule) -> CronTrigger:
    """The entry's cron expression; raises WorkspaceFault when it is none."""
    try:
        return CronTrigger.from_crontab(entry.cron, timezone=SHANGHAI)
    except ValueError as error:
        raise WorkspaceFault(
            Message(
                f"[[schedule]] {entry.name} 的 cron “{entry.cron}”不对：{error}",
                f"[[schedule]] {entry.name}: bad cron {entry.cron!r}: {error}",
            ),
            Message(
                "请写成“分 时 日 月 周”，如 0 8 5 * * 表示每月5日8点。",
                "Write minute hour day month weekday, such as 0 8 5 * *.",
            ),
        ) from error


def next_time(entry: Schedule, now: datetime) -> datetime | None:
    """When the entry is due next."""
    found = trigger_of(entry).get_next_fire_time(None, now)
    return found if isinstance(found, datetime) else None


def due_runs(entry: Schedule, book: Book, now: datetime) -> list[Due]:
    """Runs up to `now` that are not done, oldest first.

    An entry with a period is made up for run by run, since each has a period of its own; one
    without is made up for once.
    """
    missed = [
        due
        for due in (Due(entry, at) for at in _fire_times(entry, book.since(entry.name, now), now))
        if not book.is_done(due)
    ]
    return missed[-MOST_CAUGHT_UP:] if entry.period else missed[-1:]


def _fire_times(entry: Schedule, since: datetime, now: datetime) -> Iterator[datetime]:
    trigger = trigger_of(entry)
    at = trigger.get_next_fire_time(None, since)
    while isinstance(at, datetime) and at <= now:
        yield at
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
