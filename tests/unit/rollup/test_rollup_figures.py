"""Figures of small ledgers that can be counted by hand."""

from datetime import date
from decimal import Decimal

from tests.unit.rollup.small import community, facts, rolled, tables

from ledgersync.rollup.facts import FactTables

A, B = community("360702001001", households=4), community("360702001002", households=2)
HOUSEHOLDS = ("dibao", "households")
PEOPLE = ("care", "people")
VISITS = ("visit", "visits")
ISSUES = ("visit", "issues")
ACTIVITIES = ("volunteer", "activities")
RECORDS = ("volunteer", "records")

# ruff: noqa: E501
DIBAO = """
低保证号 | 户主姓名 | 城乡类别 | 家庭人口数 | 保障人数 | 月保障金额(元) | 分类施保金额(元) | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态 | 停退日期
D1 | 王芳 | 城市 | 3 | 3 | 900 | 100 | 2020-03-01 | 每年 | 2022-02-10 | 在保   |
D2 | 李强 | 农村 | 2 | 1 | 500 |     | 2022-02-15 | 每年 |            | 在保   |
D3 | 张伟 | 城市 | 1 | 1 | 600 |     | 2019-01-01 | 每年 | 2021-01-10 | 退出   | 2022-04-30
D4 | 赵敏 | 农村 | 4 | 2 | 700 |     | 2018-05-01 | 每年 | 2021-05-20 | 渐退期 |
D5 | 陈静 | 城市 | 1 | 1 | 800 |     | 2022-07-01 |      |            | 在保   |
"""


def test_dibao_counts_households_persons_and_money() -> None:
    found = rolled([facts(A, {HOUSEHOLDS: DIBAO})])
    unit = A.code
    assert found.value(unit, "dibao_households") == 3  # D1, D2, D4; D5 starts after the period
    assert found.value(unit, "dibao_persons") == 6
    assert found.value(unit, "dibao_households_urban") == 1
    assert found.value(unit, "dibao_persons_rural") == 3
    assert found.value(unit, "dibao_opening") == 3  # D1, D3, D4
    assert found.value(unit, "dibao_new") == 1
    assert found.value(unit, "dibao_exited") == 1
    # D1 and D4 six months, D2 five (from February), D3 three (on 30 April it was out)
    assert found.value(unit, "dibao_amount") == Decimal("6000") + 4200 + 2500 + 1800
    assert found.imbalances == ()


def test_a_household_that_left_without_a_date_does_not_balance() -> None:
    text = DIBAO.replace("在保   |\nD3", "退出   |\nD3")  # D2: started in the period, out, no date
    found = rolled([facts(A, {HOUSEHOLDS: text})])
    assert {(i.unit, i.left, i.right) for i in found.imbalances if "户数" in i.name} == {
        (A.code, 4, 3), ("360702001000", 4, 3), ("360702", 4, 3),
    }  # fmt: skip


def test_reviews_done_count_as_due() -> None:
    found = rolled([facts(A, {HOUSEHOLDS: DIBAO})])
    rate = found.get(A.code, "dibao_review_rate")
    assert rate is not None
    # done: D1. Due: D1, D4 (2021-05-20 + a year). D3 has left, D2 is due in 2023.
    assert (rate.numerator, rate.denominator, rate.value) == (1, 2, 0.5)


REVIEWED = """
低保证号 | 户主姓名 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
D1       | 王芳     | 2021-01-01   | 每季度   | 2022-06-20   | 在保
D2       | 李强     | 2021-01-01   | 每季度   | 2022-06-21   | 在保
D3       | 赵敏     | 2021-01-01   | 每季度   | 2022-03-05   | 在保
D4       | 钱进     | 2021-01-01   | 每季度   | 2022-06-22   | 在保
"""
AT_THE_END_OF_MARCH = """
低保证号 | 户主姓名 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
D1       | 王芳     | 2021-01-01   | 每季度   | 2022-03-01   | 在保
D2       | 李强     | 2021-01-01   | 每季度   | 2021-11-01   | 在保
D3       | 赵敏     | 2021-01-01   | 每季度   | 2021-11-02   | 在保
D4       | 钱进     | 2021-01-01   | 每季度   |              | 在保
"""


def review_rate(as_of: dict[date, FactTables] | None = None) -> tuple[object, object]:
    found = rolled([facts(A, {HOUSEHOLDS: REVIEWED}, as_of)], "2022Q1")
    rate = found.get(A.code, "dibao_review_rate")
    assert rate is not None
    return rate.numerator, rate.denominator


def test_a_later_review_does_not_hide_that_of_a_past_period() -> None:
    then = tables({HOUSEHOLDS: AT_THE_END_OF_MARCH})[HOUSEHOLDS]
    # done: D1 (as the journal says) and D3 (typed in late); D2 was overdue, D4 never reviewed
    assert review_rate({date(2022, 3, 31): {HOUSEHOLDS: then}}) == (2, 4)


def test_without_a_journal_a_household_reviewed_since_is_not_known() -> None:
    assert review_rate() == (1, 1)
    then = tables({HOUSEHOLDS: AT_THE_END_OF_MARCH})[HOUSEHOLDS][:1]
    assert review_rate({date(2022, 3, 31): {HOUSEHOLDS: then}}) == (2, 2), "one was known then"


CARE = """
姓名 | 身份证号 | 人员类别 | 走访频次 | 住址 | 纳入日期 | 在册状态 | 退出日期
王桂兰 | 360702194001012320 | 独居老人、高龄老人 | 每月 | 解放路5号2栋101 | 2021-01-15 | 在册 |
李长根 |                    | 高龄老人 | 每季度 | 解放路5号2栋102 | 2022-03-01 | 在册 |
张福生 |                    | 特困人员 | 每月   | 解放路5号2栋103 | 2021-06-01 | 去世 | 2022-03-20
"""
CARE_VISITS = """
走访日期 | 户址 | 走访对象 | 对象身份证号
2022-01-20 | 解放路5号2栋101 | 王桂兰 | 360702194001012320
2022-01-25 | 解放路5号2栋101 | 王桂兰 | 360702194001012320
2022-04-01 | 解放路5号 2幢102室 | 李长根 |
2022-04-02 | 解放路5号 2幢102室 | 李长根 |
2022-02-01 | 解放路5号2栋103 | 张福生 |
2022-05-01 | 解放路5号2栋103 | 张福生 |
"""


def test_care_counts_cycles_and_the_visits_that_belong_to_them() -> None:
    found = rolled([facts(A, {PEOPLE: CARE, VISITS: CARE_VISITS})])
    assert found.value(A.code, "care_people") == 2
    assert found.value(A.code, "care_people.高龄老人") == 2
    assert found.value(A.code, "care_people.独居老人") == 1
    assert found.value(A.code, "care_people.孤儿") == 0
    rate = found.get(A.code, "care_visit_rate")
    assert rate is not None
    # due: 王 6, 李 1 (1 June), 张 3 (January to March); done: 王 2, 李 1 of 2, 张 1 (one after death)
    assert (rate.numerator, rate.denominator) == (4, 10)


def test_due_visits_of_the_months_add_up_to_the_half_year() -> None:
    unit = facts(A, {PEOPLE: CARE})
    months = [rolled([unit], f"2022-{m:02d}").value(A.code, "care_visits_due") for m in range(1, 7)]
    assert sum(m for m in months if isinstance(m, int)) == 10


VISITED = """
走访日期 | 户址 | 走访结果 | 走访轮次 | 满意度
2022-01-05 | 解放路5号1栋101室 | 见到本人 | 1 | 满意
2022-02-05 | 解放路 5号1幢101   | 无人在家 | 1 |
2022-03-05 | 3栋201 | 见到家属 | 2 | 不满意
2021-03-05 | 3栋202 | 见到家属 | 2 | 基本满意
"""
ELSEWHERE = """
走访日期 | 户址 | 走访结果 | 满意度
2022-01-06 | 解放路5号1号楼101 | 见到本人 | 未询问
2022-01-07 | 3栋201 | 谢绝走访 | 基本满意
"""


def test_homes_are_counted_anew_at_each_level() -> None:
    found = rolled([facts(A, {VISITS: VISITED}), facts(B, {VISITS: ELSEWHERE})])
    assert found.value(A.code, "visits_made") == 3
    assert found.value(A.code, "visits_households") == 2
    assert found.value(B.code, "visits_households") == 2
    # 解放路5号1栋101 is one home; 3栋201 is one home in each community
    assert found.value("360702", "visits_households") == 4
    assert found.value("360702001000", "visits_households_round.1") == 1
    assert found.value(B.code, "visits_households_round.1") == 0


def test_rates_keep_their_parts() -> None:
    found = rolled([facts(A, {VISITS: VISITED}), facts(B, {VISITS: ELSEWHERE})])
    met = found.get("360702", "visits_met_rate")
    coverage = found.get("360702", "visits_coverage")
    satisfied = found.get("360702", "visit_satisfaction_rate")
    assert met and coverage and satisfied
    assert (met.numerator, met.denominator) == (3, 5)
    assert (coverage.numerator, coverage.denominator, coverage.value) == (4, 6, 4 / 6)
    assert (satisfied.numerator, satisfied.denominator) == (2, 3)


def test_windows_for_comparison() -> None:
    found = rolled([facts(A, {VISITS: VISITED})], "2022Q1")
    assert found.value(A.code, "visits_made") == 3
    assert found.value(A.code, "visits_made", "year_before") == 1
    assert found.value(A.code, "visits_made", "previous") == 0
    quarter = rolled([facts(A, {VISITS: VISITED})], "2022Q2")
    assert quarter.value(A.code, "visits_made") == 0
    assert quarter.value(A.code, "visits_made", "year_to_date") == 3


REPORTED = """
登记日期 | 来源 | 问题类别 | 问题描述 | 办理时限 | 处理状态 | 办结日期 | 回访日期 | 回访满意度
2022-01-10 | 走访 | 管道疏通 | 堵 | 2022-01-20 | 已解决 | 2022-01-15 | 2022-01-30 | 满意
2022-02-10 | 12345 | 管道疏通 | 漏 | 2022-02-20 | 已解决 | 2022-07-02 | |
2022-03-10 | 走访 | 电梯 | 停 | 2022-03-20 | 暂不具备条件 | | |
2022-04-10 | 走访 | 电梯 | 坏 | 2022-12-31 | 已转办 | | |
2022-05-10 | | | 吵 | | 已答复 | | |
2021-12-01 | 走访 | 电梯 | 旧 | 2022-01-31 | 已解决 | 2022-02-01 | |
2021-12-02 | 走访 | 电梯 | 慢 | 2022-01-31 | 待处理 | | |
"""


def test_problems_by_their_state_at_the_end_of_the_period() -> None:
    found = rolled([facts(A, {ISSUES: REPORTED})])
    values = {f.indicator: f.value for f in found if f.unit == A.code}
    assert values["issues_collected"] == 5
    assert values["issues_resolved"] == 2  # the one closed in July was still open
    assert values["issues_in_progress"] == 2
    assert values["issues_not_feasible"] == 1
    assert values["issues_pending"] == 0
    assert values["issues_carried_in"] == 2
    assert values["issues_closed"] == 3
    assert values["issues_open_end"] == 4
    assert values["issues_overdue"] == 3
    assert values["issue_categories"] == 2
    assert values["issues_collected.管道疏通"] == 2
    assert values["issues_collected.未填写"] == 1
    assert values["issues_source.走访"] == 3
    assert values["issue_resolution_rate"] == 0.4
    assert values["issue_on_time_rate"] == 0.5
    assert values["issue_revisit_rate"] == 0.5
    assert values["issue_satisfaction_rate"] == 1.0
    assert values["issue_days_median"] == 33.5  # 5 and 62 days
    assert found.imbalances == ()


ACTIVE = """
活动编号 | 活动名称 | 党员志愿 | 活动日期 | 活动时长(小时) | 参加人数 | 受益人次
H1 | 清洁家园 | 是 | 2022-03-05 | 2 | 9 | 100
H2 | 敬老爱老 | 否 | 2022-04-05 | 3 | 4 | 20
H3 | 主题党日学习 | 是 | 2022-05-05 | 2 | 30 |
H4 | 义诊 | 否 | 2021-05-05 | 2 | 5 | 10
"""
SERVED = """
活动编号 | 志愿者姓名 | 证件号码 | 服务时长(小时) | 联系电话
H1 | 王芳 | 360702194001012320 | 2 |
H1 | 李强 | | 1.5 | 13800001234
H3 | 赵敏 | | 2 | 13800005678
H4 | 李强 | | 2 | 13800001234
"""


def test_volunteering() -> None:
    found = rolled([facts(A, {ACTIVITIES: ACTIVE, RECORDS: SERVED})])
    values = {f.indicator: f.value for f in found if f.unit == A.code}
    assert values["volunteer_activities"] == 2
    assert values["volunteer_activities_party"] == 1
    assert values["volunteer_person_times"] == 6  # two records of H1, four participants of H2
    assert values["volunteer_hours"] == 15.5
    assert values["volunteers_active"] == 2
    assert values["volunteers_registered"] == 2
    assert values["volunteer_beneficiaries"] == 120


def test_the_same_volunteer_in_two_communities_is_one_person() -> None:
    pair = [facts(u, {ACTIVITIES: ACTIVE, RECORDS: SERVED}) for u in (A, B)]
    found = rolled(pair)
    assert found.value("360702", "volunteers_active") == 2
    assert found.value("360702", "volunteer_activities") == 4


def test_rows_with_an_error_make_the_error_rate() -> None:
    text = VISITED.replace("3栋201", "")  # household is required
    figure = rolled([facts(A, {VISITS: text})]).get(A.code, "data_error_rate")
    assert figure is not None
    assert (figure.numerator, figure.denominator) == (1, 4)
