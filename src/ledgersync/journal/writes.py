"""What the primaries on disk look like, and what is still to be written into them."""

import sqlite3
from datetime import datetime
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.journal.rows import pack, unpack


@dataclass(frozen=True, slots=True)
class PrimaryFile:
    """A primary as it was last written or taken in.

    `revision` is the state it shows, `stamped` what its stamp said then (None: it has none).
    """

    ledger: str
    file: str
    sha256: str
    revision: int
    stamped: int | None = None


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """An intent that is not done: `made` is the hash of the patched file, once there is one."""

    ledger: str
    revision: int
    expected: str
    made: str | None
    reason: str
    since: str


class WriteBook:
    """Tables `primary_file`, `primary_layout` and `pending_write`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def primary(self, ledger: str) -> PrimaryFile | None:
        row = self._db.execute(
            "SELECT ledger, file, sha256, revision, stamped FROM primary_file WHERE ledger = ?",
            (ledger,),
        ).fetchone()
        return PrimaryFile(*row) if row else None

    def set_primary(self, primary: PrimaryFile) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO primary_file (ledger, file, sha256, revision, stamped)"
            " VALUES (?, ?, ?, ?, ?)",
            (primary.ledger, primary.file, primary.sha256, primary.revision, primary.stamped),
        )

    def layout(self, ledger: str, sha256: str) -> Any:
        """Where everything stands in the primary with this hash, None when that is not known."""
        row = self._db.execute(
            "SELECT parts FROM primary_layout WHERE ledger = ? AND sha256 = ?", (ledger, sha256)
        ).fetchone()
        return unpack(row[0]) if row else None

    def has_layout(self, ledger: str) -> bool:
        """It is known where everything stands in the primary as it was last written."""
        row = self._db.execute(
            "SELECT 1 FROM primary_layout JOIN primary_file USING (ledger, sha256)"
            " WHERE ledger = ?",
            (ledger,),
        ).fetchone()
        return row is not None

    def keep_layout(self, ledger: str, sha256: str, parts: object) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO primary_layout VALUES (?, ?, ?)", (ledger, sha256, pack(parts))
        )

    def forget_layout(self, ledger: str) -> None:
        self._db.execute("DELETE FROM primary_layout WHERE ledger = ?", (ledger,))

    def pending(self) -> list[PendingWrite]:
        rows = self._db.execute(
            "SELECT ledger, revision, expected, made, reason, since FROM pending_write"
            " ORDER BY ledger"
        )
        return [PendingWrite(*row) for row in rows.fetchall()]

    def intend(
        self, ledger: str, revision: int, expected: str, made: str | None, reason: str, at: datetime
    ) -> None:
        """Notes what is about to be written (or could not be, and why); keeps the first time."""
        self._db.execute(
            "INSERT INTO pending_write VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (ledger) DO UPDATE"
            " SET revision = excluded.revision, expected = excluded.expected, made = excluded.made,"
            " reason = excluded.reason",
            (ledger, revision, expected, made, reason, at.isoformat()),
        )

    def done(self, ledger: str) -> None:
        self._db.execute("DELETE FROM pending_write WHERE ledger = ?", (ledger,))
