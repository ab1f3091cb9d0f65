"""Columns at once: years taken from the others, ditto marks, amounts; and cells written again."""

from datetime import date
from decimal import Decimal

import pytest

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser, parse_column
from ledgersync.values.cells import as_cell
from ledgersync.values.dates import in_year, to_date
from ledgersync.values.former import from_json, is_untouched
from ledgersync.values.identity import clean_id
from ledgersync.values.numbers import to_money
from ledgersync.values.several import listed_names, several_codes
from ledgersync.values.text import is_ditto, is_program_blank, means_above

TODAY = date(2022, 6, 30)


def field(kind: str, **more: object) -> FieldSchema:
    return FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})


def column(kind: str, *cells: object, **more: object) -> tuple[list[Value], dict[int, str]]:
    values, noted = parse_column(CellParser(field(kind, **more), TODAY), cells)
    return values, {i: note.rule for i, (note, *_) in noted.items()}


A, B = "2021-3-5", "2021-4-6"
DAYS: list[Value] = [date(2021, 3, 5), date(2021, 4, 6)]
UNSURE = Invalid("5月7日", "date.ambiguous")


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        ((A, B), date(2021, 5, 7)),
        ((A,), UNSURE),  # one day is no sign of a year
        ((A, "2020-4-6"), UNSURE),
    ],
)
def test_a_day_without_a_year_is_of_the_year_of_all_others(
    cells: tuple[str, ...], day: Value
) -> None:
    values, rules = column("date", *cells, "5月7日")
    assert values[-1] == day and rules == {len(cells): "date.ambiguous"}


def test_a_day_of_that_year_that_is_still_to_come_is_not_taken_where_none_may_be() -> None:
    cells = ("2022-3-5", "2022-4-6", "7月1日", "6月30日")
    assert column("date", *cells, not_future=True)[0][2:] == [
        Invalid("7月1日", "date.ambiguous"),
        date(2022, 6, 30),
    ]
    assert column("date", *cells)[0][2] == date(2022, 7, 1)


def test_the_day_of_a_year_that_a_text_means() -> None:
    assert in_year("3月5日", 2021) == date(2021, 3, 5)
    for raw in ("2021年3月5日", "2月30日", "正月初五", 44713, None):
        assert in_year(raw, 2021) is None


@pytest.mark.parametrize(
    ("cells", "more", "values"),
    [
        (("甲", "同上", "〃"), {}, ["甲", "甲", "甲"]),
        (("同上", "甲"), {}, [Invalid("同上", "value.ditto"), "甲"]),
        (("甲", "同左"), {}, ["甲", Invalid("同左", "value.ditto")]),
        (("甲", "同上"), {"unique": True}, ["甲", Invalid("同上", "value.ditto")]),
        ((None, "同上"), {}, [None, Invalid("同上", "value.ditto")]),
    ],
)
def test_a_ditto_mark_is_the_value_above(
    cells: tuple[object, ...], more: dict[str, object], values: list[Value]
) -> None:
    found, rules = column("text", *cells, **more)
    assert found == values
    assert set(rules.values()) == {"value.ditto"}


def test_words_and_marks() -> None:
    assert is_ditto("同上") and not is_ditto("甲")
    assert means_above("同上") and not means_above("同左") and not means_above("同下")
    assert (
        is_program_blank("NULL")
        and not is_program_blank("NULL的意思")
        and not is_program_blank("甲")
    )


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        ((100, 0.1, 1570.44), ["100.00", "0.10", "1570.44"]),
        ((0.1 + 0.2, 12.345), ["0.30", "12.35"]),
        ((-1,), ["-1.00"]),
    ],
)
def test_a_column_of_amounts(cells: tuple[float, ...], amounts: list[str]) -> None:
    values, rules = column("money", *cells)
    assert values == [Decimal(text) for text in amounts]
    assert all(isinstance(value, Decimal) for value in values)
    assert rules == ({1: "type.money"} if 12.345 in cells else {})
    assert column("money", -1, 5, min=0)[1] == {0: "range"}


def test_amounts_that_no_ledger_has() -> None:
    assert to_money(10**15) is None and to_money(10**15 - 1) == (Decimal(10**15 - 1), False)
    assert to_money("1.005") == (Decimal("1.01"), True)
    assert to_money(-(10**15)) is None


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("bool", True, "是"),
        ("bool", False, "否"),
        ("integer", 10**15, "1000000000000000"),
        ("integer", 10**15 - 1, 10**15 - 1),
        ("integer", -(10**15), "-1000000000000000"),
        ("text", "甲", "甲"),
        ("integer", Invalid("约三", "type.integer"), "约三"),
        ("date", date(2022, 6, 1), date(2022, 6, 1)),
        ("date", date(1901, 1, 1), "1901-01-01"),
    ],
)
def test_what_is_written_for_a_value(kind: str, value: Value, cell: object) -> None:
    assert as_cell(field(kind), value) == cell


def test_several_choices_are_written_with_a_mark_between() -> None:
    choices = field("choices", choices={"甲": [], "乙": []})
    assert as_cell(choices, ("甲", "乙")) == "甲、乙"


def test_what_a_field_was_formerly() -> None:
    text = {"id": "f", "header": "项", "type": "text"}
    number = field("integer", formerly=[text])
    assert is_untouched(number, 3, Invalid("3人", "type.integer")) or is_untouched(number, 3, 3)
    assert not is_untouched(number, 3, 4)
    choices = {"id": "f", "header": "项", "type": "choices", "choices": {"甲": [], "乙": []}}
    assert from_json(field("text", formerly=[choices]), ["甲", "乙"]) == "甲、乙"
    stored = {"invalid": "约三", "rule": "type.integer"}
    formerly = {"id": "f", "header": "项", "type": "integer"}
    assert from_json(field("text", formerly=[formerly]), stored) == "约三"
    assert from_json(field("integer", formerly=[text]), stored) == Invalid("约三", "type.integer")


@pytest.mark.parametrize(
    ("raw", "kind", "rule"),
    [
        ("锟斤拷", "text", "cell.error"),
        ("甲\ufffd", "integer", "cell.error"),
        ("#REF!", "text", "cell.error"),
        ("同上", "integer", "value.ditto"),
        ("3月5日", "date", "date.ambiguous"),
        ("01/02/03", "date", "date.ambiguous"),
    ],
)
def test_cells_that_say_nothing(raw: str, kind: str, rule: str) -> None:
    parsed = CellParser(field(kind), TODAY)(raw)
    assert isinstance(parsed.value, Invalid) and parsed.value.rule == rule
    [note] = parsed.notes
    assert ("没有写年份" in note.message.zh) is (raw == "3月5日")


def test_a_long_name_is_doubted_and_one_with_a_dot_is_not() -> None:
    parser = CellParser(field("name"), TODAY)
    assert parser("王" * 8).notes == () and len(parser("王" * 9).notes) == 1
    assert parser("阿卜杜热西提·买买提江").notes == ()


@pytest.mark.parametrize(
    ("text", "several"), [("AB1 AB2", False), ("AB01 AB02", True), ("12345 12346", False)]
)
def test_codes_with_a_blank_between(text: str, several: bool) -> None:
    assert several_codes(text) is several


def test_ids_and_names() -> None:
    assert clean_id(" 'ab12 ") == "AB12" and clean_id("1×") == "1X"
    assert clean_id(123.0) == "123"
    assert listed_names("欧阳锋和王芳") and not listed_names("锋和王芳")
    assert to_date(0.5) != to_date(1.0) or to_date(0.5).value == "type.date"  # type: ignore[union-attr]
