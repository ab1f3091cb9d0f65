"""A journal that cannot be opened is told in words, with what to do."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.community import Community, begun
from tests.journals import AS_6, AS_8

from ledgersync.errors import WorkspaceFault
from ledgersync.journal.database.ddl import VERSION

NAMES = {"ledgersync", "journal", "db"}


def told(town: Community) -> str:
    with pytest.raises(WorkspaceFault) as fault, town.session():
        pass
    return fault.value.text("zh").replace(str(town.root), "")


def test_a_journal_of_another_version(tmp_path: Path) -> None:
    town = Community(tmp_path)
    with closing(sqlite3.connect(town.workspace.journal_file)) as db:
        db.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
        db.commit()
    text = told(town)
    assert "它是别的版本的程序写的（日志第 1 版，本程序用第" in text
    assert set(re.findall("[A-Za-z]+", text)) <= NAMES


def test_a_journal_that_is_none(tmp_path: Path) -> None:
    town = Community(tmp_path)
    for path in town.workspace.state.glob("journal.db*"):
        path.write_bytes(b"no journal at all, only text" * 100)
    text = told(town)
    assert "文件已损坏" in text and "下一步：请勿删除它" in text
    assert set(re.findall("[A-Za-z]+", text)) <= NAMES


@pytest.mark.parametrize(
    ("version", "gone"),
    [
        ("5", ["DROP TABLE package", "DROP TABLE review", "DROP TABLE letter"]),
        ("4", ["DROP TABLE notice", "DROP TABLE delivery"]),
        ("4", ["DROP TABLE notice", "DROP TABLE primary_layout", "DROP INDEX submission_of_copy"]),
        ("3", ["DROP TABLE notice", "DROP TABLE primary_layout", "DROP TABLE extra_field"]),
    ],
)
def test_an_older_journal_is_brought_to_todays_tables(
    tmp_path: Path, version: str, gone: list[str]
) -> None:
    town = begun(tmp_path)
    with closing(sqlite3.connect(town.workspace.journal_file)) as db:
        db.executescript(AS_8 + AS_6)
        for statement in [*gone, f"UPDATE meta SET value = '{version}' WHERE key = 'version'"]:
            db.execute(statement)
        db.commit()
    with town.session() as session:
        assert session.journal.meta("version") == str(VERSION)
        assert session.journal.notices.open() == []
        assert session.journal.packages.all("in") == session.journal.deliveries.waiting() == []
        assert session.journal.state.counts()["roster.people"] == 6
    town.assert_consistent()
