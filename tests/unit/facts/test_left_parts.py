"""A merge leaves the parts of the primaries behind; what the journal says of earlier days."""

import shutil
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.sample import COMMUNITY, DAY, sample

import ledgersync as ls
from ledgersync.facts import reader
from ledgersync.facts.history import history_of
from ledgersync.journal import Journal
from ledgersync.merge import Operation
from ledgersync.schema import TableKey
from ledgersync.schema.mappings import MAPPINGS_NAME
from ledgersync.sync.create import create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.revision.entry import entry
from ledgersync.workspace.config import new_unit


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ls.OpenWorkspace:
    monkeypatch.setenv("LEDGERSYNC_TODAY", DAY)
    return ls.open(sample(tmp_path) / COMMUNITY)


def no_reading(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Workbooks that a roll-up opens; a test says that there are none."""
    found: list[Path] = []
    read = reader.read_workbook

    def counting(path: Path, *given: Any, **named: Any) -> Any:
        found.append(path)
        return read(path, *given, **named)

    monkeypatch.setattr(reader, "read_workbook", counting)
    return found


def edit(ws: ls.OpenWorkspace, folder: Path, remark: str) -> ls.Book:
    """A new visit, by a workbook that somebody sends in."""
    import pandas as pd

    frame = pd.DataFrame({"户址": [f"新路{remark}号"], "走访日期": ["2022-06-20"]})
    path = ls.to_workbook(frame, folder / f"{remark}.xlsx", ledger="visit")
    result = ws.merge([path], staff="王芳")
    assert [m.added for m in result] == [1]
    return ls.read(path)


def test_a_roll_up_after_a_merge_opens_no_workbook(
    ws: ls.OpenWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = no_reading(monkeypatch)
    before = ws.figures("2022-06").set_index("indicator").value
    assert not opened, "the demo's merges left all parts behind"
    for n in (1, 2):
        edit(ws, tmp_path, str(n))
        now = ws.figures("2022-06").set_index("indicator").value
        assert now["visits_made"] == before["visits_made"] + n
        assert len(ws.rows_behind("visits_made", "2022-06")) == now["visits_made"]
    assert not opened
    kept = now
    parts = ws.workspace.parts
    parts.rename(parts.with_name("aside"))
    assert ws.figures("2022-06").set_index("indicator").value.equals(kept)
    assert {p.name for p in opened} == untold(ws), "all else the journal tells"
    assert len(opened) < 4


def untold(ws: ls.OpenWorkspace) -> set[str]:
    """The primaries of which the journal does not know what stands where."""
    with open_session(ws.workspace, "test", write=False) as session:
        known = session.journal.writes.has_layout
        return {x.file_name for x in session.catalog if not known(x.id)}


def test_a_small_merge_leaves_its_part_to_be_made(ws: ls.OpenWorkspace, tmp_path: Path) -> None:
    ws.figures("2022-06")
    before = {p.name for p in ws.workspace.parts.iterdir()}
    edit(ws, tmp_path, "3")
    assert {p.name for p in ws.workspace.parts.iterdir()} == before
    ws.figures("2022-06")
    assert {p.name for p in ws.workspace.parts.iterdir()} != before


@pytest.mark.parametrize(
    ("learned", "read"),
    [
        ('["visit.visits"]\n"走访照片" = "remark"\n', {"走访台账.xlsx"}),
        ('["care.people.visit_cycle"]\n"逢五" = "每月"\n', None),
    ],
)
def test_what_was_learned_since_is_read_from_the_workbooks(
    ws: ls.OpenWorkspace, monkeypatch: pytest.MonkeyPatch, learned: str, read: set[str] | None
) -> None:
    """The journal tells what words and headers made of a primary when it was taken in."""
    (ws.workspace.root / MAPPINGS_NAME).write_text(learned, encoding="utf-8")
    opened, again = no_reading(monkeypatch), ls.open(ws.workspace.root)
    again.figures("2022-06")
    every = {ledger.file_name for ledger in ws.workspace.catalog}
    assert {p.name for p in opened} == (read or every) | untold(ws)


def days_of(journal: Journal) -> list[date]:
    days = sorted({date.fromisoformat(r.at[:10]) for r in journal.log.revisions()})
    around = {day + timedelta(n) for day in days for n in (-1, 0, 1)}
    return sorted({*around, date(2000, 1, 1)})


def told(journal: Journal, key: TableKey, fields: Sequence[str], day: date) -> dict[str, Any]:
    """What rows of that day say, taken back operation by operation."""
    table = journal.catalog.table(*key)
    rows = journal.state.rows_on(*key, day) or {}
    return {r: tuple(row[table.position[f]] for f in fields) for r, row in rows.items()}


def test_spans_say_what_every_single_day_says(
    ws: ls.OpenWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edits, additions, removals and an undo on several days, one of them set back."""
    for n, day in enumerate(("2022-07-02", "2022-07-09", "2022-07-05", "2022-08-01")):
        monkeypatch.setenv("LEDGERSYNC_TODAY", day)
        edit(ws, tmp_path, str(n))
    with open_session(ws.workspace, "undo") as session:
        from ledgersync.sync.history.undo import undo_revision

        undo_revision(session, session.journal.log.last - 1, "王芳")
    asked: dict[TableKey, list[str]] = {
        ("visit", "visits"): ["date", "grid"],
        ("visit", "issues"): ["status"],
        ("dibao", "households"): ["status", "last_review"],
    }
    with open_session(ws.workspace, "test", write=False) as session:
        journal = session.journal
        for key, fields in asked.items():
            spans = history_of(journal, key, fields).to_pylist()
            for day in days_of(journal):
                held = {
                    s["_record"]: tuple(s[f] for f in fields)
                    for s in spans
                    if s["_from"] <= day <= s["_until"]
                }
                assert held == told(journal, key, fields, day), (key, day)


def test_what_waits_to_be_written_is_in_no_part_before(ws: ls.OpenWorkspace) -> None:
    """A part made while a primary is open elsewhere says what the file says, and no more."""
    primary = ws.workspace.primary(ws.workspace.catalog.ledgers["visit"])
    before = ws.figures("2022-06").set_index("indicator").value["visits_made"]
    shutil.rmtree(ws.workspace.parts)
    lock = primary.with_name(f"~${primary.name}")
    lock.write_bytes(b"")
    move_a_visit(ws, date(2022, 5, 3))
    assert ws.merge([]).pending
    assert ws.figures("2022-06").set_index("indicator").value["visits_made"] == before
    lock.unlink()
    ws.merge([])
    assert ws.figures("2022-06").set_index("indicator").value["visits_made"] == before - 1


def move_a_visit(ws: ls.OpenWorkspace, day: date) -> None:
    """One visit of June 2022 was on another day."""
    with open_session(ws.workspace, "test") as session, entry(session, "edit", "王芳") as made:
        ledger = session.catalog.ledgers["visit"]
        table = ledger.by_id["visits"]
        at = table.position["date"]
        rows = session.journal.state.rows("visit", "visits").items()
        record, then = next((r, row[at]) for r, row in rows if str(row[at]).startswith("2022-06"))
        made.change(ledger, table, [Operation("edit", record, "date", then, day)])


def test_a_primary_saved_by_hand_is_read_once(
    ws: ls.OpenWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.figures("2022-06")
    primary = ws.workspace.primary(ws.workspace.catalog.ledgers["visit"])
    book = load_workbook(primary)
    book.save(primary)
    opened = no_reading(monkeypatch)
    for _ in range(3):
        ws.figures("2022-06")
    assert [path.name for path in opened] == [primary.name]


def test_what_is_remembered_damaged_is_not_remembered(ws: ls.OpenWorkspace) -> None:
    before = ws.figures("2022-06")
    for junk in (b"junk", zlib.compress(b"{}"), zlib.compress(b"[1, [[2]]]")):
        with closing(sqlite3.connect(ws.workspace.journal_file)) as journal, journal:
            journal.execute("UPDATE primary_layout SET parts = ?", (junk,))
        shutil.rmtree(ws.workspace.parts)
        assert ws.figures("2022-06").equals(before)
    move_a_visit(ws, date(2022, 5, 3))
    assert not ws.merge([]).pending


def test_a_new_workspace_opens_no_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_workspace(tmp_path / "w", new_unit("甲社区", "360702001001", "community"))
    opened = no_reading(monkeypatch)
    ls.open(tmp_path / "w").figures("2022-06")
    assert opened == []
