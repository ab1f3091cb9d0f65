"""Statistical codes of units as people type them, and the levels that they speak of.

Two digits name a province, four a city, six a county, nine a street, twelve a community; all are
compared padded with zeros. Offices above the community may write the short form. A code of twelve
digits whose zeros speak of another level is taken, and doubted: offices do use such codes.
"""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, counted, message

Level = Literal["community", "street", "district", "city", "province"]
LEVELS: tuple[Level, ...] = ("province", "city", "district", "street", "community")  # top first
DIGITS: dict[Level, int] = {"province": 2, "city": 4, "district": 6, "street": 9, "community": 12}
CODE_PATTERN = r"^\d{2}(?:\d{2}(?:\d{2}(?:\d{3}(?:\d{3})?)?)?)?$"
NAME_PATTERN = r"^[^\x00-\x1f\x7f\ud800-\udfff]*$"  # of a unit, as others write it
CODE_LENGTHS = tuple(sorted(DIGITS.values()))
_LENGTHS = {
    "community": (12,),
    "street": (9, 12),
    "district": (6, 12),
    "city": (4, 6, 12),
    "province": (2, 6, 12),
}
_WITHOUT_COUNTIES = ("4419", "4420", "4604", "6202")  # 东莞, 中山, 儋州, 嘉峪关
_MUNICIPALITIES = ("11", "12", "31", "50")
_NAMES = {
    "community": message("社区"),
    "street": message("街道"),
    "district": message("区县"),
    "city": message("市"),
    "province": message("省"),
}
_FORMS = {
    "community": message(
        "社区代码 12 位：前 6 位区县，再 3 位街道，末 3 位社区，如 360702001001。"
    ),
    "street": message("街道代码 12 位、末 3 位是 000，如 360702001000；也可只写前 9 位。"),
    "district": message("区县代码 12 位、末 6 位是 000000，如 360702000000；也可只写前 6 位。"),
    "city": message("市代码 12 位、末 8 位是 0，如 360700000000；也可写 360700 或 3607。"),
    "province": message("省代码 12 位、末 10 位是 0，如 360000000000；也可写 360000 或 36。"),
}


def full_code(code: str) -> str:
    """`360702` → `360702000000`."""
    return code.ljust(12, "0")


def level_of(code: str) -> Level:
    """The level that a code itself speaks of."""
    text = full_code(code)
    return next(level for level in LEVELS if not text[DIGITS[level] :].strip("0"))


def fits_level(code: str, level: Level) -> bool:
    """Whether a code may be of a unit of a level; a city without counties is one itself, too."""
    if (actual := level_of(code)) == level:
        return True
    return (actual, level) == ("city", "district") and code[:4] in _WITHOUT_COUNTIES


def enclosing_code(code: str, level: Level) -> str:
    """The code of the unit of a level around another one, as its own digits say."""
    return full_code(full_code(code)[: DIGITS[level]])


def enclosing_codes(code: str, level: Level) -> Iterator[str]:
    """The codes of what may be around a unit of a level, the nearest first."""
    for each in reversed(LEVELS[: LEVELS.index(level)]):
        around = enclosing_code(code, each)
        if around != full_code(code):
            yield around


def code_above(code: str, level: Level) -> str:
    """The padded code of what is right above a unit; for a province itself.

    Counties of a municipality, and those that a province leads itself (xx90xx), have no city.
    """
    above = LEVELS[max(LEVELS.index(level) - 1, 0)]
    is_direct = code[:2] in _MUNICIPALITIES or code[2:4] == "90"
    return enclosing_code(code, "province" if above == "city" and is_direct else above)


def is_code(text: str) -> bool:
    """Whether a text is a code in any of its lengths."""
    return text.isascii() and text.isdigit() and len(text) in CODE_LENGTHS


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


def level_remark(code: str, level: Level) -> Message | None:
    """What speaks against a code with zeros to tell by at this level."""
    if fits_level(code, level):
        return None
    own, other = _NAMES[level], _NAMES[level_of(code)]
    return message(
        "代码 {code} 看起来是{other}的，不是{own}的；不对的话请改 ledgersync.toml。{forms}",
        code=code,
        other=other,
        own=own,
        forms=_FORMS[level],
    )
