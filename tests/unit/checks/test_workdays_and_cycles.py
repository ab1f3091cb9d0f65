"""Working days in years that are published and in years that are not; cycles of months and days."""

from datetime import date

import pytest

from ledgersync.checks import WorkCalendar
from ledgersync.checks.cycles import Cycle, cycle_of, parse_cycle
from ledgersync.schema import FieldSchema


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    calendar = WorkCalendar()
    assert calendar.is_workday(date(2021, 9, 26))  # a Sunday worked before National Day
    assert not calendar.is_workday(date(2021, 10, 7))  # a Thursday of National Day week
    assert not calendar.is_workday(date(2022, 6, 11))  # a plain Saturday


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2022, 6, 6), 1, date(2022, 6, 7)),
        (date(2022, 6, 10), 1, date(2022, 6, 13)),
        (date(2022, 6, 1), 10, date(2022, 6, 16)),
        (date(2021, 9, 24), 10, date(2021, 10, 13)),
    ],
)
def test_deadlines(start: date, days: int, end: date) -> None:
    deadline = WorkCalendar().after(start, days)
    assert (deadline.day, deadline.estimated, deadline.mark.zh) == (end, False, "")


def test_years_not_yet_published_are_estimated_from_weekends_and_own_holidays() -> None:
    friday = date(2090, 9, 29)
    plain = WorkCalendar().after(friday, 1)
    assert (plain.day, plain.mark.zh) == (date(2090, 10, 2), "（推算）")
    own = WorkCalendar([date(2090, 10, 2), date(2090, 10, 3)]).after(friday, 1)
    assert (own.day, own.estimated) == (date(2090, 10, 4), True)


@pytest.mark.parametrize(
    ("cycle", "day", "next_day"),
    [
        (Cycle(days=7), date(2022, 2, 25), date(2022, 3, 4)),
        (Cycle(months=1), date(2022, 1, 31), date(2022, 2, 28)),
        (Cycle(months=1), date(2022, 12, 15), date(2023, 1, 15)),
        (Cycle(months=12), date(2024, 2, 29), date(2025, 2, 28)),
        (Cycle(months=3), date(2022, 11, 30), date(2023, 2, 28)),
    ],
)
def test_the_next_day_of_a_cycle(cycle: Cycle, day: date, next_day: date) -> None:
    assert cycle.after(day) == next_day


def test_words_of_cycles_are_the_ledgers_own_first() -> None:
    field = FieldSchema(
        id="cycle",
        header="频次",
        type="choice",
        choices={"每季度": (), "双周": (), "每月": (), "随时": ()},
        cycles={"双周": "P14D", "每月": "P30D"},
    )
    assert cycle_of(field, "双周") == Cycle(days=14)
    assert cycle_of(field, "每月") == Cycle(days=30)
    assert cycle_of(field, "每季度") == Cycle(months=3)
    assert cycle_of(field, "随时") is None
    assert cycle_of(field, None) is None
    assert parse_cycle("P1Y") is None
