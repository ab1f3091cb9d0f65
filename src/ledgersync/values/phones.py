"""Telephone numbers: mobile, or area code and number; several in one cell are all kept."""

import re

from ledgersync.patterns import pattern_of
from ledgersync.values.text import QUOTES, squeeze, trim, typed

SEPARATOR = "、"
_MOBILE = pattern_of(r"1[3-9][0-9]{9}")
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_LANDLINE = pattern_of(rf"\(?({_AREA})\)?-?(\d{{7,8}}|\d{{3,4}}-\d{{4}})", re.ASCII)
_BETWEEN = pattern_of(r"[、，,/／;；\\|｜\n\r]|或者|或|以及|及|和")
_DASHES = pattern_of(r"[‐-―−]")


def to_phones(raw: object) -> tuple[list[str], bool] | None:
    """The numbers of a cell, and whether something else stood there; None for no number.

    The first must be one: what stands before it says whose it is. Landlines come back as
    `010-12345678`.
    """
    text = trim(typed(raw))
    parts = [p for p in _BETWEEN.split(text) if trim(p)]
    if len(parts) == 1 and _one(parts[0]) is None:
        parts = parts[0].split()
    numbers = [_one(p) for p in parts]
    if not numbers or numbers[0] is None:
        return None
    return list(dict.fromkeys(n for n in numbers if n is not None)), None in numbers


def _one(text: str) -> str | None:
    """The number that stands alone in `text`; one with an extension is none."""
    bare = _DASHES.sub("-", squeeze(trim(text).strip(QUOTES))).strip(QUOTES)
    bare = re.sub(r"^(?:\+|00)?86-?(?=1[\d-]{10,}$|0[\d-]{9,}$)", "", bare)
    bare = re.sub(r"\.0+$", "", bare)
    digits = bare.replace("-", "")
    if _MOBILE.fullmatch(digits) and bare[0] != "-" != bare[-1]:
        return digits
    match = _LANDLINE.fullmatch(bare)
    return f"{match[1]}-{match[2].replace('-', '')}" if match else None
