"""What is said about a single cell: one function per rule id.

What a person typed is quoted only where the field holds nothing personal.
"""

from ledgersync.messages import Message, message
from ledgersync.model import Invalid, Note, Severity, column_letters
from ledgersync.privacy import mask_text
from ledgersync.schema import FieldSchema
from ledgersync.values.text import is_garbled

_TYPE_HINTS = {
    "integer": message("应为整数"),
    "decimal": message("应为数字"),
    "money": message("应为金额（元）"),
    "date": message("不是有效的公历日期，请写成 2022-06-01"),
    "digits": message("只能是数字"),
    "bool": message("应填“是”或“否”"),
}
_ID_HINTS = {
    "id.length": message("应为18位"),
    "id.chars": message("前17位应为数字，末位为数字或X"),
    "id.birthdate": message("中的出生日期不存在或不合理"),
    "id.checksum": message("校验位不对，请核对证件"),
    "id.precision_lost": message("被存成了数字，末几位已丢失，请把单元格设为文本后按证件重新录入"),
}


def quoted(field: FieldSchema, text: str) -> str:
    """What was typed, for harmless fields; nothing for personal ones.

    An id or telephone number that slipped into a harmless field is masked there too.
    """
    return "" if field.privacy != "none" or len(text) > 40 else mask_text(text)


def about(field: FieldSchema, text: str, what: Message) -> Message:
    """`〔态度〕“看情况”` and what is said about it; without the text where it is empty."""
    if quote := quoted(field, text):
        return message("〔{field}〕“{text}”{what}", field=field.header, text=quote, what=what)
    return message("〔{field}〕{what}", field=field.header, what=what)


def _note(rule: str, severity: Severity, field: FieldSchema, what: Message, text: str = "") -> Note:
    return Note(rule, severity, about(field, text, what))


def wrong_type(field: FieldSchema, text: str) -> Note:
    hint = _TYPE_HINTS.get(field.type) or message("格式不对")
    return _note(f"type.{field.type}", "error", field, hint, text)


def ambiguous_date(field: FieldSchema, text: str) -> Note:
    what = message("年份或月份有歧义，请写成 2022-06-01")
    if "月" in text and "年" not in text:
        what = message("没有写年份，请写成 2022-06-01")
    return _note("date.ambiguous", "error", field, what, text)


def year_taken(field: FieldSchema, text: str, year: int) -> Note:
    what = message("没有写年份，已按同列的{year}年读取，请核对", year=year)
    return _note("date.ambiguous", "warning", field, what, text)


def month_only(field: FieldSchema, text: str) -> Note:
    return _note("date.month_only", "info", field, message("只写到月，按当月1日处理"), text)


def future_date(field: FieldSchema, text: str) -> Note:
    return _note("date.future", "error", field, message("晚于今天"), text)


def wrong_id(field: FieldSchema, rule: str) -> Note:
    return _note(rule, "error", field, _ID_HINTS[rule])


def upgraded_id(field: FieldSchema) -> Note:
    return _note("id.upgraded15", "info", field, message("为15位旧号，已换成18位"))


def unknown_region(field: FieldSchema) -> Note:
    return _note("id.region", "warning", field, message("前6位不在行政区划代码表中，请核对"))


def wrong_phone(field: FieldSchema) -> Note:
    return _note("phone.format", "error", field, message("不是有效的手机号或“区号-号码”"))


def several_phones(field: FieldSchema, dropped: bool) -> Note:
    what = message("里有多个号码，都已保留，请核对")
    if dropped:
        what = message("里除号码外还有别的内容，只取了号码")
    return _note("value.several", "warning", field, what)


def several_kept(field: FieldSchema) -> Note:
    what = message("里像有几个人的姓名，都已保留，请核对")
    return _note("value.several", "warning", field, what)


def in_groups(field: FieldSchema) -> Note:
    what = message("中间有空格，已连起来读取；如果是几个编号请分开填写")
    return _note("value.several", "warning", field, what)


def other_column(field: FieldSchema, column: int) -> Note:
    what = message(
        "另有一列（{column}列）也是这一项，写的不一样，没有采用，请核对",
        column=column_letters(column),
    )
    return _note("value.several", "warning", field, what)


def several(field: FieldSchema) -> Note:
    what = message("里有几个值，不知道该取哪一个，请分开填写")
    return _note("value.several", "error", field, what)


def ditto(field: FieldSchema) -> Note:
    what = message("写的是“同上”，上面没有可以照抄的值，请写出来")
    return _note("value.ditto", "error", field, what)


def ditto_taken(field: FieldSchema) -> Note:
    what = message("写的是“同上”，已按上一行的值读取，请核对")
    return _note("value.ditto", "warning", field, what)


def lookup_zero(field: FieldSchema) -> Note:
    what = message("是 0，多半是公式没有查到，请填写实际内容")
    return _note("value.lookup_zero", "error", field, what)


def unclear_unit(field: FieldSchema) -> Note:
    what = message("的计量单位不清楚，请按元（或小时）填写")
    return _note("unit.measure", "error", field, what)


def no_text(field: FieldSchema) -> Note:
    what = message("不像姓名或编号（被存成了日期、号码，或含有 * ?），请重新填写")
    return _note("type.text", "error", field, what)


def odd_name(field: FieldSchema) -> Note:
    what = message("不像一个人的姓名，已照样保留，请核对")
    return _note("type.text", "warning", field, what)


def astray(field: FieldSchema) -> Note:
    what = message("像是另一列的内容，多半是贴错了列，已照样保留，请核对")
    return _note("type.text", "warning", field, what)


def was_a_day(field: FieldSchema) -> Note:
    what = message("被表格软件当成了日期，已按显示的内容读取，请核对")
    return _note("type.text", "warning", field, what)


def unreadable(field: FieldSchema) -> Note:
    what = message("里有认不出的字符，多半是文字编码转坏了，请重新填写")
    return _note("cell.error", "error", field, what)


def far_off(field: FieldSchema, text: str) -> Note:
    return _note("range", "warning", field, message("早得不像真的，请核对"), text)


def far_ahead(field: FieldSchema, text: str) -> Note:
    return _note("date.future", "warning", field, message("是很久以后的日期，请核对"), text)


def wrong_choice(field: FieldSchema, text: str) -> Note:
    options = list(field.choices)
    shown = "、".join(options[:12]) + ("…" if len(options) > 12 else "")
    if any(word in text for word in field.withheld):
        text = ""
    what = message("不在可选值内；可选：{choices}", choices=shown)
    return _note("choice", "error", field, what, text)


def synonym(field: FieldSchema, text: str, value: str) -> Note:
    return _note("value.synonym", "info", field, message("按“{value}”处理", value=value), text)


def withheld(field: FieldSchema, value: str, responsible: str) -> Note:
    what = message(
        "含不在本台账登记的类别，已按“{value}”处理；请由{responsible}另行办理",
        value=value,
        responsible=responsible,
    )
    return _note("value.synonym", "warning", field, what)


def formula_like(field: FieldSchema) -> Note:
    return _note(
        "cell.formula_injection", "warning", field, message("以 = + - @ 开头，已按文本保留，请核对")
    )


def too_long(field: FieldSchema, length: int) -> Note:
    what = message("有{length}个字符，超过单元格上限32767", length=length)
    return _note("cell.too_long", "error", field, what)


def cell_error(field: FieldSchema, text: str) -> Note:
    what = message("是错误值 {text}，请改正公式或重新填写", text=text)
    if text.startswith("="):
        what = message("是没有算过的公式，请在表格软件里打开、重新计算并保存")
    return _note("cell.error", "error", field, what)


def required(field: FieldSchema) -> Note:
    return _note("required", "error", field, message("必填，现为空"))


def wanted(field: FieldSchema) -> Note:
    return _note("wanted", "warning", field, message("最好填写，现为空"))


def out_of_range(field: FieldSchema, text: str) -> Note:
    low = "" if field.min is None else f"{field.min:g}"
    high = "" if field.max is None else f"{field.max:g}"
    what = message("应在 {low}～{high} 之间", low=low, high=high)
    return _note("range", "error", field, what, text)


def rounded(field: FieldSchema) -> Note:
    return _note("type.money", "info", field, message("已四舍五入到分"))


_OF_FIELD = {
    "phone.format": wrong_phone,
    "type.text": no_text,
    "value.several": several,
    "value.ditto": ditto,
    "value.lookup_zero": lookup_zero,
    "unit.measure": unclear_unit,
}


def for_invalid(field: FieldSchema, value: Invalid) -> Note:
    """What is said about a value that was invalid when it was read, from its rule alone."""
    if value.rule in _ID_HINTS:
        return wrong_id(field, value.rule)
    if value.rule == "cell.too_long":
        return too_long(field, len(value.typed))
    if value.rule in _OF_FIELD:
        return _OF_FIELD[value.rule](field)
    if is_garbled(value.typed):
        return unreadable(field)
    by_rule = {
        "date.ambiguous": ambiguous_date,
        "choice": wrong_choice,
        "cell.error": cell_error,
    }
    made = by_rule.get(value.rule, wrong_type)(field, value.typed)
    return Note(value.rule, "error", made.message)
