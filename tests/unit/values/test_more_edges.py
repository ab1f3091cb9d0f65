"""More values at the edge of what they are taken for: survivors of `make mutants`."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser, notes
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.codec import decoded, shown, to_json
from ledgersync.values.dates import DateFault, MonthOnly, to_date
from ledgersync.values.former import from_json
from ledgersync.values.listed import Listing, listing_like
from ledgersync.values.numbers import to_number
from ledgersync.values.plain import plain_for
from ledgersync.values.respelled import place_of, respelled
from ledgersync.values.several import several_names
from ledgersync.values.text import bare_name, clean_code, clean_text, is_garbled, squeeze

TODAY, NO = date(2022, 6, 30), DateFault.NOT_A_DATE


def field(kind: str, **more: object) -> FieldSchema:
    return FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})


def read(raw: object, kind: str, **more: object) -> tuple[Value, list[str]]:
    parsed = CellParser(field(kind, **more), TODAY)(raw)
    return parsed.value, [note.rule for note in parsed.notes]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (date(1899, 12, 30) + timedelta(190_001), MonthOnly(1900, 1, 1)),  # 190001 in a date cell
        (date(1899, 12, 30) + timedelta(190_000), NO),
        ("2021-6-1 2", DateFault.AMBIGUOUS),
        ("2021 5", DateFault.AMBIGUOUS),
        ("2021-6-1 丙", NO),
        ("2021-06-01 23:59:59.5", date(2021, 6, 2)),
        ("2021-06-01 23:59:59.4", date(2021, 6, 1)),
        ("2021-06-01 23:59:59", date(2021, 6, 1)),
        (datetime(2021, 6, 1, 23, 59, 59, 600_000), date(2021, 6, 2)),
        ("1900-1-1", date(1900, 1, 1)),
        ("1899-12-31", NO),
        ("2099-12-31", date(2099, 12, 31)),
        ("2100-1-1", NO),
        ("2021年6月", MonthOnly(2021, 6, 1)),
        ("1900年1月", MonthOnly(1900, 1, 1)),
        ("1899年12月", NO),
        ("2021年13月", NO),
        ("二〇二一年十二月二十日", date(2021, 12, 20)),
        (1900.5, DateFault.AMBIGUOUS),
        (2100.5, NO),
    ],
)
def test_days(raw: object, found: object) -> None:
    assert to_date(raw) == found and type(to_date(raw)) is type(found)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("第01网格", "#1"),
        ("一百零三网格", "#103"),
        ("十网格", "#10"),
        ("二十一网格", "#21"),
        ("拾网格", "#10"),
        ("一二网格", "一二"),  # no number: a name
        ("一二十网格", "一二十"),
        ("〇网格", "〇"),
        ("东网格", "东"),
    ],
)
def test_numbers_of_a_list(text: str, key: str) -> None:
    assert Listing("第{n}网格").key(text) == key


def test_a_list_without_a_pattern_writes_its_numbers_as_its_values_do() -> None:
    assert listing_like(["东片", "第1网格"]).spelled("2网格") == "第2网格"
    assert listing_like(["网格3号"]).spelled("第4网格") == "网格4号"
    assert listing_like(["东片"]).spelled(" 2网格 ") == "2网格"


@pytest.mark.parametrize(
    ("value", "kind", "stored", "text"),
    [
        (None, "text", None, ""),
        ("甲", "text", "甲", "甲"),
        (True, "bool", True, "是"),
        (False, "bool", False, "否"),
        (3, "integer", 3, "3"),
        (2.50, "decimal", 2.5, "2.5"),
        (Decimal("1570.4"), "money", "1570.40", "1570.40"),
        (date(2022, 6, 1), "date", "2022-06-01", "2022-06-01"),
        (("甲", "乙"), "choices", ["甲", "乙"], "甲、乙"),
        (Invalid("约三", "type.integer"), "integer", None, "约三"),
    ],
)
def test_values_as_json_and_as_people_read_them(
    value: Value, kind: str, stored: object, text: str
) -> None:
    if isinstance(value, Invalid):
        stored = {"invalid": value.typed, "rule": value.rule}
    made = field(kind, **({"choices": {"甲": [], "乙": []}} if kind == "choices" else {}))
    assert to_json(value) == stored and decoded(made, stored) == value
    assert shown(value) == text


def test_a_value_of_a_field_that_was_another_one() -> None:
    number = field("integer", formerly=[{"id": "f", "header": "项", "type": "text"}])
    assert from_json(number, "3人") == 3
    assert from_json(number, 3) == 3
    assert from_json(number, "若干") == Invalid("若干", "type.integer")
    assert from_json(number, None) is None


@pytest.mark.parametrize(
    ("raw", "number"),
    [(0.1, "0.1"), (3, "3"), (True, None), (float("nan"), None), ("100 200", None), ("首轮", "1")],
)
def test_numbers(raw: object, number: str | None) -> None:
    found = to_number(raw)
    assert found == (None if number is None else Decimal(number))
    assert to_number("3万元") == 30_000 and to_number("1,200百元") == 120_000


@pytest.mark.parametrize(
    ("raw", "kind", "more", "value", "rules"),
    [
        (0, "text", {}, Invalid("0", "value.lookup_zero"), ["value.lookup_zero"]),
        ("FALSE", "name", {}, Invalid("FALSE", "type.text"), ["type.text"]),
        ("FALSE", "text", {}, "FALSE", []),
        (TODAY, "name", {}, Invalid("2022-06-30", "type.text"), ["type.text"]),
        ("1990-01-01", "date", {}, date(1990, 1, 1), []),
        ("2022-07-01", "date", {"not_future": True}, date(2022, 7, 1), ["date.future"]),
        ("2090-01-01", "date", {}, date(2090, 1, 1), ["date.future"]),
        ("1900-01-01", "date", {}, date(1900, 1, 1), ["range"]),
        ("12", "name", {}, Invalid("12", "type.text"), ["type.text"]),
        ("·", "name", {}, Invalid("·", "type.text"), ["type.text"]),
        ("王芳", "name", {}, "王芳", []),
        (
            12345678901234567,
            "code",
            {},
            Invalid("12345678901234567", "id.precision_lost"),
            ["id.precision_lost"],
        ),
        (1234, "code", {}, "1234", []),
        ("DB001", "code", {}, "DB001", []),
        ("有", "bool", {"words": {"去过": "是", "没去": "否"}}, True, []),
        ("去过", "bool", {"words": {"去过": "是", "没去": "否"}}, True, ["value.synonym"]),
        ("没去", "bool", {"words": {"去过": "是", "没去": "否"}}, False, ["value.synonym"]),
        (
            "幸福路3号",
            "text",
            {"words": {"幸福路": "兴福路"}, "personal": "address"},
            "兴福路3号",
            [],
        ),
        ("幸福路3号", "text", {"words": {"幸福路": "兴福路"}}, "幸福路3号", []),
    ],
)
def test_cells(
    raw: object, kind: str, more: dict[str, object], value: Value, rules: list[str]
) -> None:
    assert read(raw, kind, **more) == (value, rules)


def test_what_the_sentences_about_bools_and_bounds_say() -> None:
    parser = CellParser(field("bool", words={"没去": "否"}), TODAY)
    assert "按“否”处理" in parser("没去").notes[0].message.zh
    low = notes.out_of_range(field("integer", min=1), "0").message.zh
    high = notes.out_of_range(field("integer", max=9), "10").message.zh
    assert "应在 1～ 之间" in low and "应在 ～9 之间" in high
    many = field("choice", choices={str(n): [] for n in range(13)})
    assert "、11…" in notes.wrong_choice(many, "x").message.zh
    twelve = field("choice", choices={str(n): [] for n in range(12)})
    assert "、11" in notes.wrong_choice(twelve, "x").message.zh
    assert "…" not in notes.wrong_choice(twelve, "x").message.zh
    assert notes.quoted(twelve, "甲" * 40) and not notes.quoted(twelve, "甲" * 41)


@pytest.mark.parametrize(
    ("rule", "typed", "told"),
    [
        ("cell.too_long", "甲" * 9, "有9个字符"),
        ("type.integer", "锟斤拷", "认不出的字符"),
        ("cell.error", "#REF!", "#REF!"),
        ("id.checksum", "1", "校验"),
        ("type.integer", "约三", "约三"),
    ],
)
def test_what_is_said_of_a_value_that_was_invalid(rule: str, typed: str, told: str) -> None:
    note = notes.for_invalid(field("integer"), Invalid(typed, rule))
    assert told in note.message.zh and note.severity == "error"


def test_words_of_the_unit_mean_only_choices_that_there_are() -> None:
    made = field("choice", choices={"独居": [], "空巢": []}, words={"独": "独居", "x": "旧的"})
    reader = ChoiceReader(made)
    assert [reader.one(word) and reader.one(word).value for word in ("独", "x", "空巢")] == [  # type: ignore[union-attr]
        "独居",
        None,
        "空巢",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王芳\n李强", ["王芳", "李强"]),
        ("欧阳\n锋", None),
        ("王芳", None),
        ("王芳\n", None),
        ("王芳 李强", ["王芳", "李强"]),
        ("欧阳 李强", None),
        ("欧阳\n李强", None),
        ("王芳 户主家", None),
    ],
)
def test_names_between_lines_and_blanks(text: str, names: list[str] | None) -> None:
    assert several_names(text) == names


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("幸福路3号", "幸福路"),
        ("幸福路三号", "幸福路"),
        ("路3号", ""),
        ("第3网格", ""),
        ("幸福路", ""),
    ],
)
def test_the_place_that_an_address_begins_with(address: str, place: str) -> None:
    assert place_of(address) == place
    words = {"幸福路": "兴福路"}
    assert respelled(words, "幸福路3号", is_place=True) == "兴福路3号"
    assert respelled(words, "幸福路三号", is_place=True) == "兴福路三号"
    assert respelled(words, "幸福路口", is_place=True) == "幸福路口"
    assert respelled(words, "幸福路", is_place=False) == "兴福路"


@pytest.mark.parametrize(
    ("text", "clean", "code", "bare"),
    [
        ("甲\u200b乙", "甲乙", "甲乙", "甲乙"),
        ("'101.0", "101", "101", "101"),
        ("a—b", "a—b", "a-b", "a—b"),
        ("\u00a8a", "\u00a8a", "\u0308a", "\u0308a"),
    ],
)
def test_texts_codes_and_what_is_compared(text: str, clean: str, code: str, bare: str) -> None:
    assert clean_text(text) == clean and clean_code(text) == code
    assert squeeze(text).lstrip("'").removesuffix(".0") == bare


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("锟斤拷", True),
        ("\ufffd", True),
        ("abc", False),
        ("幸福路", False),
        ("幸福路".encode().decode("latin-1"), True),
        ("幸福路".encode("gb18030").decode("latin-1"), True),
        ("鑱旂郴鐢佃瘽", True),
        ("café", False),
    ],
)
def test_chinese_in_a_wrong_encoding(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("王芳2", "王芳"),
        ("王芳（二网格）", "王芳"),
        ("王二", "王二"),
        ("王芳二号", "王芳"),
        ("王", "王"),
    ],
)
def test_a_name_without_what_tells_it_apart(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("11010119900307299X", True),
        ("110101199003072999", False),  # check digit
        ("11010118991231299X", False),
        ("99999919900307299X", False),
        ("1101011990030729", False),
    ],
)
def test_an_id_number_that_is_its_own_value(number: str, plain: bool) -> None:
    test = plain_for(field("id_number"), TODAY)
    assert test is not None
    for _ in range(2):  # the second time from what is remembered
        assert bool(test(number)) is plain


@pytest.mark.parametrize(
    ("kind", "more", "text", "plain"),
    [
        ("name", {}, "王芳", True),
        ("code", {}, "DB001", True),
        ("phone", {}, "13800000001", True),
        ("text", {}, "幸福路", True),
        ("text", {}, "'幸福路", False),
        ("integer", {}, "3", None),
        ("text", {"listed": "第{n}网格"}, "1网格", None),
        ("name", {"words": {"王方": "王芳"}}, "王方", None),
    ],
)
def test_plain_cells(kind: str, more: dict[str, object], text: str, plain: bool | None) -> None:
    test = plain_for(field(kind, **more), TODAY)
    assert (None if test is None else bool(test(text))) == plain
