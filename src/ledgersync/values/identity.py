"""Citizen identity numbers (GB 11643-1999): 18 characters, the last a check character.

The check digit is ISO 7064's MOD 11-2; the birth date is judged here (1900 to today), and an
unknown county is a warning, since region codes change. The regions are python-stdnum's, of which
the list alone is read: importing it, and all counties at once, cost a tenth of a second at a start.
"""

import re
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from ledgersync.patterns import pattern_of
from ledgersync.values.text import FLOAT_TAIL, QUOTES, squeeze, trim, typed

if TYPE_CHECKING:
    from importlib.machinery import SourceFileLoader

_EXPONENT = pattern_of(r"\d+(?:\.\d+)?[Ee]\+?\d+|\d{16,}\.0+")  # or a float of too many digits
_AFTER_PERIOD = pattern_of(r"^.*[)\]]")  # the table dates renamed counties
# A province's line, and those below it that are indented.
_PROVINCE = pattern_of(r'^(\d\d) province="([^"]+)"\n((?: .*\n?)*)', re.MULTILINE)
_LOST_FROM = 10**15  # a spreadsheet keeps 15 digits


def clean_id(raw: object) -> str:
    """NFKC, no blanks, quotes or float's `.0` around it, `x` and `×` as X."""
    text = squeeze(trim(typed(raw)).strip(QUOTES)).strip(QUOTES)
    tail = FLOAT_TAIL.fullmatch(text)
    text = tail[1] if tail else text
    return text.replace("×", "X").upper()


def precision_lost(raw: object) -> bool:
    """The cell is a number (or was one) too long for its last digits to be true."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return abs(raw) >= _LOST_FROM
    return isinstance(raw, str) and bool(_EXPONENT.fullmatch(squeeze(raw)))


def id_fault(number: str, today: date) -> str | None:
    """The first of `id.length`, `id.chars`, `id.birthdate`, `id.checksum`; None when right.

    `number` is cleaned; 15-character numbers are judged by their characters and birth date.
    """
    if len(number) not in (15, 18):
        return "id.length"
    body = number[:17]
    if not (body.isascii() and body.isdigit() and number[-1] in "0123456789X"):
        return "id.chars"
    birth = birth_date(number)
    if birth is None or not date(1900, 1, 1) <= birth <= today:
        return "id.birthdate"
    if len(number) == 18 and check_digit(number[:17]) != number[-1]:
        return "id.checksum"
    return None


def birth_date(number: str) -> date | None:
    """The birth date written in a 15- or 18-character number, None when there is none."""
    text = f"19{number[6:]}" if len(number) == 15 else number[6:]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """`男` or `女`, from the sequence number."""
    return "男" if int(number[-2] if len(number) == 18 else number[-1]) % 2 else "女"


def upgrade_15(number: str) -> str:
    """The 18-character form of a 15-digit number."""
    body = f"{number[:6]}19{number[6:]}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The last character of a number, from its first 17 digits."""
    return "0123456789X"[(1 - 2 * int(body, 13)) % 11]


@lru_cache(maxsize=4096)
def region_name(prefix: str) -> str | None:
    """Province and county of the first six digits, None where the code is not known."""
    listed = _provinces().get(prefix[:2])
    if listed is None:
        return None
    province, counties = listed
    found = re.findall(rf'^ +{re.escape(prefix[2:])} county="([^"]+)"', counties, re.MULTILINE)
    return province + _AFTER_PERIOD.sub("", found[-1]) if found else None


@cache
def _provinces() -> dict[str, tuple[str, str]]:
    """By their two digits: the name, and the lines of the counties."""
    spec = find_spec("stdnum")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("stdnum")
    path = f"{spec.submodule_search_locations[0]}/cn/loc.dat"
    text = cast("SourceFileLoader", spec.loader).get_data(path).decode()
    return {code: (name, counties) for code, name, counties in _PROVINCE.findall(text)}
