"""What is wrong in a TOML file that people write, in words. Pure."""

import re

from ledgersync.declared import DeclarationFault
from ledgersync.declared.reading import Kind
from ledgersync.messages import Message, literal, message
from ledgersync.privacy import mask_text

_AT = re.compile(r"at line (\d+), column (\d+)")
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
    typed = mask_text(str(fault.typed)) if isinstance(fault.typed, str | int | float) else ""
    return message("“{typed}”{what}", typed=typed, what=told) if typed else told


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
