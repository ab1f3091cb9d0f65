"""What is said about a single cell: one function per rule id, in both languages.

What a person typed is quoted only where the field holds nothing personal.
"""

from ledgersync.messages import Message
from ledgersync.model import Invalid, Note, Severity
from ledgersync.privacy import mask_text
from ledgersync.schema import FieldSchema

_TYPE_HINTS = {
    "integer": ("应为整数", "must be a whole number"),
    "decimal": ("应为数字", "must be a number"),
    "money": ("应为金额（元）", "must be an amount in yuan"),
    "date": ("不是有效的公历日期，请写成 2022-06-01", "is no calendar date; write 2022-06-01"),
    "digits": ("只能是数字", "must be digits only"),
    "bool": ("应填“是”或“否”", "must be 是 or 否"),
}
_ID_HINTS = {
    "id.length": ("应为18位", "must have 18 characters"),
    "id.chars": ("前17位应为数字，末位为数字或X", "must be 17 digits and a digit or X"),
    "id.birthdate": ("中的出生日期不存在或不合理", "holds no possible birth date"),
    "id.checksum": ("校验位不对，请核对证件", "has a wrong check digit; look at the card"),
    "id.precision_lost": (
        "被存成了数字，末几位已丢失，请把单元格设为文本后按证件重新录入",
        "was stored as a number and lost its last digits; set the cell to text and type it again",
    ),
}


def note(rule: str, severity: Severity, zh: str, en: str) -> Note:
    return Note(rule, severity, Message(zh, en))


def quoted(field: FieldSchema, text: str) -> tuple[str, str]:
    """`“看情况”` for harmless fields, nothing for personal ones.

    An id or telephone number that slipped into a harmless field is masked there too.
    """
    if field.privacy != "none" or not text or len(text) > 40:
        return "", ""
    masked = mask_text(text)
    return f"“{masked}”", f" {masked!r}"


def about(field: FieldSchema, text: str, zh: str, en: str) -> tuple[str, str]:
    quote_zh, quote_en = quoted(field, text)
    return f"〔{field.header}〕{quote_zh}{zh}", f"{field.header}{quote_en} {en}"


def wrong_type(field: FieldSchema, text: str) -> Note:
    zh, en = _TYPE_HINTS.get(field.type, ("格式不对", "has the wrong form"))
    return note(f"type.{field.type}", "error", *about(field, text, zh, en))


def ambiguous_date(field: FieldSchema, text: str) -> Note:
    zh, en = "年份或月份有歧义，请写成 2022-06-01", "is ambiguous; write 2022-06-01"
    return note("date.ambiguous", "error", *about(field, text, zh, en))


def month_only(field: FieldSchema, text: str) -> Note:
    zh, en = "只写到月，按当月1日处理", "gives a month only; read as its first day"
    return note("date.month_only", "info", *about(field, text, zh, en))


def future_date(field: FieldSchema, text: str) -> Note:
    return note("date.future", "error", *about(field, text, "晚于今天", "lies in the future"))


def wrong_id(field: FieldSchema, rule: str) -> Note:
    zh, en = _ID_HINTS[rule]
    return note(rule, "error", *about(field, "", zh, en))


def upgraded_id(field: FieldSchema) -> Note:
    zh, en = "为15位旧号，已换成18位", "is an old 15-digit number, read as 18 characters"
    return note("id.upgraded15", "info", *about(field, "", zh, en))


def unknown_region(field: FieldSchema) -> Note:
    zh, en = "前6位不在行政区划代码表中，请核对", "starts with an unknown region code"
    return note("id.region", "warning", *about(field, "", zh, en))


def wrong_phone(field: FieldSchema) -> Note:
    zh, en = "不是有效的手机号或“区号-号码”", "is no mobile number nor area code and number"
    return note("phone.format", "error", *about(field, "", zh, en))


def second_phone(field: FieldSchema) -> Note:
    zh, en = "里有多个号码，只取了第一个", "holds several numbers; only the first was taken"
    return note("phone.format", "warning", *about(field, "", zh, en))


def wrong_choice(field: FieldSchema, text: str) -> Note:
    options = list(field.choices)
    shown = "、".join(options[:12]) + ("…" if len(options) > 12 else "")
    zh, en = f"不在可选值内；可选：{shown}", f"is not one of: {shown}"
    if any(word in text for word in field.withheld):
        text = ""
    return note("choice", "error", *about(field, text, zh, en))


def synonym(field: FieldSchema, text: str, value: str) -> Note:
    zh, en = f"按“{value}”处理", f"is read as {value}"
    return note("value.synonym", "info", *about(field, text, zh, en))


def withheld(field: FieldSchema, value: str, responsible: str) -> Note:
    zh = f"含不在本台账登记的类别，已按“{value}”处理；请由{responsible}另行办理"
    en = f"holds a category that is not kept here; read as {value}; responsible: {responsible}"
    return note("value.synonym", "warning", *about(field, "", zh, en))


def formula_like(field: FieldSchema) -> Note:
    zh, en = "以 = + - @ 开头，已按文本保留，请核对", "begins like a formula; kept as text"
    return note("cell.formula_injection", "warning", *about(field, "", zh, en))


def too_long(field: FieldSchema, length: int) -> Note:
    zh, en = f"有{length}个字符，超过单元格上限32767", f"has {length} characters, more than 32767"
    return note("cell.too_long", "error", *about(field, "", zh, en))


def cell_error(field: FieldSchema, text: str) -> Note:
    zh, en = f"是错误值 {text}，请改正公式或重新填写", f"holds the error {text}"
    if text.startswith("="):
        zh = "是没有算过的公式，请在表格软件里打开、重新计算并保存"
        en = "is a formula that was never calculated; open, recalculate and save the file"
    return note("cell.error", "error", *about(field, "", zh, en))


def required(field: FieldSchema) -> Note:
    return note("required", "error", *about(field, "", "必填，现为空", "is required but empty"))


def wanted(field: FieldSchema) -> Note:
    return note("wanted", "warning", *about(field, "", "最好填写，现为空", "should be filled in"))


def out_of_range(field: FieldSchema, text: str) -> Note:
    low = "" if field.min is None else f"{field.min:g}"
    high = "" if field.max is None else f"{field.max:g}"
    zh, en = f"应在 {low}～{high} 之间", f"must lie between {low} and {high}"
    return note("range", "error", *about(field, text, zh, en))


def rounded(field: FieldSchema) -> Note:
    return note("type.money", "info", *about(field, "", "已四舍五入到分", "was rounded to cents"))


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
