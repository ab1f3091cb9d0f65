"""The copies that people hold: what each was issued with, and what it said last (its shadow)."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from ledgersync.journal.rows import pack, pack_rows, unpack, unpack_rows
from ledgersync.model import Rows
from ledgersync.schema import Catalog


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of one ledger; `records` and `reserved` are record ids by table."""

    id: str
    staff: str
    ledger: str
    kind: str
    revision: int
    at: str
    file: str | None
    sha256: str | None
    records: dict[str, list[str]]
    reserved: dict[str, list[str]]
    revoked: bool


class CopyBook:
    """Tables `copy` and `shadow`."""

    def __init__(self, connection: sqlite3.Connection, catalog: Catalog) -> None:
        self._db = connection
        self._catalog = catalog

    def add(self, copy: Copy) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO copy VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                copy.id,
                copy.staff,
                copy.ledger,
                copy.kind,
                copy.revision,
                copy.at,
                copy.file,
                copy.sha256,
                pack(copy.records),
                pack(copy.reserved),
                int(copy.revoked),
            ),
        )

    def get(self, copy_id: str) -> Copy | None:
        return next(iter(self._select("WHERE id = ?", (copy_id,))), None)

    def of_staff(self, staff: str, ledger: str, kind: str = "issued") -> list[Copy]:
        """A person's copies of a ledger, the newest first."""
        return self._select(
            "WHERE staff = ? AND ledger = ? AND kind = ? AND NOT revoked ORDER BY rowid DESC",
            (staff, ledger, kind),
        )

    def current(self) -> list[Copy]:
        """The newest issued copy of every person and ledger."""
        newest: dict[tuple[str, str], Copy] = {}
        for copy in self._select("WHERE kind = 'issued' AND NOT revoked ORDER BY rowid", ()):
            newest[copy.staff, copy.ledger] = copy
        return list(newest.values())

    def revoke(self, staff: str) -> None:
        self._db.execute("UPDATE copy SET revoked = 1 WHERE staff = ?", (staff,))

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[Copy]:
        rows = self._db.execute(
            "SELECT id, staff, ledger, kind, revision, at, file, sha256, records, reserved, revoked"
            f" FROM copy {rest}",
            arguments,
        )
        return [_copy(row) for row in rows.fetchall()]

    def shadow(self, copy: Copy, table: str) -> tuple[int, Rows] | None:
        """The revision at which the copy spoke last, and what it said."""
        row = self._db.execute(
            "SELECT revision, rows FROM shadow WHERE copy = ? AND tbl = ?", (copy.id, table)
        ).fetchone()
        if row is None:
            return None
        return int(row[0]), unpack_rows(self._catalog.table(copy.ledger, table), row[1])

    def set_shadow(self, copy_id: str, table: str, revision: int, rows: Rows) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO shadow VALUES (?, ?, ?, ?)",
            (copy_id, table, revision, pack_rows(rows)),
        )


def own_copy(staff: str, ledger: str, file: str, revision: int, at: datetime) -> Copy:
    """The stand-in for a file that was never issued, so that it has a shadow too."""
    return Copy(
        f"own:{staff}:{ledger}:{file}",
        staff,
        ledger,
        "own",
        revision,
        at.isoformat(),
        file,
        None,
        {},
        {},
        False,
    )


def _copy(row: sqlite3.Row) -> Copy:
    values = dict(row)
    values["records"] = unpack(values["records"])
    values["reserved"] = unpack(values["reserved"])
    values["revoked"] = bool(values["revoked"])
    return Copy(**values)
