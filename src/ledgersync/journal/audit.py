"""The audit trail: what was written down is chained, so that a later change of it shows.

Each entry says what a revision, a submission or a decision was when it was made; its digest covers
the entry before. The head stands apart, so that cut-off entries show too. Whoever rewrites every
digest and the head as well is not found out: for that, keep a copy of the head elsewhere.
"""

import hashlib
import sqlite3
from collections.abc import Iterator

from ledgersync.journal.rows import dumps

_NOW = {
    "revision": "SELECT kind, author, at, undoes, digest FROM revision WHERE id = ?",
    "submission": "SELECT revision, file, sha256, staff, ledger, copy, base, base_revision,"
    " changes, at FROM submission WHERE id = ?",
    "conflict": "SELECT status, decision, resolved_in FROM conflict WHERE id = ?",
    "package": "SELECT direction, unit, period, version, sha256, previous, file, signer, encrypted,"
    " made, at FROM package WHERE id = ?",
    "review": "SELECT unit, period, version, step, reason, places, who, at"
    " FROM review WHERE id = ?",
    "closing": "SELECT period, step, sha256, revision, reason, who, at FROM closing WHERE id = ?",
    "purged": "SELECT sha256, file, bytes, reason, who, at FROM purged WHERE id = ?",
    "match_letter": "SELECT direction, unit, cases, sha256, made, at FROM match_letter"
    " WHERE id = ?",
    "letter": "SELECT kind, office, period, version, status, reason, places, sha256, made, at"
    " FROM letter WHERE id = ?",
}
_EACH = (
    "revision",
    "submission",
    "package",
    "review",
    "letter",
    "closing",
    "purged",
    "match_letter",
)


class AuditTrail:
    """Table `audit`; append-only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, kind: str, subject: int) -> None:
        """Writes down what `subject` says now."""
        statement = self._statement(kind, subject) or ""
        digest = _chained(self._head()[1], kind, subject, statement)
        cursor = self._db.execute(
            "INSERT INTO audit (kind, subject, statement, digest) VALUES (?, ?, ?, ?)",
            (kind, subject, statement, digest),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('audit', ?)", (f"{cursor.lastrowid}:{digest}",)
        )

    def breaks(self) -> Iterator[tuple[str, int]]:
        """What is not what it was: (kind, number); ('audit', n) for the trail itself."""
        before, last = "", 0
        latest: dict[tuple[str, int], str] = {}
        for row in self._db.execute(
            "SELECT id, kind, subject, statement, digest FROM audit ORDER BY id"
        ):
            number, kind, subject, statement, digest = row
            if digest != _chained(before, kind, subject, statement):
                yield "audit", number
                return
            before, last = digest, number
            latest[kind, subject] = statement
        if (last, before) != self._head():
            yield "audit", last
        for (kind, subject), statement in latest.items():
            if self._statement(kind, subject) != statement:
                yield kind, subject
        yield from self._unwritten(set(latest))

    def _unwritten(self, known: set[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """Revisions, submissions, packages, closings that nobody wrote down: slipped in later."""
        for kind in _EACH:
            for (number,) in self._db.execute(f"SELECT id FROM {kind} ORDER BY id").fetchall():
                if (kind, number) not in known:
                    yield kind, number

    def _statement(self, kind: str, subject: int) -> str | None:
        row = self._db.execute(_NOW[kind], (subject,)).fetchone()
        return None if row is None else dumps(list(row))

    def _head(self) -> tuple[int, str]:
        row = self._db.execute("SELECT value FROM meta WHERE key = 'audit'").fetchone()
        number, _, digest = (row[0] if row else "0:").partition(":")
        return int(number), digest


def _chained(before: str, kind: str, subject: int, statement: str) -> str:
    return hashlib.sha256(dumps([before, kind, subject, statement]).encode()).hexdigest()
