"""A journal that cannot be opened is told in words, with what to do."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.community import Community

from ledgersync.errors import WorkspaceFault

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
