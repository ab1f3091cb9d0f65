"""Whatever is altered in the journal behind our back, verify says so."""

import sqlite3
from pathlib import Path

import pytest
from tests.community import TODAY, Community, begun

TAMPERINGS = {
    "the newest revision deleted": "DELETE FROM revision WHERE id = (SELECT max(id) FROM revision)",
    "its author changed": "UPDATE revision SET author = '某' WHERE id = 2",
    "a submission deleted": "DELETE FROM submission WHERE id = 2",
    "its sender changed": "UPDATE submission SET staff = '某' WHERE id = 1",
    "its counts changed": "UPDATE submission SET changes = '{}' WHERE id = 1",
    "a submission slipped in": "INSERT INTO submission (file, sha256, staff, base, status, changes,"
    " at) VALUES ('x', 'x', 'x', 'none', 'merged', '{}', 'x')",
    "a decision changed": "UPDATE conflict SET decision = 'ours' WHERE id = 1",
    "the trail cut off": "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
    "the trail rewritten": "UPDATE audit SET statement = '[]' WHERE id = 2",
    "an operation changed": "UPDATE operation SET new = '\"改\"' WHERE kind = 'edit'",
}


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    """Two people's edits of one cell, decided."""
    from ledgersync.sync.cases.decisions import resolve
    from ledgersync.workbook.lists.conflict_lines import Decision

    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = begun(tmp_path)
    one, other = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "备注", "甲")
    other.people.set("A1", "备注", "乙")
    town.hand_in(one)
    town.hand_in(other)
    with town.session() as session:
        resolve(session, Decision(1, "theirs"), "主任")
    town.merge()
    return town


def test_an_untouched_journal_is_sound(town: Community) -> None:
    town.assert_consistent()


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=list(TAMPERINGS))
def test_every_tampering_is_found(town: Community, statement: str) -> None:
    with sqlite3.connect(town.workspace.journal_file) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        assert db.execute(statement).rowcount > 0
    kinds = {t.kind for t in town.verify().troubles}
    assert "journal.tampered" in kinds
