"""Dates in every written form: serials, `2022.6.1`, `20220601`, `2022年6月`; ambiguity is an error.

Excel serials count from 1899-12-30 (1900 system) or 1904-01-01; only serials between 1927 and
2099 are taken for dates, since smaller numbers are counts and years.
"""

import unicodedata
from datetime import date, datetime, timedelta
from enum import Enum

from ledgersync.patterns import pattern_of
from ledgersync.values.text import FOREIGN_DIGIT, HIDDEN, QUOTES, trim

_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_SIX_DIGITS = 190_001  # numbers from here on are written days or months
_SERIALS = 100_000  # later ones lie beyond 2099 in both systems
FIRST, LAST = date(1927, 1, 1), date(2099, 12, 31)
_HALF_SECOND = timedelta(seconds=0.5)
DAY_PARTS = ("凌晨", "清晨", "早晨", "早上", "上午", "中午", "下午", "傍晚", "晚上", "夜里")
_PART = "|".join(DAY_PARTS)
_SPACED_TIME = pattern_of(
    rf"[T\s]+(?:{_PART})?\s*"
    r"(\d{1,2}[:：]\d{2}(?:[:：]\d{2}(\.\d+)?)?|\d{1,2}[点时](?:半|\d{1,2}分?)?)"
    r"\s*(?:Z|[AaPp][Mm])?\s*$"
)
_LAST_SECOND = pattern_of(r"23[:：]59[:：]59")
_WEEKDAY = pattern_of(rf"[\s(（]*(?:(?:星期|周|礼拜)[一二三四五六日天]|{_PART})[\s)）]*$")
# A blank between two digits is no part of a date: `2021-6-1 2`, `2021 5`.
_LOOSE_BLANK = pattern_of(r"(?<!\d)\s+|\s+(?!\d)")
_SPACED = pattern_of(r"(\d{4}) (\d{1,2}) (\d{1,2})")
_COMMAS = pattern_of(r"(\d{4}),(\d{1,2})(?:,(\d{1,2}))?")
_OF_FIGURES = pattern_of(r"[\d\s./年月日号-]+")
_SERIAL_TEXT = pattern_of(r"\d{5}(?:\.\d+)?")
_WHOLE_FLOAT = pattern_of(r"(\d{5,8})\.0+")
_FULL = pattern_of(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号.]?")
_DIGITS = pattern_of(r"(\d{4})(\d{2})(\d{2})?")
_MONTH = pattern_of(r"(\d{4})[-/.年](\d{1,2})(?:月份?)?")
_SHORT_YEAR = pattern_of(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?")
_NO_YEAR = pattern_of(r"(\d{1,2})月(\d{1,2})[日号]?")
_CHINESE_YEAR = pattern_of(
    r"([〇零一二三四五六七八九]{4}|\d{4})年([一二三四五六七八九十]+|\d{1,2})月"
    r"(?:([一二三四五六七八九十]+|\d{1,2})[日号])?"
)
_DIGIT_OF = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0"}


_SIGNS = {ord("。"): ".", ord("、"): "."} | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


class DateFault(Enum):
    """Why a cell is no date; the value is the rule id."""

    NOT_A_DATE = "type.date"
    AMBIGUOUS = "date.ambiguous"


class MonthOnly(date):
    """A date of which only the month was written: its first day."""


def to_date(raw: object, *, date1904: bool = False) -> date | DateFault:
    """The date a cell means; a `MonthOnly` where no day was written."""
    if isinstance(raw, datetime):
        return _shown_day((raw + _HALF_SECOND).date())  # as it is shown: seconds are rounded
    if isinstance(raw, date):
        return _shown_day(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(float(raw), date1904)
    return _from_text(raw, date1904) if isinstance(raw, str) else DateFault.NOT_A_DATE


def in_year(raw: object, year: int) -> date | None:
    """The day of that year which `3月5日` means, None where a year was written or none can be."""
    match = _NO_YEAR.fullmatch(_folded(raw)) if isinstance(raw, str) else None
    day = _build(str(year), *match.groups()) if match else None
    return day if isinstance(day, date) else None


def _in_range(day: date) -> date | DateFault:
    return day if FIRST <= day <= LAST else DateFault.NOT_A_DATE


def _shown_day(day: date) -> date | DateFault:
    """A day of a date cell; 202206, typed into one, is shown as a day of the year 2453."""
    number = (day - _EPOCH_1900).days
    return _from_digits(str(number)) if number >= _SIX_DIGITS else _in_range(day)


def _from_number(number: float, date1904: bool) -> date | DateFault:
    if number != number or abs(number) > 1e8:
        return DateFault.NOT_A_DATE
    whole = int(number)
    if whole == number and whole >= _SIX_DIGITS:
        return _from_digits(str(whole))
    if 1900 <= number < 2100 and whole != number:
        return DateFault.AMBIGUOUS
    if abs(number) >= _SERIALS:
        return DateFault.NOT_A_DATE
    day = int(number + _HALF_SECOND / timedelta(days=1))
    return _in_range((_EPOCH_1904 if date1904 else _EPOCH_1900) + timedelta(days=day))


def _from_digits(digits: str) -> date | DateFault:
    match = _DIGITS.fullmatch(digits)
    return _build(*match.groups()) if match else DateFault.NOT_A_DATE


def _from_text(raw: str, date1904: bool) -> date | DateFault:
    bare, rounds_up = _without_time(HIDDEN.sub("", trim(raw)).strip(QUOTES))
    text = _folded(bare)
    if " " in text:
        return DateFault.AMBIGUOUS if _OF_FIGURES.fullmatch(text) else DateFault.NOT_A_DATE
    found = _from_figures(text, date1904)
    if rounds_up and isinstance(found, date):
        return _written(found + timedelta(days=1))
    return found


def _folded(text: str) -> str:
    """NFKC and one kind of sign; a blank that is left stands between two figures."""
    lines = " ".join(_LOOSE_BLANK.sub("", text).split())
    folded = unicodedata.normalize("NFKC", lines).translate(_SIGNS)
    folded = " ".join(_LOOSE_BLANK.sub("", folded).split())
    apart = _SPACED.fullmatch(folded) or _COMMAS.fullmatch(folded)
    return "-".join(filter(None, apart.groups())) if apart else folded


def _without_time(text: str) -> tuple[str, bool]:
    """The day without weekday and time, and whether the time rounds up to the next day."""
    text = _WEEKDAY.sub("", text)
    time = _SPACED_TIME.search(text)
    if time is None:
        return text, False
    rounds_up = bool(_LAST_SECOND.match(time[1])) and float(f"0{time[2] or ''}") >= 0.5
    return _WEEKDAY.sub("", text[: time.start()]), rounds_up


def _from_figures(text: str, date1904: bool) -> date | DateFault:
    if FOREIGN_DIGIT.search(text):
        return DateFault.NOT_A_DATE
    if whole := _WHOLE_FLOAT.fullmatch(text):
        text = whole[1]
    for pattern in (_FULL, _DIGITS, _MONTH):
        if match := pattern.fullmatch(text):
            return _build(*match.groups())
    if _SHORT_YEAR.fullmatch(text) or _NO_YEAR.fullmatch(text):
        return DateFault.AMBIGUOUS
    if _SERIAL_TEXT.fullmatch(text):
        return _from_number(float(text), date1904)
    return _from_chinese(text)


def _build(year: str, month: str, day: str | None = None) -> date | DateFault:
    try:
        if day is None:
            first = MonthOnly(int(year), int(month), 1)
            return first if 1900 <= first.year <= LAST.year else DateFault.NOT_A_DATE
        return _written(date(int(year), int(month), int(day)))
    except ValueError:
        return DateFault.NOT_A_DATE


def _written(day: date) -> date | DateFault:
    return day if 1900 <= day.year <= LAST.year else DateFault.NOT_A_DATE


def _from_chinese(text: str) -> date | DateFault:
    match = _CHINESE_YEAR.fullmatch(text)
    if not match:
        return DateFault.NOT_A_DATE
    year = "".join(_DIGIT_OF.get(c, c) for c in match[1])
    month, day = _small_number(match[2]), match[3] and _small_number(match[3])
    return _build(year, month, day)


def _small_number(text: str) -> str:
    """`十二` → 12, `二十` → 20; what is no number becomes 0, which no date has."""
    if text.isdigit():
        return text
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGIT_OF.get(text, "0")
    parts = (_DIGIT_OF.get(tens, "0") if tens else "1", _DIGIT_OF.get(ones, "0") if ones else "0")
    return str(int("".join(parts)))
