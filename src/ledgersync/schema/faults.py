"""What is wrong in a TOML file that people write, in words. Pure."""

import re
from typing import TYPE_CHECKING

from ledgersync.errors import Message
from ledgersync.privacy import mask_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_AT = re.compile(r"at line (\d+), column (\d+)")
_KINDS = {
    "missing": Message("没有写", "is missing"),
    "extra_forbidden": Message("没有这一项，请检查拼写", "is not known"),
    "string_pattern_mismatch": Message("写法不对", "does not fit"),
    "string_type": Message("应为加引号的文字", "should be a text in quotes"),
    "string_too_short": Message("不能为空", "must not be empty"),
    "int_type": Message("应为整数", "should be a whole number"),
    "int_parsing": Message("应为整数", "should be a whole number"),
    "int_from_float": Message("应为整数", "should be a whole number"),
    "tuple_type": Message("应为方括号里的一列", "should be a list in square brackets"),
    "list_type": Message("应为方括号里的一列", "should be a list in square brackets"),
    "dict_type": Message("应为花括号里的几项", "should be a table in braces"),
    "model_type": Message("应为一节", "should be a section"),
    "model_attributes_type": Message("应为一节", "should be a section"),
    "bool_type": Message("应为 true 或 false", "should be true or false"),
    "float_type": Message("应为数字", "should be a number"),
    "literal_error": Message("只能是 {expected}", "should be {expected}"),
    "greater_than_equal": Message("不能小于 {ge}", "should be at least {ge}"),
    "less_than_equal": Message("不能大于 {le}", "should be at most {le}"),
}


def reason_words(fault: "ErrorDetails") -> Message:
    """What stands there, masked, and what may stand there; ids and other own rules say it."""
    if fault["type"] == "value_error":
        own = fault["msg"].removeprefix("Value error, ")
        return Message(own, own)
    kind = _KINDS.get(fault["type"], Message("不对", "is wrong"))
    details = dict(fault.get("ctx", {}))
    details["expected"] = str(details.get("expected", "")).replace("'", "")
    zh = kind.zh.format_map(details).replace(" or ", " 或 ")
    return Message(f"{_typed(fault)}{zh}", kind.en.format_map(details))


def _typed(fault: "ErrorDetails") -> str:
    value = fault["input"]
    if fault["type"] in ("missing", "extra_forbidden") or not isinstance(value, str | int | float):
        return ""
    return f"“{mask_text(str(value))}”" if value != "" else ""


def syntax_words(error: ValueError) -> Message:
    """Where the file is no TOML, or that it is no text of ours."""
    if isinstance(error, UnicodeDecodeError):
        return Message("不是 UTF-8 编码（在记事本里另存为，编码选 UTF-8）", "it is not UTF-8")
    reason = str(error)
    at = _AT.search(reason)
    if at is None:
        return Message("文件末尾少了什么（引号或括号没有成对？）", reason)
    where = f"第 {at[1]} 行第 {at[2]} 个字附近写法不对"
    return Message(f"{where}（引号、括号、等号有没有写全？）", reason)
