"""Conditions about age and sex, read from the id number of whom a row is about."""

from datetime import date

import pytest
from tests.community import ROSTER

from ledgersync.errors import UsageFault
from ledgersync.model import Row, Value
from ledgersync.schema import load_catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.lists.ages import age_in, age_on, sex_in
from ledgersync.sync.lists.asked import Asked

TODAY = date(2022, 6, 30)
HOUSEHOLDS = load_catalog().table("dibao", "households")
ASKED = Asked(HOUSEHOLDS, TODAY)
WOMAN_70, MAN_72 = "36070219511024220X", "110105194912310013"


def row(number: Value) -> Row:
    return tuple(number if f.id == "head_id" else None for f in HOUSEHOLDS.fields)


def born(year: int, month: int, day: int) -> Row:
    """An id number with that birth date; its check digit is no matter here."""
    return row(f"360702{year}{month:02}{day:02}2208")


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("70岁以上", {70, 71, 80}),
        ("70岁及以上", {70, 71, 80}),
        ("年龄>=70", {70, 71, 80}),
        ("年龄超过70", {71, 80}),
        ("超过70岁", {70, 71, 80}),
        ("年满70周岁", {70, 71, 80}),
        ("未满70岁", {60, 69}),
        ("70岁以下", {60, 69}),
        ("70岁及以下", {60, 69, 70}),
        ("年龄小于70", {60, 69}),
        ("年龄至多70岁", {60, 69, 70}),
        ("69至71岁", {69, 70, 71}),
        ("年龄在69—71岁", {69, 70, 71}),
    ],
)
def test_who_fits_an_age(text: str, fitting: set[int]) -> None:
    taken = age_in(text, ASKED)
    assert taken is not None and taken[1] == len(text)
    ages = (60, 69, 70, 71, 80)
    assert {n for n in ages if taken[0].holds("r", born(2022 - n, 1, 1))} == fitting


@pytest.mark.parametrize("text", ["在保", "70", "三个月以上", "岁以上"])
def test_what_is_no_age_is_left_to_others(text: str) -> None:
    assert age_in(text, ASKED) is None


@pytest.mark.parametrize(
    ("birthday", "age"),
    [((1952, 6, 30), 70), ((1952, 7, 1), 69), ((1952, 6, 29), 70), ((2022, 6, 30), 0)],
)
def test_one_is_a_year_older_on_the_birthday_itself(
    birthday: tuple[int, int, int], age: int
) -> None:
    at = HOUSEHOLDS.position["head_id"]
    assert age_on(born(*birthday)[at], TODAY) == age


@pytest.mark.parametrize("number", [None, "", "12345", 36070219])
def test_of_a_row_without_a_birth_date_nothing_is_known(number: Value) -> None:
    taken, female = age_in("70岁以上", ASKED), sex_in("女", ASKED)
    assert taken is not None and female is not None
    assert taken[0].holds("r", row(number)) is None
    assert female[0].holds("r", row(number)) is None


@pytest.mark.parametrize("text", ["女", "女性", "性别=女", "性别为女"])
def test_sex_is_told_by_the_number(text: str) -> None:
    taken = sex_in(text, ASKED)
    assert taken is not None and taken[1] == len(text)
    assert taken[0].holds("r", row(WOMAN_70)) is True
    assert taken[0].holds("r", row(MAN_72)) is False


def test_a_table_without_id_numbers_refuses_ages_and_leaves_sex_alone() -> None:
    asked = Asked(parse_ledger(ROSTER, "roster.toml").by_id["people"], TODAY)
    with pytest.raises(UsageFault, match="人员"):
        age_in("70岁以上", asked)
    assert sex_in("女", asked) is None


def test_a_column_of_the_table_is_compared_as_any_other() -> None:
    own = ROSTER.replace('header = "人口"', 'header = "年龄"').replace(
        'header = "网格"', 'header = "性别"'
    )
    asked = Asked(parse_ledger(own, "roster.toml").by_id["people"], TODAY)
    assert age_in("年龄大于70", asked) is None and sex_in("女", asked) is None
