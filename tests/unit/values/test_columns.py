"""Whole columns at the edges: truth beside numbers, marks of ditto, days without a year, ticks."""

from datetime import date
from decimal import Decimal

import pytest

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser
from ledgersync.values.cells import as_cell
from ledgersync.values.columns import only_ticks, parse_column
from ledgersync.values.dates import DateFault, MonthOnly, to_date
from ledgersync.values.identity import birth_date, clean_id, id_fault
from ledgersync.values.listed import Listing, listing_of, one_spelling

TODAY = date(2022, 6, 30)


def field(kind: str, **more: object) -> FieldSchema:
    return FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})


def column(kind: str, *cells: object, **more: object) -> tuple[list[Value], dict[int, list[str]]]:
    values, noted = parse_column(CellParser(field(kind, **more), TODAY), cells)
    return values, {n: [f"{x.severity[0]}:{x.rule}" for x in told] for n, told in noted.items()}


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("text", (False, 0, 0.0, True, 1)),
        ("integer", (True, 1, False, 0)),
        ("bool", (True, 1, False, 0, "是", "√")),
        ("money", (1, 1.5, 2.0, 1e12, -1e12, 0.001, 3.14159)),
        ("money", (1, "1元", None)),
        ("text", ("甲", "'甲", "", "同")),
        ("name", ("王芳", "王 芳", "户主")),
        ("id_number", ("11010119900307299X", "110101199003072999", "")),
        ("date", (44713, 44713.0, "2022-06-01", date(2022, 6, 1))),
    ],
)
def test_a_column_is_its_cells(kind: str, cells: tuple[object, ...]) -> None:
    parser = CellParser(field(kind), TODAY)
    alone = [parser(cell) for cell in cells]
    values, noted = parse_column(parser, cells)
    assert values == [one.value for one in alone]
    assert list(map(type, values)) == [type(one.value) for one in alone]
    assert noted == {n: one.notes for n, one in enumerate(alone) if one.notes}


DITTO = Invalid("同上", "value.ditto")
TAKEN, NOTHING = ["w:value.ditto"], ["e:value.ditto"]


@pytest.mark.parametrize(
    ("kind", "cells", "values", "noted"),
    [
        ("integer", (3, "同上", 4, "同上"), [3, 3, 4, 4], {1: TAKEN, 3: TAKEN}),
        ("text", ("甲", "〃", "乙", "同左"), ["甲", "甲", "乙", Invalid("同左", "value.ditto")],
         {1: TAKEN, 3: NOTHING}),
        ("text", ("同上", "甲"), [DITTO, "甲"], {0: NOTHING}),
        ("text", (None, "同上"), [None, DITTO], {1: NOTHING}),
        ("integer", ("若干", "同上"), [Invalid("若干", "type.integer"), DITTO],
         {0: ["e:type.integer"], 1: NOTHING}),
        ("text", ("甲", "同上", "同上"), ["甲", "甲", "甲"], {1: TAKEN, 2: TAKEN}),
    ],
)  # fmt: skip
def test_marks_of_ditto_in_a_column(
    kind: str, cells: tuple[object, ...], values: list[Value], noted: dict[int, list[str]]
) -> None:
    assert column(kind, *cells) == (values, noted)


@pytest.mark.parametrize("more", [{"unique": True}, {"generated": True}])
def test_what_may_not_repeat_is_not_copied(more: dict[str, object]) -> None:
    values, noted = column("code", "DB001", "同上", **more)
    assert values == ["DB001", Invalid("同上", "value.ditto")]
    assert noted == {1: ["e:value.ditto"]}


def test_a_choice_that_looks_like_a_ditto_mark_is_itself() -> None:
    values, noted = column("choice", "甲", "同上", choices={"甲": [], "同上": []})
    assert (values, noted) == (["甲", "同上"], {})


def test_a_day_without_a_year_among_those_of_one_year() -> None:
    days = ("2021-01-05", "2021-02-05", "3月5日", "没有", "3月32日")
    values, noted = column("date", *days)
    assert values[2] == date(2021, 3, 5) and noted[2] == ["w:date.ambiguous"]
    assert values[3:] == [Invalid("没有", "type.date"), Invalid("3月32日", "date.ambiguous")]
    assert column("date", "2021-01-05", "3月5日")[0][1] == Invalid("3月5日", "date.ambiguous")
    mixed = column("date", "2021-01-05", "2020-02-05", "3月5日")
    assert mixed[0][2] == Invalid("3月5日", "date.ambiguous")


@pytest.mark.parametrize(
    ("cells", "ticks"),
    [
        (["√", "✓", "✔", "☑", None], True),
        (["√", " "], True),
        (["√", "否"], False),
        ([None, ""], False),
        ([], False),
    ],
)
def test_a_column_of_ticks(cells: list[object], ticks: bool) -> None:
    assert only_ticks(cells) is ticks


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("bool", True, "是"),
        ("bool", False, "否"),
        ("integer", 10**15 - 1, 10**15 - 1),
        ("integer", 10**15, str(10**15)),
        ("integer", -(10**15), str(-(10**15))),
        ("text", "甲", "甲"),
        ("text", None, None),
        ("money", Decimal("1.50"), Decimal("1.50")),
        ("date", date(1927, 1, 1), date(1927, 1, 1)),
        ("date", date(1926, 12, 31), "1926-12-31"),
        ("integer", Invalid("若干", "type.integer"), "若干"),
        ("integer", Invalid("3", "type.integer"), "3"),
        ("text", Invalid("0", "value.lookup_zero"), "0"),
    ],
)
def test_a_value_as_a_cell_takes_it(kind: str, value: Value, cell: object) -> None:
    found = as_cell(field(kind), value)
    assert found == cell and type(found) is type(cell)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (190_001, MonthOnly(1900, 1, 1)),
        (190_000, DateFault.NOT_A_DATE),
        (100_000, DateFault.NOT_A_DATE),
        (-44_713, DateFault.NOT_A_DATE),
        (0, DateFault.NOT_A_DATE),
        (1e9, DateFault.NOT_A_DATE),
        (float("inf"), DateFault.NOT_A_DATE),
        (float("nan"), DateFault.NOT_A_DATE),
        (44_714 - 0.4 / 86_400, date(2022, 6, 2)),
        (44_714 - 0.6 / 86_400, date(2022, 6, 1)),
        ("20220601.0", date(2022, 6, 1)),
        ("44713.00", date(2022, 6, 1)),
        ("2022.06.01.0", DateFault.NOT_A_DATE),
        ("٢٠٢٢-06-01", DateFault.NOT_A_DATE),
        (1900, DateFault.NOT_A_DATE),
        (1900.0, DateFault.NOT_A_DATE),
        (2099.9, DateFault.AMBIGUOUS),
        (1899.9, DateFault.NOT_A_DATE),
    ],
)
def test_days_from_numbers(raw: object, day: object) -> None:
    found = to_date(raw)
    assert found == day and type(found) is type(day)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("110101900307299.0", "110101900307299"),
        ("‘11010119900307299x’", "11010119900307299X"),
        ("11010119900307299×", "11010119900307299X"),
        (110101900307299.0, "110101900307299"),
    ],
)
def test_an_id_number_cleaned(raw: object, clean: str) -> None:
    assert clean_id(raw) == clean


@pytest.mark.parametrize(
    ("number", "born", "fault"),
    [
        ("110101900307299", date(1990, 3, 7), None),
        ("11010119900307299X", date(1990, 3, 7), None),
        ("110101901307299", None, "id.birthdate"),
        ("110101199013072990", None, "id.birthdate"),
        ("11010190030729X", date(1990, 3, 7), "id.chars"),
        ("1101019003072991", None, "id.length"),
        ("1101011990030７299X"[:18], None, "id.chars"),
        ("110101199003072990", date(1990, 3, 7), "id.checksum"),
    ],
)
def test_the_birth_and_the_fault_of_a_number(
    number: str, born: date | None, fault: str | None
) -> None:
    assert id_fault(number, TODAY) == fault
    assert fault in ("id.length", "id.chars") or birth_date(number) == born


@pytest.fixture
def grids() -> Listing:
    return Listing("第{n}网格", ("第1网格", "东网格"), ("幸福社区",))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("东格", "东"),
        ("东网格", "东"),
        ("网格", "网格"),
        ("格", "格"),
        ("第一百零三网格", "#103"),
        ("第一百一十网格", "#110"),
        ("三三网格", "三三"),
        ("三三十网格", "三三十"),
        ("第零网格", "第零"),
        ("幸福社区3网格", "#3"),
        ("幸福社区东网格", "幸福社区东"),
    ],
)
def test_what_spellings_have_in_common(grids: Listing, text: str, key: str) -> None:
    assert grids.key(text) == key


def test_a_list_of_numbers_alone() -> None:
    plain = Listing()
    assert [plain.key(text) for text in ("第3号", "三", "甲")] == ["#3", "#3", "甲"]
    assert plain.spelled(" 第3号 ") == "第3号"


def test_each_value_once_in_the_spelling_that_is_known(grids: Listing) -> None:
    assert one_spelling(("1网格", "东格", "第一网格", "西"), grids) == ("第1网格", "东网格", "西")


def test_which_fields_have_a_list() -> None:
    for made in (field("text"), field("code", known=("甲",)), field("integer", listed="第{n}组")):
        assert listing_of(made) is None
    by_pattern = listing_of(field("text", listed="第{n}网格"))
    by_values = listing_of(field("text", known=("东片",)))
    assert by_pattern and by_pattern.spelled("3网格") == "第3网格"
    assert by_values and by_values.spelled("东片区") == "东片"
