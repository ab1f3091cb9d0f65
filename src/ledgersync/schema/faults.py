"""What is wrong in a TOML file that people write, in words. Pure."""

import re
from typing import TYPE_CHECKING

from ledgersync.messages import Message, literal, message
from ledgersync.privacy import mask_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_AT = re.compile(r"at line (\d+), column (\d+)")
_DATE = message("应为日期，如 2026-03-31")
_KINDS = {
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _DATE),
    "missing": message("没有写"),
    "extra_forbidden": message("没有这一项，请检查拼写"),
    "string_pattern_mismatch": message("写法不对"),
    "string_type": message("应为加引号的文字"),
    "string_too_short": message("不能为空"),
    "int_type": message("应为整数"),
    "int_parsing": message("应为整数"),
    "int_from_float": message("应为整数"),
    "tuple_type": message("应为方括号里的一列"),
    "list_type": message("应为方括号里的一列"),
    "dict_type": message("应为花括号里的几项"),
    "model_type": message("应为一节"),
    "model_attributes_type": message("应为一节"),
    "bool_type": message("应为 true 或 false"),
    "float_type": message("应为数字"),
    "literal_error": message("只能是 {expected}"),
    "greater_than_equal": message("不能小于 {ge}"),
    "less_than_equal": message("不能大于 {le}"),
}


def reason_words(fault: "ErrorDetails") -> Message:
    """What stands there, masked, and what may stand there; ids and other own rules say it."""
    if fault["type"] == "value_error":
        own = fault["msg"].removeprefix("Value error, ")
        return literal(own, own)
    kind = _KINDS.get(fault["type"], message("不对"))
    details = dict(fault.get("ctx", {}))
    expected = str(details.pop("expected", "")).replace("'", "")
    told = kind.filled(expected=literal(expected.replace(" or ", " 或 "), expected), **details)
    typed = _typed(fault)
    return message("“{typed}”{what}", typed=typed, what=told) if typed else told


def _typed(fault: "ErrorDetails") -> str:
    value = fault["input"]
    if fault["type"] in ("missing", "extra_forbidden") or not isinstance(value, str | int | float):
        return ""
    return mask_text(str(value))


def syntax_words(error: ValueError) -> Message:
    """Where the file is no TOML, or that it is no text of ours."""
    if isinstance(error, UnicodeDecodeError):
        return message("不是 UTF-8 编码（在记事本里另存为，编码选 UTF-8）")
    reason = str(error)
    at = _AT.search(reason)
    if at is None:
        return message("文件末尾少了什么（引号或括号没有成对？）")
    return message(
        "第 {line} 行第 {column} 个字附近写法不对（引号、括号、等号有没有写全？）",
        line=at[1],
        column=at[2],
    )
