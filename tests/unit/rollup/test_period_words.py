"""How people write periods, read on 5 July 2022."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.errors import UsageFault
from ledgersync.rollup.period.words import parse_period

TODAY = date(2022, 7, 5)

WORDS = """
2022-06        2022年6月 2022年06月 2022年6月份 2022.6 2022.06 2022/6 202206 2022-6 ２０２２年６月
2022-06        上月 上个月 上一个月 上月份 last-month 二〇二二年六月
2022-06        二零二二年6月 22年6月 6月 六月份 今年6月
2022-05        上上月 上上个月 5月
2022-07        本月 这个月 当月 this-month 7月份
2021-08        8月 八月 去年8月 2021年8月
2021-11        2021.11 11月 去年十一月
2022Q2         2022q2 2022-Q2 2022年第二季度 2022年二季度 2022第2季度
2022Q2         2022年2季度 上季度 上个季度 上一季度 上季
2022Q2         二季度 第二季度 Q2 last-quarter
2022Q2         2022.4-6 2022年4月至6月 2022.04-2022.06 2022-04..2022-06 近三个月
2022Q2         最近3个月 过去三个月 last-3-months 近一季度
2022Q2         2022年4到6月 4-6月 2022-04-01至2022-06-30
2022Q2         2022年4月1日至2022年6月30日 2022-04-2022-06 2022Q2..2022-06 本年二季度
2022Q1         一季度 2022年1-3月 今年第一季度
2022Q3         本季度 这季度 this-quarter 三季度
2021Q4         四季度 去年四季度 2021年10-12月 上年第四季度
2022H1         2022h1 2022上半年 2022年上半年 2022年度上半年
2022H1         上半年 今年上半年 2022年1-6月 2022年1月-6月
2022H1         2022年1月至6月 1至6月 一月到六月 上个半年 last-half-year
2022H1         近半年 近六个月 2022.1-2022.6 2022Q1..Q2 2022年一至二季度
2022H2         下半年 2022年下半年 本半年 今年下半年
2021H2         去年下半年 2021下半年 2021年7-12月
2022           2022年 2022年度 2022全年 今年 本年 本年度 今年全年 this-year 2022年1-12月
2021           去年 上年 上年度 上一年 去年全年 last-year 2021 二〇二一年
2020           前年
2022-01..2022-07 今年以来 年初至今 本年累计 今年1月至今 2022年1月至7月 2022年1-7月
2021-07..2022-06 近一年 近12个月 过去一年 2021年7月至2022年6月 2021.7-2022.6
2021-01..2021-09 2021年前三季度 去年前三季度 2021年1-9月 2021-01..2021-09 2021年1至3季度
"""


NO_PERIODS = """
2022-01-06 20221 2022.13 13月 2022年0月 2022年6-1月 2022年五季度 2022Q5
2022年13月 22-06 22 6 1-6 2022-06-15 2022-01-01至2022-06-29 2022-01-02至2022-06-30
去年同期 昨天 近零个月 近0个月 上下半年 2022H3 0022 9999年
前五季度 2022年以前 2022..2021 2022-02-30至2022-03-31 明年 半年 季度 至今
年
"""


@pytest.mark.parametrize(
    ("canonical", "text"),
    [(line.split()[0], text) for line in WORDS.strip().splitlines() for text in line.split()[1:]],
)
def test_words(canonical: str, text: str) -> None:
    assert parse_period(text, TODAY).text == canonical


@pytest.mark.parametrize("text", ["2022 年 上半年", " 2022上半年。", "2022 - 06", "last month"])
def test_blanks_do_not_matter(text: str) -> None:
    assert parse_period(text, TODAY).first.year == 2022


@pytest.mark.parametrize(
    "text",
    NO_PERIODS.split(),
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageFault, match="看不懂的统计期") as caught:
        parse_period(text, TODAY)
    assert "2022上半年" in caught.value.next_step.zh


def test_relative_words_follow_the_closing_day() -> None:
    assert parse_period("上月", date(2022, 6, 26), 25).text == "2022-06"
    assert parse_period("近三个月", date(2022, 6, 25), 25).text == "2022-03..2022-05"
    assert parse_period("2022-05-26至2022-06-25", TODAY, 25).text == "2022-06"


def test_at_the_turn_of_the_year() -> None:
    day = date(2023, 1, 10)
    found = {
        text: parse_period(text, day).text
        for text in ("四季度", "上季度", "上月", "下半年", "1月", "2月")
    }
    assert found == {
        "四季度": "2022Q4", "上季度": "2022Q4", "上月": "2022-12", "下半年": "2022H2",
        "1月": "2023-01", "2月": "2022-02",
    }  # fmt: skip


@given(st.integers(1950, 2100), st.integers(1, 12), st.integers(1, 12))
def test_every_range_of_months_comes_back_from_its_canonical_form(
    year: int, a: int, b: int
) -> None:
    first, last = sorted((a, b))
    asked = parse_period(f"{year}年{first}-{last}月", TODAY)
    assert parse_period(asked.text, TODAY) == asked
    assert parse_period(asked.name, TODAY) == asked
    assert (asked.first.month, asked.last.month, asked.first.year) == (first, last, year)
