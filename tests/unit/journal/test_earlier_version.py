"""A journal of an earlier version is brought to today's tables when it is opened."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from tests.journals import AS_6, AS_8

from ledgersync.errors import WorkspaceFault
from ledgersync.journal import Journal, LastSubmission, own_copy
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
NOW = datetime(2022, 6, 30)
VISITS = CATALOG.table("visit", "visits")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with a revision, its operation, what a file and a primary said."""
    path = tmp_path / "journal.db"
    Journal.create(path, CATALOG).close()
    with Journal.open(path, CATALOG) as journal, journal.transaction():
        number = journal.log.begin("init", "王芳", NOW)
        copy = own_copy("王芳", "visit", "inbox/王芳/走访.xlsx", number, NOW)
        journal.copies.add(copy)
        said = LastSubmission(number, {}, {}, {"x": "r1"})
        journal.copies.set_last_submission(copy.id, "visit", VISITS, said)
        journal.copies.set_last_saved("visit", VISITS, said)
        journal.copies.primary_written("visit", number)
        journal.audit.add("revision", number)
    return path


def aged(path: Path, *scripts: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for script in scripts:
            raw.executescript(script)


def tables(path: Path) -> dict[str, str]:
    """Every table and index as SQLite keeps it, however it is spaced and quoted."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}


def test_it_has_the_tables_of_a_new_one(path: Path) -> None:
    new = tables(path)
    aged(path, AS_8, AS_6)
    assert tables(path) != new
    Journal.open(path, CATALOG).close()
    assert tables(path) == new


def test_revisions_of_version_6_take_new_kinds_and_keep_what_refers_to_them(path: Path) -> None:
    aged(path, AS_8, AS_6)
    for _ in range(2):
        with Journal.open(path, CATALOG) as journal, journal.transaction():
            number = journal.log.begin("year", "王芳", datetime(2023, 1, 1))
            assert journal.log.revision(1).author == "王芳"  # type: ignore[union-attr]
            journal.years.move(number, "visit", "visits", {"r1": 2022})
    with Journal.open(path, CATALOG) as journal:
        assert journal.years.resting("visit", "visits") == {"r1": 2022}
        checked = journal.connection.execute("PRAGMA integrity_check").fetchall()
        assert [tuple(row) for row in checked] == [("ok",)]
        assert journal.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert journal.connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        with pytest.raises(sqlite3.IntegrityError), journal.transaction():
            journal.years.move(99, "visit", "visits", {"r2": 2022})


def test_what_was_said_is_found_under_its_new_name(path: Path) -> None:
    aged(path, AS_8)
    with Journal.open(path, CATALOG) as journal:
        [copy] = journal.copies.all()
        said = journal.copies.last_submission(copy, VISITS)
        assert said and said.aliases == {"x": "r1"}
        assert journal.copies.earlier_saved("visit", VISITS, 1) == said
        assert not journal.copies.has_last_saved("visit")
        assert list(journal.audit.breaks()) == []


def test_what_cannot_be_brought_over_stays_as_it_is(path: Path) -> None:
    aged(path, AS_8, AS_6, "PRAGMA foreign_keys = OFF; DELETE FROM revision")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("INSERT INTO agreed VALUES (7, 'visit', 'visits', 'r1', NULL)")
        raw.execute(
            "INSERT INTO submission (revision, file, sha256, staff, base, status, changes, at)"
            " VALUES (7, 'f', 's', 'p', 'none', 'merged', '{}', '2022-06-30')"
        )
        raw.commit()
    before = tables(path)
    with pytest.raises(WorkspaceFault):
        Journal.open(path, CATALOG)
    assert tables(path) == before
