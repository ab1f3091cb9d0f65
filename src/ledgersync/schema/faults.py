"""What is wrong in a TOML file that people write, in words. Pure."""

import re
from typing import Any

from ledgersync.declared import DeclarationFault
from ledgersync.declared.reading import Kind
from ledgersync.messages import Message, literal, message
from ledgersync.privacy import mask_text

_AT = re.compile(r"at line (\d+), column (\d+)")
_LONGEST = 60  # signs of what is quoted
_BITS = 64
_KINDS: dict[Kind, Message] = {
    "missing": message("没有写"),
    "unknown": message("没有这一项，请检查拼写"),
    "pattern": message("写法不对"),
    "text": message("应为加引号的文字"),
    "short": message("不能为空"),
    "long": message("太长，最多 {most}"),
    "integer": message("应为整数"),
    "number": message("应为数字"),
    "flag": message("应为 true 或 false"),
    "date": message("应为日期，如 2026-03-31"),
    "choice": message("只能是 {expected}"),
    "list": message("应为方括号里的一列"),
    "mapping": message("应为花括号里的几项"),
    "section": message("应为一节"),
    "below": message("不能小于 {least}"),
    "above": message("不能大于 {most}"),
}


def reason_words(fault: DeclarationFault) -> Message:
    """What stands there, masked, and what may stand there; ids and other own rules say it."""
    limits = dict(fault.limits)
    if fault.kind == "rule":
        return literal(*[str(limits["reason"])] * 2)
    expected = str(limits.pop("expected", "")).replace("'", "")
    either = literal(expected.replace(" or ", " 或 "), expected)
    told = _KINDS[fault.kind].filled(expected=either, **limits)
    typed = quoted(fault.typed) if isinstance(fault.typed, str | int | float) else ""
    return message("“{typed}”{what}", typed=typed, what=told) if typed else told


def quoted(typed: str | int | float) -> str:
    """What stands there, masked and not longer than a message bears."""
    is_huge = isinstance(typed, int) and typed.bit_length() > _BITS  # has no decimal text
    text = mask_text(hex(typed) if is_huge else str(typed))  # type: ignore[arg-type]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def toml_data(text: str) -> dict[str, Any]:
    """A TOML file's data; raises ValueError, for `syntax_words`, whatever is wrong with it."""
    import tomllib  # a reading process reads none

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error


def syntax_words(error: ValueError) -> Message:
    """Where the file is no TOML, or that it is no text of ours."""
    import tomllib

    if isinstance(error, UnicodeDecodeError):
        return message("不是 UTF-8 编码（在记事本里另存为，编码选 UTF-8）")
    reason = str(error)
    at = _AT.search(reason)
    if at is None and not isinstance(error, tomllib.TOMLDecodeError):
        return message("有一个数字太长，或括号套得太深")
    if at is None:
        return message("文件末尾少了什么（引号或括号没有成对？）")
    return message(
        "第 {line} 行第 {column} 个字附近写法不对（引号、括号、等号有没有写全？）",
        line=at[1],
        column=at[2],
    )
