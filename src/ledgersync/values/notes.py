"""What is said about a single cell: one function per rule id.

What a person typed is quoted only where the field holds nothing personal.
"""

from ledgersync.messages import Message, message
from ledgersync.model import Invalid, Note, Severity
from ledgersync.privacy import mask_text
from ledgersync.schema import FieldSchema

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
    return _note(
        "date.ambiguous", "error", field, message("年份或月份有歧义，请写成 2022-06-01"), text
    )


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


def second_phone(field: FieldSchema) -> Note:
    return _note("phone.format", "warning", field, message("里有多个号码，只取了第一个"))


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


def for_invalid(field: FieldSchema, value: Invalid) -> Note:
    """What is said about a value that was invalid when it was read, from its rule alone."""
    if value.rule in _ID_HINTS:
        return wrong_id(field, value.rule)
    if value.rule == "cell.too_long":
        return too_long(field, len(value.typed))
    if value.rule == "phone.format":
        return wrong_phone(field)
    by_rule = {
        "date.ambiguous": ambiguous_date,
        "choice": wrong_choice,
        "cell.error": cell_error,
    }
    made = by_rule.get(value.rule, wrong_type)(field, value.typed)
    return Note(value.rule, "error", made.message)
