"""Citizen identity numbers (GB 11643-1999): 18 characters, the last a check character.

python-stdnum supplies the check digit; the birth date is judged here (1900 to today), and an
unknown county is a warning, since region codes change.
"""

import re
from datetime import date
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import ric

from ledgersync.values.text import FLOAT_TAIL, QUOTES, squeeze, trim, typed

_EXPONENT = re.compile(r"\d+(?:\.\d+)?[Ee]\+?\d+|\d{16,}\.0+")  # or a float of too many digits
_AFTER_PERIOD = re.compile(r"^.*[)\]]")  # the table dates renamed counties
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
    body = number if len(number) == 15 else number[:17]
    if not (body.isascii() and body.isdigit() and number[-1] in "0123456789X"):
        return "id.chars"
    birth = birth_date(number)
    if birth is None or not date(1900, 1, 1) <= birth <= today:
        return "id.birthdate"
    if len(number) == 18 and ric.calc_check_digit(number) != number[-1]:
        return "id.checksum"
    return None


def birth_date(number: str) -> date | None:
    """The birth date written in a 15- or 18-character number, None when there is none."""
    text = f"19{number[6:12]}" if len(number) == 15 else number[6:14]
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
    return body + str(ric.calc_check_digit(body + "0"))


@lru_cache(maxsize=4096)
def region_name(prefix: str) -> str | None:
    """Province and county of the first six digits, None where the code is not known."""
    parts = [info for _, info in numdb.get("cn/loc").info(prefix)]
    found = {key: text for info in parts for key, text in info.items()}
    province, county = found.get("province"), found.get("county")
    if not province or not county:
        return None
    return str(province) + _AFTER_PERIOD.sub("", str(county))
