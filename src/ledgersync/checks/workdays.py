"""Working days in China: the official calendar, and an estimate for years it does not know yet.

The State Council publishes a year's days off the autumn before; `chinesecalendar` carries them.
Beyond that, configured holidays and weekends are days off, and the result is marked 推算.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, literal, message

_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day in time; `estimated` where a year on the way is not yet published."""

    day: date
    estimated: bool

    @property
    def mark(self) -> Message:
        return message("（推算）") if self.estimated else literal("", "")


class WorkCalendar:
    """Working days; `holidays` are a unit's own days off in years not yet published."""

    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self._holidays = frozenset(holidays)
        self._days: dict[date, tuple[bool, bool]] = {}
        self._after: dict[tuple[date, int], Deadline] = {}

    def is_workday(self, day: date) -> bool:
        return self._worked(day)[0]

    def after(self, day: date, workdays: int) -> Deadline:
        """The `workdays`-th working day after `day`; `day` itself does not count."""
        key = (day, workdays)
        if key not in self._after:
            self._after[key] = self._count(day, workdays)
        return self._after[key]

    def _count(self, day: date, left: int) -> Deadline:
        estimated = False
        while left:
            day += _DAY
            works, guessed = self._worked(day)
            left -= works
            estimated = estimated or guessed
        return Deadline(day, estimated)

    def _worked(self, day: date) -> tuple[bool, bool]:
        """Whether people work on that day, and whether that is a guess."""
        if day not in self._days:
            self._days[day] = self._look_up(day)
        return self._days[day]

    def _look_up(self, day: date) -> tuple[bool, bool]:
        import chinese_calendar  # when a day is looked up, in most runs none

        try:
            return bool(chinese_calendar.is_workday(day)), False
        except NotImplementedError:
            return day.weekday() < 5 and day not in self._holidays, True
