"""Rows of two ledgers in one list: those of the other are named with their rows, and stay out."""

from pathlib import Path

import pytest
from tests import offices
from tests.lists.score import TODAY

from ledgersync.errors import UnreadableFile
from ledgersync.schema import load_catalog
from ledgersync.sync.adopt.document import document_of
from ledgersync.sync.adopt.preview import preview
from ledgersync.workbook.foreign.plan import Decisions, Plan

IDS = [offices.id_number(f"19{40 + n}0305", n) for n in range(6)]


def read(path: Path, ledger: str, *lines: offices.Line, decisions: Decisions | None = None) -> Plan:
    catalog = load_catalog()
    offices.save(path, {"Sheet1": list(lines)})
    return preview(catalog.ledger(ledger), catalog, [path], TODAY, decisions or Decisions())


def told(plan: Plan) -> str:
    return " ".join(m.zh for s in plan.sheets for m in s.remarks)


def out(plan: Plan, reason: str = "other") -> list[int]:
    return [o.row for t in plan.tables() for o in t.left_out if o.reason == reason]


BOTH = ["走访日期", "走访人", "受访人", "户址", "走访方式"]


def visit(n: int, what: str) -> offices.Line:
    return [what, f"2022-03-0{n}", "赵敏", f"王建{'甲乙丙丁戊'[n % 5]}", f"阳光路{n}号", "入户"]


@pytest.mark.parametrize("header", ["台账", "类别", "项目", "所属台账"])
def test_a_column_that_names_ledgers(tmp_path: Path, header: str) -> None:
    lines = [visit(1, "走访"), visit(2, "低保"), visit(3, "走访"), visit(4, "志愿服务")]
    plan = read(tmp_path / "混.xlsx", "visit", [header, *BOTH], *lines)
    assert [r.row for r in plan.rows("visits")] == [2, 4]
    assert out(plan) == [3, 5]
    assert f"1 行写明是低保台账的（列“{header}”），不收入这里：第 3 行" in told(plan)
    assert "1 行写明是志愿活动台账的" in told(plan)
    assert not plan.sheets[0].is_plain
    said = document_of(load_catalog().ledger("visit"), plan)
    assert any("第 3 行" in text for text in said["said"])
    assert {"row": 3, "reason": "other"} in said["tables"][0]["left_out"]


def test_names_merged_over_rows(tmp_path: Path) -> None:
    lines = [visit(1, "走访台账"), visit(2, ""), visit(3, "低保台账"), visit(4, "")]
    path = offices.save(
        tmp_path / "混.xlsx", {"Sheet1": [["台账", *BOTH], *lines]}, {"Sheet1": ["A2:A3", "A4:A5"]}
    )
    catalog = load_catalog()
    plan = preview(catalog.ledger("visit"), catalog, [path], TODAY, Decisions())
    assert ([r.row for r in plan.rows("visits")], out(plan)) == ([2, 3], [4, 5])


def test_a_person_may_say_that_all_rows_are_to_be_taken(tmp_path: Path) -> None:
    lines = [visit(1, "走访"), visit(2, "低保")]
    said = Decisions(columns={("Sheet1", "类别"): "-"})
    plan = read(tmp_path / "混.xlsx", "visit", ["类别", *BOTH], *lines, decisions=said)
    assert (len(plan.rows("visits")), out(plan)) == (2, [])


def test_kinds_of_people_are_no_ledgers(tmp_path: Path) -> None:
    """A word that is a ledger's name among others that are none, and choices of the list's own."""
    lines = [visit(1, "低保"), visit(2, "独居老人"), visit(3, "残疾人"), visit(4, "党员")]
    plan = read(tmp_path / "走访.xlsx", "visit", ["类别", *BOTH], *lines)
    assert (len(plan.rows("visits")), out(plan)) == (4, [])
    plan = read(
        tmp_path / "低保.xlsx", "visit", ["类别", *BOTH], visit(1, "低保"), visit(2, "低保")
    )
    assert (len(plan.rows("visits")), out(plan)) == (2, [])


def test_a_list_whose_rows_are_all_of_another_ledger(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="2 行写明是低保台账的"):
        read(tmp_path / "x.xlsx", "visit", ["台账", *BOTH], visit(1, "低保"), visit(2, "低保"))


UNION = ["户主姓名", "身份证号", "家庭人口", "保障人数", "月保障金额", "保障状态", *BOTH]
HOUSEHOLDS = [
    ["王建国", IDS[0], 2, 2, 860, "在保"],
    ["赵秀兰", IDS[1], 1, 1, 620, "在保"],
    ["钱大海", IDS[2], 2, 2, 980, "在保"],
]


def union() -> list[offices.Line]:
    first, second = ([*[None] * 6, *visit(n, "")[1:]] for n in (1, 2))
    return [UNION, HOUSEHOLDS[0], first, HOUSEHOLDS[1], HOUSEHOLDS[2], second]


def test_rows_that_fill_the_columns_of_another_ledger(tmp_path: Path) -> None:
    plan = read(tmp_path / "混.xlsx", "dibao", *union())
    assert [r.row for r in plan.rows("households")] == [2, 4, 5]
    assert all(not r.extras for r in plan.rows("households"))
    assert out(plan) == [3, 6]
    assert "2 行填的是走访台账的内容" in told(plan) and "第 3、6 行" in told(plan)
    other = read(tmp_path / "混.xlsx", "visit", *union())
    assert [r.row for r in other.rows("visits")] == [3, 6]
    assert out(other) == [2, 4, 5]


def test_a_household_that_was_visited_is_one_row(tmp_path: Path) -> None:
    """What stands in one row is one record, and what only lacks a cell is none of another's."""
    lines = [[*h, *visit(n, "")[1:]] for n, h in enumerate(HOUSEHOLDS, 1)]
    lines[1][4] = None
    plan = read(tmp_path / "低保.xlsx", "dibao", UNION, *lines)
    assert (len(plan.rows("households")), out(plan)) == (3, [])
