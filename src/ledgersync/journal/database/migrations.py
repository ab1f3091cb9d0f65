"""A journal of an earlier version brought to today's tables, in the transaction that opens it.

Each step only adds; it may find part of what it adds there already, because tables were added
within a version. Versions 1 and 2 kept copies and shadows in another form and were given to nobody:
they stay refused.
"""

import sqlite3

from ledgersync.journal.database.ddl import NOTICE, RESERVED, UPWARD, VERSION

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
}
_KINDS = "kind TEXT NOT NULL CHECK (kind IN\n        ('init','adopt','submission','hand',"
_KINDS += "'resolve','release','undo','handover'))"


def migrated(connection: sqlite3.Connection, version: str | None) -> str | None:
    """Takes all steps from this version on; the version that the journal has afterwards."""
    if version not in _STEPS:
        return version
    connection.execute("BEGIN IMMEDIATE")
    try:
        while (version := _version(connection)) in _STEPS:
            for statement in filter(str.strip, _STEPS[version].split(";")):
                connection.execute(statement)
            if version == "6":
                _any_kind(connection)
            version = str(int(version) + 1)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return version


def _any_kind(connection: sqlite3.Connection) -> None:
    """Revisions may be of kinds that came later.

    A CHECK is no part of what is stored, and SQLite's way to drop one without writing the table
    anew, on which others refer, is to change its text.
    """
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, ?, 'kind TEXT NOT NULL')"
        " WHERE type = 'table' AND name = 'revision'",
        (_KINDS,),
    )
    connection.execute("PRAGMA writable_schema = RESET")


def _version(connection: sqlite3.Connection) -> str:
    """As it is under the lock: another process may have been faster."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    return str(row[0])


assert str(VERSION - 1) in _STEPS, "every version but the last needs a step"
