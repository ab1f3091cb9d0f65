"""Figures are what their printed definition says, and say what they lack."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook
from tests.unit.rollup.small import CATALOG, community, facts, rolled

from ledgersync.messages import literal
from ledgersync.report.summary import Summary
from ledgersync.report.wording import change_text
from ledgersync.rollup.facts import MissingUnit
from ledgersync.rollup.figures import Figure, RollUp

A = community("360702001001", "幸福社区", households=4)
B = community("360702001002", "光明社区", households=2)
C = community("360702001003", "和平社区", households=10)
VISITS, ISSUES = ("visit", "visits"), ("visit", "issues")
HOUSEHOLDS, PEOPLE = ("dibao", "households"), ("care", "people")
DISTRICT = "360702"
VISITED = """
走访日期 | 户址 | 走访结果
2022-02-01 | 1-1 | 见到本人
2022-03-01 | 1-2 | 见到本人
"""


def figure(found: RollUp, unit: str, indicator: str) -> Figure:
    got = found.get(unit, indicator)
    assert got is not None, indicator
    return got


def test_a_rate_is_of_the_units_whose_numerator_is_there() -> None:
    units = [facts(A, {VISITS: VISITED}), facts(B, {VISITS: VISITED}), facts(C, {})]
    found = rolled(units)
    coverage = figure(found, DISTRICT, "visits_coverage")
    assert (coverage.numerator, coverage.denominator) == (4, 6), "not of the ten of 和平社区"
    assert (len(coverage.counted.units), len(coverage.counted.expected)) == (2, 3)
    assert found.value(DISTRICT, "unit_households") == 16, "the sum of the configuration"
    assert found.get(C.code, "visits_coverage") is None


def test_a_unit_that_did_not_report_at_all_is_in_the_sum_of_homes_only() -> None:
    missing = [MissingUnit(C.code, literal("没有", "none"), None)]
    found = rolled([facts(A, {VISITS: VISITED})], listed=[C], missing=missing)
    assert found.value(DISTRICT, "unit_households") == 14
    coverage = figure(found, DISTRICT, "visits_coverage")
    assert (coverage.numerator, coverage.denominator) == (2, 4)


CARED = """
姓名 | 身份证号 | 人员类别 | 走访频次 | 纳入日期 | 在册状态
王桂兰 | 360702194001012320 | 独居老人 | 每月 | 2021-01-15 | 在册
"""
CALLED = """
走访日期 | 户址 | 对象身份证号
2022-01-20 | 1-1 | 360702194001012320
"""


def test_due_visits_of_a_unit_without_visits_are_not_below_the_line() -> None:
    both = facts(A, {PEOPLE: CARED, VISITS: CALLED})
    found = rolled([both, facts(B, {PEOPLE: CARED})])
    rate = figure(found, DISTRICT, "care_visit_rate")
    assert (rate.numerator, rate.denominator) == (1, 6)
    assert found.value(DISTRICT, "care_visits_due") == 12


CLOSED = [
    # 办结日期, counts as closed, in doubt
    ("2022-03-01", 1, 0),
    ("", 1, 0),  # not filled in: closed on the day it was raised
    ("2022-02-01", 1, 0),  # the day it was raised
    ("2022-01-31", 0, 1),  # before it was raised
    ("2022-02-30", 0, 1),
    ("三月初", 0, 1),
]


@pytest.mark.parametrize(("closed", "counts", "doubt"), CLOSED)
def test_a_closing_day_that_is_none_closes_nothing(closed: str, counts: int, doubt: int) -> None:
    text = f"登记日期 | 问题描述 | 处理状态 | 办结日期\n2022-02-01 | 堵 | 已解决 | {closed}"
    found = rolled([facts(A, {ISSUES: text})])
    for name in ("issues_resolved", "issues_closed"):
        got = figure(found, A.code, name)
        assert (got.value, got.left_out) == (counts, doubt), name
    assert found.value(A.code, "issues_in_progress") == 1 - counts
    assert found.value(A.code, "issues_open_end") == 1 - counts
    assert figure(found, DISTRICT, "issue_resolution_rate").left_out == doubt
    assert figure(found, A.code, "issues_collected").left_out == 0
    assert found.imbalances == ()


UNREAD = [
    # a row of the visits beside two good ones, rows left out of 走访户次
    ("2022-02-30 | 1-3 | 见到本人", 1),
    ("二月 | 1-3 | 见到本人", 1),
    (" | 1-3 | 见到本人", 1),  # required, and not filled in
    ("2022-02-03 | 1-3 | 看见了", 0),  # a result that is none has a day
    ("2021-02-03 | 1-3 | 见到本人", 0),  # of another period
]


@pytest.mark.parametrize(("row", "left_out"), UNREAD)
def test_rows_without_a_day_stand_beside_the_figure(row: str, left_out: int) -> None:
    found = rolled([facts(A, {VISITS: f"{VISITED}{row}"}), facts(B, {VISITS: VISITED})])
    assert figure(found, A.code, "visits_made").left_out == left_out
    assert figure(found, DISTRICT, "visits_made").left_out == left_out
    assert figure(found, DISTRICT, "visits_coverage").left_out == left_out
    assert figure(found, B.code, "visits_made").left_out == 0
    assert found.value(A.code, "visits_made") == (3 if row.startswith("2022-02-03") else 2)


def test_a_result_that_is_none_is_told_where_results_count() -> None:
    found = rolled([facts(A, {VISITS: f"{VISITED}2022-02-03 | 1-3 | 看见了"})])
    assert figure(found, A.code, "visits_met_rate").left_out == 1


def test_an_amount_that_is_none_is_told() -> None:
    text = """
户主姓名 | 保障人数 | 月保障金额(元) | 享受起始日期 | 保障状态
王芳 | 1 | 若干 | 2021-01-01 | 在保
"""
    amount = figure(rolled([facts(A, {HOUSEHOLDS: text})]), A.code, "dibao_amount")
    assert (amount.value, amount.left_out) == (Decimal(0), 1)


REVIEWS = """
户主姓名 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态 | 停退日期
王芳 | 2021-01-01 | 每季度 | 2022-06-20 | 在保 |
李强 | 2021-01-01 | 每季度 | 2022-03-05 | 在保 |
赵敏 | 2022-05-01 | 每季度 | 2022-06-20 | 在保 |
钱进 | 2020-05-01 | 每季度 | 2022-06-20 | 退出 | 2021-12-31
"""


def test_a_household_reviewed_since_is_not_known_and_said() -> None:
    found = rolled([facts(A, {HOUSEHOLDS: REVIEWS})], "2022Q1")
    for name in ("dibao_reviews_done", "dibao_reviews_due", "dibao_review_rate"):
        assert figure(found, A.code, name).excluded == 1, "王芳; 赵敏 came later, 钱进 had left"
    rate = figure(found, DISTRICT, "dibao_review_rate")
    assert (rate.numerator, rate.denominator, rate.excluded) == (1, 1, 1)


def test_a_running_year_ends_today() -> None:
    text = """
户主姓名 | 保障人数 | 月保障金额(元) | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
王芳 | 1 | 100 | 2021-01-01 | 每年 | 2021-09-01 | 在保
李强 | 1 | 100 | 2021-01-01 | 每年 | 2021-03-01 | 在保
"""
    found = rolled([facts(A, {HOUSEHOLDS: text})], "2022", today=date(2022, 7, 5))
    assert found.value(A.code, "dibao_amount") == Decimal(1200), "January to June, both"
    assert found.value(A.code, "dibao_reviews_due") == 1, "王芳 is due in September"


@pytest.mark.parametrize("name", ["unit_households", "data_error_rate"])
def test_what_is_the_same_in_every_period_is_not_compared(name: str) -> None:
    found = rolled([facts(A, {VISITS: VISITED})])
    assert found.get(A.code, name) is not None
    assert found.get(A.code, name, "year_before") is None
    assert found.get(A.code, name, "previous") is None


def visits(first: date, count: int) -> str:
    """One visit a day from a day on."""
    days = [first + timedelta(n) for n in range(count)]
    return "走访日期 | 户址\n" + "\n".join(f"{day} | {n}-1" for n, day in enumerate(days))


COMPARED = [
    # a unit's visits, the other's, the period, why the year before is no base
    (visits(date(2021, 1, 2), 500), "", "2022H1", None),
    (visits(date(2021, 5, 27), 300), "", "2022H1", "台账从 2021-05-27 起才有记录"),
    (visits(date(2021, 1, 10), 19) + "\n2022-03-01 | 1-1", "", "2022H1", "基数不足 20"),
    (visits(date(2021, 1, 10), 20) + "\n2022-03-01 | 1-1", "", "2022H1", None),
    (visits(date(2021, 1, 2), 600), "", "2022", "本期尚未结束"),
    (
        visits(date(2021, 1, 2), 500),
        visits(date(2022, 2, 1), 50),
        "2022H1",
        "报送的社区不同：本期 2 个，当时 1 个",
    ),
]


@pytest.mark.parametrize(("mine", "other", "period", "why"), COMPARED)
def test_what_cannot_be_compared_says_why(
    mine: str, other: str, period: str, why: str | None
) -> None:
    units = [facts(A, {VISITS: mine}), *([facts(B, {VISITS: other})] if other else [])]
    found = rolled(units, period)
    said = found.not_comparable.get((DISTRICT, "visits_made", "year_before"))
    assert (said.zh if said else None) == why
    [line] = [x for x in found.lines if x.id == "visits_made"]
    assert (change_text(found, DISTRICT, line, "year_before") == "不可比") == (why is not None)


def test_a_unit_that_got_another_ones_rows_is_not_compared() -> None:
    ended = community(A.code, "幸福社区", valid_to="2021-12-31", succeeded_by=[B.code])
    old, heir = visits(date(2021, 1, 2), 300), visits(date(2021, 1, 2), 500)
    found = rolled([facts(ended, {VISITS: old}), facts(B, {VISITS: heir})])
    why = found.not_comparable[B.code, "visits_made", "year_before"]
    assert why.zh == "单位有调整"
    assert (DISTRICT, "visits_made", "year_before") not in found.not_comparable


def test_what_a_unit_brings_with_it_is_no_imbalance() -> None:
    ended = community(A.code, "幸福社区", valid_to="2022-03-31", succeeded_by=[B.code])
    found = rolled([facts(ended, {HOUSEHOLDS: REVIEWS}), facts(B, {HOUSEHOLDS: REVIEWS_OF_B})])
    assert found.value(B.code, "dibao_opening") == 1
    assert found.value(B.code, "dibao_households") == 4
    assert found.imbalances == ()


REVIEWS_OF_B = """
户主姓名 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
孙梅 | 2020-01-01 | 每季度 | 2022-06-20 | 在保
"""


def sheet_rows(book: Workbook, name: str) -> list[list[object]]:
    return [[c.value for c in row] for row in book[name].iter_rows()]


def test_every_sheet_marks_the_units_that_are_missing() -> None:
    missing = [MissingUnit(C.code, literal("没有", "none"), None)]
    units = [facts(A, {VISITS: VISITED}), facts(B, {HOUSEHOLDS: REVIEWS})]
    found = rolled(units, listed=[C], missing=missing)
    for level in ("community", "street", "district"):
        book = Summary(found, CATALOG, level, date(2022, 7, 5)).build()
        rows = sheet_rows(book, "走访")
        [total] = [r for r in rows if r[0] == "走访户次"]
        [said] = [r[0] for r in rows if str(r[0]).endswith(" 1/3 个社区，缺：光明社区、和平社区")]
        assert str(total[7]).startswith(str(said)[0])
        lines = [r for r in sheet_rows(book, "分单位明细") if r[:3] == ["合计", "低保", "低保户数"]]
        assert [str(r[9]).split("；")[0] for r in lines] == ["1/3 个社区，缺：幸福社区、和平社区"]
        if level == "district":
            continue
        beside = sheet_rows(book, "走访·分单位")
        assert "缺：光明社区、和平社区" in str(next(r for r in beside if r[0] == "合计")[1])
        if level == "community":
            assert next(r for r in beside if r[0] == "光明社区")[2] == "空台账"
            assert next(r for r in beside if r[0] == "和平社区")[2] == "缺报"
            details = sheet_rows(book, "分单位明细")
            assert [r[9] for r in details if r[:2] == ["光明社区", "走访"]] == ["空台账"]
