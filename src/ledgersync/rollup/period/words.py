"""A period as people write it: `2022Q2`, 2026上半年, 2026.11, 2026年1-6月, 去年, 上月, 近三个月.

A year that is not said is this year, or the last one where the part has not begun yet: 四季度 in
January is that of last year. 近三个月 are the three months before the one that is running.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.rollup.period.months import Period

Months = tuple[int, int]  # first and last, as `Period` counts them
InYear = tuple[int, int]  # first and last month of a year, from 1

_DIGITS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, *range(1, 10)), strict=True))
_NUMERALS = {name: n for n, name in enumerate("一二三四五六七八九十", 1)}
_NUMERALS |= {"两": 2, "十一": 11, "十二": 12}
_N = r"(\d{1,2}|十[一二]?|[一二两三四五六七八九])"
_TO = "~"
_BETWEEN = re.compile(r"\.\.+|…|[~—–―−至到]")  # what stands between a first and a last month
_FULL = r"\d{4}(?:[./年]\d{1,2}月?|-\d{2}|-?q[1-4])"
_DASHED = re.compile(rf"({_FULL})-({_FULL})")
_YEAR = re.compile(
    r"(?:(?P<digits>\d{4})(?P<sign>年度?|[-./])?|(?P<short>\d{2})年度?"
    r"|(?P<word>[今本去前当]年度?|上一?年度?))的?(?P<rest>.*)"
)
_BACK = {"今": 0, "本": 0, "当": 0, "去": 1, "上": 1, "前": 2}
_MONTH = re.compile(rf"{_N}月份?")
_MONTHS = re.compile(rf"{_N}月?份?[-~]{_N}月份?")
_BARE_MONTH = re.compile(r"(\d{1,2})")
_BARE_MONTHS = re.compile(r"(\d{1,2})[-~](\d{1,2})")
_QUARTER = re.compile(r"(?:第?([1-4一二三四])季度?|q([1-4])|([1-4])q)")
_QUARTERS = re.compile(
    r"(?:第?([1-4一二三四])季?度?|q([1-4]))[-~](?:第?([1-4一二三四])季度?|q([1-4]))"
)
_FIRST_QUARTERS = re.compile(r"前([23二两三])个?季度?")
_HALF = re.compile(r"(?:([上下])半年度?|h([12]))")
_SO_FAR = re.compile(r"年?初?(?:以来|累计|~今)")  # behind a year
_THIS_YEAR_SO_FAR = re.compile(r"年初(?:以来|~今)")
_NAMED = re.compile(r"(上上|上|本|这|当)(?:一个?|个)?(月|季度?|年)[份度]?|(上|本|这)个?半年")
_LATELY = re.compile(rf"(?:最近|近|过去){_N}?(?:个)?(月|季度?|半年|年)")
_ENGLISH = re.compile(r"(last|this)-(month|quarter|half-year|half|year)")
_ENGLISH_LATELY = re.compile(r"(?:last|past)-(\d{1,2})-(month|quarter|year)s?")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_LENGTHS = {"月": 1, "季": 3, "季度": 3, "半年": 6, "年": 12}
_LENGTHS |= {"month": 1, "quarter": 3, "half-year": 6, "half": 6, "year": 12}
_YEARS = range(1900, 2200)


def parse_period(text: str, today: date, closing_day: int | None = None) -> Period:
    """The period that `text` names; relative ones are seen from `today`.

    Raises UsageFault naming the forms that are known.
    """
    reader = _Reader(_month_of(today, closing_day), closing_day)
    found = reader.period(_plain(text))
    if found is None or found[1] < found[0] or not {m // 12 for m in found} <= set(_YEARS):
        raise _unknown(text)
    return Period(*found, closing_day)


def _plain(text: str) -> str:
    """Without blanks, full width, numerals in years, and with one sign for 至."""
    asked = re.sub(r"(?<=[a-z\d])\s+(?=[a-z\d])", "-", unicodedata.normalize("NFKC", text).lower())
    asked = "".join(asked.split()).strip("。.")
    numerals = "".join(_DIGITS)
    asked = re.sub(rf"[{numerals}]{{2,4}}(?=年)", lambda m: _written_out(m[0]), asked)
    asked = _BETWEEN.sub(_TO, asked)
    return _DASHED.sub(rf"\1{_TO}\2", asked)


def _written_out(year: str) -> str:
    """二〇二六 → 2026."""
    return "".join(str(_DIGITS[numeral]) for numeral in year)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS[text]


def _month_of(day: date, closing_day: int | None) -> int:
    month = day.year * 12 + day.month - 1
    return month + 1 if closing_day and day.day > closing_day else month


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads plain words as seen from the month `now`."""

    now: int
    closing_day: int | None

    def period(self, asked: str) -> Months | None:
        single = self._single(asked)
        if single or asked.count(_TO) != 1:
            return single
        first, last = asked.split(_TO)
        start = self._single(first) or self._day(first, 0)
        stop = self._stop(first, last) or self._day(last, -1)
        return (start[0], stop[1]) if start and stop else None

    def _single(self, asked: str) -> Months | None:
        return self._relative(asked) or self._in_a_year(asked)

    def _stop(self, first: str, last: str) -> Months | None:
        """The end of a range, which may leave out the year that its beginning said."""
        if last == "今":
            return self.now, self.now
        named = _YEAR.fullmatch(first)
        if named and not _YEAR.fullmatch(last):
            return self._in_a_year(first.removesuffix(named["rest"]) + last)
        return self._single(last)

    def _day(self, text: str, end: int) -> Months | None:
        """A day that begins (0) or ends (-1) a month stands for it."""
        found = _DAY.fullmatch(text)
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            return None
        if day is None:
            return None
        month = _month_of(day, self.closing_day)
        period = Period(month, month, self.closing_day)
        return (month, month) if day == (period.first, period.last)[end] else None

    def _relative(self, asked: str) -> Months | None:
        if found := _ENGLISH.fullmatch(asked):
            return self._aligned(_LENGTHS[found[2]], 1 if found[1] == "last" else 0)
        if found := _NAMED.fullmatch(asked):
            length = _LENGTHS[found[2] or "半年"]
            return self._aligned(length, (found[1] or found[3]).count("上"))
        if found := _LATELY.fullmatch(asked) or _ENGLISH_LATELY.fullmatch(asked):
            return self._lately((_number(found[1]) if found[1] else 1) * _LENGTHS[found[2]])
        return (self._january(0), self.now) if _THIS_YEAR_SO_FAR.fullmatch(asked) else None

    def _aligned(self, length: int, back: int) -> Months:
        """The month, quarter, half-year or year of now, or so many before it."""
        start = self.now - self.now % length - back * length
        return start, start + length - 1

    def _lately(self, length: int) -> Months | None:
        return (self.now - length, self.now - 1) if length else None

    def _january(self, back: int) -> int:
        return self.now - self.now % 12 - back * 12

    def _in_a_year(self, asked: str) -> Months | None:
        named = _YEAR.fullmatch(asked)
        january = self._year(named) if named else None
        if named is None or january is None:
            part = _part(asked)
            return self._latest(part) if part else None
        rest = named["rest"]
        if not rest or rest in ("全年", "整年"):
            return january, january + 11
        if _SO_FAR.fullmatch(rest):
            return (january, self.now) if january <= self.now < january + 12 else None
        part = _part(rest) or _bare(rest, named["sign"])
        return _of(january, part) if part else None

    def _year(self, named: re.Match[str]) -> int | None:
        """The January of the year that was said."""
        if named["word"]:
            return self._january(_BACK[named["word"][0]])
        return int(named["digits"] or f"20{named['short']}") * 12

    def _latest(self, part: InYear) -> Months:
        """This year's, or last year's where that of this year has not begun."""
        this = _of(self._january(0), part)
        return this if this[0] <= self.now else _of(self._january(1), part)


def _of(january: int, part: InYear) -> Months:
    return january + part[0] - 1, january + part[1] - 1


def _part(text: str) -> InYear | None:
    """What says by itself which months of a year it is."""
    for pattern, months in _PARTS:
        if found := pattern.fullmatch(text):
            numbers = [g for g in found.groups() if g]
            return _within_the_year(months(numbers))
    return None


def _bare(rest: str, sign: str | None) -> InYear | None:
    """Digits behind a year: `2026.11`, `202611`, `2026.1-6`, but not `20261` or `2026-1-6`."""
    if found := _BARE_MONTH.fullmatch(rest):
        month = int(rest) if sign or len(rest) == 2 else 0
        return _within_the_year((month, month))
    found = _BARE_MONTHS.fullmatch(rest)
    if found and sign and (sign != "-" or _TO in rest):
        return _within_the_year((int(found[1]), int(found[2])))
    return None


def _within_the_year(part: InYear) -> InYear | None:
    return part if 1 <= part[0] <= part[1] <= 12 else None


def _quarters(first: str, last: str) -> InYear:
    return 3 * _number(first) - 2, 3 * _number(last)


def _half(numbers: list[str]) -> InYear:
    return (1, 6) if numbers[0] in "上1" else (7, 12)


_PARTS: tuple[tuple[re.Pattern[str], Callable[[list[str]], InYear]], ...] = (
    (_MONTH, lambda n: (_number(n[0]), _number(n[0]))),
    (_MONTHS, lambda n: (_number(n[0]), _number(n[1]))),
    (_QUARTER, lambda n: _quarters(n[0], n[0])),
    (_QUARTERS, lambda n: _quarters(n[0], n[1])),
    (_FIRST_QUARTERS, lambda n: _quarters("1", n[0])),
    (_HALF, _half),
)


def _unknown(text: str) -> UsageFault:
    return UsageFault(
        message("看不懂的统计期：{text}", text=text),
        message(
            "统计期是整月：2022-06、2022.6、2022年6月、2022Q2、2022年第二季度、2022H1"
            "、2022上半年、2022、2022年1-6月、2021-01..2021-11，或 上月、本季度、去年"
            "、近三个月、last-month。"
        ),
    )
