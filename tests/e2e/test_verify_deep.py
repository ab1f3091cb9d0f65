"""`verify --deep` finds what should never be: each invariant, broken on purpose."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.community import TODAY, Community, begun

from ledgersync.cli import main
from ledgersync.journal.rows import pack, unpack
from ledgersync.merge import Operation, apply
from ledgersync.sync.revision.record import write_operations
from ledgersync.sync.session import Session

Break = Callable[[Session], None]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


@pytest.fixture
def town(tmp_path: Path) -> Community:
    """Two people, a conflict between them, and a copy that nobody touched."""
    town = begun(tmp_path)
    books = [town.issue(name) for name in ("王芳", "李强")]
    for book, note in zip(books, ("甲", "乙"), strict=True):
        book.people.set("A1", "备注", note)
        town.hand_in(book)
    town.issue("赵敏")
    return town


def verify(
    town: Community, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(town.root), "verify", *options, "--json"])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def test_a_sound_workspace_is_sound(town: Community, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = verify(town, capsys, "--deep")
    assert (code, document["ok"], document["deep"], document["troubles"]) == (0, True, True, [])


def _execute(sql: str, *arguments: object) -> Break:
    return lambda session: session.journal.connection.execute(sql, arguments) and None


def _second_key(session: Session) -> None:
    """A key given to a second record, past the one way in which state is written."""
    ledger = session.catalog.ledgers["roster"]
    table = ledger.by_id["people"]
    rows = session.journal.state.rows("roster", "people")
    record = next(r for r, row in rows.items() if row[0] == "A2")
    operations = [Operation("edit", record, "no", "A2", "A1")]
    with session.journal.transaction():
        revision = session.journal.log.begin("resolve", "站长", session.now())
        merged = apply(table, rows, operations)
        write_operations(session, ledger, table, operations, merged, revision)
        session.journal.log.seal(revision)


def _other_rows(session: Session) -> None:
    [layout] = session.journal.connection.execute(
        "SELECT parts FROM primary_layout WHERE ledger = 'roster'"
    ).fetchone()
    fields, parts, *rest = unpack(layout)
    parts[0][5] = [[first + 1, count] for first, count in parts[0][5]]
    session.journal.connection.execute(
        "UPDATE primary_layout SET parts = ? WHERE ledger = 'roster'",
        (pack([fields, parts, *rest]),),
    )


BROKEN: dict[str, Break] = {
    "key.twice": _second_key,
    "operation.unfit": _execute("UPDATE operation SET old = '\"别的\"' WHERE kind = 'edit'"),
    "submission.counts": _execute(
        "UPDATE submission SET changes = replace(changes, '\"applied\":1', '\"applied\":2')"
    ),
    "conflict.stale": _execute("UPDATE conflict SET ours = '\"丙\"' WHERE status = 'open'"),
    "conflict.lost": _execute("UPDATE conflict SET status = 'resolved', decision = 'renewed:99'"),
    "copy.base": _execute(
        "UPDATE copy SET records = (SELECT records FROM copy ORDER BY rowid DESC LIMIT 1),"
        " revision = 1 WHERE kind = 'issued'"
    ),
    "stamp.unknown": _execute("UPDATE copy SET id = 'x' || id WHERE staff = '赵敏'"),
    "primary.places": _other_rows,
    "journal.damaged": _execute("UPDATE operation SET revision = 99 WHERE id = 1"),
}


@pytest.mark.parametrize(("kind", "harm"), BROKEN.items())
def test_what_is_broken_is_named(
    kind: str, harm: Break, town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    with town.session() as session:
        session.journal.connection.execute("PRAGMA foreign_keys = OFF")
        harm(session)
    code, document = verify(town, capsys, "--deep")
    assert code == 4
    assert kind in [t["kind"] for t in document["troubles"]]
    assert kind not in [t["kind"] for t in verify(town, capsys)[1]["troubles"]]
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(town.root), "--lang", "en", "verify", "--deep"])
    assert ended.value.code == 4
    assert capsys.readouterr().out.count("!") >= 1
