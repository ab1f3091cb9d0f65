"""A journal of the version before is brought to today's tables when it is opened."""

import sqlite3
from datetime import datetime
from pathlib import Path

from ledgersync.journal import Journal
from ledgersync.journal.database.ddl import DDL
from ledgersync.journal.database.migrations import _KINDS
from ledgersync.schema import load_catalog


def test_revisions_of_version_6_take_new_kinds(tmp_path: Path) -> None:
    path, catalog = tmp_path / "journal.db", load_catalog()
    Journal.create(path, catalog).close()
    old = DDL.split("CREATE TABLE revision")[1].split(") STRICT")[0]
    raw = sqlite3.connect(path)
    raw.executescript(
        "PRAGMA foreign_keys = OFF; DROP INDEX operation_of_year; DROP TABLE revision;"
        f"CREATE TABLE revision{old.replace('kind TEXT NOT NULL', _KINDS)}) STRICT;"
        "INSERT INTO revision VALUES (1, 'init', 'x', '2022-01-01', NULL, '');"
        "UPDATE meta SET value = '6' WHERE key = 'version';"
    )
    raw.close()
    for _ in range(2):
        with Journal.open(path, catalog) as journal, journal.transaction():
            number = journal.log.begin("year", "王芳", datetime(2023, 1, 1))
            assert journal.log.revision(1).author == "x"  # type: ignore[union-attr]
            journal.years.move(number, "visit", "visits", {"r1": 2022})
        assert number
    with Journal.open(path, catalog) as journal:
        assert journal.years.resting("visit", "visits") == {"r1": 2022}
        assert [row[0] for row in journal.connection.execute("PRAGMA integrity_check")] == ["ok"]
