"""Which files came in, from whom, and what became of each."""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail
from ledgersync.journal.rows import dumps

_TICK = 2_500_000_000  # nanoseconds; FAT tells times to two seconds only


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One file's part for one ledger; `ledger` is None where the file could not be read."""

    file: str
    sha256: str
    staff: str
    ledger: str | None
    base: str
    status: str
    changes: dict[str, int]
    copy: str | None = None
    base_revision: int | None = None
    revision: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    id: int = 0
    at: str = ""


class SubmissionBook:
    """Tables `submission` and `seen`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, record: SubmissionRecord, at: datetime) -> int:
        """Stores a submission and returns its number."""
        cursor = self._db.execute(
            "INSERT INTO submission (revision, file, sha256, staff, ledger, copy, base,"
            " base_revision, status, changes, detail, at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                record.revision,
                record.file,
                record.sha256,
                record.staff,
                record.ledger,
                record.copy,
                record.base,
                record.base_revision,
                record.status,
                dumps(record.changes),
                dumps(record.detail),
                at.isoformat(),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._audit.add("submission", number)
        return number

    def of_file(self, sha256: str, *names: str) -> list[SubmissionRecord]:
        """What this very content from this person became before."""
        among = ",".join("?" * len(names))
        return self._select(
            f"WHERE sha256 = ? AND staff IN ({among}) ORDER BY id", (sha256, *names)
        )

    def most_added(self, ledger: str, table: str, names: Sequence[str], since: datetime) -> int:
        """The most records that one hand-in of a copy by this person added to a table."""
        among = ",".join("?" * len(names))
        row = self._db.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM submission AS s JOIN operation AS o"
            " ON o.ledger = s.ledger AND o.revision = s.revision WHERE s.ledger = ?"
            f" AND s.base = 'stamped' AND s.staff IN ({among}) AND s.at >= ?"
            " AND o.tbl = ? AND o.kind = 'add' GROUP BY s.id)",
            (ledger, *names, since.isoformat(), table),
        ).fetchone()
        return int(row[0] or 0)

    def is_known(self, sha256: str) -> bool:
        """This content was taken in before, from whomever."""
        row = self._db.execute(
            "SELECT 1 FROM submission WHERE sha256 = ? AND ledger IS NOT NULL", (sha256,)
        ).fetchone()
        return row is not None

    def latest(self, limit: int = 50) -> list[SubmissionRecord]:
        return self._select("ORDER BY id DESC LIMIT ?", (limit,))

    def since(self, revision: int) -> list[SubmissionRecord]:
        """What came of files in this revision and later ones."""
        return self._select("WHERE revision >= ? ORDER BY id", (revision,))

    def last_of_copy(self, copy: str) -> SubmissionRecord | None:
        """What a copy was last handed in as, from whichever file."""
        return next(iter(self._select("WHERE copy = ? ORDER BY id DESC LIMIT 1", (copy,))), None)

    def of_status(self, status: str) -> list[SubmissionRecord]:
        """What became this, the oldest first."""
        return self._select("WHERE status = ? ORDER BY id", (status,))

    def counts(self) -> dict[str, int]:
        """How many submissions became what."""
        found = self._db.execute(
            "SELECT status, count(*) FROM submission GROUP BY status ORDER BY min(id)"
        )
        return {str(status): int(n) for status, n in found}

    def senders(self) -> set[str]:
        """Everybody of whom a ledger has ever come in."""
        found = self._db.execute("SELECT DISTINCT staff FROM submission WHERE ledger IS NOT NULL")
        return {str(staff) for [staff] in found}

    def all(self) -> list[SubmissionRecord]:
        return self._select("ORDER BY id", ())

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[SubmissionRecord]:
        rows = self._db.execute(
            "SELECT file, sha256, staff, ledger, base, status, changes, copy, base_revision,"
            f" revision, detail, id, at FROM submission {rest}",
            arguments,
        )
        return [_submission(row) for row in rows.fetchall()]

    def get(self, number: int) -> SubmissionRecord | None:
        return next(iter(self._select("WHERE id = ?", (number,))), None)

    def known_hash(self, file: str, size: int, mtime_ns: int) -> str | None:
        """The hash of a file that has not changed since it was seen, None otherwise."""
        row = self._db.execute(
            "SELECT sha256 FROM seen WHERE file = ? AND size = ? AND mtime_ns = ?",
            (file, size, mtime_ns),
        ).fetchone()
        return str(row[0]) if row else None

    def last_hash(self, file: str) -> str | None:
        """The hash of what was last read at this place, None when nothing ever was."""
        row = self._db.execute("SELECT sha256 FROM seen WHERE file = ?", (file,)).fetchone()
        return str(row[0]) if row else None

    def saw(self, file: str, stat: os.stat_result, sha256: str) -> None:
        """Remembers a file's hash, and its size and time from before it was read.

        A file saved within the last moments may be saved again within the same tick of its
        clock: its time is not remembered, so that it is hashed once more next time.
        """
        settled = abs(time.time_ns() - stat.st_mtime_ns) > _TICK
        self._db.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
            (file, stat.st_size, stat.st_mtime_ns if settled else -1, sha256),
        )


def _submission(row: sqlite3.Row) -> SubmissionRecord:
    values = dict(row)
    values["changes"] = json.loads(values["changes"])
    values["detail"] = json.loads(values["detail"])
    return SubmissionRecord(**values)
