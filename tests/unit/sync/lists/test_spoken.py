"""Conditions as people say them: a surname, who is in charge, the year of a day."""

from datetime import date

import pytest
from tests.community import ROSTER

from ledgersync.errors import UsageFault
from ledgersync.model import Row, Value
from ledgersync.schema import TableSchema, load_catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.lists.asked import Asked
from ledgersync.sync.lists.spoken import day_in, in_charge, surname_in

TODAY = date(2022, 3, 15)
CATALOG = load_catalog()
VISITS, PEOPLE = CATALOG.table("visit", "visits"), CATALOG.table("care", "people")
ROSTER_PEOPLE = parse_ledger(ROSTER, "roster.toml").by_id["people"]
STEPS = parse_ledger(ROSTER, "roster.toml").by_id["steps"]


def row(table: TableSchema, **cells: Value) -> Row:
    return tuple(cells.get(name) for name in table.field_ids)


@pytest.mark.parametrize(
    ("text", "name", "fits"),
    [
        ("姓冯", "冯小明", True),
        ("姓冯", "小冯", False),
        ("姓欧阳", "欧阳文", True),
        ("姓欧", "欧阳文", False),
        ("姓冯", None, False),
    ],
)
def test_a_surname_is_compared_whole(text: str, name: Value, fits: bool) -> None:
    taken = surname_in(text, Asked(PEOPLE, TODAY))
    assert taken is not None and taken[1] == len(text)
    assert taken[0].holds("r", row(PEOPLE, name=name)) is fits


def test_a_table_of_nobody_refuses_a_surname() -> None:
    with pytest.raises(UsageFault, match="经过"):
        surname_in("姓冯", Asked(STEPS, TODAY))


@pytest.mark.parametrize(
    ("name", "fits"), [("王芳", True), ("王芳（一组）", True), ("王芳华", False), (None, False)]
)
def test_who_is_in_charge_is_compared_without_what_stands_in_brackets(
    name: Value, fits: bool
) -> None:
    taken = in_charge("王芳走访", Asked(VISITS, TODAY))
    assert taken is not None
    assert taken[0].holds("r", row(VISITS, visitor=name)) is fits


def test_a_table_without_anybody_in_charge_says_what_can_be_asked() -> None:
    with pytest.raises(UsageFault, match="人员"):
        in_charge("王芳负责", Asked(ROSTER_PEOPLE, TODAY))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021年登记", date(2021, 1, 1), date(2021, 12, 31)),
        ("2020年2月登记", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021年12月登记", date(2021, 12, 1), date(2021, 12, 31)),
        ("去年登记", date(2021, 1, 1), date(2021, 12, 31)),
        ("前年登记", date(2020, 1, 1), date(2020, 12, 31)),
        ("本月登记", date(2022, 3, 1), date(2022, 3, 31)),
        ("上个月登记", date(2022, 2, 1), date(2022, 2, 28)),
        ("2021年以前登记", date.min, date(2020, 12, 31)),
        ("2021年及以前登记", date.min, date(2021, 12, 31)),
        ("2021年6月以来登记", date(2021, 6, 1), date.max),
        ("去年新登记", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_its_last_day(text: str, first: date, last: date) -> None:
    taken = day_in(text, Asked(ROSTER_PEOPLE, TODAY))
    assert taken is not None and taken[1] == len(text)
    inside = [d for d in (first, last) if taken[0].holds("r", row(ROSTER_PEOPLE, since=d))]
    assert inside == [first, last]
    outside = [date.fromordinal(first.toordinal() - 1)] if first > date.min else []
    outside += [date.fromordinal(last.toordinal() + 1)] if last < date.max else []
    assert not any(taken[0].holds("r", row(ROSTER_PEOPLE, since=d)) for d in outside)


def test_an_empty_day_fits_nothing_and_one_that_cannot_be_read_is_not_known() -> None:
    taken = day_in("2021年登记", Asked(ROSTER_PEOPLE, TODAY))
    assert taken is not None
    assert taken[0].holds("r", row(ROSTER_PEOPLE, since=None)) is False
    assert taken[0].holds("r", row(ROSTER_PEOPLE, since="年初")) is None


@pytest.mark.parametrize("text", ["2021年13月登记", "2021年0月登记", "2021年退出"])
def test_what_is_no_month_or_no_day_of_the_table_is_refused(text: str) -> None:
    with pytest.raises(UsageFault):
        day_in(text, Asked(ROSTER_PEOPLE, TODAY))


@pytest.mark.parametrize("text", ["登记", "网格=第1网格", "80岁以上"])
def test_what_is_no_period_is_left_to_others(text: str) -> None:
    assert day_in(text, Asked(ROSTER_PEOPLE, TODAY)) is None
