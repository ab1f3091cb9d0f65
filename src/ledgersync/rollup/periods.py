"""Periods: whole months from a first to a last one, closed on a month's end or on a set day.

`2022-06`, `2022Q2`, `2022H1`, `2022`, `2021-01..2021-11`, `last-month` and its like. With a
closing day of 25, June runs from 26 May to 25 June.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ledgersync.errors import Message, UsageFault

_MONTH = re.compile(r"(\d{4})-?(\d{2})|(\d{4})年(\d{1,2})月份?")
_QUARTER = re.compile(r"(\d{4})(?:-?[Qq]|年第?)([1-4一二三四])(?:季度)?")
_HALF = re.compile(r"(\d{4})(?:-?[Hh]([12])|年([上下])半年)")
_YEAR = re.compile(r"(\d{4})(?:年(?:度|全年)?)?")
_RELATIVE = re.compile(r"(last|this)-(month|quarter|half-year|half|year)")
_SPOKEN = {
    "上月": "last-month",
    "本月": "this-month",
    "上季度": "last-quarter",
    "本季度": "this-quarter",
    "上个半年": "last-half-year",
    "本半年": "this-half-year",
    "去年": "last-year",
    "上年": "last-year",
    "今年": "this-year",
    "本年": "this-year",
}
_LENGTHS = {"month": 1, "quarter": 3, "half-year": 6, "half": 6, "year": 12}
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


State = Literal["ahead", "running", "over"]


@dataclass(frozen=True, slots=True)
class Period:
    """Months `start` to `stop`, both included, counted as year * 12 + month - 1."""

    start: int
    stop: int
    closing_day: int | None = None

    @property
    def first(self) -> date:
        return self._month_last(self.start - 1) + timedelta(1)

    @property
    def last(self) -> date:
        return self._month_last(self.stop)

    @property
    def opening(self) -> date:
        """The day before the first: what was carried in."""
        return self._month_last(self.start - 1)

    @property
    def length(self) -> int:
        """Number of months."""
        return self.stop - self.start + 1

    @property
    def year(self) -> int:
        return self.stop // 12

    def state(self, today: date) -> State:
        """Whether it lies ahead, is running, or is over."""
        if today < self.first:
            return "ahead"
        return "running" if today < self.last else "over"

    def previous(self) -> "Period":
        """As many months just before (环比)."""
        return self._moved(-self.length)

    def year_before(self) -> "Period":
        """The same months a year earlier (同比)."""
        return self._moved(-12)

    def year_to_date(self) -> "Period":
        """From January of its last year (本年累计)."""
        return Period(self.year * 12, self.stop, self.closing_day)

    def month_ends(self) -> Iterator[tuple[date, date]]:
        """First and last day of each month in it."""
        for month in range(self.start, self.stop + 1):
            yield self._month_last(month - 1) + timedelta(1), self._month_last(month)

    def days(self) -> Iterator[date]:
        first = self.first
        return (first + timedelta(n) for n in range((self.last - first).days + 1))

    @property
    def text(self) -> str:
        """The canonical form, which is also the folder under `reports/`."""
        kind = self._kind()
        if kind == "month":
            return _month_text(self.stop)
        if kind == "range":
            return f"{_month_text(self.start)}..{_month_text(self.stop)}"
        number = self.start % 12 // self.length + 1
        return {"year": f"{self.year}", "half": f"{self.year}H{number}"}.get(
            kind, f"{self.year}Q{number}"
        )

    @property
    def name(self) -> str:
        """As a Chinese report says it: 2022年上半年."""
        kind, number = self._kind(), self.start % 12 // self.length + 1
        if kind == "month":
            return f"{self.year}年{self.stop % 12 + 1}月"
        if kind == "range":
            first = f"{self.start // 12}年{self.start % 12 + 1}月"
            return f"{first}至{self.year}年{self.stop % 12 + 1}月"
        if kind == "quarter":
            return f"{self.year}年第{'一二三四'[number - 1]}季度"
        return f"{self.year}年度" if kind == "year" else f"{self.year}年{'上下'[number - 1]}半年"

    def _kind(self) -> str:
        aligned = self.start % self.length == 0 and self.length in (1, 3, 6, 12)
        names = {1: "month", 3: "quarter", 6: "half", 12: "year"}
        return names[self.length] if aligned else "range"

    def _moved(self, months: int) -> "Period":
        return Period(self.start + months, self.stop + months, self.closing_day)

    def _month_last(self, month: int) -> date:
        year, number = divmod(month, 12)
        day = self.closing_day or monthrange(year, number + 1)[1]
        return date(year, number + 1, day)


def caution(period: Period, today: date) -> Message | None:
    """What a reader of the figures must know while the period is not over."""
    day = today.isoformat()
    state = period.state(today)
    if state == "ahead":
        return Message(
            f"本期尚未开始（今天是 {day}）：没有发生数，期末数是今天的现状",
            f"the period has not begun (today is {day}): nothing has happened in it yet, and what "
            "stands at its end is how things are today",
        )
    if state == "running":
        return Message(
            f"本期尚未结束，数字截至今天（{day}）",
            f"the period is still running; the figures are as of today ({day})",
        )
    return None


def _month_text(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_period(text: str, today: date, closing_day: int | None = None) -> Period:
    """The period that `text` names; relative ones are seen from `today`.

    Raises UsageFault naming the forms that are known.
    """
    asked = text.strip().replace("～", "..").replace("~", "..")
    asked = _SPOKEN.get(asked, asked)
    relative = _RELATIVE.fullmatch(asked)
    if relative:
        return _relative(relative[1], _LENGTHS[relative[2]], today, closing_day)
    first, dots, last = asked.partition("..")
    ends = [_months(part.strip()) for part in ((first, last) if dots else (first,))]
    if any(end is None for end in ends):
        raise _unknown(text)
    start, stop = ends[0], ends[-1]
    if start is None or stop is None or stop[1] < start[0] or start[0] < 12:
        raise _unknown(text)
    return Period(start[0], stop[1], closing_day)


def _months(text: str) -> tuple[int, int] | None:
    """First and last month of a month, quarter, half-year or year."""
    if found := _MONTH.fullmatch(text):
        month = int(found[2] or found[4])
        at = int(found[1] or found[3]) * 12 + month - 1
        return (at, at) if 1 <= month <= 12 else None
    if found := _QUARTER.fullmatch(text):
        number = _NUMERALS.get(found[2]) or int(found[2])
        return _part(int(found[1]), number, 3)
    if found := _HALF.fullmatch(text):
        return _part(int(found[1]), int(found[2] or "上下".index(found[3]) + 1), 6)
    if found := _YEAR.fullmatch(text):
        return _part(int(found[1]), 1, 12)
    return None


def _part(year: int, number: int, length: int) -> tuple[int, int]:
    start = year * 12 + (number - 1) * length
    return start, start + length - 1


def _relative(which: str, length: int, today: date, closing_day: int | None) -> Period:
    """`this`: the period that today lies in; `last`: the one before, which is over."""
    month = today.year * 12 + today.month - 1
    if closing_day and today.day > closing_day:
        month += 1
    start = month - month % length
    current = Period(start, start + length - 1, closing_day)
    return current if which == "this" else current.previous()


def _unknown(text: str) -> UsageFault:
    return UsageFault(
        Message(f"看不懂的统计期：{text}", f"No such period: {text}"),
        Message(
            "可用：2022-06、2022Q2、2022H1、2022、2021-01..2021-11、last-month、last-quarter、"
            "last-half-year、last-year。",
            "Use 2022-06, 2022Q2, 2022H1, 2022, 2021-01..2021-11, last-month, last-quarter, "
            "last-half-year or last-year.",
        ),
    )
