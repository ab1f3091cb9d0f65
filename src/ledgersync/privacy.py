"""Masking: what may be shown of a person outside the workbooks themselves. Pure.

Sources: 个人信息保护法 6, 28, 51; forms as the design fixes them: `320***********1234`, `张*`,
`欧阳*`, `138****1234`, an address down to the building.
"""

import re

from ledgersync.patterns import pattern_of

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶
太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 呼延 轩辕 西门
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
_BUILDING = pattern_of(r"^(.*?\d+\s*(?:号楼|号院|号|栋|幢|座|弄|巷))(?=.)")
_NUMBERS = pattern_of(r"\d[\d-]*")
_ID_IN_TEXT = pattern_of(r"(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)")
_ID15_IN_TEXT = pattern_of(r"(?<!\d)(\d{3})\d{8}(\d{4})(?!\d)")
_PHONE_IN_TEXT = pattern_of(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONG_IN_TEXT = pattern_of(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")


def mask(kind: str, value: str) -> str:
    """`value` of a field whose `FieldSchema.privacy` is `kind`, as it may be shown."""
    if not value:
        return value
    by_kind = {
        "name": mask_name,
        "id_number": mask_id,
        "phone": mask_phone,
        "address": mask_address,
        "account": mask_id,
    }
    return by_kind.get(kind, mask_text)(value)


def mask_name(name: str) -> str:
    """`张伟` → `张*`, `欧阳文` → `欧阳*`, `阿依古丽·买买提` → `阿*`."""
    return f"{surname_of(name)}*"


def surname_of(name: str) -> str:
    """`冯`, `欧阳`; of two characters the first."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]


def mask_id(number: str) -> str:
    """Three characters before, four after; nothing at all of one too short for that."""
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """`138****1234`; of a landline the last four digits are hidden; of several each by itself."""
    if "、" in number:
        return "、".join(map(mask_phone, number.split("、")))
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    return f"{number[:-4]}****" if len(number) > 7 else "*" * len(number)


def mask_address(address: str) -> str:
    """Down to the building; without one, every number is hidden."""
    match = _BUILDING.match(address)
    return f"{match[1]}***" if match else _NUMBERS.sub("**", address)


def mask_text(text: str) -> str:
    """Free text: ids, account and phone numbers in it are masked, the rest stays."""
    for pattern in (_ID_IN_TEXT, _PHONE_IN_TEXT, _ID15_IN_TEXT, _LONG_IN_TEXT):
        text = pattern.sub(_hide_middle, text)
    return text


def _hide_middle(match: re.Match[str]) -> str:
    hidden = len(match[0]) - len(match[1]) - len(match[2])
    return f"{match[1]}{'*' * hidden}{match[2]}"
