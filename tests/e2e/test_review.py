"""`review` and `remind`: states and rules, returns that reach the unit, locks, who is late."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.district import EAST, A, B, values, visits
from tests.upward import Unit, Units, introduce, make_unit

from ledgersync.rollup.running import period_of
from ledgersync.upward.combine.running import combined_run
from ledgersync.workspace import Workspace

pytestmark = pytest.mark.usefixtures("july_day")


def review(street: Unit, *more: object, period: str = "2022-06") -> dict[str, object]:
    return street.told("review", "--period", period, *more)


def states(street: Unit, period: str = "2022-06") -> dict[str, str]:
    listed = review(street, period=period)["units"]
    return {u["unit"]: u["state"] for u in listed}  # type: ignore[index, attr-defined]


def rolled_up(street: Unit) -> object:
    return values(street.told("rollup", "--period", "2022-06"), "visits_made").get(A)


def test_from_missing_to_locked_and_back(units: Units) -> None:
    street, period = units[EAST], ("--period", "2022-06")
    assert states(street) == {A: "missing", B: "missing"}
    assert street.run("review", A, *period, "--approve") == 2
    street.receive(units[A].submit())
    assert states(street) == {A: "submitted", B: "missing"}
    assert street.run("review", A, *period, "--lock") == 2
    assert street.run("review", A, *period, "--unlock", "x") == 2
    assert street.run("review", A, *period, "--approve", "--lock") == 2
    assert street.run("review", *period, "--approve") == 2
    assert states(street)[A] == "submitted"
    told = review(street, A, "--approve")
    assert [(u["unit"], u["state"]) for u in told["units"]] == [(A, "approved")]  # type: ignore
    assert street.run("review", A, *period, "--approve") == 2
    assert street.run("review", "幸福社区", *period, "--lock") == 0
    assert states(street)[A] == "locked"
    assert street.run("review", A, *period, "--return", "晚了") == 2
    assert street.run("review", A, *period, "--unlock", " ") == 2
    assert street.run("review", A, *period, "--unlock", "数错了") == 0
    assert states(street)[A] == "approved"
    assert street.run("verify") == 0


def test_what_is_locked_is_answered_for_ever(units: Units) -> None:
    street = units[EAST]
    street.receive(units[A].submit())
    for step in ("--approve", "--lock"):
        assert street.run("review", A, "--period", "2022-06", step) == 0
    units[A].fill(visits("2022-06-01", "2022-06-02", "2022-06-03"))
    later = units[A].submit()
    refused = street.receive(later)
    assert (refused[0]["status"], refused[0]["reason"]) == ("refused", "locked")
    Unit(A, street.root / "units" / A, street.capsys).fill(visits("2022-06-01"))
    told = street.told("rollup", "--period", "2022-06")
    assert values(told, "visits_made")[A] == 2 and told["packages"][0]["state"] == "locked"
    assert {d["indicator"] for d in told["differences"]} >= {"visits_made"}
    assert street.run("review", A, "--period", "2022-06", "--unlock", "补报") == 0
    assert street.receive(later)[0]["status"] == "accepted"
    assert rolled_up(street) == 2  # the approved version counts until the new one is approved
    assert states(street)[A] == "submitted"
    told = review(street, A, "-o", street.root / "审核.xlsx")
    book = load_workbook(street.root / "审核.xlsx")
    assert [c.value for c in book["审核情况"][2]][:4] == ["幸福社区", A, "已报", 2]
    listed = {row[2].value: (row[3].value, row[4].value) for row in book["两版之间的变化"]}
    assert listed["走访户次"] == (2, 3)
    changed = {c["indicator"]: (c["before"], c["after"]) for c in told["units"][0]["changed"]}  # type: ignore[index]
    assert changed["visits_made"] == (2, 3) and "dibao_households" not in changed
    assert street.run("review", A, "--period", "2022-06", "--approve") == 0
    assert rolled_up(street) == 3


def test_a_return_reaches_the_unit_signed(units: Units, tmp_path: Path) -> None:
    street, community = units[EAST], units[A]
    street.receive(community.submit())
    told = review(street, A, "--return", "户次偏少", "--indicator", "visits_made")
    assert told["units"][0]["state"] == "returned"  # type: ignore[index]
    missing = street.told("rollup", "--period", "2022-06")["missing"]
    assert [m["kind"] for m in missing if m["unit"] == A] == ["returned"]
    letter = Path(str(told["letter"]))
    assert "户次偏少".encode() not in letter.read_bytes()
    tampered = tmp_path / "x.lsp"
    tampered.write_bytes(letter.read_bytes()[:-1])
    assert community.receive(tampered)[0]["reason"] == "tampered"
    assert community.told("status")["returns"] == []
    assert community.receive(letter)[0]["status"] == "accepted"
    assert community.receive(letter)[0]["status"] == "duplicate"
    assert street.receive(letter)[0]["status"] == "refused"
    status = community.told("status")
    assert status["returns"][0] == {
        "office": f"{EAST}000",
        "period": "2022-06",
        "version": 1,
        "reason": "户次偏少",
        "indicators": ["visits_made"],
    }
    assert status["exit"] == 1
    text = community.root / "returned" / "上级退回-2022-06-第1版.txt"
    assert "户次偏少" in text.read_text("utf-8")
    again = community.submit()
    assert community.told("status")["returns"] == []
    assert street.receive(again)[0]["status"] == "accepted"
    assert states(street)[A] == "submitted"


def test_a_unit_that_is_believed_but_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {EAST: make_unit(tmp_path, EAST, capsys), A: make_unit(tmp_path, A, capsys)}
    introduce(made)
    made[A].fill(visits("2022-06-01"))
    street = made[EAST]
    assert [u["unit"] for u in street.told("remind", "--period", "2022-06")["units"]] == [A]
    assert street.receive(made[A].submit())[0]["status"] == "accepted"
    assert street.run("review", "幸福社区", "--period", "2022-06", "--approve") == 0
    assert rolled_up(street) == 1
    told = street.told("rollup", "--period", "2022-06")["remarks"]
    assert told == [], "a folder that holds nothing but its packages is no folder to count"


def test_steps_are_for_those_who_may(units: Units) -> None:
    street = units[EAST]
    street.receive(units[A].submit())
    toml = street.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[review]\napprove = ["张主任"]\n', "utf-8")
    approve = ("review", A, "--period", "2022-06", "--approve")
    assert street.run(*approve) == 2
    assert "张主任" in street.capsys.readouterr().err
    assert street.run(*approve, "--by", "李四") == 2
    assert street.run(*approve, "--by", "张主任") == 0


def test_due_in_working_days_and_reminded(
    units: Units, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    street = units[EAST]
    early = street.told("remind", "--period", "2022-06")
    assert [u["unit"] for u in early["units"]] == [A, B] and early["exit"] == 1
    assert early["units"][0]["due"] == "2022-07-07" and early["units"][0]["days_late"] == 0
    assert early["units"][0]["missing"] == ["dibao", "care", "volunteer", "visit"]
    assert "请于7月7日前报送" in early["units"][0]["text"]
    street.receive(units[A].submit())
    assert street.told("remind", "--period", "2022上半年")["units"][0]["due"] == "2022-07-14"
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-11")
    late = street.told("remind", "--period", "2022-06", "--format", "xlsx,text")
    assert [(u["unit"], u["days_late"]) for u in late["units"]] == [(B, 4)]
    assert "已过 4 天" in late["units"][0]["text"]
    sheet = load_workbook(late["file"])["催报清单"]
    assert [c.value for c in sheet[3]][:2] == ["光明社区", B]
    reviewed = {u["unit"]: u["on_time"] for u in review(street)["units"]}  # type: ignore[index, attr-defined]
    assert reviewed == {A: True, B: False}
    rolled = street.told("rollup", "--period", "2022-06")
    assert values(rolled, "timeliness") == {EAST: 0.5, A: 1.0, B: 0.0}
    assert street.run("remind", "--period", "2022-06", "--format", "docx") == 2
    capsys.readouterr()
    street.run("remind", "--period", "2022-06")
    assert "光明社区：您好" in capsys.readouterr().out


def test_steps_are_in_the_audit_chain(units: Units) -> None:
    import sqlite3
    from contextlib import closing

    street = units[EAST]
    street.receive(units[A].submit())
    street.run("review", A, "--period", "2022-06", "--approve")
    with closing(sqlite3.connect(street.root / ".ledgersync" / "journal.db")) as db:
        db.execute("UPDATE review SET who = 'somebody else'")
        db.commit()
    assert street.run("verify") == 4
    assert json.dumps("审核记录", ensure_ascii=False)[1:-1] in street.capsys.readouterr().out


def test_reports_have_what_reminders_say(units: Units) -> None:
    """One register answers both: a unit's state, its day, and how late it is."""
    street, today = units[EAST], date(2022, 7, 5)
    street.receive(units[A].submit())
    workspace = Workspace.open(street.root)
    period = period_of(workspace, "2022-06", today)
    found = combined_run(workspace, period, today).figures()
    owed = {h.unit: h for h in found.hand_ins}
    assert {u: (h.state, h.on_time, h.version) for u, h in owed.items()} == {
        A: ("submitted", True, 1),
        B: ("missing", None, None),
    }
    assert (owed[A].received, owed[B].received) == (date(2022, 7, 5), None)
    told = street.told("remind", "--period", "2022-06")["units"]
    assert [(u["unit"], u["due"]) for u in told] == [(B, owed[B].due.day.isoformat())]
