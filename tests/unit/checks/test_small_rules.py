"""Edges of single rules: whom they leave alone, and what their sentences say."""

from dataclasses import replace
from datetime import date

import pytest
from tests.tables import read_text, tables_of, workbook

from ledgersync.checks import check_workbook
from ledgersync.checks.cross import CrossSettings, cross_findings, due_visits
from ledgersync.checks.cross.views import count, day, text
from ledgersync.model import UnknownKind, Value
from ledgersync.schema import load_catalog

CATALOG, TODAY = load_catalog(), date(2022, 6, 30)
WANG, LI = "11010119900307299X", "110101198805061235"


def test_a_household_of_people_who_are_there_is_left_alone() -> None:
    made = tables_of(
        CATALOG,
        TODAY,
        dibao__households=f"""
        低保证号 | 户主身份证号 | 保障人数 | 保障状态
        DB1      | {WANG}       | 1        | 在保
        DB2      | {LI}         |          | 在保
        """,
        dibao__members=f"低保证号 | 身份证号 | 是否享受 | 成员状态\nDB1 | {WANG} | 是 | 在户",
        care__people=f"姓名 | 身份证号 | 包联责任人 | 在册状态\n王芳 | {WANG} | 张伟 | 在册",
    )
    assert cross_findings(made, CATALOG, TODAY) == []


VISITED = f"""
走访日期   | 走访人 | 户址   | 走访对象 | 对象身份证号
2022-01-01 | 刘洋   | 一号院 | 王芳     | {WANG}
2022-01-01 | 刘洋   | 二号院 | 李强     | {LI}
"""


@pytest.mark.parametrize(
    ("grids", "workers"),
    [({}, ["张伟", "刘洋"]), ({"第一网格": "赵敏"}, ["张伟", "赵敏"])],
)
def test_whose_visit_it_is(grids: dict[str, str], workers: list[str]) -> None:
    """The one responsible, else whoever walks the grid, else the last visitor."""
    people = f"""
    姓名 | 身份证号 | 走访频次 | 住址   | 包联责任人 | 所属网格 | 纳入日期   | 在册状态
    王芳 | {WANG}   | 每月     | 一号院 | 张伟       | 第一网格 | 2021-01-01 | 在册
    李强 | {LI}     | 每月     | 二号院 |            | 第一网格 | 2021-01-01 | 在册
    """
    made = tables_of(CATALOG, TODAY, care__people=people, visit__visits=VISITED)
    due = due_visits(made, CATALOG, TODAY, CrossSettings(grid_workers=grids))
    assert {d.record: d.worker for d in due} == dict(zip(("r1", "r2"), workers, strict=True))
    assert {d.last for d in due} == {date(2022, 1, 1)}


@pytest.mark.parametrize(
    ("value", "kinds"),
    [("王", "t"), ("", ""), (None, ""), (3, "c"), (True, ""), (TODAY, "d"), (2.5, "")],
)
def test_what_a_cell_is_for_a_rule(value: Value, kinds: str) -> None:
    found = {"t": text(value), "c": count(value), "d": day(value)}
    assert {kind for kind, v in found.items() if v is not None} == set(kinds)


def test_a_repeated_key_names_three_of_the_others() -> None:
    lines = [f"王芳{n} | {WANG} | 独居老人" for n in range(5)]
    people = read_text(
        CATALOG, ("care", "people"), "\n".join(["姓名 | 身份证号 | 人员类别", *lines]), TODAY
    )
    keys = [
        f for f in check_workbook(workbook(people), CATALOG, TODAY) if f.rule == "duplicate.key"
    ]
    assert [f.row for f in keys] == [2, 3, 4, 5, 6]
    assert "第3行、" in keys[0].message.zh and "第5行等4行" in keys[0].message.zh
    two = read_text(
        CATALOG, ("care", "people"), "\n".join(["姓名 | 身份证号 | 人员类别", *lines[:2]]), TODAY
    )
    [first, _] = [
        f for f in check_workbook(workbook(two), CATALOG, TODAY) if f.rule == "duplicate.key"
    ]
    assert "第3行重复" in first.message.zh


@pytest.mark.parametrize(
    ("typed", "rules"), [("0", ["range"]), ("1", []), ("-3", ["range"]), ("5", [])]
)
def test_a_bound_on_one_side_holds(typed: str, rules: list[str]) -> None:
    text = f"低保证号 | 保障人数\nDB1 | {typed}"
    homes = read_text(CATALOG, ("dibao", "households"), text, TODAY)
    found = check_workbook(workbook(homes), CATALOG, TODAY)
    assert [f.rule for f in found if f.field == "covered_persons"] == rules


@pytest.mark.parametrize(("kind", "told"), [("bare", "没有表头"), ("serial", "只放序号")])
def test_entries_that_no_merge_takes_in_are_told_at_their_cells(
    kind: UnknownKind, told: str
) -> None:
    homes = read_text(CATALOG, ("dibao", "households"), "低保证号 | 旁注\nDB1 | \nDB2 | 记", TODAY)
    beside = replace(homes.unknown_columns[0], kind=kind)
    homes = replace(homes, unknown_columns=(beside,), extras={"旁注": [None, "记"]})
    found = check_workbook(workbook(homes), CATALOG, TODAY)
    [one] = [f for f in found if f.rule == "column.left_out"]
    assert (one.row, one.column, one.severity) == (3, 2, "error") and told in one.message.zh
    assert not [f for f in found if f.rule == "header.unknown"]
