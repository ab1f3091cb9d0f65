"""Statistical codes of units as people type them: 6 digits county, 9 street, 12 community.

Offices above the community may write the short form. A code of twelve digits whose zeros speak of
another level is taken, and doubted: offices do use such codes.
"""

import unicodedata

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, counted, message

_LENGTHS = {"community": (12,), "street": (9, 12), "district": (6, 12)}
_NAMES = {
    "community": message("社区"),
    "street": message("街道"),
    "district": message("区县"),
}
_FORMS = {
    "community": message(
        "社区代码 12 位：前 6 位区县，再 3 位街道，末 3 位社区，如 360702001001。"
    ),
    "street": message("街道代码 12 位、末 3 位是 000，如 360702001000；也可只写前 9 位。"),
    "district": message("区县代码 12 位、末 6 位是 000000，如 360702000000；也可只写前 6 位。"),
}


def typed_code(text: str, level: str) -> str:
    """The code that was typed; raises UsageFault for one that no unit of this level has."""
    code = "".join(unicodedata.normalize("NFKC", text).split())
    name = _NAMES[level]
    if not (code.isascii() and code.isdigit()):
        raise UsageFault(
            message("{name}的区划代码只能是数字，“{text}”不是。", name=name, text=text),
            _FORMS[level],
        )
    if len(code) not in _LENGTHS[level]:
        wanted = _LENGTHS[level][-1]
        raise UsageFault(
            counted(
                "{name}的区划代码应为 {n} 位数字，“{code}”是 {count} 位。",
                n=wanted,
                name=name,
                code=code,
                count=len(code),
            ),
            _FORMS[level],
        )
    return code


def doubt(code: str, level: str) -> Message | None:
    """What speaks against a code of twelve digits at this level."""
    if len(code) != 12 or _spoken_of(code) == level:
        return None
    own, other = _NAMES[level], _NAMES[_spoken_of(code)]
    return message(
        "代码 {code} 看起来是{other}的，不是{own}的；不对的话请改 ledgersync.toml。{forms}",
        code=code,
        other=other,
        own=own,
        forms=_FORMS[level],
    )


def _spoken_of(code: str) -> str:
    """The level that the zeros of a code speak of."""
    if not code.endswith("000"):
        return "community"
    return "district" if code.endswith("000000") else "street"
