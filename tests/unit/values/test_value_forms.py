"""Every form that people type a value in, and what is made of it. Today is 30 June 2022."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from tests.unit.values.forms import TODAY, invalid, parse

from ledgersync.schema import FieldSchema
from ledgersync.values import CellError, CellParser

FIRST_OF_JUNE = (
    *("2022-6-1", "2022/6/1", "2022.6.1", "2022。6。1", "2022-06-01", "20220601", 20220601),
    *(20220601.0, "2022年6月1日", "2022年6月1号", "2022年6月1", "2022 年 6 月 1 日", 44713),
    *(44713.0, 44713.75, "44713", "２０２２．６．１", "２０２２年６月１日", "2022-6-1 00:00:00"),
    *("2022/6/1 8:30", "2022-06-01T08:30:00", " 2022.06.01\n", "2022.6.1.", "'2022-6-1"),
    *("2022，6，1", "2022,6,1", "2022年六月一号", "2022-6-1 下午", "2022-6-1 下午3点"),
    *("2022年6月1日（上午）", "2022.6.1 9点半", "2022年六月1日"),
    *("2022–6–1", "2022—6—1", "2022－6－1", "二〇二二年六月一日", "二零二二年六月一号"),
    *(date(2022, 6, 1), datetime(2022, 6, 1, 17, 5), "2022\u200b-6-1", "2022\u00a0-6-1"),
)


@pytest.mark.parametrize("raw", FIRST_OF_JUNE, ids=repr)
def test_dates(raw: object) -> None:
    assert parse("date", raw) == (date(2022, 6, 1), [])


@pytest.mark.parametrize(
    "raw",
    ["2022年6月", "2022.06", "2022-06", "2022/6", "202206", 202206, 202206.0, "二〇二二年六月"],
)
def test_a_month_is_its_first_day(raw: object) -> None:
    assert parse("date", raw) == (date(2022, 6, 1), ["i:date.month_only"])


@pytest.mark.parametrize(
    "raw", ["22.6.1", "22-6-1", "22年6月1日", "6月1日", 2022.1, 2022.06, 1998.1]
)
def test_what_could_be_several_dates_is_none(raw: object) -> None:
    assert invalid("date", raw) == "date.ambiguous"


@pytest.mark.parametrize(
    "raw",
    [
        *("2022-02-30", "2022.13.1", "2022.6.31", "2021年2月29日", 20221301, 202213, "20220631"),
        *("农历五月初五", "五月初五", "2022", 2022, "6/1/2022", "1/6/22", "长期", "不详"),
        *("2022年6月1日起", "2022-6-1~2022-7-1", 0, 1, -5, 9862, 73051, 1e9, "1899-12-31"),
        *("2100-1-1", True, float("nan"), float("inf"), date(1926, 12, 31)),
    ],
    ids=repr,
)
def test_what_is_no_date_in_the_calendar(raw: object) -> None:
    assert invalid("date", raw) == "type.date"


def test_serials_reach_from_1927_to_2099_in_both_systems() -> None:
    assert parse("date", 9863)[0] == date(1927, 1, 1)
    assert parse("date", 73050)[0] == date(2099, 12, 31)
    field = FieldSchema(id="f", header="字段", type="date")
    assert CellParser(field, TODAY, date1904=True)(43251).value == date(2022, 6, 1)
    assert parse("date", "2020年2月29日")[0] == date(2020, 2, 29)
    assert parse("date", "1920-05-01")[0] == date(1920, 5, 1)


def test_the_future_begins_tomorrow_and_the_value_stays() -> None:
    assert parse("date", "2022-06-30", not_future=True) == (TODAY, [])
    assert parse("date", "2022-07-01", not_future=True) == (
        date(2022, 7, 1),
        ["e:date.future"],
    )
    assert parse("date", "2022-07-01") == (date(2022, 7, 1), [])


MOBILE = (
    *("13800001234", 13800001234, 13800001234.0, "13800001234.0", "138 0000 1234"),
    *("138-0000-1234", "+8613800001234", "8613800001234", "0086-13800001234", "+86 138 0000 1234"),
    *("１３８００００１２３４", "'13800001234", "\u200b13800001234\u00a0", "138—0000—1234"),
)


@pytest.mark.parametrize("raw", MOBILE, ids=repr)
def test_mobile_numbers(raw: object) -> None:
    assert parse("phone", raw) == ("13800001234", [])


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("010-12345678", "010-12345678"),
        ("01012345678", "010-12345678"),
        ("（010）12345678", "010-12345678"),
        ("010 1234 5678", "010-12345678"),
        ("0512-6543210", "0512-6543210"),
        ("0755-8888-6666", "0755-88886666"),
        ("+86-755-88886666", None),
        ("86-0755-88886666", "0755-88886666"),
    ],
)
def test_landlines(raw: str, number: str | None) -> None:
    if number is None:
        assert invalid("phone", raw) == "phone.format"
    else:
        assert parse("phone", raw) == (number, [])


@pytest.mark.parametrize("between", ["、", "/", ",", "，", ";", "；", " ", "\n", " 或 ", "\u3000"])
def test_two_numbers_are_both_kept_and_told(between: str) -> None:
    assert parse("phone", f"13800001234{between}0512-65432101") == (
        "13800001234、0512-65432101",
        ["w:value.several"],
    )


@pytest.mark.parametrize(
    "raw",
    [
        *("1380000123", "138000012345", "23800001234", "12800001234", "12345678", "10086"),
        *("1.38E+10", "13800001234(妻)", "张三13800001234", "0512-6543210-8", "010-12345678转2"),
        *(-13800001234, "-13800001234", "不详", "13800001234-13900001234", 1380000123.4),
    ],
    ids=repr,
)
def test_what_is_no_telephone_number(raw: object) -> None:
    assert invalid("phone", raw) == "phone.format"


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        *((r, True) for r in ("是", "√", "✓", "✔", "☑", "✔\ufe0f", "1", 1, 1.0, "Y", "y", "有")),
        *((r, True) for r in ("YES", "true", True, " 是 ", "\u3000√", "Ｙ", "１")),
        *((r, False) for r in ("否", "0", 0, 0.0, "N", "n", "无", "no", "没有", "×", False, "Ｎ")),
    ],
)
def test_yes_and_no(raw: object, meant: bool) -> None:
    assert parse("bool", raw) == (meant, [])


@pytest.mark.parametrize("raw", ["部分", "√√", "2", "是否", "看情况", 2.5])
def test_neither_yes_nor_no(raw: object) -> None:
    assert invalid("bool", raw) == "type.bool"


CHOICES: Mapping[str, tuple[str, ...]] = {
    "在保": ("正常", "享受"),
    "退出": ("退保",),
    "无": (),
    "A类": ("一类",),
}


@pytest.mark.parametrize(
    ("raw", "value", "noted"),
    [
        ("在保", "在保", []),
        (" 在\u3000保\u200b", "在保", []),
        ("正常", "在保", ["i:value.synonym"]),
        ("a类", "A类", []),
        ("Ａ类", "A类", []),
        ("无", "无", []),  # a choice wins over an empty mark
        ("/", None, []),
        ("", None, []),
    ],
)
def test_choices(raw: str, value: str | None, noted: list[str]) -> None:
    assert parse("choice", raw, choices=CHOICES) == (value, noted)


@pytest.mark.parametrize("raw", ["停保", "在保户", 1, "在保、退出"])
def test_what_is_no_choice(raw: object) -> None:
    assert invalid("choice", raw, choices=CHOICES) == "choice"


@pytest.mark.parametrize(
    "between", ["、", "，", ",", ";", "；", "/", "／", " ", "\n", "\u3000", "\u00a0", "､", "、 "]
)
def test_several_choices_in_the_order_typed(between: str) -> None:
    value, noted = parse("choices", f"退出{between}在保", choices=CHOICES)
    assert (value, noted) == (("退出", "在保"), [])


def test_several_choices_once_each_or_not_at_all() -> None:
    assert parse("choices", "在保、正常、退保", choices=CHOICES) == (
        ("在保", "退出"),
        ["i:value.synonym"],
    )
    assert parse("choices", "无", choices=CHOICES) == (("无",), [])
    assert invalid("choices", "在保、看情况", choices=CHOICES) == "choice"
    assert invalid("choices", "、", choices=CHOICES) == "choice"


def test_a_withheld_word_is_read_as_another_and_never_repeated() -> None:
    field = FieldSchema(
        id="f",
        header="类别",
        type="choices",
        choices={"其他关爱对象": (), "独居老人": ()},
        withheld={"社区矫正对象": {"read_as": "其他关爱对象", "responsible": "司法所"}},
    )
    parsed = CellParser(field, TODAY)("独居老人、社区矫正对象")
    assert parsed.value == ("独居老人", "其他关爱对象")
    [note] = parsed.notes
    assert (note.rule, note.severity) == ("value.synonym", "warning")
    assert "矫正" not in note.message.zh + note.message.en
    assert "司法所" in note.message.zh
    [wrong] = CellParser(field, TODAY)("社区矫正对象、看情况").notes
    assert wrong.rule == "choice"
    assert "矫正" not in wrong.message.zh + wrong.message.en


NAMES = {
    "户主   姓名": "户主姓名",
    "张　三": "张三",
    "张\u200b三": "张三",
    "王\u00a0芳\ufeff": "王芳",
    "欧阳\n文": "欧阳文",
    "买买提•艾山": "买买提·艾山",
    "买买提.艾山": "买买提·艾山",
    "买买提．艾山": "买买提·艾山",
    "买买提・艾山": "买买提·艾山",
    "买买提‧艾山": "买买提·艾山",
    "买买提 · 艾山": "买买提·艾山",
    "John  Smith": "John Smith",
    "J. Smith": "J. Smith",
    "\uf9b4\u7530": "\u9818\u7530",  # a compatibility ideograph
    "𠮷田": "𠮷田",
    "張三": "張三",
    "张三（户主）": "张三(户主)",
}


@pytest.mark.parametrize("raw", NAMES)
def test_names(raw: str) -> None:
    assert parse("name", raw) == (NAMES[raw], [])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("ＤＢ００１", "DB001"),
        ("DB 001", "DB001"),
        ("'DB001", "DB001"),
        ("DB\u200b001\u00a0", "DB001"),
        ("001", "001"),
        (1001.0, "1001"),
        (1001, "1001"),
    ],
)
def test_codes(raw: object, code: str) -> None:
    assert parse("code", raw) == (code, [])


@pytest.mark.parametrize("type_", ["code", "digits", "id_number"])
@pytest.mark.parametrize("raw", [320102199003070000, 3.20102199003070e17, 1e15], ids=repr)
def test_long_numbers_have_lost_digits_and_nothing_is_guessed(type_: str, raw: object) -> None:
    assert invalid(type_, raw) == "id.precision_lost"


@pytest.mark.parametrize(("raw", "text"), [("00123", "00123"), ("１ ２", "12"), (12.0, "12")])
def test_digits(raw: object, text: str) -> None:
    assert parse("digits", raw) == (text, [])
    assert invalid("digits", "12a") == "type.digits"
    assert invalid("digits", -5) == "type.digits"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a  b \u3000", "a  b"),
        ("第 一 网格", "第 一 网格"),
        ("一\n二", "一\n二"),
        ("ＡＢ（１）", "ＡＢ（１）"),
        (3.0, "3"),
        (3.25, "3.25"),
        (datetime(2022, 6, 1), "2022-06-01"),
        (datetime(2022, 6, 1, 8, 30), "2022-06-01 08:30:00"),
        ("-1", "-1"),
        ("+5.5", "+5.5"),
        ("'abc", "abc"),
    ],
)
def test_free_text_is_trimmed_and_otherwise_as_typed(raw: object, text: str) -> None:
    assert parse("text", raw) == (text, [])


@pytest.mark.parametrize("type_", ["text", "name", "code"])
@pytest.mark.parametrize(
    "raw", ["=cmd|'/c calc'!A1", "+SUM(A1)", "-A1", "@SUM(A1)", "＝1+1", "=甲", "@甲!乙"]
)
def test_text_like_a_formula_is_kept_and_flagged(type_: str, raw: str) -> None:
    value, noted = parse(type_, raw)
    assert isinstance(value, str)
    assert noted == ["w:cell.formula_injection"]


@pytest.mark.parametrize(
    "raw", ["-已联系", "@王芳", "＋转介社工站", "－已搬离（2022年）", "+甲，乙"]
)
def test_a_list_mark_or_a_mention_is_plain_text(raw: str) -> None:
    assert parse("text", raw)[1] == []


EMPTY = (None, "", " ", "\u3000\u200b", "\n")
MARKS = ("无", "/", "／", "—", "——", "-", "－", "--", "N/A", "n/a", "#N/A", " 无 ", "Ｎ／Ａ")
TYPES = ("text", "name", "code", "digits", "integer", "decimal", "money", "date", "phone")


@pytest.mark.parametrize("type_", [*TYPES, "id_number"])
@pytest.mark.parametrize("raw", [*EMPTY, *MARKS], ids=repr)
def test_nothing_and_marks_for_nothing_are_empty(type_: str, raw: object) -> None:
    assert parse(type_, raw) == (None, [])
    assert parse(type_, raw, wanted=True) == (None, ["w:wanted"])


@pytest.mark.parametrize("raw", EMPTY, ids=repr)
def test_a_required_cell_must_not_be_empty(raw: object) -> None:
    assert parse("name", raw, required=True) == (None, ["e:required"])


def test_a_mark_for_nothing_says_something_in_a_required_cell() -> None:
    assert invalid("id_number", "无", required=True) == "id.length"
    assert invalid("date", "/", required=True) == "type.date"
    assert invalid("name", "无", required=True) == "type.text"


@pytest.mark.parametrize("raw", ["#REF!", "#DIV/0!", "#VALUE!", "#NAME?", CellError("#REF!")])
@pytest.mark.parametrize("type_", [*TYPES, "bool"])
def test_errors_of_a_spreadsheet(type_: str, raw: object) -> None:
    assert invalid(type_, raw) == "cell.error"


def test_a_missing_look_up_is_empty_where_it_may_be() -> None:
    assert parse("text", CellError("#N/A")) == (None, [])
    assert invalid("text", CellError("#N/A"), required=True) == "cell.error"


def test_no_cell_holds_more_than_32767_characters() -> None:
    assert parse("text", "x" * 32767) == ("x" * 32767, [])
    assert invalid("text", "x" * 32768) == "cell.too_long"


@pytest.mark.parametrize("raw", ["11010119900307299X", "住13800001234", "110101900307299"])
def test_personal_numbers_in_a_harmless_field_are_masked_in_its_message(raw: str) -> None:
    for type_, rules in (("choice", {"choices": CHOICES}), ("integer", {}), ("date", {})):
        field = FieldSchema(id="f", header="字段", type=type_, **rules)
        for note in CellParser(field, TODAY)(raw).notes:
            assert "0190030" not in note.message.zh + note.message.en
            assert "0000" not in note.message.zh + note.message.en
