"""The snapshot, opened once and again only when it was replaced: a lookup takes microseconds.

It is read into memory whole, since an open file could not be replaced on Windows.
"""

import json
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.model import Row, Rows, Stamp
from ledgersync.plugin.record_keys import lookup_key
from ledgersync.plugin.settings import load_settings, workspace_of
from ledgersync.plugin.snapshot import FORMAT, SNAPSHOT_NAME, stored_row
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.values import from_json
from ledgersync.values.identity import upgrade_15

_State = tuple[int, int, int]  # inode, mtime, size


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that a key leads to."""

    table: str
    record: str


class SnapshotReader:
    """Queries against one snapshot file; raises sqlite3.Error for a damaged one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = _state(path)
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.deserialize(path.read_bytes())
        if self.all("PRAGMA quick_check") != [("ok",)]:
            raise sqlite3.DatabaseError("damaged")
        self.meta: dict[str, str] = dict(self._db.execute("SELECT key, value FROM meta"))
        if self.meta.get("format") != FORMAT:
            raise sqlite3.DatabaseError("another format")
        ledgers = [LedgerSchema.validated(d) for d in json.loads(self.meta["catalog"])]
        self.catalog = Catalog({schema.id: schema for schema in ledgers})

    @property
    def revision(self) -> int:
        return int(self.meta["revision"])

    def knows(self, stamp: Stamp) -> bool:
        """Whether the state that a copy shows is one that what came since can be told of."""
        if stamp.revision < int(self.meta["changes_after"]):
            return False
        return stamp.digest in (None, self._digests.get(str(stamp.revision)))

    @property
    def digest(self) -> str:
        """What a stamp calls the snapshot's revision by."""
        return self._digests.get(self.meta["revision"], "")

    @cached_property
    def _digests(self) -> dict[str, str]:
        digests: dict[str, str] = json.loads(self.meta["digests"])
        return digests

    def unit_code(self, name: str) -> str:
        """A unit's code, which may be given by its name; without either the workspace's own."""
        names: dict[str, str] = json.loads(self.meta.get("names", "{}"))
        return names.get(name, name) or self.meta["unit"]

    def scope(self, staff: str) -> dict[str, list[str]]:
        """Field → values that a person's copies are limited to; empty for everything."""
        scopes: dict[str, dict[str, list[str]]] = json.loads(self.meta["scopes"])
        return scopes.get(staff, {})

    def close(self) -> None:
        self._db.close()

    def all(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, arguments).fetchall()

    def hits(self, ledger: str, typed_key: str, table: str = "") -> list[Hit]:
        """The records that a key names, those that it names best; several when it is not unique."""
        found: list[tuple[Any, ...]] = []
        for key in key_forms(typed_key):
            found += self.all(
                "SELECT rank, tbl, record FROM key WHERE ledger = ? AND key = ?"
                " AND (? = '' OR tbl = ?)",
                ledger,
                key,
                table,
                table,
            )
        best = min((rank for rank, _, _ in found), default=0)
        return [Hit(tbl, record) for rank, tbl, record in found if rank == best]

    def row(self, ledger: str, hit: Hit) -> Row:
        ((text,),) = self.all(
            "SELECT row FROM record WHERE ledger = ? AND tbl = ? AND record = ?",
            ledger,
            hit.table,
            hit.record,
        )
        return decoded_row(self.catalog.table(ledger, hit.table), text)

    def rows(self, ledger: str, table: str) -> Rows:
        """Every record of a table."""
        stored = self.all(
            "SELECT record, row FROM record WHERE ledger = ? AND tbl = ?", ledger, table
        )
        schema = self.catalog.table(ledger, table)
        return {record: decoded_row(schema, text) for record, text in stored}


def decoded_row(table: TableSchema, text: str) -> Row:
    return tuple(from_json(f, v) for f, v in zip(table.fields, stored_row(text), strict=True))


def key_forms(typed_key: str) -> list[str]:
    """The forms under which a key may be stored: an old id number also as a new one."""
    key = lookup_key(typed_key)
    if len(key) == 15 and key.isascii() and key.isdigit():
        return [key, upgrade_15(key)]
    return [key]


def _state(path: Path) -> _State:
    """Raises OSError."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


class _Open:
    """The one reader of this process; a spreadsheet calls from one thread at a time."""

    reader: SnapshotReader | None = None


def current() -> SnapshotReader | None:
    """The snapshot of the workspace that is noted down, None when there is none to read."""
    path = snapshot_path()
    if path is None:
        return None
    return opened(path)


def opened(path: Path) -> SnapshotReader | None:
    """The reader of `path`, opened anew when the file was replaced."""
    reader = _Open.reader
    try:
        if reader is not None and reader.path == path and reader.state == _state(path):
            return reader
        forget()
        _Open.reader = SnapshotReader(path)
    except (OSError, sqlite3.Error):
        forget()
    return _Open.reader


def forget() -> None:
    """Close the open snapshot, as before its folder is removed."""
    if _Open.reader is not None:
        _Open.reader.close()
    _Open.reader = None
    _Where.found = None


def above(path: Path) -> Iterator[SnapshotReader]:
    """The snapshots of the offices in whose folders this one's workspace lies, the nearest first.

    Each is closed again as the next is asked for.
    """
    for folder in path.parents[2:]:
        found = folder / ".ledgersync" / SNAPSHOT_NAME
        try:
            reader = SnapshotReader(found) if found.is_file() else None
        except (OSError, sqlite3.Error):
            continue
        if reader is not None:
            yield reader
            reader.close()


class _Where:
    """The snapshot's path by the settings it was found with; finding it costs a file read."""

    found: tuple[str, Path | None] | None = None


def snapshot_path(workbook: Path | None = None) -> Path | None:
    """Where the snapshot of a workbook's workspace lies, whether it exists or not."""
    if workbook is None and _Where.found is not None:
        return _Where.found[1]
    folder = workspace_of(workbook)
    path = folder / ".ledgersync" / SNAPSHOT_NAME if folder else None
    if workbook is None and path is not None:
        _Where.found = (load_settings().workspace, path)
    return path
