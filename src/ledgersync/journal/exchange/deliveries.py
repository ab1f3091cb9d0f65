"""The queue of what is to be handed over: each file to each target once."""

import sqlite3
from datetime import datetime, timedelta

from ledgersync.dataclass import dataclass

LONGEST_PAUSE = timedelta(hours=12)  # between two attempts
NEVER = datetime(9999, 12, 31)  # of what rests until somebody names its target again


@dataclass(frozen=True, slots=True)
class Errand:
    """One file for one target; `unit` is the padded code of whom it is for."""

    id: int
    target: str
    unit: str
    file: str
    sha256: str
    status: str
    tries: int
    next: str
    fault: str | None
    done: str | None


class DeliveryBook:
    """Table `delivery`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, target: str, unit: str, file: str, sha256: str, at: datetime) -> None:
        """Queues a file; one that was queued for this target before stays as it is."""
        self._db.execute(
            "INSERT OR IGNORE INTO delivery (target, unit, file, sha256, next)"
            " VALUES (?, ?, ?, ?, ?)",
            (target, unit, file, sha256, at.isoformat()),
        )

    def due(self, at: datetime) -> list[Errand]:
        """What waits and may be tried now, the oldest first.

        What would rest longer than any pause was put off by a clock that was ahead.
        """
        moments = (at, at + LONGEST_PAUSE, NEVER)
        return self._where(
            "status = 'waiting' AND (next <= ? OR next > ? AND next < ?)",
            *(moment.isoformat() for moment in moments),
        )

    def waiting(self) -> list[Errand]:
        return self._where("status = 'waiting'")

    def sent(self, number: int, at: datetime) -> None:
        self._db.execute(
            "UPDATE delivery SET status = 'sent', done = ?, fault = NULL, tries = tries + 1"
            " WHERE id = ?",
            (at.isoformat(), number),
        )

    def failed(self, number: int, fault: str, again: datetime) -> None:
        self._db.execute(
            "UPDATE delivery SET tries = tries + 1, fault = ?, next = ? WHERE id = ?",
            (fault, again.isoformat(), number),
        )

    def _where(self, condition: str, *values: object) -> list[Errand]:
        rows = self._db.execute(
            "SELECT id, target, unit, file, sha256, status, tries, next, fault, done"
            f" FROM delivery WHERE {condition} ORDER BY id",
            values,
        )
        return [Errand(*row) for row in rows.fetchall()]
