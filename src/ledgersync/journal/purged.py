"""Originals that were let go when their time was over: what is left of each is its hash."""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail


@dataclass(frozen=True, slots=True)
class Purged:
    """One original: where it came from, how large it was, by which rule it went."""

    sha256: str
    file: str
    bytes: int
    reason: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Aged:
    """An original by the last day it was handed in; `open`: something of it waits for a person."""

    sha256: str
    file: str
    last: date
    open: bool


class PurgeBook:
    """Table `purged`; append-only, each row in the audit trail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, purged: Iterable[Purged]) -> None:
        for one in purged:
            cursor = self._db.execute(
                "INSERT INTO purged (sha256, file, bytes, reason, who, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                astuple(one),
            )
            self._audit.add("purged", int(cursor.lastrowid or 0))

    def hashes(self) -> frozenset[str]:
        return frozenset(str(r[0]) for r in self._db.execute("SELECT sha256 FROM purged"))

    def aged(self) -> list[Aged]:
        """Every original that somebody handed in, the oldest first."""
        rows = self._db.execute(
            "SELECT sha256, max(file), max(substr(at, 1, 10)),"
            " max(status IN ('pending', 'held')"
            "  OR id IN (SELECT submission FROM returned WHERE status = 'open')"
            "  OR id IN (SELECT submission FROM held WHERE status = 'open')"
            "  OR id IN (SELECT submission FROM conflict WHERE status = 'open')"
            "  OR id IN (SELECT submission FROM notice WHERE status = 'open'))"
            " FROM submission WHERE base NOT IN ('hand', 'handover')"
            " GROUP BY sha256 ORDER BY 3, 1"
        )
        return [Aged(str(s), str(f), date.fromisoformat(d), bool(o)) for s, f, d, o in rows]
