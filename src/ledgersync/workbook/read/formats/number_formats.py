"""What a cell shows: number formats (ECMA-376 18.8.31), as far as they change what is read.

A format matters where it adds something to the number: zeros before it, letters around it, words
instead of it. How many places or which separators it shows does not. What is not understood for
certain is left as the number is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.values.text import number_text

GENERAL = "General"
# Of the built-in ones those that say something: percents, and the Chinese months and days.
BUILT_IN = {
    2: "0.00",
    9: "0%",
    10: "0.00%",
    16: "d-mmm",
    17: "mmm-yy",
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
_TOKEN = pattern_of(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<date>[yYmMdD]+|[eE]{1,4}(?![+-]))|(?P<digits>[0#?]+)"
    r"|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = pattern_of(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_COLOUR = pattern_of(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\d+|黑色|蓝色|红色|绿色|白色|黄色|颜色\d+)?",
    re.IGNORECASE,
)
_LOCALE = pattern_of(r"\$([^-\]]*)(?:-[0-9A-Fa-f,]+)?")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": float.__lt__,
    ">": float.__gt__,
    "<=": float.__le__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAMPLES = (0.0, 1.0, 2.0, 7.0, 12345.0, date(2022, 3, 4))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A literal text, placeholders for digits, a part of a date, or a sign (`.`, `%`, `@`, …)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format; `holds` is its condition, if it has one."""

    pieces: tuple[_Piece, ...]
    holds: Callable[[float], bool] | None = None

    def has(self, kind: str) -> bool:
        return any(p.kind == kind for p in self.pieces)


_THOUSANDS = _Piece("sign", ",")  # behind the last digit it divides by a thousand


class _NotUnderstood(Exception):
    """A format that is left alone."""


def as_shown(code: str, raw: object) -> str | None:
    """What a cell of this format shows, None where that is its value in other words."""
    try:
        if isinstance(raw, str):
            return _text_shown(code, raw)
        if isinstance(raw, date):
            return _day_shown(code, raw)
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return _number_shown(code, float(raw))
    except _NotUnderstood:
        return None
    return None


def format_code(number: int, custom: Mapping[int, str]) -> str:
    """The format of a number format id: a workbook's own, or a built-in one that says something."""
    return custom.get(number) or BUILT_IN.get(number, GENERAL)


@lru_cache(maxsize=1024)
def is_telling(code: str) -> bool:
    """Some number or day of this format shows something else than its value."""
    return any(as_shown(code, raw) is not None for raw in _SAMPLES)


@lru_cache(maxsize=1024)
def adds_to_text(code: str) -> bool:
    """A text of this format has letters before it or behind: `"DB"@`."""
    return as_shown(code, "a") is not None


def has_two_places(code: str) -> bool:
    """October 2021 is shown as 2021.10."""
    return exactly_shown(code, 2021.1) == "2021.10"


def says_something(shown: str, number: float) -> bool:
    """A shown text is more than the number with separators, places or a currency."""
    bare = shown.replace(",", "").strip("¥￥$€ ()")
    if re.fullmatch(r"0\d+(?:\.\d+)?", bare):
        return True
    try:
        rounding: float = 0.5000001 * 10.0 ** -_places(bare)
        return abs(abs(float(bare)) - abs(number)) > rounding
    except ValueError:
        return bool(bare)


def exactly_shown(code: str, number: float) -> str | None:
    """A number with the places that its format shows: `2021.10`; None where that is not clear."""
    try:
        section, is_negative = _section_for(code, number)
        return None if is_negative else "".join(_rendered(section, number))
    except _NotUnderstood:
        return None


def _places(number: str) -> int:
    return len(number.partition(".")[2])


def _number_shown(code: str, number: float) -> str | None:
    section, is_negative = _section_for(code, number)
    if not section.pieces:
        return "" if number == 0 else None  # zeros are hidden
    shown = "".join(_rendered(section, abs(number) if is_negative else number))
    return shown if says_something(shown, number) else None


def _text_shown(code: str, text: str) -> str | None:
    """`"DB"@` before `001`; a text that begins so already is not said twice."""
    section = next((s for s in _sections(code) if s.has("@")), None)
    if section is None or not section.has("literal"):
        return None
    pieces = [text if p.kind == "@" else p.text for p in section.pieces if p.kind != "space"]
    before = "".join(pieces[: pieces.index(text)])
    after = "".join(pieces[pieces.index(text) + 1 :])
    if not (before + after).strip() or (text.startswith(before) and text.endswith(after)):
        return None
    return before + text + after


def _day_shown(code: str, day: date) -> str | None:
    """A day of which year, month or day is not shown: `3月2日`, typed as 3-2."""
    section = _sections(code)[0]
    letters = {p.text[0] for p in section.pieces if p.kind == "date"}
    if not letters or {"y", "m", "d"} <= letters:
        return None
    return "".join(_day_piece(p, day) for p in section.pieces)


def _day_piece(piece: _Piece, day: date) -> str:
    if piece.kind != "date":
        if piece.kind in ("literal", "space"):
            return piece.text
        raise _NotUnderstood
    forms = {
        "yyyy": f"{day.year}",
        "yy": f"{day:%y}",
        "m": f"{day.month}",
        "mm": f"{day.month:02}",
        "mmm": _MONTHS[day.month - 1],
        "d": f"{day.day}",
        "dd": f"{day.day:02}",
    }
    if piece.text not in forms:
        raise _NotUnderstood
    return forms[piece.text]


def _section_for(code: str, number: float) -> tuple[_Section, bool]:
    """The part of the format that a number is shown by; whether it shows the sign itself."""
    sections = [s for n, s in enumerate(_sections(code)) if n < 3 and not s.has("@")]
    if not sections:
        return _Section((_Piece("general", ""),)), False
    if any(s.holds for s in sections):
        found = next((s for s in sections if s.holds is None or s.holds(number)), None)
        if found is None:
            raise _NotUnderstood
        return found, False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    return sections[2 if number == 0 and len(sections) > 2 else 0], False


def _rendered(section: _Section, number: float) -> Iterator[str]:
    if section.has("date"):
        raise _NotUnderstood
    percent = sum(p.text == "%" for p in section.pieces)
    number *= 100**percent
    whole, places = _placeholders(section)
    if not whole and not places:
        yield from (number_text(number) if p.kind == "general" else p.text for p in section.pieces)
        return
    text = f"{round(number, 10):.{places}f}"
    if number < 0 or (whole and abs(float(text) - number) > 1e-9 and not places):
        raise _NotUnderstood
    digits, _, fraction = text.partition(".")
    yield from _filled(section, digits, fraction, sum(whole))


def _placeholders(section: _Section) -> tuple[list[int], int]:
    """How many digits stand before the point, by group, and how many behind it."""
    whole, places, after_point = [], 0, False
    for piece, following in zip(section.pieces, [*section.pieces[1:], None], strict=True):
        if piece == _THOUSANDS and (following is None or following.kind != "digits"):
            raise _NotUnderstood
        if piece.kind == "sign" and piece.text == ".":
            after_point = True
        elif piece.kind == "digits" and after_point:
            places += len(piece.text)
        elif piece.kind == "digits":
            whole.append(len(piece.text))
    return whole, places


def _filled(section: _Section, digits: str, fraction: str, slots: int) -> Iterator[str]:
    """The digits put into their places; the first place takes all that are too many."""
    rest, first, after_point = slots, True, False
    for piece in section.pieces:
        if piece.kind != "digits":
            after_point |= piece.kind == "sign" and piece.text == "."
            yield "" if piece.text == "," and piece.kind == "sign" else piece.text
        elif after_point:
            yield fraction[: len(piece.text)]
            fraction = fraction[len(piece.text) :]
        else:
            for slot in piece.text:
                have = len(digits) - rest + 1
                taken = digits[:have] if first else digits[have - 1 : have]
                yield (taken if have > 0 else "") or ("0" if slot == "0" else "")
                first, rest = False, rest - 1


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """The format's parts; raises _NotUnderstood."""
    parts: list[list[_Piece]] = [[]]
    conditions: dict[int, Callable[[float], bool]] = {}
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            parts.append([])
        elif match["bracket"] is not None:
            _bracket(match["bracket"], len(parts) - 1, parts[-1], conditions)
        else:
            parts[-1] += _pieces(match)
    return tuple(_Section(tuple(p), conditions.get(n)) for n, p in enumerate(parts))


def _pieces(match: re.Match[str]) -> list[_Piece]:
    if match["quoted"] is not None or match["escaped"] is not None:
        return [_Piece("literal", match["quoted"] or match["escaped"] or "")]
    if match["general"]:
        return [_Piece("general", "")]
    if match["date"]:
        return [_Piece("date", match["date"].lower())]
    if match["digits"]:
        return [_Piece("digits", match["digits"])]
    other = match["other"]
    if other is None:  # a width or a fill
        return []
    if other == "@":
        return [_Piece("@", "")]
    if other in ".,%":
        return [_Piece("sign", other)]
    if other in "hHsS" or (other in "eE/" and other != "/"):
        raise _NotUnderstood
    return [_Piece("space" if other == " " else "literal", other)]


def _bracket(
    content: str, part: int, pieces: list[_Piece], conditions: dict[int, Callable[[float], bool]]
) -> None:
    """A colour says nothing, a condition chooses, a currency is shown."""
    condition, locale = _CONDITION.fullmatch(content), _LOCALE.fullmatch(content)
    if condition:
        compare, limit = _COMPARE[condition[1]], float(condition[2])
        conditions[part] = lambda number: compare(number, limit)
    elif locale:
        if locale[1]:
            pieces.append(_Piece("literal", locale[1]))
    elif not _COLOUR.fullmatch(content):
        raise _NotUnderstood
