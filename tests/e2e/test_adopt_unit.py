"""The unit's own grids and people tell what a column is whose header says nothing of it."""

from pathlib import Path

import pytest
from tests import offices
from tests.lists.score import TODAY

from ledgersync.schema import load_catalog
from ledgersync.schema.lists import with_lists
from ledgersync.sync.adopt.preview import preview
from ledgersync.workbook.foreign.plan import Decisions, Plan

STAFF = frozenset({"赵敏", "孙丽", "刘洋"})
PEOPLE = ["姓名", "身份证号", "人员类别", "住址", "纳入日期"]
VISITS = ["走访日期", "受访人", "户址", "走访方式"]
GRIDS = ("东片", "西片", "第3网格")


def read(path: Path, ledger: str, *lines: offices.Line, staff: frozenset[str] = STAFF) -> Plan:
    catalog = with_lists(load_catalog(), {"grid": GRIDS})
    offices.save(path, {"Sheet1": list(lines)})
    return preview(catalog.ledger(ledger), catalog, [path], TODAY, Decisions(), None, staff)


def person(n: int, *more: object) -> offices.Line:
    born = f"{1930 + n}0{1 + n % 9}15"
    known = offices.id_number(born, n)
    return [f"周大{'甲乙丙丁'[n % 4]}", known, "独居老人", f"阳光路{n}号", "2022-03-01", *more]


def visit(n: int, *more: object) -> offices.Line:
    return [f"2022-03-0{n}", f"王建{'甲乙丙丁'[n % 4]}", f"阳光路{n}号", "入户", *more]


def field_of(plan: Plan, header: str) -> str | None:
    found = [c for t in plan.tables() for c in t.columns if c.header == header]
    assert all(c.field is None or c.confidence >= 0.9 for c in found)
    return next((c.field for c in found if c.field), None)


@pytest.mark.parametrize("header", ["片区", "片", "归属", "所在片"])
def test_known_grids_are_the_grid(tmp_path: Path, header: str) -> None:
    lines = [person(n, grid) for n, grid in enumerate(["东片", "西片", "第三网格", "东片"], 1)]
    plan = read(tmp_path / "人员.xlsx", "care", [*PEOPLE, header], *lines)
    assert field_of(plan, header) == "grid"
    assert [r.values["grid"] for r in plan.rows("people")] == ["东片", "西片", "第3网格", "东片"]
    assert plan.questions == []


@pytest.mark.parametrize(
    ("ledger", "head", "header", "wanted"),
    [
        ("visit", VISITS, "干部", "visitor"),
        ("visit", VISITS, "责任人", "visitor"),
        ("care", PEOPLE, "干部", "responsible"),
        ("care", PEOPLE, "片长", "responsible"),
    ],
    ids=["visit_cadre", "visit_responsible", "care_cadre", "care_head"],
)
def test_known_staff_are_who_visits_or_is_responsible(
    tmp_path: Path, ledger: str, head: list[str], header: str, wanted: str
) -> None:
    line = visit if ledger == "visit" else person
    lines = [line(n, name) for n, name in enumerate(["赵敏", "孙丽", "赵敏、刘洋"], 1)]
    plan = read(tmp_path / "x.xlsx", ledger, [*head, header], *lines)
    assert field_of(plan, header) == wanted


def test_nothing_is_known_of_strangers(tmp_path: Path) -> None:
    lines = [visit(n, name) for n, name in enumerate(["周一", "吴二", "郑三"], 1)]
    plan = read(tmp_path / "x.xlsx", "visit", [*VISITS, "干部"], *lines)
    assert field_of(plan, "干部") is None


@pytest.mark.parametrize("header", ["录入人", "填表人", "审核人"])
def test_who_wrote_the_sheet_did_not_visit(tmp_path: Path, header: str) -> None:
    lines = [visit(n, name) for n, name in enumerate(["赵敏", "孙丽"], 1)]
    plan = read(tmp_path / "x.xlsx", "visit", [*VISITS, header], *lines)
    assert field_of(plan, header) is None


def test_a_known_header_is_never_overruled(tmp_path: Path) -> None:
    """Staff under 受访人, grids under 备注: the header says what they are."""
    head = ["走访日期", "走访人", "受访人", "户址", "走访方式", "备注", "片区"]
    lines = [
        [f"2022-03-0{n}", "周一", "赵敏", f"阳光路{n}号", "入户", "东片", f"{n}"] for n in (1, 2)
    ]
    plan = read(tmp_path / "x.xlsx", "visit", head, *lines)
    assert field_of(plan, "受访人") in ("host_name", "subject_name")
    assert field_of(plan, "备注") == "remark"
    assert field_of(plan, "片区") is None


def test_two_columns_of_staff_are_not_guessed(tmp_path: Path) -> None:
    lines = [visit(n, "赵敏", "孙丽") for n in (1, 2, 3)]
    plan = read(tmp_path / "x.xlsx", "visit", [*VISITS, "甲方", "乙方"], *lines)
    assert (field_of(plan, "甲方"), field_of(plan, "乙方")) == (None, None)
    proposed = {c.header: c.proposals for t in plan.tables() for c in t.columns if c.proposals}
    assert "visitor" in proposed["甲方"] and "visitor" in proposed["乙方"]
