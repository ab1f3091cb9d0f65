"""A closed or locked month where another period shows it, and inside a quarter that is open."""

from pathlib import Path

import pytest
from tests.district import EAST, A, kinds, values, visits
from tests.upward import Unit, introduce, make_unit, on_a_july_day

from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.running import period_of
from ledgersync.upward.combine.running import combined_run
from ledgersync.workspace import Workspace, clock

MAY_DAYS = ("2022-05-01", "2022-05-02")
PEOPLE = "姓名 | 身份证号 | 人员类别\n张三 | 110101194001010025 | 独居老人"
MORE = f"{PEOPLE}\n李四 | 110101194001010033 | 独居老人"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_a_july_day(monkeypatch, tmp_path)


@pytest.fixture
def community(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Unit:
    """May is closed; nothing has changed since."""
    unit = make_unit(tmp_path, A, capsys)
    unit.fill({**visits(*MAY_DAYS, "2022-06-01"), "重点人员": PEOPLE})
    assert unit.told("close", "2022-05")["exit"] == 0
    return unit


def late_entries(unit: Unit) -> None:
    unit.fill({**visits(*MAY_DAYS, "2022-05-30", "2022-06-01"), "重点人员": MORE})


def rolled(unit: Unit, text: str, profile: str | None = None) -> RollUp:
    workspace = Workspace.open(unit.root)
    period = period_of(workspace, text, clock.today())
    return combined_run(workspace, period, clock.today()).figures(profile)


def visited(found: RollUp, unit: str, window: str) -> tuple[object, object]:
    figure = found.get(unit, "visits_made", window)  # type: ignore[arg-type]
    assert figure is not None
    return figure.value, figure.by_rows


def test_what_has_not_changed_is_not_told(community: Unit) -> None:
    for period in ("2022-06", "2022Q2", "2022H1"):
        told = community.told("rollup", "--period", period)
        assert kinds(told) == set() and told["closed_inside"] == [], period


def test_the_month_before_is_what_was_closed(community: Unit) -> None:
    late_entries(community)
    june = rolled(community, "2022-06")
    assert visited(june, A, "current") == (1, None)
    assert visited(june, A, "previous") == (2, 3)
    assert visited(june, A, "year_to_date") == (4, None), "counted from the rows, and told"
    report = community.told("report", "--period", "2022-06", "--format", "xlsx,docx")
    assert report["exit"] in (0, 1)
    month = community.told("rollup", "--period", "2022-05")
    assert values(month, "visits_made") == {A: 2}
    assert visited(rolled(community, "2022-05"), A, "current") == (2, None)


def test_a_quarter_is_of_todays_rows_and_says_both(community: Unit) -> None:
    late_entries(community)
    for period, count in (("2022Q2", 4), ("2022H1", 4), ("2022-06", 1)):
        told = community.told("rollup", "--period", period)
        assert values(told, "visits_made") == {A: count} and told["exit"] == 1
        both = {d["indicator"]: (d["closed"], d["now"]) for d in told["closed_inside"]}
        assert both["visits_made"] == (2, 3), period
        assert {d["period"] for d in told["closed_inside"]} == {"2022-05"}
        assert (
            "2022-05 已于 2022-07-05 关账" in told["said"]
            and "关账时 2，现在的行 3" in told["said"]
        )
    community.told("close", "2022Q2")
    again = community.told("rollup", "--period", "2022Q2")
    assert values(again, "visits_made") == {A: 4} and again["closed_inside"] == []


def test_what_is_hidden_is_not_told_beside(community: Unit) -> None:
    """A person more in the register: of small counts only that something changed."""
    late_entries(community)
    for period in ("2022-05", "2022-06", "2022Q2"):
        told = community.told("rollup", "--period", period, "--profile", "public")
        parts = [*told["differences"], *told["closed_inside"]]
        care = [d for d in parts if d["indicator"] == "care_people.独居老人"]
        assert [d["suppressed"] for d in care] == [True], period
        numbers = ("package", "folder", "closed", "now")
        assert all(d.get(key) is None for d in care for key in numbers)
        assert "独居老人" not in told["said"] or "独居老人 关账时" not in told["said"]
        found = rolled(community, period, "public")
        hidden = [f for w in found.by_window.values() for f in w.values() if f.suppressed]
        assert hidden and all(f.by_rows is None for f in hidden)
        private = [f for w in found.by_window.values() for f in w.values()]
        assert all(f.by_rows is None for f in private if f.indicator in found.private)


def test_a_locked_month_is_the_one_before_of_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The community's rows of June change after the lock; its package of July says so."""
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    street, community = units[EAST], units[A]
    community.fill(visits("2022-06-01", "2022-06-02"))
    assert street.receive(community.submit())[0]["status"] == "accepted"
    for step in ("--approve", "--lock"):
        assert street.run("review", A, "--period", "2022-06", step) == 0
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-08-03")
    community.fill(visits("2022-06-01", "2022-06-02", "2022-06-03", "2022-07-01"))
    assert street.receive(community.submit("2022-07"))[0]["status"] == "accepted"
    july = rolled(street, "2022-07")
    for unit in (EAST, A):
        assert visited(july, unit, "current") == (1, None)
        assert visited(july, unit, "previous") == (2, 3)


def test_folders_below_are_told_by_the_office_above(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    street = make_unit(tmp_path, EAST, capsys, (A,))
    below = make_unit(street.root / "units", A, capsys)
    below.fill(visits(*MAY_DAYS, "2022-06-01"))
    below.told("close", "2022-05")
    late_entries(below)
    told = street.told("rollup", "--period", "2022Q2")
    assert values(told, "visits_made") == {EAST: 4, A: 4}
    assert (A, "closed_inside") in kinds(told)
    june = rolled(street, "2022-06")
    assert [visited(june, unit, "previous") for unit in (EAST, A)] == [(2, 3), (2, 3)]
