"""差错率 counted by hand: rows with planted errors, one kind each, beside rows with none.

The definition as it is printed: of all records, those with at least one error; warnings and
hints do not count, and a record with several errors counts once.
"""

import pytest
from tests.offices import id_number
from tests.unit.rollup.small import community, facts, rolled

A = community("360702001001", "甲社区")
ISSUES, VISITS = ("visit", "issues"), ("visit", "visits")
PEOPLE, HOUSEHOLDS = ("care", "people"), ("dibao", "households")
GOOD_ID, OTHER_ID = id_number("19400101", 1), id_number("19410101", 2)
WRONG_CHECK = GOOD_ID[:17] + ("0" if GOOD_ID[17] != "0" else "1")
LINES = {
    VISITS: (
        "走访日期 | 走访人 | 户址 | 走访方式 | 满意度",
        "2022-03-01 | 赵敏 | 东路1号 | 入户 | 满意",
    ),
    ISSUES: (
        "登记日期 | 问题描述 | 处理状态 | 办结日期 | 办理时限",
        "2022-03-01 | 灯不亮 | 已解决 | 2022-03-05 | 2022-03-20",
    ),
    PEOPLE: (
        "姓名 | 身份证号 | 人员类别 | 住址 | 联系电话 | 纳入日期",
        f"王芳 | {GOOD_ID} | 独居老人 | 东路1号 | 13800000001 | 2020-01-01",
    ),
    HOUSEHOLDS: (
        "低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态",
        f"D1 | 王芳 | {GOOD_ID} | 3 | 2 | 900 | 在保",
    ),
}  # fmt: skip
ERRORS = [
    (VISITS, "2022-13-01 | 赵敏 | 东路2号 | 入户 | 满意"),  # no such day
    (VISITS, "2023-01-01 | 赵敏 | 东路2号 | 入户 | 满意"),  # in the future
    (VISITS, "2022-03-01 | 赵敏 |  | 入户 | 满意"),  # required
    (VISITS, "2022-03-01 | 赵敏 | 东路2号 | 托梦 | 满意"),  # no such choice
    (VISITS, "2022-13-01 | 赵敏 |  | 托梦 | 满意"),  # three errors, one record
    (ISSUES, "2022-03-01 | 漏水 | 已解决 | 2022-02-01 |"),  # ends before it begins
    (ISSUES, "2022-03-01 | 漏水 |  |  |"),
    (PEOPLE, f"李强 | {WRONG_CHECK} | 独居老人 | 东路2号 | 13800000002 | 2020-01-01"),
    (PEOPLE, f"李强 | {OTHER_ID} | 独居老人 | 东路2号 | 123 | 2020-01-01"),
    (HOUSEHOLDS, f"D2 | 李强 | {OTHER_ID} | 3 | 5 | 900 | 在保"),  # more covered than there are
    (HOUSEHOLDS, f"D2 | 李强 | {OTHER_ID} | 三四 | 2 | 约900 | 在保"),
]
CLEAN = [
    (VISITS, "2022-03-02 | 赵敏 | 东路3号 | 上门 |"),  # a synonym: a hint
    (ISSUES, "2022-03 | 漏水 | 待处理 |  |"),  # a month: a hint
    (PEOPLE, "李强 |  | 独居老人 | 东路2号 |  |"),  # an id is wanted: a warning
]


def rate(lines: list[tuple[tuple[str, str], str]]) -> tuple[object, object]:
    texts = {key: "\n".join(good) for key, good in LINES.items()}
    for key, line in lines:
        texts[key] += f"\n{line}"
    figure = rolled([facts(A, texts)]).get(A.code, "data_error_rate")
    assert figure is not None
    return figure.numerator, figure.denominator


@pytest.mark.parametrize("planted", ERRORS, ids=[line for _, line in ERRORS])
def test_a_record_with_an_error_counts_once(planted: tuple[tuple[str, str], str]) -> None:
    assert rate([planted]) == (1, 5)


@pytest.mark.parametrize("planted", CLEAN, ids=[line for _, line in CLEAN])
def test_warnings_and_hints_do_not_count(planted: tuple[tuple[str, str], str]) -> None:
    assert rate([planted]) == (0, 5)


def test_all_of_them_together() -> None:
    apart = [line for n, line in enumerate(ERRORS) if n not in (8, 10)]  # the same keys again
    assert rate([*apart, *CLEAN[:2]]) == (len(apart), 4 + len(apart) + 2)
