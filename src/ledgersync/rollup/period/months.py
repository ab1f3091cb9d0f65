"""Periods: whole months from a first to a last one, closed on a month's end or on a set day.

With a closing day of 25, June runs from 26 May to 25 June. How people write them:
`period_words.py`.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message

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
        return message("本期尚未开始（今天是 {day}）：没有发生数，期末数是今天的现状", day=day)
    if state == "running":
        return message("本期尚未结束，数字截至今天（{day}）", day=day)
    return None


def _month_text(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
