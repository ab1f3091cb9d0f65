"""Statistical codes of units as people type them: 6 digits county, 9 street, 12 community.

Offices above the community may write the short form. A code of twelve digits whose zeros speak of
another level is taken, and doubted: offices do use such codes.
"""

import unicodedata

from ledgersync.errors import Message, UsageFault

_LENGTHS = {"community": (12,), "street": (9, 12), "district": (6, 12)}
_NAMES = {
    "community": Message("社区", "a community"),
    "street": Message("街道", "a street"),
    "district": Message("区县", "a district"),
}
_FORMS = {
    "community": Message(
        "社区代码 12 位：前 6 位区县，再 3 位街道，末 3 位社区，如 360702001001。",
        "12 digits: 6 of the county, 3 of the street, 3 of its own, such as 360702001001.",
    ),
    "street": Message(
        "街道代码 12 位、末 3 位是 000，如 360702001000；也可只写前 9 位。",
        "12 digits ending in 000, such as 360702001000, or the first 9 of them.",
    ),
    "district": Message(
        "区县代码 12 位、末 6 位是 000000，如 360702000000；也可只写前 6 位。",
        "12 digits ending in 000000, such as 360702000000, or the first 6 of them.",
    ),
}


def typed_code(text: str, level: str) -> str:
    """The code that was typed; raises UsageFault for one that no unit of this level has."""
    code = "".join(unicodedata.normalize("NFKC", text).split())
    name = _NAMES[level]
    if not (code.isascii() and code.isdigit()):
        raise UsageFault(
            Message(
                f"{name.zh}的区划代码只能是数字，“{text}”不是。",
                f"The code of {name.en} has digits only, {text!r} does not.",
            ),
            _FORMS[level],
        )
    if len(code) not in _LENGTHS[level]:
        wanted = _LENGTHS[level][-1]
        raise UsageFault(
            Message(
                f"{name.zh}的区划代码应为 {wanted} 位数字，“{code}”是 {len(code)} 位。",
                f"The code of {name.en} has {wanted} digits, {code} has {len(code)}.",
            ),
            _FORMS[level],
        )
    return code


def doubt(code: str, level: str) -> Message | None:
    """What speaks against a code of twelve digits at this level."""
    if len(code) != 12 or _spoken_of(code) == level:
        return None
    own, other = _NAMES[level], _NAMES[_spoken_of(code)]
    return Message(
        f"代码 {code} 看起来是{other.zh}的，不是{own.zh}的；不对的话请改 ledgersync.toml。"
        f"{_FORMS[level].zh}",
        f"{code} looks like the code of {other.en}, not of {own.en}; correct ledgersync.toml if "
        f"so. {_FORMS[level].en}",
    )


def _spoken_of(code: str) -> str:
    """The level that the zeros of a code speak of."""
    if not code.endswith("000"):
        return "community"
    return "district" if code.endswith("000000") else "street"
