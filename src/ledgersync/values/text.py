"""Text as people type it: spaces of every kind, marks nobody sees, empty marks, quotes."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from ledgersync.characters import BLANK, INVISIBLE, JOINING, each_of
from ledgersync.patterns import pattern_of

_EDGES = each_of(BLANK + INVISIBLE)
_SPACES = pattern_of(rf"[\s{INVISIBLE}]+")
FOREIGN_DIGIT = pattern_of(r"(?![0-9])\d")  # Arabic-Indic and the like
HIDDEN = pattern_of(rf"[{INVISIBLE}]+")
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# Joiners stay behind a sign, where they belong to what is seen.
_HIDDEN_IN_TEXT = pattern_of(
    rf"(?:(?![{JOINING}])[{INVISIBLE}])+|(?<![{_EMOJI}{JOINING}])[{JOINING}]+"
)
_LINE_ENDS = pattern_of(r"\r\n?|\u2028|\u2029|\x85")
QUOTES = "'\"`´’‘“”′＇＂｀"
_APOSTROPHES = tuple("'’‘`´＇")
_DASHES = pattern_of("[‐-―−﹣－─]")
FLOAT_TAIL = pattern_of(r"(\d{1,15})\.0+")
_HAN = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_IN_IT = pattern_of(f"[{_HAN}]")
_WESTERN = pattern_of(r"[\u0080-\u00ff\u0152-\u017e\u2018-\u2122]{2}")
_DOTS = frozenset("•‧・･.．∙⋅")
_MIDDLE_DOT = pattern_of(rf"(?<=[{_HAN}])[{''.join(sorted(_DOTS))}](?=[{_HAN}])")
# `1.王芳`, `①王芳`, `王芳；`
_NUMBERED = pattern_of(rf"(?:[①-⑳⑴-⒇]|[(（]?\d{{1,3}}[)）.．、])\s*(?=[{_HAN}])")
_NO_PART_OF_A_NAME = "。，,；;、：:"
_LATIN_GAP = pattern_of(r"(?<=[A-Za-z.])[ \u00a0]+(?=[A-Za-z])")
EMPTY_MARKS = frozenset({"无", "/", "—", "——", "-", "--", "–", "N/A", "#N/A", "NA"})
# What most people write; the formulas of workbooks know these.
DITTO_MARKS = (
    *("同上", "同前", "如上", "如前", "上同", "皆同上", "均同上", "都同上", "全同上", "同上行"),
    *(
        "同上述",
        "同上面",
        "同上一行",
        "同上格",
        "同左",
        "同右",
        "同下",
        "(同上)",
        "同上。",
        "ditto",
        "do.",
    ),
    *(
        '"',
        "“",
        "”",
        "″",
        "〃",
        "〞",
        "〟",
        '""',
        "〃〃",
        "“”",
        "””",
        "''",
        "’’",
        ",,",
        "、、",
        "↑",
        "↑↑",
    ),
)
_DITTO = pattern_of(
    r"[(（\[【]?(?:(?:皆|均|都|全)?(?:同|如)(?:上|前)(?:行|述|面|一行|格)?|上同|同上同上|[\"“”″〃〞〟＂]|[\"“”″〃〞〟'‘’＂]{2,4}|"
    r"[，,、]{2,4}|[-—－]*[\"″〃＂][-—－]*|↑+|do\.|ditto|同[下左右])[。.]?[)）\]】]?",
    re.IGNORECASE,
)
PROGRAM_BLANKS = frozenset({"nan", "NaN", "NULL", "null", "None", "NaT", "<NA>", "\\N"})
ERROR_TEXTS = frozenset(
    {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#N/A", "#CALC!"}
)
ERROR_TEXTS |= {"#SPILL!", "#GETTING_DATA"}


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
    """The edges cleaned, the inside left as typed."""
    return text.strip(_EDGES)


def clean_text(text: str) -> str:
    """Free text as typed, without what nobody sees, an apostrophe before it, or `.0` behind it.

    A spreadsheet puts the apostrophe before texts that look like numbers, and other programs
    write whole numbers as `101.0`.
    """
    bare = trim(text)
    if not bare.isprintable() or HIDDEN.search(bare):
        bare = trim(_LINE_ENDS.sub("\n", _HIDDEN_IN_TEXT.sub("", bare)))
    if bare[:1] in _APOSTROPHES and not any(q in bare[1:] for q in QUOTES):
        bare = trim(bare[1:])
    tail = FLOAT_TAIL.fullmatch(bare)
    return tail[1] if tail else bare


def clean_code(text: str) -> str:
    """A code: NFKC, no white space, no quotes around it, one kind of dash, no `.0` behind it."""
    bare = squeeze(trim(text).strip(QUOTES)).strip(QUOTES)
    tail = FLOAT_TAIL.fullmatch(bare)
    return tail[1] if tail else _DASHES.sub("-", bare)


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
    bare = _without_number(HIDDEN.sub("", trim(text).lstrip(QUOTES)))
    folded = unicodedata.normalize("NFKC", bare)
    spaced = _LATIN_GAP.sub("\0", folded)
    joined = unicodedata.normalize("NFKC", _SPACES.sub(_gap, spaced))
    name = joined.strip(QUOTES).strip(_NO_PART_OF_A_NAME)
    return name if _DOTS.isdisjoint(name) else _MIDDLE_DOT.sub("·", name)


def _without_number(name: str) -> str:
    first = name[:1]
    if not ("①" <= first <= "⒇" or first in ("(", "（") or first.isdecimal()):
        return name
    match = _NUMBERED.match(name)
    return name[match.end() :] if match else name


def _gap(spaces: re.Match[str]) -> str:
    return " " if "\0" in spaces[0] else ""


def is_blank(raw: object) -> bool:
    """Nothing a person would call content."""
    return raw is None or (isinstance(raw, str) and not trim(raw))


def is_empty_mark(text: str) -> bool:
    """`无`, `/`, `—`, `N/A`: typed to say that there is nothing."""
    return squeeze(text).upper() in EMPTY_MARKS


def is_ditto(text: str) -> bool:
    """`同上`, `〃`, `"`, `，，`: the value of the row above, or of another cell."""
    bare = trim(text)
    return 0 < len(bare) < 9 and bool(_DITTO.fullmatch(_SPACES.sub("", bare)))


def means_above(ditto: str) -> bool:
    """A ditto mark that points up, not `同左` or `同下`."""
    return not any(word in ditto for word in ("左", "右", "下"))


def is_program_blank(text: str) -> bool:
    """`nan`, `NULL`, `None`: what other programs write for nothing."""
    return trim(text) in PROGRAM_BLANKS


def is_error_text(text: str) -> bool:
    """`#REF!` and its like."""
    return text.startswith("#") and squeeze(text).upper() in ERROR_TEXTS


def is_garbled(text: str) -> bool:
    """Chinese that another program read in a wrong encoding: `锟斤拷`, `è§£æ”¾è·¯`."""
    if "\ufffd" in text or "锟斤拷" in text or "烫烫烫" in text:
        return True
    if text.isascii():
        return False
    if "\u4e00" <= text[0] <= "\u9fff" or _HAN_IN_IT.search(text):
        return bool(_suspect().search(text)) and _reads_as(text, "gb18030", "utf-8")
    return bool(_WESTERN.search(text)) and (
        _reads_as(text, "cp1252", "utf-8")
        or _reads_as(text, "latin-1", "utf-8")
        or _reads_as(text, "latin-1", "gb18030")
    )


def may_be_garbled(text: str) -> bool:
    """Anything in a text is a sign of Chinese read in a wrong encoding; never too seldom."""
    if any(sign in text for sign in ("\ufffd", "锟斤拷", "烫烫烫")):
        return True
    return bool(_suspect().search(text) or _WESTERN.search(text))


@cache
def _suspect() -> re.Pattern[str]:
    """What the first two bytes of a Chinese character in UTF-8 are in GBK."""
    pairs = (bytes((a, b)) for a in range(0xE4, 0xEA) for b in range(0x80, 0xC0))
    return re.compile("[" + "".join(p.decode("gb18030", "ignore") for p in pairs) + "]")


def _reads_as(text: str, wrong: str, right: str) -> bool:
    """The bytes behind the text are Chinese in another encoding, and nothing but that."""
    try:
        meant = text.encode(wrong).decode(right)
    except UnicodeError:
        return False
    return meant.isprintable() and len(_HAN_IN_IT.findall(meant)) > 1


def looks_like_formula(text: str) -> bool:
    """Text that a spreadsheet would run if it were pasted: `=cmd|…`, `+SUM(…)`, `@x`.

    `-已联系` and `@王芳` are plain: functions and cells have Latin names, sheets a ! behind theirs.
    """
    if not begins_like_formula(text):
        return False
    sign, rest = trim(text)[0], trim(text)[1:]
    return sign in "=＝" or rest[0].isascii() or any(mark in rest for mark in "!|")


def begins_like_formula(text: str) -> bool:
    """`=…`, `+…`, `-…` or `@…`, and no number."""
    cleaned = trim(text)
    if len(cleaned) < 2 or cleaned[0] not in "=+-@＝＋－＠":
        return False
    return not re.fullmatch(r"[+\-＋－]?[\d,，.．\s-]+%?", cleaned)


_MARK = pattern_of(r"(?:[\d〇一二三四五六七八九十]+号?|[（(][^（）()]*[）)])$")


def bare_name(name: str) -> str:
    """A name without what tells it apart from that of another person: 王芳2, 王芳（二网格）."""
    name = name.strip()
    found = _MARK.sub("", name)
    return found if len(found) > 1 else name
