"""Rules across ledgers at the day on which they begin to hold. Today is 30 June 2022."""

from datetime import date

import pytest
from tests.tables import tables_of

from ledgersync.checks.cross import CrossSettings, cross_findings, due_visits
from ledgersync.model import Rows
from ledgersync.schema import Catalog, TableKey, load_catalog

TODAY = date(2022, 6, 30)
WANG, LI = "11010119900307299X", "110101198805061235"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def said(catalog: Catalog, tables: dict[TableKey, Rows], rule: str) -> list[str]:
    found = cross_findings(tables, catalog, TODAY, CrossSettings())
    return [f.message.zh for f in found if f.rule == f"cross.{rule}"]


@pytest.mark.parametrize(
    ("end", "state", "words"),
    [
        ("2022-06-30", "在册", ["停退日期已到"]),
        ("2022-07-01", "在册", []),
        ("", "转出", ["登记为转出"]),
        ("", "在册", []),
    ],
)
def test_a_household_that_perhaps_should_leave(
    catalog: Catalog, end: str, state: str, words: list[str]
) -> None:
    made = tables_of(
        catalog,
        TODAY,
        dibao__households=f"""
        低保证号 | 户主身份证号 | 停退日期 | 保障状态
        DB1      | {WANG}       | {end}    | 在保
        """,
        care__people=f"姓名 | 身份证号 | 包联责任人 | 在册状态\n王芳 | {WANG} | 张伟 | {state}",
    )
    found = said(catalog, made, "dibao_should_exit")
    assert len(found) == len(words) and all(w in f for w, f in zip(words, found, strict=True))


VISITS = f"""
走访日期 | 走访人 | 户址   | 走访对象 | 对象身份证号 | 下次走访日期
{{}}     | 刘洋   | 一号院 | 王芳     | {WANG}       | {{}}
"""


@pytest.mark.parametrize(
    ("on", "next_on", "due", "overdue"),
    [
        ("2022-05-30", "", date(2022, 6, 30), False),  # due today
        ("2022-05-29", "", date(2022, 6, 29), True),
        ("2022-06-30", "", None, False),  # visited today
        ("2022-07-01", "", date(2021, 2, 1), True),  # a visit still to come is none
        ("2022-06-01", "2022-06-15", date(2022, 6, 15), True),
        ("2022-06-01", "2022-07-15", None, False),
    ],
)
def test_when_the_next_visit_is_due(
    catalog: Catalog, on: str, next_on: str, due: date | None, overdue: bool
) -> None:
    made = tables_of(
        catalog,
        TODAY,
        care__people=f"""
        姓名 | 身份证号 | 走访频次 | 住址   | 包联责任人 | 纳入日期   | 在册状态
        王芳 | {WANG}   | 每月     | 一号院 | 张伟       | 2021-01-01 |
        """,
        visit__visits=VISITS.format(on, next_on),
    )
    assert [d.due for d in due_visits(made, catalog, TODAY)] == ([due] if due else [])
    assert bool(said(catalog, made, "visit_due")) is overdue


def test_a_visit_belongs_to_a_name_only_at_its_address(catalog: Catalog) -> None:
    made = tables_of(
        catalog,
        TODAY,
        care__people=f"""
        姓名 | 身份证号 | 走访频次 | 住址   | 包联责任人 | 纳入日期   | 在册状态
        王芳 | {WANG}   | 每月     | 一号院 | 张伟       | 2021-01-01 | 在册
        李强 | {LI}     | 每月     |        | 张伟       | 2021-01-01 | 在册
        """,
        visit__visits="""
        走访日期   | 走访人 | 户址   | 走访对象
        2022-06-29 | 刘洋   | 一号院 | 王芳
        2022-06-29 | 刘洋   |        | 李强
        2022-06-01 | 赵敏   | 一号院 | 王芳
        """,
    )
    assert [(d.record, d.last) for d in due_visits(made, catalog, TODAY)] == [("r2", None)]


@pytest.mark.parametrize(
    ("status", "closed", "revisit", "rules"),
    [
        ("待处理", "", "", ["issue_stale"]),
        ("待处理", "2022-03-01", "", []),
        ("已解决", "2022-03-01", "", ["issue_no_revisit"]),
        ("已解决", "2022-03-01", "2022-03-09", []),
        ("已解决", "2022-05-31", "", []),
        ("已解决", "2022-05-30", "", ["issue_no_revisit"]),
        ("已解决", "", "", []),
        ("", "", "", []),
    ],
)
def test_issues_open_too_long_or_never_asked_about_again(
    catalog: Catalog, status: str, closed: str, revisit: str, rules: list[str]
) -> None:
    made = tables_of(
        catalog,
        TODAY,
        visit__issues=f"""
        登记日期   | 问题描述 | 责任人 | 处理状态 | 办结日期 | 回访日期
        2022-01-05 | 漏水     | 张伟   | {status} | {closed} | {revisit}
        """,
    )
    found = cross_findings(made, catalog, TODAY, CrossSettings())
    assert [f.rule.removeprefix("cross.") for f in found] == rules


@pytest.mark.parametrize(
    ("owner", "left", "words"),
    [
        ("", {}, "还没有责任人"),
        ("张伟", {}, None),
        ("张伟", {"张伟": "赵敏"}, "接手人：赵敏"),
        ("张伟", {"张伟": ""}, "请改为在岗的人"),
    ],
)
def test_issues_that_nobody_is_responsible_for(
    catalog: Catalog, owner: str, left: dict[str, str], words: str | None
) -> None:
    lines = f"登记日期 | 问题描述 | 责任人 | 处理状态\n2022-06-29 | 漏水 | {owner} | 待处理"
    made = tables_of(catalog, TODAY, visit__issues=lines)
    found = cross_findings(made, catalog, TODAY, CrossSettings(left=left))
    assert [f.rule for f in found] == (["cross.unassigned"] if words else [])
    assert words is None or words in found[0].message.zh
