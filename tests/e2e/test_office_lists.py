"""Lists as offices keep them: at least 95 % of values right, nothing silently wrong, few questions.

Sixty layouts, half of them held out; a few of each half every day, all of them with the slow ones.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests import offices
from tests.lists.layouts import layouts
from tests.lists.score import TODAY, Score, scored

from ledgersync.errors import UnreadableFile
from ledgersync.schema import load_catalog
from ledgersync.sync.adopt.preview import preview
from ledgersync.workbook.foreign.plan import Decisions, Plan

EVERY_DAY = {4, 8, 10, 14, 15}


def assert_scores(scores: Iterable[Score]) -> None:
    found = list(scores)
    values, right = sum(s.values for s in found), sum(s.right for s in found)
    assert right >= 0.95 * values
    assert {s.name: s.wrong for s in found if s.wrong} == {}
    assert sum(s.asked for s in found) <= 3 * len(found)


@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held_out"])
def test_some_layouts(tmp_path: Path, held_out: bool) -> None:
    catalog = load_catalog()
    some = (x for n, x in enumerate(layouts(tmp_path, held_out=held_out)) if n in EVERY_DAY)
    assert_scores(scored(catalog, x) for x in some)


@pytest.mark.slow
@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held_out"])
def test_sixty_layouts(tmp_path: Path, held_out: bool) -> None:
    catalog = load_catalog()
    assert_scores(scored(catalog, layout) for layout in layouts(tmp_path, held_out=held_out))


HEAD = ["姓名", "身份证号", "人员类别", "住址", "纳入日期"]


def person(n: int, category: str = "独居老人", number: str | None = "") -> offices.Line:
    born = f"{1930 + n}0{1 + n % 9}15"
    known = offices.id_number(born, n) if number == "" else number
    return [f"周大{'甲乙丙丁戊己庚'[n % 7]}", known, category, f"阳光路{n}号", "2022-03-01"]


def read(path: Path, ledger: str, *lines: offices.Line) -> Plan:
    catalog = load_catalog()
    offices.save(path, {"Sheet1": list(lines)})
    return preview(catalog.ledger(ledger), catalog, [path], TODAY, Decisions())


def told(plan: Plan) -> str:
    return " ".join(m.zh for m in [*plan.remarks, *(m for s in plan.sheets for m in s.remarks)])


def test_half_of_the_ids_missing_is_told_with_rows(tmp_path: Path) -> None:
    lines = [person(n, number=None if n % 2 else "") for n in range(6)]
    plan = read(tmp_path / "人员.xlsx", "care", HEAD, *lines)
    assert "有 3 行的〔身份证号〕空着：第 3、5、7 行" in told(plan)
    assert len(plan.rows("people")) == 6


def test_one_person_in_two_categories_is_one_record(tmp_path: Path) -> None:
    lines = [person(1), person(2), person(1, "高龄老人")]
    plan = read(tmp_path / "人员.xlsx", "care", HEAD, *lines)
    assert plan.rows("people")[0].values["category"] == ("独居老人", "高龄老人")
    assert "1 处是同一条，合为一条（Sheet1第2行=Sheet1第4行）" in told(plan)
    assert [(o.row, o.reason) for t in plan.tables() for o in t.left_out] == [(4, "twice")]


def test_the_same_person_told_differently_is_kept_and_named(tmp_path: Path) -> None:
    other = [*person(1)[:3], "和平街9号", "2022-03-01"]
    plan = read(tmp_path / "人员.xlsx", "care", HEAD, person(1), other)
    assert len(plan.rows("people")) == 2
    assert "身份相同而内容不同" in told(plan)


def test_rows_of_another_ledger_are_named_and_stay_out(tmp_path: Path) -> None:
    visit = ["2022-03-01", "赵敏", "王建国", "阳光路1号", "入户"]
    lines = [
        HEAD,
        person(1),
        person(2),
        [],
        ["走访日期", "走访人", "受访人", "户址", "走访方式"],
        visit,
    ]
    plan = read(tmp_path / "混.xlsx", "care", *lines)
    assert len(plan.rows("people")) == 2
    assert "第 5–6 行是走访台账的“走访记录”" in told(plan)


def test_a_past_years_workbook_is_told(tmp_path: Path) -> None:
    head = ["走访日期", "走访人", "受访人", "户址", "走访方式"]
    lines = [[f"2021-05-0{n}", "赵敏", "王建国", f"阳光路{n}号", "入户"] for n in range(1, 4)]
    plan = read(tmp_path / "走访.xlsx", "visit", head, *lines)
    assert "最近一条是 2021-05-03，像是往年的台账" in told(plan)


def test_births_are_no_day_of_the_ledger(tmp_path: Path) -> None:
    """Under the header of a day, births are asked about and never taken for it."""
    lines = [[*person(n)[:4], f"{1930 + n}-0{1 + n % 9}-15"] for n in range(4)]
    plan = read(tmp_path / "人员.xlsx", "care", HEAD, *lines)
    assert all("enrolled" not in r.values for r in plan.rows("people"))


NEAREST = [
    ("visit", ["车牌号", "车位", "车主单位"], "最接近的是"),
    ("dibao", ["物品名称", "单价", "供应商"], "但缺少：户主姓名"),
]


@pytest.mark.parametrize(("ledger", "head", "said"), NEAREST, ids=[n[0] for n in NEAREST])
def test_a_file_that_is_nothing_says_what_is_nearest(
    tmp_path: Path, ledger: str, head: list[str], said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path / "x.xlsx", ledger, head, ["甲", "乙", "丙"], ["丁", "戊", "己"])


def test_a_column_that_is_likely_a_problem_is_asked_about(tmp_path: Path) -> None:
    head = ["走访日期", "走访人", "受访人", "户址", "群众反映的困难问题"]
    lines = [
        ["3.5", "赵敏", "王建国", "阳光路1号", "路灯不亮"],
        ["3.6", "赵敏", "孙丽", "阳光路2号", "无"],
    ]
    plan = read(tmp_path / "2022年走访.xlsx", "visit", head, *lines)
    assert [(q.table, q.proposals) for q in plan.questions] == [("issues", ("description",))]
    assert [str(r.values["date"]) for r in plan.rows("visits")] == ["2022-03-05", "2022-03-06"]


def test_headings_of_a_roster_give_the_grid(tmp_path: Path) -> None:
    head = ["户主姓名", "月保障金额", "家庭人口", "保障人数", "成员姓名", "与户主关系", "身份证号"]
    one, two = offices.id_number("19560301", 1), offices.id_number("19580412", 2)
    other = offices.id_number("19440505", 4)
    plan = read(
        tmp_path / "在保低保.xlsx", "dibao", head,
        ["一、第1网格"],
        ["王建国", 860, 2, 2, "王建国", "户主", one],
        [None, None, None, None, "李桂英", "妻", two],
        ["二、第2网格"],
        ["赵秀兰", 620, 1, 1, "赵秀兰", "本人", other],
    )  # fmt: skip
    assert [r.values["grid"] for r in plan.rows("households")] == ["第1网格", "第2网格"]
    assert [r.parent.row for r in plan.rows("members") if r.parent] == [3, 3, 6]
