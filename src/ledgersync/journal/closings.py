"""Periods that were closed, and opened again: what a period's facts were then."""

import sqlite3
from dataclasses import astuple
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail

_COLUMNS = "period, step, sha256, revision, reason, who, at"


@dataclass(frozen=True, slots=True)
class Closing:
    """A step of a period: closed with the facts of this hash, or opened again for a reason."""

    period: str
    step: Literal["close", "reopen"]
    sha256: str | None
    revision: int
    reason: str | None
    who: str
    at: str


class ClosingBook:
    """Table `closing`; append-only, each row in the audit trail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, closing: Closing) -> None:
        cursor = self._db.execute(
            f"INSERT INTO closing ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(closing)
        )
        self._audit.add("closing", int(cursor.lastrowid or 0))

    def of(self, period: str) -> Closing | None:
        """What a period is closed with; None where it is open."""
        steps = [c for c in self.all() if c.period == period]
        return steps[-1] if steps and steps[-1].step == "close" else None

    def closed(self) -> tuple[Closing, ...]:
        """The periods that are closed now, each by its last step."""
        last = {c.period: c for c in self.all()}
        return tuple(c for c in last.values() if c.step == "close")

    def all(self) -> list[Closing]:
        """Every step, in order."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM closing ORDER BY id")
        return [Closing(*row) for row in rows.fetchall()]
