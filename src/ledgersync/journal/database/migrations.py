"""A journal of an earlier version brought to today's tables, in the transaction that opens it.

Each step only adds; it may find part of what it adds there already, because tables were added
within a version. Versions 1 and 2 kept copies and what they said in another form
and were given to nobody: they stay refused.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from ledgersync.journal.database.ddl import (
    CLOSING,
    COLUMNS,
    MATCHES,
    NOTICE,
    RESERVED,
    UPWARD,
    VERSION,
)

_STEPS: dict[str, str] = {
    "3": """
CREATE TABLE IF NOT EXISTS extra_field (
    id INTEGER PRIMARY KEY,
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, field TEXT NOT NULL, header TEXT NOT NULL,
    taken_by TEXT,
    UNIQUE (ledger, tbl, field)
) STRICT;
""",
    "4": """
CREATE TABLE IF NOT EXISTS primary_layout (
    ledger TEXT PRIMARY KEY, sha256 TEXT NOT NULL, parts BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS submission_of_copy ON submission (copy, id);
"""
    + NOTICE,
    "5": UPWARD,
    "6": """
CREATE INDEX IF NOT EXISTS operation_of_year ON operation (ledger, tbl) WHERE field = '_year';
""",
    "7": RESERVED,
    "8": """
ALTER TABLE shadow RENAME TO last_submission;
UPDATE last_submission SET copy = 'earlier:' || substr(copy, 7) WHERE copy LIKE 'heard:%';
ALTER TABLE audit RENAME COLUMN said TO statement;
""",
    "9": CLOSING,
    "10": MATCHES,
    "11": COLUMNS,
}
KINDS = "kind TEXT NOT NULL CHECK (kind IN\n        ('init','adopt','submission','hand',"
KINDS += "'resolve','release','undo','handover'))"


def migrated(connection: sqlite3.Connection, version: str | None) -> str | None:
    """Takes all steps from this version on; the version that the journal has afterwards."""
    if version not in _STEPS:
        return version
    with _references_off(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            while (version := _version(connection)) in _STEPS:
                _step(connection, version)
                version = str(int(version) + 1)
                connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.IntegrityError("foreign key mismatch after a migration")
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
    return version


@contextmanager
def _references_off(connection: sqlite3.Connection) -> Iterator[None]:
    """A table that others refer to may be written anew; takes effect outside a transaction only."""
    [before] = connection.execute("PRAGMA foreign_keys").fetchone()
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA foreign_keys = {before}")


def _step(connection: sqlite3.Connection, version: str) -> None:
    for statement in filter(str.strip, _STEPS[version].split(";")):
        connection.execute(statement)
    if version == "6":
        _any_kind(connection)


def _any_kind(connection: sqlite3.Connection) -> None:
    """Revisions may be of kinds that came later: the table anew without its CHECK.

    As https://www.sqlite.org/lang_altertable.html (7) says: made beside, filled, put in place.
    """
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'revision'"
    [old] = connection.execute(query).fetchone()
    new = old.replace(KINDS, "kind TEXT NOT NULL")
    if new == old:
        return
    connection.execute(new.replace("TABLE revision", "TABLE new_revision", 1))
    connection.execute("INSERT INTO new_revision SELECT * FROM revision")
    connection.execute("DROP TABLE revision")
    connection.execute("ALTER TABLE new_revision RENAME TO revision")


def _version(connection: sqlite3.Connection) -> str:
    """As it is under the lock: another process may have been faster."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    return str(row[0])


assert str(VERSION - 1) in _STEPS, "every version but the last needs a step"
