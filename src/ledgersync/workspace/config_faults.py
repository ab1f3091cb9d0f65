"""What is wrong in `ledgersync.toml`, in words: where it stands, and what may stand there."""

import re

from pydantic import ValidationError

from ledgersync.errors import Message
from ledgersync.privacy import mask_text

_AT = re.compile(r"at line (\d+), column (\d+)")
_LISTS = {"units": "unit"}  # what a key of ours is called in the file
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
    "dict_type": Message("应为花括号里的几项", "should be a table in braces"),
    "model_type": Message("应为一节", "should be a section"),
    "model_attributes_type": Message("应为一节", "should be a section"),
    "literal_error": Message("只能是 {expected}", "should be {expected}"),
    "greater_than_equal": Message("不能小于 {ge}", "should be at least {ge}"),
    "less_than_equal": Message("不能大于 {le}", "should be at most {le}"),
}


def fault_words(error: ValidationError) -> Message:
    """The first thing that is wrong: its place in the file, what is there, what should be."""
    first = error.errors()[0]
    kind = _KINDS.get(first["type"], Message("不对", "is wrong"))
    details = {**first.get("ctx", {})}
    details["expected"] = str(details.get("expected", "")).replace("'", "")
    place = _place(first["loc"])
    typed = first["input"] if first["type"] not in ("missing", "extra_forbidden") else ""
    shown = f"“{mask_text(str(typed))}”" if isinstance(typed, str | int | float) and typed else ""
    zh = kind.zh.format_map(details).replace(" or ", " 或 ")
    return Message(f"{place.zh}{shown}{zh}", f"{place.en} {kind.en.format_map(details)}")


def syntax_words(reason: str) -> Message:
    """Where the file is no TOML."""
    at = _AT.search(reason)
    if at is None:
        return Message("文件末尾少了什么（引号或括号没有成对？）", reason)
    where = f"第 {at[1]} 行第 {at[2]} 个字附近写法不对"
    return Message(f"{where}（引号、括号、等号有没有写全？）", reason)


def _place(path: tuple[int | str, ...]) -> Message:
    """`[[staff]] 第 2 个的 name`, `[rules] 的 reserved_rows`."""
    if not path:
        return Message("内容", "it")
    top, *rest = path
    name = _LISTS.get(str(top), str(top))
    if rest and isinstance(rest[0], int):
        number = rest[0] + 1
        zh, en = f"[[{name}]] 第 {number} 个", f"[[{name}]] number {number}"
        rest = rest[1:]
    else:
        zh = en = f"[{name}]" if rest else name
    within = ".".join(str(k) for k in rest)
    return Message(f"{zh}的 {within} " if within else f"{zh} ", f"{en}, {within}" if within else en)
