"""`close`: a month frozen; what is rolled up, reported, traced and submitted from it."""

import json
import sqlite3
from pathlib import Path

import pytest
from tests.district import EAST, A, values, visits
from tests.upward import Unit, introduce, make_unit

from ledgersync.journal import Originals
from ledgersync.upward import paper
from ledgersync.workspace import Workspace

JUNE = ("--period", "2022-06")


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    monkeypatch.setattr(paper, "office_program", lambda: None)


@pytest.fixture
def community(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Unit:
    unit = make_unit(tmp_path, A, capsys)
    unit.fill(visits("2022-06-01", "2022-06-02"))
    return unit


def made(unit: Unit, *more: object) -> dict[str, object]:
    return values(unit.told("rollup", *JUNE, *more), "visits_made")


def test_a_closed_month_answers_what_was_closed_until_it_is_opened_again(community: Unit) -> None:
    closed = community.told("close", "2022-06", "--by", "王芳")
    assert (closed["state"], closed["by"], closed["exit"]) == ("closed", "王芳", 0)
    community.fill(visits("2022-06-01", "2022-06-02", "2022-06-30"))

    told = community.told("rollup", *JUNE)
    assert values(told, "visits_made") == {A: 2} and told["closed"]["by"] == "王芳"
    differing = {d["indicator"]: (d["package"], d["folder"]) for d in told["differences"]}
    assert differing["visits_made"] == (2, 3)
    assert "关账时 2，现在的行 3" in told["said"]
    report = community.told("report", *JUNE, "--format", "xlsx,docx")
    shown = {n["value"] for n in report["numbers"] if n["indicator"] == "visits_made"}
    assert 2 in shown and 3 not in shown
    traced = community.told("trace", "visits_made", *JUNE)
    assert traced["value"] == 2 == sum(r["contribution"] for r in traced["rows"])
    kinds = {t["kind"] for t in community.told("verify")["troubles"]}
    assert kinds <= {"primary.differs"}, "the test wrote the primary past the program"

    assert community.told("close", "2022-06")["exit"] == 2, "closed already"
    assert (
        community.told("close", "2022-06", "--reopen", "漏了一次走访", "--by", "李强")["exit"] == 0
    )
    assert made(community) == {A: 3}
    community.told("close", "2022-06")
    assert made(community) == {A: 3}
    steps = community.told("close")["closings"]
    assert [(s["state"], s["reason"]) for s in steps] == [
        ("closed", None), ("open", "漏了一次走访"), ("closed", None),
    ]  # fmt: skip


def test_what_is_submitted_is_what_was_closed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], community: Unit
) -> None:
    street = make_unit(tmp_path, EAST, capsys, (A,))
    introduce({EAST: street, A: community})
    community.told("close", "2022-06")
    community.fill(visits("2022-06-01", "2022-06-02", "2022-06-30"))
    told = community.told("submit", *JUNE)
    assert "关账时 2，现在的行 3" in told["said"] and "--reopen" in told["said"]
    package = Path(told["package"])
    assert street.receive(package)[0]["status"] == "accepted"
    rolled = street.told("rollup", *JUNE)
    assert values(rolled, "visits_made") == {EAST: 2, A: 2} and rolled["remarks"] == []


def test_a_folder_below_counts_as_it_was_closed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    street = make_unit(tmp_path, EAST, capsys, (A,))
    below = make_unit(street.root / "units", A, capsys)
    below.fill(visits("2022-06-01", "2022-06-02"))
    below.told("close", "2022-06")
    below.fill(visits("2022-06-01", "2022-07-02"))
    assert made(street) == {EAST: 2, A: 2}
    july = street.told("rollup", "--period", "2022-07")
    assert values(july, "visits_made") == {EAST: 1, A: 1}, "only June is closed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("close", "2022-07"), "还没有结束"),
        (("close", "2022-06", "--reopen", "错了"), "没有关账"),
        (("close", "--reopen", "错了"), "没有写开哪一期的账"),
    ],
)
def test_what_cannot_be_closed(community: Unit, arguments: tuple[str, ...], said: str) -> None:
    told = community.told(*arguments)
    assert told["exit"] == 2 and said in told["message"]


def test_an_office_above_locks_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    street = make_unit(tmp_path, EAST, capsys, (A,))
    told = street.told("close", "2022-06")
    assert told["exit"] == 2 and "--lock" in told["next_step"]


def test_a_closing_that_was_tampered_with_is_found(community: Unit) -> None:
    sha256 = community.told("close", "2022-06")["sha256"]
    store = Originals(Workspace.open(community.root).closed)
    kept = store.path_of(sha256).read_bytes()
    store.path_of(sha256).write_bytes(kept[:-5])
    assert "closing.damaged" in json.dumps(community.told("verify"))
    missing = community.told("rollup", *JUNE)["missing"]
    assert [(m["unit"], m["kind"]) for m in missing] == [(A, "unreadable")]
    store.path_of(sha256).write_bytes(kept)
    with sqlite3.connect(community.root / ".ledgersync" / "journal.db") as journal:
        journal.execute("UPDATE closing SET who = 'somebody else'")
    assert "journal.tampered" in json.dumps(community.told("verify"))
