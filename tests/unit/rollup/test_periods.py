"""Periods: their names, their days, what they are compared with."""

from datetime import date

import pytest

from ledgersync.errors import UsageFault
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.period.words import parse_period

TODAY = date(2022, 7, 5)


def period(text: str, closing_day: int | None = None, today: date = TODAY) -> Period:
    return parse_period(text, today, closing_day)


@pytest.mark.parametrize(
    ("text", "first", "last", "canonical"),
    [
        ("2022-06", "2022-06-01", "2022-06-30", "2022-06"),
        ("202206", "2022-06-01", "2022-06-30", "2022-06"),
        ("2022年6月", "2022-06-01", "2022-06-30", "2022-06"),
        ("2022Q2", "2022-04-01", "2022-06-30", "2022Q2"),
        ("2022年第二季度", "2022-04-01", "2022-06-30", "2022Q2"),
        ("2022h1", "2022-01-01", "2022-06-30", "2022H1"),
        ("2022年下半年", "2022-07-01", "2022-12-31", "2022H2"),
        ("2022", "2022-01-01", "2022-12-31", "2022"),
        ("2021-01..2021-11", "2021-01-01", "2021-11-30", "2021-01..2021-11"),
        ("2021-01..2021-06", "2021-01-01", "2021-06-30", "2021H1"),
        ("2021Q4..2022Q1", "2021-10-01", "2022-03-31", "2021-10..2022-03"),
        ("last-month", "2022-06-01", "2022-06-30", "2022-06"),
        ("this-month", "2022-07-01", "2022-07-31", "2022-07"),
        ("last-quarter", "2022-04-01", "2022-06-30", "2022Q2"),
        ("last-half-year", "2022-01-01", "2022-06-30", "2022H1"),
        ("last-year", "2021-01-01", "2021-12-31", "2021"),
        ("上季度", "2022-04-01", "2022-06-30", "2022Q2"),
    ],
)
def test_forms(text: str, first: str, last: str, canonical: str) -> None:
    found = period(text)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert found.text == canonical


@pytest.mark.parametrize("text", ["", "2022-13", "2022Q5", "22-06", "2022-06..2022-01", "昨天"])
def test_what_is_no_period_says_which_forms_there_are(text: str) -> None:
    with pytest.raises(UsageFault, match="统计期") as caught:
        period(text)
    assert "2022Q2" in caught.value.next_step.zh


def test_a_closing_day_moves_every_month() -> None:
    june = period("2022-06", 25)
    assert (june.first, june.last) == (date(2022, 5, 26), date(2022, 6, 25))
    assert period("2022", 25).first == date(2021, 12, 26)
    assert [last for _, last in period("2022Q1", 25).month_ends()] == [
        date(2022, 1, 25), date(2022, 2, 25), date(2022, 3, 25),
    ]  # fmt: skip


def test_last_month_is_over_on_the_day_after_the_closing_day() -> None:
    assert period("last-month", 25, date(2022, 6, 25)).text == "2022-05"
    assert period("last-month", 25, date(2022, 6, 26)).text == "2022-06"
    assert period("last-month", None, date(2022, 1, 1)).text == "2021-12"


def test_what_it_is_compared_with() -> None:
    quarter = period("2022Q1")
    assert quarter.previous().text == "2021Q4"
    assert quarter.year_before().text == "2021Q1"
    assert period("2022Q3").year_to_date().first == date(2022, 1, 1)
    assert period("2022Q3").year_to_date().last == date(2022, 9, 30)
    assert period("2022-06").opening == date(2022, 5, 31)


def test_names_as_reports_say_them() -> None:
    names = [period(t).name for t in ("2022-06", "2022Q2", "2022H1", "2022", "2021-01..2021-11")]
    assert names == [
        "2022年6月",
        "2022年第二季度",
        "2022年上半年",
        "2022年度",
        "2021年1月至2021年11月",
    ]
