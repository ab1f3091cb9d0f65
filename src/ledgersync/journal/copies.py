"""The copies that people hold: what each was issued with, and what it submitted last."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.journal.rows import RowDecoder, dumps, pack, unpack
from ledgersync.journal.state import StateTable
from ledgersync.merge import differing
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema
from ledgersync.values import to_json


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
    placed: bool = True


@dataclass(frozen=True, slots=True)
class LastSubmission:
    """What a copy said last, at which revision; `unsettled`: what of it was not taken in so.

    `aliases`: ids that stand in the copy for another record.
    """

    revision: int
    rows: Rows
    unsettled: dict[str, Row | None]
    aliases: dict[str, str] = field(default_factory=dict)


class CopyBook:
    """Tables `copy` and `last_submission`."""

    def __init__(self, connection: sqlite3.Connection, state: StateTable) -> None:
        self._db = connection
        self._state = state

    def add(self, copy: Copy) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO copy VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                copy.id,
                copy.staff,
                copy.ledger,
                copy.kind,
                copy.revision,
                copy.at,
                copy.file,
                copy.sha256,
                self._keep(copy.records),
                self._keep(copy.reserved),
                int(copy.revoked),
                int(copy.placed),
            ),
        )

    def get(self, copy_id: str) -> Copy | None:
        return next(iter(self._select("WHERE id = ?", (copy_id,))), None)

    def _keep(self, ids: object) -> str:
        """Stores record ids, once; the digest that names them."""
        blob = pack(ids)
        digest = hashlib.sha256(blob).hexdigest()
        self._db.execute("INSERT OR IGNORE INTO id_list VALUES (?, ?)", (digest, blob))
        return digest

    def given(self, staff: str, ledger: str) -> list[tuple[int, str]]:
        """Every state that a person was ever given: its revision and which records it showed.

        Oldest first; what `records_of` takes names the records.
        """
        rows = self._db.execute(
            "SELECT DISTINCT revision, records FROM copy WHERE staff = ? AND ledger = ?"
            " AND kind = 'issued' ORDER BY revision, copy.rowid",
            (staff, ledger),
        )
        return [(int(revision), str(records)) for revision, records in rows.fetchall()]

    def records_of(self, digest: str) -> dict[str, list[str]]:
        """Record ids by table, as they were stored under their digest."""
        [blob] = self._db.execute("SELECT ids FROM id_list WHERE digest = ?", (digest,)).fetchone()
        found: dict[str, list[str]] = unpack(blob)
        return found

    def all(self) -> list[Copy]:
        """Every copy that was issued, and every file of somebody who never took one."""
        return self._select("ORDER BY copy.rowid", ())

    def current(self) -> list[Copy]:
        """The newest issued copy of every person and ledger."""
        return self._select(
            "WHERE copy.rowid IN (SELECT max(rowid) FROM copy WHERE kind = 'issued'"
            " AND NOT revoked AND placed GROUP BY staff, ledger) ORDER BY copy.rowid",
            (),
        )

    def holders(self) -> set[str]:
        """Everybody to whom a copy was issued that still counts."""
        found = self._db.execute(
            "SELECT DISTINCT staff FROM copy WHERE kind = 'issued' AND NOT revoked AND placed"
        )
        return {staff for [staff] in found}

    def oldest_held(self) -> int | None:
        """The revision of the oldest copy that somebody still works in."""
        [oldest] = self._db.execute(
            "SELECT min(revision) FROM copy WHERE rowid IN (SELECT max(rowid) FROM copy"
            " WHERE kind = 'issued' AND NOT revoked AND placed GROUP BY staff, ledger)"
        ).fetchone()
        return None if oldest is None else int(oldest)

    def unplaced(self) -> list[Copy]:
        """Copies of which nobody knows yet whether their file was put in place."""
        return self._select("WHERE NOT placed ORDER BY rowid", ())

    def is_issued_file(self, sha256: str) -> bool:
        """A file of this content was issued, so that nobody has changed it."""
        row = self._db.execute("SELECT 1 FROM copy WHERE sha256 = ?", (sha256,)).fetchone()
        return row is not None

    def issued_files(self) -> set[str]:
        """Where copies were ever put."""
        found = self._db.execute("SELECT DISTINCT file FROM copy WHERE kind = 'issued'")
        return {str(file) for [file] in found if file}

    def place(self, copy_id: str) -> None:
        """The copy's file stands where it was meant to be, or has been seen elsewhere."""
        self._db.execute("UPDATE copy SET placed = 1 WHERE id = ?", (copy_id,))

    def rename(self, staff: str, new: str) -> None:
        """A person's copies under another name, in the folder of that name."""
        self._db.execute(
            "UPDATE copy SET staff = ?, file = replace(file, ?, ?)"
            " WHERE staff = ? AND kind = 'issued'",
            (new, f"/{staff}/", f"/{new}/", staff),
        )

    def revoke(self, staff: str) -> None:
        self._db.execute("UPDATE copy SET revoked = 1 WHERE staff = ?", (staff,))

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[Copy]:
        rows = self._db.execute(
            "SELECT id, staff, ledger, kind, revision, at, file, sha256, held.ids AS records,"
            " spare.ids AS reserved, revoked, placed FROM copy"
            " JOIN id_list held ON held.digest = records"
            f" JOIN id_list spare ON spare.digest = reserved {rest}",
            arguments,
        )
        return [_copy(row) for row in rows.fetchall()]

    def last_submission(self, copy: Copy, table: TableSchema) -> LastSubmission | None:
        """What the copy said last about a table, None when it never spoke."""
        return self._last(copy.id, copy.ledger, table)

    def put_aside(self, copy_id: str, file: str) -> None:
        """Remembers a copy's last word as that of one file, before another file speaks for it."""
        self._db.execute(
            "INSERT OR REPLACE INTO last_submission SELECT ?, tbl, revision, fields, records, own,"
            " unsettled, aliases FROM last_submission WHERE copy = ?",
            (_of_file(copy_id, file), copy_id),
        )

    def drop_aside(self, copy_id: str, file: str) -> None:
        """This file's word is the copy's last one again."""
        self._db.execute("DELETE FROM last_submission WHERE copy = ?", (_of_file(copy_id, file),))

    def last_of_file(self, copy: Copy, file: str, table: TableSchema) -> LastSubmission | None:
        """What one file of a copy said last, though another one spoke since."""
        return self._last(_of_file(copy.id, file), copy.ledger, table)

    def last_saved(self, ledger: str, table: TableSchema) -> LastSubmission | None:
        """What a primary said when it was taken in, until it is written again."""
        return self._last(f"primary:{ledger}", ledger, table)

    def has_last_saved(self, ledger: str) -> bool:
        """The primary was taken in and not written since."""
        row = self._db.execute(
            "SELECT 1 FROM last_submission WHERE copy = ? LIMIT 1", (f"primary:{ledger}",)
        ).fetchone()
        return row is not None

    def set_last_saved(self, ledger: str, table: TableSchema, last: LastSubmission) -> None:
        self.set_last_submission(f"primary:{ledger}", ledger, table, last)

    def primary_written(self, ledger: str, stamp: int | None) -> None:
        """What the primary said last is kept under the stamp that it had when it said so.

        Of each ledger the last such words are kept: whoever has that state open still may save it
        again over the newer one.
        """
        if stamp is not None and self.has_last_saved(ledger):
            start = f"earlier:{ledger}:"
            self._db.execute(
                "DELETE FROM last_submission WHERE substr(copy, 1, ?) = ?", (len(start), start)
            )
            self._db.execute(
                "UPDATE last_submission SET copy = ? WHERE copy = ?",
                (f"{start}{stamp}", f"primary:{ledger}"),
            )
        self._db.execute("DELETE FROM last_submission WHERE copy = ?", (f"primary:{ledger}",))

    def earlier_saved(self, ledger: str, table: TableSchema, stamp: int) -> LastSubmission | None:
        """What a primary with this stamp said last, before a newer state was written over it."""
        return self._last(f"earlier:{ledger}:{stamp}", ledger, table)

    def _last(self, copy_id: str, ledger: str, table: TableSchema) -> LastSubmission | None:
        row = self._db.execute(
            "SELECT revision, fields, ids, own, unsettled, aliases FROM last_submission"
            " JOIN id_list ON digest = records WHERE copy = ? AND tbl = ?",
            (copy_id, table.id),
        ).fetchone()
        if row is None:
            return None
        decode = _follower(table, json.loads(row[1]))
        records, own = unpack(row[2]), unpack(row[3])
        then = self._state.some_at(ledger, table.id, int(row[0]), records)
        rows = {r: decode(own[r]) if r in own else then[r] for r in records}
        unsettled = {r: None if c is None else decode(c) for r, c in unpack(row[4])}
        return LastSubmission(int(row[0]), rows, unsettled, json.loads(row[5]))

    def set_last_submission(
        self, copy_id: str, ledger: str, table: TableSchema, last: LastSubmission
    ) -> None:
        """Stores what a copy said; `last.revision` must be the newest.

        Most rows are as the state has them at that revision, and are stored as their ids alone.
        """
        now = self._state.rows(ledger, table.id)
        own = {r: _cells(last.rows[r]) for r in differing(last.rows, now)}
        unsettled = [[r, None if row is None else _cells(row)] for r, row in last.unsettled.items()]
        self._db.execute(
            "INSERT OR REPLACE INTO last_submission VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                copy_id,
                table.id,
                last.revision,
                dumps(table.field_ids),
                self._keep(list(last.rows)),
                pack(own),
                pack(unsettled),
                dumps(last.aliases),
            ),
        )


def _of_file(copy_id: str, file: str) -> str:
    return f"{copy_id}@{file}"


def _cells(row: Row) -> list[Any]:
    return [to_json(value) for value in row]


def _follower(table: TableSchema, stored: list[str]) -> Callable[[list[Any]], Row]:
    """Decodes rows that were stored in another field order than today's."""
    careful = RowDecoder(table).careful
    if tuple(stored) == table.field_ids:
        return careful
    at = {name: i for i, name in enumerate(stored)}
    order = [at.get(name) for name in table.field_ids]
    return lambda cells: careful([None if i is None else cells[i] for i in order])


def own_copy(staff: str, ledger: str, file: str, revision: int, at: datetime) -> Copy:
    """The stand-in for a file that was never issued, so that it has a last submission too."""
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
    values["revoked"], values["placed"] = bool(values["revoked"]), bool(values["placed"])
    return Copy(**values)
