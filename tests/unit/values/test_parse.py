"""Cells at the edge between a value, nothing, and a fault: what each type makes of them."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser
from ledgersync.values.identity import check_digit
from ledgersync.values.parse import CellError, UnclearAmount

TODAY = date(2022, 6, 30)


def read(kind: str, raw: object, loose: bool = False, **more: object) -> tuple[Value, list[str]]:
    field = FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})
    parsed = CellParser(field, TODAY, loose=loose)(raw)
    return parsed.value, [f"{note.severity[0]}:{note.rule}" for note in parsed.notes]


def fault(typed: str, rule: str) -> tuple[Value, list[str]]:
    return Invalid(typed, rule), [f"e:{rule}"]


EMPTY: tuple[Value, list[str]] = (None, [])
NEEDED: dict[str, object] = {"required": True}


@pytest.mark.parametrize("raw", ["nan", " NULL ", "None", "NaT", "", "\u3000", None, "\u200b"])
@pytest.mark.parametrize("kind", ["text", "name", "code", "date", "money", "bool"])
def test_what_other_programs_write_for_nothing(kind: str, raw: object) -> None:
    assert read(kind, raw) == EMPTY
    assert read(kind, raw, **NEEDED) == (None, ["e:required"])
    assert read(kind, raw, wanted=True) == (None, ["w:wanted"])


@pytest.mark.parametrize(
    ("kind", "raw", "more", "found"),
    [
        ("text", "无", {}, EMPTY),
        ("text", "无", NEEDED, (None, ["e:required"])),
        ("code", "N/A", {}, EMPTY),
        ("text", "'#N/A", {}, EMPTY),
        ("text", "'——", {}, EMPTY),
        ("text", "'", {}, EMPTY),
        ("text", "'", NEEDED, (None, ["e:required"])),
        ("name", "无", NEEDED, fault("无", "type.text")),
        ("date", "—", NEEDED, fault("—", "type.date")),
        ("date", "无" + " " * 30, {}, EMPTY),
        ("bool", "无", {}, (False, [])),
        ("choice", "无", {"choices": {"无": [], "有": []}}, ("无", [])),
    ],
)
def test_marks_for_nothing(
    kind: str, raw: str, more: dict[str, object], found: tuple[Value, list[str]]
) -> None:
    assert read(kind, raw, **more) == found


@pytest.mark.parametrize(
    ("raw", "text"),
    [("#REF!", "#REF!"), (" #ref! ", "#REF!"), ("#GETTING_DATA", "#GETTING_DATA")],
)
def test_errors_as_texts(raw: str, text: str) -> None:
    value, rules = read("text", raw)
    assert isinstance(value, Invalid) and rules == ["e:cell.error"]
    assert value.typed.upper() == text
    assert read("text", raw.strip() + "x" * 13)[1] == []


def test_errors_and_amounts_of_an_unknown_unit() -> None:
    assert read("money", CellError("#REF!")) == fault("#REF!", "cell.error")
    assert read("money", CellError("#N/A")) == EMPTY
    assert read("money", CellError("#N/A"), **NEEDED) == fault("#N/A", "cell.error")
    assert read("money", UnclearAmount("3.5万")) == fault("3.5万", "unit.measure")


@pytest.mark.parametrize(
    ("kind", "raw", "found"),
    [
        ("text", 0, fault("0", "value.lookup_zero")),
        ("text", "0", fault("0", "value.lookup_zero")),
        ("code", "0.00", fault("0.00", "value.lookup_zero")),
        ("text", "０", fault("０", "value.lookup_zero")),
        ("name", time(), fault("00:00:00", "value.lookup_zero")),
        ("text", date(1900, 12, 31), fault("1900-12-31", "value.lookup_zero")),
        ("text", date(1901, 1, 1), ("1901-01-01", [])),
        ("text", float("nan"), EMPTY),
        ("text", True, ("TRUE", [])),
        ("code", True, fault("TRUE", "type.text")),
        ("code", "FALSE", fault("FALSE", "type.text")),
        ("code", date(2022, 6, 1), fault("2022-06-01", "type.text")),
        ("name", datetime(2022, 6, 1), fault("2022-06-01", "type.text")),
        ("text", date(2022, 6, 1), ("2022-06-01", [])),
        ("integer", 0, (0, [])),
    ],
)
def test_what_no_text_name_or_code_is(
    kind: str, raw: object, found: tuple[Value, list[str]]
) -> None:
    assert read(kind, raw) == found


@pytest.mark.parametrize(
    ("more", "noted"),
    [
        ({"required": True}, ["w:type.text"]),
        ({"wanted": True}, ["w:type.text"]),
        ({"personal": "address"}, ["w:type.text"]),
        ({"id": "place"}, ["w:type.text"]),
        ({"id": "grid"}, ["w:type.text"]),
        ({"id": "remark"}, []),
    ],
)
def test_a_day_where_a_door_was_meant(more: dict[str, object], noted: list[str]) -> None:
    assert read("text", date(2022, 3, 2), **more) == ("2022-03-02", noted)


@pytest.mark.parametrize(
    ("raw", "more", "noted"),
    [
        ("2022-06-30", {"not_future": True}, []),
        ("2022-07-01", {"not_future": True}, ["e:date.future"]),
        ("2022-07-01", {}, []),
        ("1949-10-01", {}, []),
        ("1949-09-30", {}, ["w:range"]),
        ("2032-06-30", {}, []),
        ("2032-07-01", {}, ["w:date.future"]),
    ],
)
def test_days_that_were_hardly_meant(raw: str, more: dict[str, object], noted: list[str]) -> None:
    assert read("date", raw, **more) == (date.fromisoformat(raw), noted)


@pytest.mark.parametrize(
    ("raw", "loose", "found"),
    [
        ("2021.1", False, (date(2021, 1, 1), ["i:date.month_only"])),
        ("2021.1", True, fault("2021.1", "date.ambiguous")),
        (" 1999.1 ", True, fault("1999.1", "date.ambiguous")),
        ("2021.2", True, (date(2021, 2, 1), ["i:date.month_only"])),
        (2021.1, True, fault("2021.1", "date.ambiguous")),
        ("22.6.1", False, fault("22.6.1", "date.ambiguous")),
        ("某日", False, fault("某日", "type.date")),
    ],
)
def test_days_that_may_be_several(raw: object, loose: bool, found: tuple[Value, list[str]]) -> None:
    assert read("date", raw, loose=loose) == found


@pytest.mark.parametrize(
    ("raw", "more", "found"),
    [
        ("王芳、李娜", NEEDED, ("王芳、李娜", ["w:value.several"])),
        ("王芳、李娜", {}, ("王芳、李娜", [])),
        ("王芳\n李娜", {}, ("王芳、李娜", ["w:value.several"])),
        ("户主", {}, ("户主", ["w:type.text"])),
        ("无人", {}, fault("无人", "type.text")),
        ("一二三四五六七八", {}, ("一二三四五六七八", [])),
        ("一二三四五六七八九", {}, ("一二三四五六七八九", ["w:type.text"])),
        ("买买提·艾山·阿不都拉", {}, ("买买提·艾山·阿不都拉", [])),
        ("Alexander Hamilton", {}, ("Alexander Hamilton", [])),
        ("王*", {}, fault("王*", "type.text")),
        ("13800000001", {}, fault("13800000001", "type.text")),
        ("=王芳", {}, ("=王芳", ["w:cell.formula_injection"])),
        ("-", {}, EMPTY),
        ("王方", {"words": {"王方": "王芳"}}, ("王芳", [])),
    ],
)
def test_names(raw: str, more: dict[str, object], found: tuple[Value, list[str]]) -> None:
    assert read("name", raw, **more) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("DB 001", ("DB001", [])),
        ("12 34", ("1234", ["w:value.several"])),
        ("DB001、DB002", fault("DB001、DB002", "value.several")),
        ("1.1010E+17", fault("1.1010E+17", "id.precision_lost")),
        (1.1e17, fault("110000000000000000", "id.precision_lost")),
        (12.0, ("12", [])),
        ("=A1", ("=A1", ["w:cell.formula_injection"])),
        ("'007", ("007", [])),
    ],
)
def test_codes(raw: object, found: tuple[Value, list[str]]) -> None:
    assert read("code", raw) == found


@pytest.mark.parametrize(
    ("kind", "raw", "more", "found"),
    [
        ("digits", " 007 ", {}, ("007", [])),
        ("digits", "7a", {}, fault("7a", "type.digits")),
        ("digits", 1e16, {}, fault("10000000000000000", "id.precision_lost")),
        ("integer", 2.5, {}, fault("2.5", "type.integer")),
        ("integer", 9, {"max": 8}, (9, ["e:range"])),
        ("integer", True, {}, fault("TRUE", "type.integer")),
        ("decimal", "2.50", {"min": 2.5}, (2.5, [])),
        ("decimal", "2.49", {"min": 2.5}, (2.49, ["e:range"])),
        ("money", "1.005", {}, (Decimal("1.01"), ["i:type.money"])),
        ("money", "1.0000001", {}, (Decimal("1.00"), [])),
        ("money", "1.000001", {}, (Decimal("1.00"), [])),
        ("money", "1.000002", {}, (Decimal("1.00"), ["i:type.money"])),
        ("money", "560元/月", {}, fault("560元/月", "type.money")),
        ("money", "560元/月", {"aliases": ["月补助"]}, (Decimal("560.00"), [])),
        ("money", 1e15, {}, fault("1000000000000000", "type.money")),
        ("phone", "13800000001 王芳", {}, ("13800000001", ["w:value.several"])),
        ("phone", "13800000001/13800000002", {}, ("13800000001、13800000002", ["w:value.several"])),
        ("phone", "王芳", {}, fault("王芳", "phone.format")),
        ("bool", "也许", {}, fault("也许", "type.bool")),
    ],
)
def test_numbers_and_the_like(
    kind: str, raw: object, more: dict[str, object], found: tuple[Value, list[str]]
) -> None:
    value, noted = read(kind, raw, **more)
    assert (value, noted) == found and type(value) is type(found[0])


BORN = "11010119900307299X"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("110101900307299", ("11010119900307299X", ["i:id.upgraded15"])),
        (1.1e17, fault("110000000000000000", "id.precision_lost")),
        (f"{BORN} {BORN}", fault(f"{BORN} {BORN}", "value.several")),
        ("11010119900307299", fault("11010119900307299", "id.length")),
    ],
)  # fmt: skip
def test_id_numbers(raw: object, found: tuple[Value, list[str]]) -> None:
    assert read("id_number", raw) == found
    nowhere = "99999919900307299"
    nowhere += check_digit(nowhere)
    assert read("id_number", nowhere) == (nowhere, ["w:id.region"])


CHOICES: dict[str, object] = {
    "choices": {"甲": ["子"], "乙": []},
    "withheld": {"吸毒": {"read_as": "乙", "responsible": "派出所"}},
}


@pytest.mark.parametrize(
    ("kind", "raw", "value", "noted"),
    [
        ("choice", "甲", "甲", []),
        ("choice", "子", "甲", ["i:value.synonym"]),
        ("choice", "吸毒", "乙", ["w:value.synonym"]),
        ("choice", "丙", Invalid("丙", "choice"), ["e:choice"]),
        ("choices", "甲、乙", ("甲", "乙"), []),
        ("choices", "子、吸毒", ("甲", "乙"), ["w:value.synonym"]),
        ("choices", "子、乙", ("甲", "乙"), ["i:value.synonym"]),
        ("choices", "甲、丙", Invalid("甲、丙", "choice"), ["e:choice"]),
    ],
)
def test_choices(kind: str, raw: str, value: Value, noted: list[str]) -> None:
    assert read(kind, raw, **CHOICES) == (value, noted)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲" * 32_767, []),
        ("甲" * 32_768, ["e:cell.too_long"]),
        ("\ufffd甲", ["e:cell.error"]),
        ("锟斤拷", ["e:cell.error"]),
        ("@SUM(A1)", ["w:cell.formula_injection"]),
        ("同上", ["e:value.ditto"]),
    ],
)
def test_texts(text: str, found: list[str]) -> None:
    assert read("text", text)[1] == found
    if "锟" in text:
        assert read("date", text) == fault(text, "type.date")
