"""Revisions and their operations: who changed what, when, chained by hashes."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail
from ledgersync.journal.rows import dumps
from ledgersync.model import Value
from ledgersync.values import to_json


@dataclass(frozen=True, slots=True)
class Revision:
    id: int
    kind: str
    author: str
    at: str
    undoes: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """One operation as stored: `old` and `new` are JSON (add, remove: the row as an object)."""

    id: int
    revision: int
    ledger: str
    table: str
    record: str
    kind: str
    field: str | None
    old: str | None
    new: str | None


class RevisionLog:
    """Tables `revision` and `operation`; append-only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    @property
    def last(self) -> int:
        """The newest revision, 0 when there is none."""
        row = self._db.execute("SELECT max(id) FROM revision").fetchone()
        return int(row[0] or 0)

    def knows(self, revision: int, digest: str | None) -> bool:
        """Whether this journal had that revision; by its number alone where no digest is told.

        After a restore, or in two copies of one workspace, another revision has the same number.
        """
        if digest is None:
            return 0 <= revision <= self.last
        found = self.revision(revision)
        return found is not None and found.digest.startswith(digest)

    def last_of(self, ledger: str) -> int:
        """The newest revision that changed a ledger, 0 when none did."""
        row = self._db.execute(
            "SELECT max(revision) FROM operation WHERE ledger = ?", (ledger,)
        ).fetchone()
        return int(row[0] or 0)

    def begin(self, kind: str, author: str, at: datetime, undoes: int | None = None) -> int:
        """A new revision's number; `seal` must follow in the same transaction."""
        cursor = self._db.execute(
            "INSERT INTO revision (kind, author, at, undoes) VALUES (?, ?, ?, ?)",
            (kind, author, at.isoformat(), undoes),
        )
        return int(cursor.lastrowid or 0)

    def add(self, operations: Iterable[tuple[object, ...]]) -> None:
        """Rows (revision, ledger, table, record, kind, field, old JSON, new JSON)."""
        self._db.executemany(
            "INSERT INTO operation (revision, ledger, tbl, record, kind, field, old, new)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            operations,
        )

    def seal(self, revision: int) -> str:
        """Chains the revision to the one before and returns its digest."""
        digest = self.digest_of(revision)
        self._db.execute("UPDATE revision SET digest = ? WHERE id = ?", (digest, revision))
        self._audit.add("revision", revision)
        return digest

    def digest_of(self, revision: int) -> str:
        """SHA-256 over the previous digest and all that the revision says."""
        before = self._db.execute(
            "SELECT digest FROM revision WHERE id < ? ORDER BY id DESC LIMIT 1", (revision,)
        ).fetchone()
        head = self._db.execute(
            "SELECT kind, author, at, undoes FROM revision WHERE id = ?", (revision,)
        ).fetchone()
        digest = hashlib.sha256(dumps([before[0] if before else "", *head]).encode())
        for row in self._db.execute(
            "SELECT ledger, tbl, record, kind, field, old, new FROM operation"
            " WHERE revision = ? ORDER BY id",
            (revision,),
        ):
            digest.update(dumps(list(row)).encode())
        return digest.hexdigest()

    def revisions(self, since: int = 0) -> list[Revision]:
        """All revisions from one on, in order."""
        rows = self._db.execute(
            "SELECT id, kind, author, at, undoes, digest FROM revision WHERE id >= ? ORDER BY id",
            (since,),
        )
        return [Revision(*row) for row in rows.fetchall()]

    def revision(self, number: int) -> Revision | None:
        row = self._db.execute(
            "SELECT id, kind, author, at, undoes, digest FROM revision WHERE id = ?", (number,)
        ).fetchone()
        return Revision(*row) if row else None

    def latest(self, limit: int) -> list[Revision]:
        """The newest revisions, the last one first."""
        rows = self._db.execute(
            "SELECT id, kind, author, at, undoes, digest FROM revision ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [Revision(*row) for row in rows.fetchall()]

    def tally(self, ledger: str, since: int) -> dict[int, dict[str, int]]:
        """Operations of each kind in a ledger, by revision, from `since` on."""
        found: dict[int, dict[str, int]] = {}
        for revision, kind, count in self._db.execute(
            "SELECT revision, kind, count(*) FROM operation WHERE ledger = ? AND revision >= ?"
            " GROUP BY revision, kind",
            (ledger, since),
        ):
            found.setdefault(int(revision), {})[str(kind)] = int(count)
        return found

    def undone(self) -> dict[int, int]:
        """Revisions that are taken back, and by which; an undo that is undone counts no more."""
        found: dict[int, int] = {}
        for number, undoes in self._db.execute(
            "SELECT id, undoes FROM revision WHERE undoes IS NOT NULL ORDER BY id DESC"
        ):
            if number not in found:
                found.setdefault(int(undoes), int(number))
        return found

    def operations(
        self,
        *,
        after: int = 0,
        revision: int | None = None,
        ledger: str | None = None,
        kind: str | None = None,
    ) -> list[LoggedOperation]:
        """Operations in order: of one revision or after one, of one ledger or all, of one kind."""
        wanted = "revision = ?" if revision is not None else "revision > ?"
        arguments: list[object] = [after if revision is None else revision]
        for column, value in (("ledger", ledger), ("kind", kind)):
            if value is not None:
                wanted += f" AND {column} = ?"
                arguments.append(value)
        rows = self._db.execute(
            "SELECT id, revision, ledger, tbl, record, kind, field, old, new FROM operation"
            f" WHERE {wanted} ORDER BY id",
            arguments,
        )
        return [LoggedOperation(*row) for row in rows.fetchall()]

    def of_record(self, record: str) -> list[LoggedOperation]:
        rows = self._db.execute(
            "SELECT id, revision, ledger, tbl, record, kind, field, old, new FROM operation"
            " WHERE record = ? ORDER BY id",
            (record,),
        )
        return [LoggedOperation(*row) for row in rows.fetchall()]

    def author_of(self, record: str, field: str | None) -> str | None:
        """Who set this cell last (or touched the record, when no field is named)."""
        row = self._db.execute(
            "SELECT r.author FROM operation o JOIN revision r ON r.id = o.revision"
            " WHERE o.record = ? AND (? IS NULL OR o.field IS NULL OR o.field = ?)"
            " ORDER BY o.id DESC LIMIT 1",
            (record, field, field),
        ).fetchone()
        return str(row[0]) if row else None

    def revision_on(self, day: str) -> int:
        """The last revision made up to the end of a day (ISO date), 0 before the first."""
        row = self._db.execute(
            "SELECT max(id) FROM revision WHERE substr(at, 1, 10) <= ?", (day,)
        ).fetchone()
        return int(row[0] or 0)

    def revision_before(self, day: str) -> int:
        """The last revision made before a day began (ISO date), 0 before the first."""
        row = self._db.execute(
            "SELECT max(id) FROM revision WHERE substr(at, 1, 10) < ?", (day,)
        ).fetchone()
        return int(row[0] or 0)

    def agree(self, ledger: str, table: str, cells: Iterable[tuple[str, str | None]]) -> None:
        """Remembers that somebody wanted these cells as they are now."""
        self._db.executemany(
            "INSERT INTO agreed VALUES (?, ?, ?, ?, ?)",
            [(self.last, ledger, table, record, field) for record, field in cells],
        )

    def agreed_since(self, ledger: str, table: str, revision: int) -> set[tuple[str, str | None]]:
        """Cells that somebody wanted as they were at `revision` or later."""
        rows = self._db.execute(
            "SELECT record, field FROM agreed WHERE ledger = ? AND tbl = ? AND revision >= ?",
            (ledger, table, revision),
        )
        return {(row[0], row[1]) for row in rows.fetchall()}

    def noted(self, *kinds: str) -> str | None:
        """When an operation of one of these kinds was last written down."""
        marks = ", ".join("?" * len(kinds))
        row = self._db.execute(
            f"SELECT at FROM event WHERE what IN ({marks}) ORDER BY rowid DESC LIMIT 1", kinds
        ).fetchone()
        return str(row[0]) if row else None

    def noted_units(self, kind: str) -> set[str]:
        """The units that operations of a kind were about."""
        rows = self._db.execute("SELECT detail FROM event WHERE what = ?", (kind,))
        return {str(json.loads(row[0]).get("unit", "")) for row in rows.fetchall()}

    def event(self, at: datetime, who: str, what: str, **detail: Value) -> None:
        """An operation that changes no record: an unmasking, a removal of a service, a takeover."""
        stored = json.dumps({k: to_json(v) for k, v in detail.items()}, ensure_ascii=False)
        self._db.execute(
            "INSERT INTO event (at, who, what, detail) VALUES (?, ?, ?, ?)",
            (at.isoformat(), who, what, stored),
        )
