"""What units have to hand in for a period, and what came: one entry per expected unit.

Made by `upward.expected.Register`, which `remind` and `review` ask as well; here it stands beside
the figures, so that reports tell of 缺报与迟报 what reminders tell.
"""

from datetime import date
from typing import Literal

from ledgersync.checks.workdays import Deadline
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message

State = Literal["missing", "submitted", "returned", "approved", "locked"]
STATES: dict[State, Message] = {
    "missing": message("未报"),
    "submitted": message("已报"),
    "returned": message("退回"),
    "approved": message("审核通过"),
    "locked": message("锁定"),
}


@dataclass(frozen=True, slots=True)
class HandIn:
    """A unit's period: its state, when it was due (in working days) and when it came.

    `unit` is the code as configured; `received` is the day of the first version, `version` the
    latest one; `on_time` is None while that is open, `days_late` those of who has not submitted.
    """

    unit: str
    state: State
    due: Deadline
    received: date | None
    version: int | None
    on_time: bool | None
    days_late: int

    @property
    def is_late(self) -> bool:
        """It came after its day, or has not come and the day is over."""
        return self.on_time is False
