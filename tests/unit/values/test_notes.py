"""What is said of a single cell: its rule, how grave it is, and the words a person reads."""

from collections.abc import Callable

import pytest

from ledgersync.model import Invalid, Note
from ledgersync.schema import FieldSchema
from ledgersync.values import notes


def field(kind: str = "text", **more: object) -> FieldSchema:
    return FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})


F, DAY, MONEY = field(), field("date"), field("money", min=1, max=2.5)


@pytest.mark.parametrize(
    ("said", "about", "rule", "severity", "words"),
    [
        (notes.wrong_type, (DAY, "某日"), "type.date", "error", "“某日”不是有效的公历日期"),
        (notes.wrong_type, (F, "x"), "type.text", "error", "格式不对"),
        (notes.ambiguous_date, (F, "22.6.1"), "date.ambiguous", "error", "年份或月份有歧义"),
        (notes.ambiguous_date, (F, "6月1日"), "date.ambiguous", "error", "没有写年份"),
        (notes.ambiguous_date, (F, "22年6月"), "date.ambiguous", "error", "年份或月份有歧义"),
        (notes.year_taken, (F, "6月1日", 2022), "date.ambiguous", "warning", "2022年"),
        (notes.month_only, (F, "2022-06"), "date.month_only", "info", "只写到月"),
        (notes.future_date, (F, "2099-01-01"), "date.future", "error", "晚于今天"),
        (notes.far_ahead, (F, "2099-01-01"), "date.future", "warning", "很久以后"),
        (notes.far_off, (F, "1900-01-01"), "range", "warning", "早得不像真的"),
        (notes.wrong_id, (F, "id.checksum"), "id.checksum", "error", "校验位不对"),
        (notes.upgraded_id, (F,), "id.upgraded15", "info", "15位旧号"),
        (notes.unknown_region, (F,), "id.region", "warning", "行政区划"),
        (notes.wrong_phone, (F,), "phone.format", "error", "不是有效的手机号"),
        (notes.several_phones, (F, True), "value.several", "warning", "只取了号码"),
        (notes.several_phones, (F, False), "value.several", "warning", "多个号码"),
        (notes.several_kept, (F,), "value.several", "warning", "几个人的姓名"),
        (notes.in_groups, (F,), "value.several", "warning", "中间有空格"),
        (notes.other_column, (F, 28), "value.several", "warning", "AB列"),
        (notes.several, (F,), "value.several", "error", "请分开填写"),
        (notes.ditto, (F,), "value.ditto", "error", "上面没有可以照抄的值"),
        (notes.ditto_taken, (F,), "value.ditto", "warning", "已按上一行的值"),
        (notes.lookup_zero, (F,), "value.lookup_zero", "error", "公式没有查到"),
        (notes.unclear_unit, (F,), "unit.measure", "error", "计量单位不清楚"),
        (notes.no_text, (F,), "type.text", "error", "不像姓名或编号"),
        (notes.odd_name, (F,), "type.text", "warning", "不像一个人的姓名"),
        (notes.astray, (F,), "type.text", "warning", "另一列的内容"),
        (notes.was_a_day, (F,), "type.text", "warning", "当成了日期"),
        (notes.unreadable, (F,), "cell.error", "error", "认不出的字符"),
        (notes.synonym, (F, "子", "甲"), "value.synonym", "info", "“子”按“甲”处理"),
        (notes.withheld, (F, "甲", "派出所"), "value.synonym", "warning", "请由派出所另行办理"),
        (notes.formula_like, (F,), "cell.formula_injection", "warning", "已按文本保留"),
        (notes.too_long, (F, 40_000), "cell.too_long", "error", "有40000个字符"),
        (notes.cell_error, (F, "#REF!"), "cell.error", "error", "错误值 #REF!"),
        (notes.cell_error, (F, "=A1"), "cell.error", "error", "没有算过的公式"),
        (notes.required, (F,), "required", "error", "必填"),
        (notes.wanted, (F,), "wanted", "warning", "最好填写"),
        (notes.out_of_range, (MONEY, "9"), "range", "error", "应在 1～2.5 之间"),
        (notes.rounded, (F,), "type.money", "info", "四舍五入"),
    ],
)
def test_what_is_said(
    said: Callable[..., Note], about: tuple[object, ...], rule: str, severity: str, words: str
) -> None:
    note = said(*about)
    assert (note.rule, note.severity) == (rule, severity)
    assert note.message.zh.startswith("〔项〕") and words in note.message.zh


@pytest.mark.parametrize(
    ("text", "personal", "shown"),
    [
        ("看情况", None, "看情况"),
        ("看情况", "name", ""),
        ("甲" * 40, None, "甲" * 40),
        ("甲" * 41, None, ""),
        ("", None, ""),
    ],
)
def test_what_was_typed_is_repeated_only_where_it_harms_nobody(
    text: str, personal: str | None, shown: str
) -> None:
    made = field(personal=personal) if personal else F
    assert notes.quoted(made, text) == shown
    said = notes.wrong_type(made, text).message.zh
    assert (f"“{shown}”" in said) is bool(shown)
    assert "看情况" not in said or shown == "看情况"


def test_a_withheld_word_is_never_repeated() -> None:
    made = field(
        "choice", choices={"甲": []}, withheld={"吸毒": {"read_as": "甲", "responsible": "所"}}
    )
    assert "吸毒" not in notes.wrong_choice(made, "有吸毒史").message.zh
    assert "“有病”" in notes.wrong_choice(made, "有病").message.zh


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("id.precision_lost", "末几位已丢失"),
        ("cell.too_long", "有3个字符"),
        ("phone.format", "手机号"),
        ("type.text", "不像姓名"),
        ("value.several", "请分开填写"),
        ("value.ditto", "照抄"),
        ("value.lookup_zero", "没有查到"),
        ("unit.measure", "计量单位"),
        ("date.ambiguous", "“某某某”年份或月份"),
        ("choice", "不在可选值内"),
        ("cell.error", "错误值 某某某"),
        ("type.money", "“某某某”应为金额"),
        ("of.a.later.version", "“某某某”应为金额"),
    ],
)
def test_what_is_said_again_of_an_invalid_value(rule: str, words: str) -> None:
    note = notes.for_invalid(field("money"), Invalid("某某某", rule))
    assert (note.rule, note.severity) == (rule, "error")
    assert words in note.message.zh
