"""Words with marks around them, totals, ticks, birth dates, and several of one kind in a cell."""

from datetime import date

import pytest

from ledgersync.values.choices import undressed
from ledgersync.values.columns import only_ticks
from ledgersync.values.identity import birth_date
from ledgersync.values.numbers import without_month
from ledgersync.values.several import several_codes, several_ids
from ledgersync.values.totals import is_total_amount, is_total_line

ONE, TWO = "11010119900307299X", "110101188803072990"


@pytest.mark.parametrize(
    ("raw", "is_total"),
    [
        ("合计", True),
        ("第1网格小计：", True),
        ("合 计 28户", True),
        ("合计见附件", False),
        ("合计的说明", False),
        ("一二三四五六七八九十合计", True),  # twelve signs
        ("一二三四五六七八九十一合计", False),
        ("甲", False),
        (28, False),
        (None, False),
    ],
)
def test_words_of_a_row_of_totals(raw: object, is_total: bool) -> None:
    assert is_total_line(raw) is is_total


@pytest.mark.parametrize(
    ("raw", "is_amount"),
    [
        (28, True),
        ("28", True),
        ("￥1,234.00元", True),
        ("三户", True),
        ("约28", False),
        ("28号院", False),
    ],
)
def test_amounts_of_a_row_of_totals(raw: object, is_amount: bool) -> None:
    assert is_total_amount(raw) is is_amount


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("①入户", "入户"),
        ("√入户", "入户"),
        ("入户√", "入户"),
        ("入户。", "入户"),
        ("入户", "入户"),
        ("√", ""),
    ],
)
def test_a_choice_without_what_people_put_around_it(text: str, bare: str) -> None:
    assert undressed(text) == bare


@pytest.mark.parametrize(
    ("cells", "ticks"), [(["√", None, ""], True), (["√", "否"], False), ([None], False)]
)
def test_a_column_of_ticks(cells: list[object], ticks: bool) -> None:
    assert only_ticks(cells) is ticks


@pytest.mark.parametrize(
    ("number", "born"),
    [
        (ONE, date(1990, 3, 7)),
        ("110101900307299", date(1990, 3, 7)),
        ("110101199002302990", None),
        ("110101199013072990", None),
    ],
)
def test_the_birth_date_of_a_number(number: str, born: date | None) -> None:
    assert birth_date(number) == born


def test_several_numbers_and_codes() -> None:
    assert several_ids(f"{ONE}、{TWO}") and not several_ids(ONE) and not several_ids("")
    assert several_codes("001、002") and not several_codes("01、02")


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("560元/月", "560元"),
        ("每月560元", "560元"),
        ("560元", "560元"),
        ("六月", "六月"),
        (560, 560),
    ],
)
def test_amounts_of_a_month(raw: object, bare: object) -> None:
    assert without_month(raw) == bare
