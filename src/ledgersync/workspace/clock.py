"""Today and now as the users' calendar shows them (Asia/Shanghai); `LEDGERSYNC_TODAY` overrides."""

import os
from datetime import date, datetime, timedelta, timezone

from ledgersync.errors import UsageFault
from ledgersync.messages import message

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


def today() -> date:
    """The current day; raises UsageFault when LEDGERSYNC_TODAY is no date."""
    text = os.environ.get("LEDGERSYNC_TODAY", "").strip()
    if not text:
        return datetime.now(SHANGHAI).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageFault(
            message("LEDGERSYNC_TODAY 不是日期：{text}", text=text),
            message("请写成 2022-06-01，或取消该变量。"),
        ) from error


def now() -> datetime:
    """This moment with its zone, to the second; on the day that `today()` says."""
    return datetime.combine(today(), datetime.now(SHANGHAI).time(), SHANGHAI).replace(microsecond=0)


def local(seconds: float) -> datetime:
    """A file's time with the users' zone, to the second."""
    return datetime.fromtimestamp(seconds, SHANGHAI).replace(microsecond=0)
