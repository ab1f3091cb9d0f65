"""Cycles of visits and reviews: what `每季度` means, and when the next one is due.

A ledger's TOML may say so for its own words (`cycles`, ISO 8601 durations in months or days);
the usual words are known without that.
"""

import calendar
import re
from datetime import date, timedelta

from ledgersync.dataclass import dataclass
from ledgersync.model import Value
from ledgersync.schema import FieldSchema

_ISO = re.compile(r"P(\d+)([DM])")
_USUAL = {
    "每日": "P1D",
    "每周": "P7D",
    "每半月": "P15D",
    "每月": "P1M",
    "每两月": "P2M",
    "每季度": "P3M",
    "每半年": "P6M",
    "每年": "P12M",
    "每两年": "P24M",
}


@dataclass(frozen=True, slots=True)
class Cycle:
    """So many months or days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day one cycle later; 31 January plus a month is the last day of February."""
        if self.months:
            years, month = divmod(day.month - 1 + self.months, 12)
            year = day.year + years
            last = calendar.monthrange(year, month + 1)[1]
            day = date(year, month + 1, min(day.day, last))
        return day + timedelta(self.days)


def parse_cycle(text: str) -> Cycle | None:
    """`P3M` or `P15D`, None for anything else."""
    match = _ISO.fullmatch(text)
    if not match:
        return None
    number = int(match[1])
    return Cycle(months=number) if match[2] == "M" else Cycle(days=number)


def cycle_of(field: FieldSchema, value: Value) -> Cycle | None:
    """The cycle that a choice of this field stands for."""
    if not isinstance(value, str):
        return None
    return parse_cycle(field.cycles.get(value) or _USUAL.get(value, ""))
