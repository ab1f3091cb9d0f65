"""The snapshot that worksheet functions and buttons read: one small SQLite file per workspace.

It is written beside and put in place at once, so that a reader sees the old or the new one, and
never half of one. It holds what the primaries hold, and is as confidential as they are (0600).
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.files import put_in_place, sync_file, temporary_beside
from ledgersync.model import ConflictSides, Row, Rows
from ledgersync.plugin.record_keys import RecordKeys
from ledgersync.plugin.visit_days import write_visit_days
from ledgersync.schema import Catalog, TableKey
from ledgersync.values import to_json

SNAPSHOT_NAME = "snapshot.db"
FORMAT = "2"

DDL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    ledger TEXT, tbl TEXT, record TEXT, row TEXT NOT NULL, PRIMARY KEY (ledger, tbl, record)
) WITHOUT ROWID;
-- rank: 0 business key or record id, 1 fallback key or another unique field, 2 a name
CREATE TABLE key (ledger TEXT, key TEXT, rank INTEGER, tbl TEXT, record TEXT,
    PRIMARY KEY (ledger, key, rank, tbl, record)) WITHOUT ROWID;
CREATE INDEX key_of_record ON key (record);
-- the last visit of each person as the visits name them
CREATE TABLE visited (id TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    day TEXT NOT NULL);
CREATE INDEX visited_id ON visited (id);
CREATE INDEX visited_name ON visited (name);
-- when somebody is to be visited, or a household's benefit to be reviewed, next
CREATE TABLE due (ledger TEXT, record TEXT, day TEXT NOT NULL, PRIMARY KEY (ledger, record))
    WITHOUT ROWID;
CREATE TABLE conflict (id INTEGER PRIMARY KEY, ledger TEXT, tbl TEXT, record TEXT, field TEXT,
    kind TEXT, base TEXT, ours TEXT, theirs TEXT, ours_by TEXT, theirs_by TEXT, at TEXT);
CREATE TABLE figure (indicator TEXT, period TEXT, unit TEXT, value REAL, suppressed INTEGER,
    PRIMARY KEY (indicator, period, unit)) WITHOUT ROWID;
CREATE TABLE change (id INTEGER PRIMARY KEY, revision INTEGER, ledger TEXT, tbl TEXT, record TEXT,
    kind TEXT, field TEXT, old TEXT, new TEXT);
CREATE INDEX change_since ON change (ledger, revision);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict(ConflictSides[Any]):
    """A conflict that nobody decided yet; values as `values.to_json` makes them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a roll-up; `value` None where the unit is missing."""

    indicator: str
    period: str
    unit: str
    value: float | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class PostedChange:
    """One operation as the journal logs it: `old` and `new` are JSON texts, None for nothing.

    `kind` is add, edit or remove; added and removed rows are objects by field, `field` is None.
    """

    revision: int
    ledger: str
    table: str
    record: str
    kind: str
    field: str | None
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """The records that changed since the snapshot of `revision` was written, by table."""

    revision: int
    records: Mapping[TableKey, Collection[str]]


def write_snapshot(
    path: Path,
    tables: Mapping[TableKey, Rows],
    catalog: Catalog,
    conflicts: Iterable[OpenConflict] = (),
    figures: Iterable[Figure] = (),
    *,
    revision: int = 0,
    changes: Iterable[PostedChange] = (),
    changes_after: int = 0,
    unit: str = "",
    names: Mapping[str, str] | None = None,
    digests: Mapping[int, str] | None = None,
    scopes: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    touched: Touched | None = None,
) -> None:
    """Replace the snapshot at `path` by one of these tables.

    `changes` are all operations after revision `changes_after`, in order: what 更新 needs to tell
    a colleague's entry from one's own. `scopes` are the staff's scopes by name (field → values),
    `unit` is the workspace's own code, `names` are units' codes by name, `digests` what stamps
    call the revisions by since then. With `touched`, records that did not change are taken from
    the snapshot that is there, if it is the one of that revision; where all else is as it was,
    too, nothing is written. Raises OSError, sqlite3.Error.
    """
    listed = list(conflicts), list(figures), list(changes)
    meta = {
        "revision": str(revision),
        "changes_after": str(changes_after),
        "unit": unit,
        "names": _json(names or {}),
        "digests": _json(digests or {}),
        "scopes": _json(scopes or {}),
        "format": FORMAT,
        "catalog": _json([schema.as_json() for schema in catalog]),
        "listed": hashlib.sha256(repr(listed).encode()).hexdigest(),
    }
    if touched and not any(touched.records.values()) and snapshot_meta(path) == meta:
        return
    start = touched if touched and _continues(path, touched.revision, meta) else None
    with _replacement(path, copied=start is not None) as db:
        _write_records(db, tables, catalog, start)
        write_visit_days(db, tables, catalog, start.records if start else None)
        _write_lists(db, *listed)
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


@contextmanager
def _replacement(path: Path, *, copied: bool) -> Iterator[sqlite3.Connection]:
    """The snapshot that takes the place of the one at `path`, empty or begun as its copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as beside:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY, 0o600))
        if copied:
            shutil.copyfile(path, beside)
        with closing(sqlite3.connect(beside, isolation_level=None)) as db:
            db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            db.executescript("" if copied else DDL)
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")
        sync_file(beside)
        put_in_place(beside, path)


def snapshot_meta(path: Path) -> dict[str, str]:
    """What a snapshot says of itself; nothing for one that is missing or damaged."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return dict(db.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return {}


def _continues(path: Path, revision: int, meta: Mapping[str, str]) -> bool:
    """The snapshot that is there is that revision's, of the same ledgers."""
    there = snapshot_meta(path)
    same = all(there.get(key) == meta[key] for key in ("format", "catalog"))
    return same and there.get("revision") == str(revision)


def _write_records(
    db: sqlite3.Connection,
    tables: Mapping[TableKey, Rows],
    catalog: Catalog,
    start: Touched | None,
) -> None:
    if start is None:
        for key, rows in tables.items():
            _insert(db, key, catalog, rows)
        return
    for key, records in start.records.items():
        place = [(*key, record) for record in records]
        db.executemany("DELETE FROM record WHERE ledger = ? AND tbl = ? AND record = ?", place)
        db.executemany("DELETE FROM key WHERE record = ?3 AND ledger = ?1 AND tbl = ?2", place)
        rows = tables[key]
        _insert(db, key, catalog, {r: rows[r] for r in records if r in rows})


def _insert(db: sqlite3.Connection, key: TableKey, catalog: Catalog, rows: Rows) -> None:
    keys = RecordKeys(catalog.table(*key))
    db.executemany(
        "INSERT INTO record VALUES (?, ?, ?, ?)",
        ((*key, record, row_text(row)) for record, row in rows.items()),
    )
    db.executemany(
        "INSERT OR IGNORE INTO key VALUES (?, ?, ?, ?, ?)",
        (
            (key[0], text, rank, key[1], record)
            for record, row in rows.items()
            for text, rank in keys(record, row)
        ),
    )


def row_text(row: Row) -> str:
    return json.dumps([to_json(value) for value in row], ensure_ascii=False, separators=(",", ":"))


def _write_lists(
    db: sqlite3.Connection,
    conflicts: Iterable[OpenConflict],
    figures: Iterable[Figure],
    changes: Iterable[PostedChange],
) -> None:
    _empty(db, "conflict", "figure", "change")
    db.executemany(
        "INSERT INTO conflict VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                *(c.id, c.ledger, c.table, c.record, c.field, c.kind),
                *(_json(c.base), _json(c.ours), _json(c.theirs), c.ours_by, c.theirs_by, c.at),
            )
            for c in conflicts
        ),
    )
    db.executemany(
        "INSERT OR REPLACE INTO figure VALUES (?,?,?,?,?)",
        ((f.indicator, f.period, f.unit, f.value, int(f.suppressed)) for f in figures),
    )
    db.executemany(
        "INSERT INTO change (revision, ledger, tbl, record, kind, field, old, new)"
        " VALUES (?,?,?,?,?,?,?,?)",
        ((c.revision, c.ledger, c.table, c.record, c.kind, c.field, c.old, c.new) for c in changes),
    )


def _empty(db: sqlite3.Connection, *tables: str) -> None:
    for table in tables:
        db.execute(f"DELETE FROM {table}")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def stored_row(text: str) -> Sequence[Any]:
    """The JSON values of a row that `row_text` wrote."""
    cells: Sequence[Any] = json.loads(text)
    return cells
