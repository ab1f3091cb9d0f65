"""What falls due besides visits, whose work it is, and when somebody was visited last."""

from datetime import date

import pytest
from tests.tables import tables_of

from ledgersync.checks.cross import CrossSettings, due_issues, due_reviews, last_visits
from ledgersync.schema import load_catalog

CATALOG, TODAY = load_catalog(), date(2022, 6, 30)
WANG, LI = "11010119900307299X", "110101198805061235"
HOMES = f"""
低保证号 | 户主姓名 | 户主身份证号 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态 | 所属网格
DB1      | 王芳     | {WANG}       | 2020-01-01   | 每季度   | 2022-03-30   | 在保     | 第一网格
DB2      | 李强     | {LI}         | 2020-01-01   | 每季度   | 2022-04-01   | 在保     | 第一网格
DB3      | 赵敏     |              | 2020-01-01   | 每季度   | 2022-03-01   | 退出     | 第一网格
DB4      |          |              | 2022-01-01   | 每季度   |              | 渐退期   |
DB5      | 周涛     |              |              | 每季度   |              | 在保     | 第一网格
"""


def test_reviews_that_fall_due_by_a_day() -> None:
    made = tables_of(CATALOG, TODAY, dibao__households=HOMES)
    settings = CrossSettings(grid_workers={"第一网格": "张伟"}, left={"张伟": "刘洋"})
    found = due_reviews(made, CATALOG, TODAY, settings)
    assert [(d.record, d.worker, d.name, str(d.due)) for d in found] == [
        ("r1", "刘洋", "王芳", "2022-06-30"),
        ("r4", None, None, "2022-04-01"),
    ]
    assert [d.record for d in due_reviews(made, CATALOG, date(2022, 7, 1))] == ["r1", "r2", "r4"]
    assert {d.table for d in found} == {("dibao", "households")}


def test_issues_that_fall_due_by_a_day() -> None:
    made = tables_of(
        CATALOG,
        TODAY,
        visit__issues="""
        登记日期   | 问题描述 | 责任人 | 责任单位 | 办理时限   | 处理状态     | 办结日期
        2022-06-09 | 路灯     | 张伟   |          |            | 待处理       |
        2022-06-10 | 井盖     | 张伟   |          |            | 待处理       |
        2022-06-29 | 水管     |        | 物业     | 2022-06-30 | 已转办       |
        2022-01-01 | 电梯     |        |          | 2022-07-01 | 协调处置中   |
        2022-01-01 | 道路     |        |          |            | 已解决       |
        2022-01-01 | 道路     |        |          |            | 待处理       | 2022-02-01
        """,
    )
    found = due_issues(made, CATALOG, TODAY, CrossSettings(left={"张伟": "刘洋"}))
    assert [(d.record, d.worker, d.name, str(d.due)) for d in found] == [
        ("r1", "刘洋", "路灯", "2022-06-30"),  # 15 working days
        ("r3", "物业", "水管", "2022-06-30"),
    ]
    longer = CrossSettings(issue_stale_workdays=16)
    assert [d.record for d in due_issues(made, CATALOG, TODAY, longer)] == ["r3"]


def test_when_each_record_was_visited_last() -> None:
    made = tables_of(
        CATALOG,
        TODAY,
        care__people=f"""
        姓名 | 身份证号 | 住址
        王芳 | {WANG}   | 一号院
        李强 |          | 二 号院
        赵敏 |          | 三号院
        """,
        visit__visits=f"""
        走访日期   | 户址   | 走访对象 | 对象身份证号
        2022-05-20 | 一号院 | 王芳     | {WANG}
        2022-05-01 | 一号院 | 王芳     | {WANG}
        2022-07-01 | 一号院 | 王芳     | {WANG}
        2022-03-30 | 二号院 | 李强     |
        2022-03-30 | 四号院 | 赵敏     |
        """,
    )
    found = last_visits(made, CATALOG, ("care", "people"), TODAY)
    assert found == {"r1": date(2022, 5, 20), "r2": date(2022, 3, 30)}
    assert last_visits(made, CATALOG, ("visit", "visits"), TODAY) == {}


GRIDS = {"第一网格": "张伟", "第二网格": "刘洋"}


@pytest.mark.parametrize(
    ("grid", "worker"),
    [("第一网格", "张伟"), ("1网格", "张伟"), ("第9网格", None), ("", None), (None, None)],
)
def test_who_works_in_a_grid_however_it_is_spelled(grid: str | None, worker: str | None) -> None:
    assert CrossSettings(grid_workers=GRIDS).worker_of(grid) == worker


@pytest.mark.parametrize(
    ("worker", "grid", "on_duty"),
    [
        ("王芳", None, "王芳"),
        ("李强", None, "赵敏"),  # passed on twice
        ("周涛", None, None),  # left, and nobody took over
        (None, "第一网格", None),
        ("张伟", "第三网格", "张伟（东）"),  # of two of one name, the one whose grid it is
        ("张伟（西）", "第三网格", "张伟（西）"),
        ("刘洋", "第三网格", "刘洋"),
    ],
)
def test_whose_work_it_is_now(worker: str | None, grid: str | None, on_duty: str | None) -> None:
    left = {"李强": "钱进", "钱进": "赵敏", "周涛": ""}
    settings = CrossSettings(grid_workers={"第三网格": "张伟（东）"}, left=left)
    assert (settings.on_duty(worker, grid) or None) == on_duty
