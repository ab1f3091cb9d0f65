"""The course of the figures says of every month what the month's own roll-up says."""

from datetime import date
from pathlib import Path

from tests.district import C, primaries
from tests.unit.report.small import small_district

from ledgersync.rollup.running import period_of, run
from ledgersync.workspace import Workspace

TODAY = date(2022, 7, 5)


def test_each_month_is_what_its_own_roll_up_says(tmp_path: Path) -> None:
    workspace = Workspace.open(small_district(tmp_path / "district"))
    half = run(workspace, period_of(workspace, "2022H1", TODAY), TODAY)
    before = half.exact()
    course = half.course("exact")
    assert [m.text for m in course.months][::11] == ["2021-07", "2022-06"]
    for month in course.months:
        own = run(workspace, month, TODAY).exact()
        told = {
            (f.unit, f.indicator): f for f in own if not own.line(f.indicator).defined.is_common
        }
        assert told
        assert {(u, i) for u, i, m in course.figures if m == month.text} >= set(told)
        differing = {
            place: (figure.value, found.value if found else None)
            for place, figure in told.items()
            if (found := course.get(*place, month)) != figure
        }
        assert not differing
    assert half.exact() == before, "the engine is as before"


def test_months_that_lie_ahead_are_none_and_hidden_families_have_no_course(tmp_path: Path) -> None:
    root = small_district(tmp_path / "district")
    people = "姓名 | 身份证号 | 人员类别\n王一 | | 孤儿\n王二 | | 独居老人"
    primaries(root / "units" / C, {"重点人员": people})
    workspace, day = Workspace.open(root), date(2022, 3, 15)
    running = run(workspace, period_of(workspace, "2022", day), day)
    shown = {profile: running.course(profile) for profile in ("public", "exact")}
    assert [m.text for m in shown["public"].months] == ["2022-01", "2022-02", "2022-03"]
    assert shown["public"].known("360702", "visits_made")
    told = {name: {i for _, i, _ in course.figures} for name, course in shown.items()}
    assert "care_people" in told["exact"]
    assert not any(i.startswith("care_people") for i in told["public"])
