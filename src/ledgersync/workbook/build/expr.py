"""Pieces of spreadsheet formulas that Excel 2010, WPS and LibreOffice all understand.

Two limits shape them. No array constants may stand in cells or validations, so the few that are
needed are defined names of the workbook (`SHARED_NAMES`). And LibreOffice copies a name's formula
into every place that uses it, 8,192 tokens per cell at most, so a long expression is used once:
ranges are tested as |2v − (a + b)| ≤ b − a, and failures travel as errors to one IFERROR.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from ledgersync.values.dates import DAY_PARTS

POSITIONS = "LS_k"
_STRING_LIMIT = 250  # Excel allows 255 characters in one string of a formula
_BLANKS = (" ", "　", "\u00a0", "\u200b")
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"]|"")*")|(?P<ref>(?:'[^']+'|[\w]+)!\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)
    |(?P<name>[A-Za-z_][\w.]*)|(?P<number>\d+(?:\.\d+)?(?:E\d+)?)|(?P<operator><>|<=|>=|[-+*/&=<>^])""",
    re.VERBOSE,
)


def text(value: str) -> str:
    """A string literal, in several joined pieces where it is long."""
    pieces = [value[i : i + _STRING_LIMIT] for i in range(0, len(value), _STRING_LIMIT)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def replaced(expression: str, olds: Iterable[str], new: str = "") -> str:
    """`expression` with each of `olds` replaced."""
    for old in olds:
        expression = f"SUBSTITUTE({expression},{text(old)},{text(new)})"
    return expression


def squeezed(expression: str) -> str:
    """Half-width and without blanks, as `ledgersync.values.text.squeeze` makes it."""
    return replaced(f"ASC(CLEAN({expression}))", _BLANKS)


def one_of(expression: str, words: Iterable[str]) -> str:
    """The text is exactly one of `words`."""
    return among(expression, text("|" + "|".join(words) + "|"))


def among(expression: str, joined: str) -> str:
    """The text is one of the words in `joined`, an expression such as `"|a|b|"`."""
    return f'ISNUMBER(FIND("|"&{expression}&"|",{joined}))'


def within(expression: str, low: str, high: str) -> str:
    """low ≤ expression ≤ high, with the expression used once; both bounds are expressions."""
    return f"ABS(2*{expression}-({low}+{high}))<=({high})-({low})"


def first_of(cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """`IF(condition, result, IF(…))` over (condition, result) pairs."""
    formula = otherwise
    for condition, result in reversed(list(cases)):
        formula = f"IF({condition},{result},{formula})"
    return formula


def safe_root(expression: str, low: str, high: str) -> str:
    """The number itself where low ≤ it ≤ high, an error elsewhere; the expression is used once."""
    above = f"({low}+ROUND(SQRT({expression}-({low}))^2,6))"
    return f"({high}-ROUND(SQRT({high}-{above})^2,6))"


def token_counter(names: Mapping[str, str]) -> Callable[[str], int]:
    """How many tokens LibreOffice needs for a formula with its names copied in (estimated).

    Whoever counts several formulas with the same names counts what they share once.
    """

    @cache
    def count(expression: str) -> int:
        if expression.startswith("{"):  # an array is one
            return 1
        total = 0
        for match in _TOKEN.finditer(expression):
            name = match["name"]
            total += count(names[name]) if name in names else 1
        return total

    return count


def _array(values: Iterable[int]) -> str:
    return "{" + ";".join(str(v) for v in values) + "}"


def _telephone_bounds() -> tuple[list[int], list[int]]:
    """Where numbers begin and cease to be telephones, a 9 written in front to keep zeros.

    Mobile 1[3-9] and 9 digits; area codes 010, 02x, 0[3-9]xx and 7 or 8 digits; 86 in front.
    """
    blocks = [("1[3-9]", 9)] + [(area, n) for area in ("010", "02", "0[3-9]") for n in (7, 8)]
    tails = {"1[3-9]": (13, 19, 9), "010": (10, 10, 0), "02": (2, 2, 1), "0[3-9]": (3, 9, 2)}
    steps: dict[int, int] = {0: 0}
    for country in ("", "86", "0086"):
        for area, digits in blocks:
            low, high, more = tails[area]
            zero = "" if area == "1[3-9]" else "0"
            rest = 9 if area == "1[3-9]" else digits + more
            start = int(f"9{country}{zero}{low}" + "0" * rest)
            end = int(f"9{country}{zero}{high}" + "9" * rest) + 1
            steps[start] = 1
            steps.setdefault(end, 0)
    bounds = sorted(steps)
    return bounds, [steps[b] for b in bounds]


END = "¤"
# What stands behind a date at the end of a cell: 星期三, （周三）, 下午.
WEEKDAYS = tuple(
    f"{opening}{word}{closing}{END}"
    for opening, closing in (("", ""), ("（", "）"), ("(", ")"))
    for word in (
        *(f"{week}{day}" for week in ("星期", "周", "礼拜") for day in "一二三四五六日天"),
        *DAY_PARTS,
    )
)
# What numerals in a date with a year in figures follow: 2022年六月, 2022年6月十日.
_NUMERALS = tuple(f"{sign}{n}" for sign in "年月" for n in "一二三四五六七八九十")
_TEL_BOUNDS, _TEL_VALID = _telephone_bounds()
SHARED_NAMES = {
    POSITIONS: _array(range(1, 41)),
    "LS_k17": _array(range(1, 18)),
    "LS_k18": _array(range(1, 19)),
    "LS_w17": _array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)),
    "LS_odd": '{"*";"?";"□";"■";"<";">"}',
    "LS_sep": '{"、";"，";";";"；";"|";"｜";"或";"和";"与";"及";"~";"～";"至";"到"}',
    "LS_bad": '{"\ufffd";"锟斤拷";"烫烫烫"}',
    "LS_digit": _array(range(10)),
    "LS_week": "{" + ";".join(f'"{day}"' for day in WEEKDAYS) + "}",
    "LS_numeral": "{" + ";".join(f'"{words}"' for words in _NUMERALS) + "}",
    "LS_tel": _array(_TEL_BOUNDS),
    "LS_tel_ok": _array(_TEL_VALID),
}
