"""Text as people type it: spaces of every kind, empty marks, names with middle dots."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_DROP_INVISIBLE = {ord(c): None for c in _INVISIBLE}
_EDGES = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009" + _INVISIBLE
_SPACES = re.compile(rf"[\s{_INVISIBLE}]+")
_HAN = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MIDDLE_DOT = re.compile(rf"(?<=[{_HAN}])[•‧・･.．∙⋅](?=[{_HAN}])")
_NOT_IN_NAMES = _DROP_INVISIBLE | dict.fromkeys(range(9)) | dict.fromkeys(range(14, 28))
_LATIN_GAP = re.compile(r"(?<=[A-Za-z.])[ \u00a0]+(?=[A-Za-z])")
_EMPTY_MARKS = frozenset({"无", "/", "—", "——", "-", "--", "–", "N/A", "#N/A", "NA"})
_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#N/A", "#CALC!"})
_ERRORS |= {"#SPILL!", "#GETTING_DATA"}


def typed(raw: object) -> str:
    """What stands in a cell, as text; whole numbers without `.0`, dates as ISO 8601."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, (float, Decimal)):
        return number_text(raw)
    if isinstance(raw, datetime):
        if not (raw.hour or raw.minute or raw.second):
            return raw.date().isoformat()
        return raw.isoformat(sep=" ", timespec="seconds")
    if isinstance(raw, date):
        return raw.isoformat()
    return "" if raw is None else str(raw)


def number_text(raw: float | Decimal) -> str:
    """A number as a person would type it: no exponent, no trailing `.0`."""
    number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
    if not number.is_finite():
        return str(raw)
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def trim(text: str) -> str:
    """Free text: the edges cleaned, the inside left as typed."""
    return text.strip(_EDGES)


def squeeze(text: str) -> str:
    """Codes and choices: NFKC, without any white space or invisible character.

    Twice, because a lone accent is a blank and a combining one, which then meets its letter.
    """
    bare = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    return bare if bare.isascii() else unicodedata.normalize("NFKC", bare)


def clean_name(text: str) -> str:
    """A person's name: `户主   姓名` → `户主姓名`, `买买提•艾山` → `买买提·艾山`.

    One blank between Latin letters stays, since it separates names there.
    """
    folded = unicodedata.normalize("NFKC", trim(text).translate(_NOT_IN_NAMES))
    spaced = _LATIN_GAP.sub("\0", folded)
    joined = unicodedata.normalize("NFKC", _SPACES.sub("", spaced).replace("\0", " "))
    return _MIDDLE_DOT.sub("·", joined)


def is_blank(raw: object) -> bool:
    """Nothing a person would call content."""
    return raw is None or (isinstance(raw, str) and not trim(raw))


def is_empty_mark(text: str) -> bool:
    """`无`, `/`, `—`, `N/A`: typed to say that there is nothing."""
    return squeeze(text).upper() in _EMPTY_MARKS


def is_error_text(text: str) -> bool:
    """`#REF!` and its like."""
    return text.startswith("#") and squeeze(text).upper() in _ERRORS


def looks_like_formula(text: str) -> bool:
    """Text that a spreadsheet would run if it were pasted: `=cmd|…`, `+SUM(…)`, `@x`."""
    cleaned = trim(text)
    if len(cleaned) < 2 or cleaned[0] not in "=+-@＝＋－＠":
        return False
    return not re.fullmatch(r"[+\-＋－]?[\d,，.．\s-]+%?", cleaned)
