"""Cron expressions as people know them: five fields, 0 and 7 are Sunday, Asia/Shanghai."""

import re
import shlex
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from ledgersync.errors import Message, WorkspaceFault
from ledgersync.workspace.clock import SHANGHAI
from ledgersync.workspace.config import Schedule

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NUMBERS = re.compile(r"(\d)(?:-(\d))?(?:/(\d+))?")
_SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}


def trigger_of(entry: Schedule) -> CronTrigger:
    """The entry's cron expression; raises WorkspaceFault when it is none."""
    try:
        return CronTrigger.from_crontab(_named_days(entry.cron), timezone=SHANGHAI)
    except ValueError as error:
        raise WorkspaceFault(
            Message(
                f"定时任务“{entry.name}”的 cron “{entry.cron}”不对：{_in_chinese(str(error))}",
                f"[[schedule]] {entry.name}: bad cron {entry.cron!r}: {error}",
            ),
            Message(
                "请在 ledgersync.toml 里写成“分 时 日 月 周”，如 0 8 5 * * 表示每月5日8点。",
                "Write minute hour day month weekday, such as 0 8 5 * *.",
            ),
        ) from error


def check_entries(entries: Iterable[Schedule]) -> None:
    """Raises WorkspaceFault for two entries of one name, and for a command that would not end."""
    names: set[str] = set()
    for entry in entries:
        if entry.name in names:
            raise _fault(f"有两个定时任务都叫“{entry.name}”", f"two entries named {entry.name!r}")
        names.add(entry.name)
        words = [w for w in command_of(entry) if not w.startswith("-")]
        if words[:1] in (["watch"], ["schedule"], []) and "--once" not in entry.command:
            raise _fault(
                f"定时任务“{entry.name}”的命令“{entry.command}”不能定时执行",
                f"{entry.name!r}: {entry.command!r} cannot be scheduled",
            )


def command_of(entry: Schedule) -> list[str]:
    """The entry's words without the program's name; raises WorkspaceFault for a stray quote."""
    try:
        words = shlex.split(entry.command)
    except ValueError as error:
        raise _fault(
            f"定时任务“{entry.name}”的命令“{entry.command}”引号不成对",
            f"{entry.name!r}: no closing quotation in {entry.command!r}",
        ) from error
    return words[1:] if words[:1] == ["ledgersync"] else words


def next_time(entry: Schedule, now: datetime) -> datetime | None:
    """When the entry is due next; None for a day that never comes (30 February)."""
    found = trigger_of(entry).get_next_fire_time(None, now)
    return found if isinstance(found, datetime) else None


def fire_times(entry: Schedule, since: datetime, now: datetime) -> Iterator[datetime]:
    """The times at which an entry was due, from `since` to `now`, both included."""
    trigger = trigger_of(entry)
    at = trigger.get_next_fire_time(None, since)
    while isinstance(at, datetime) and at <= now:
        yield at
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))


def _named_days(cron: str) -> str:
    """The weekday's numbers as names: the library under this counts from Monday."""
    fields = _SHORTHANDS.get(cron.strip(), cron).split()
    if len(fields) == 5:
        fields[4] = ",".join(_named(part) for part in fields[4].split(","))
    return " ".join(fields)


def _named(part: str) -> str:
    match = _NUMBERS.fullmatch(part)
    if match is None:
        return part
    first, step = int(match[1]), int(match[3] or 1)
    last = int(match[2]) if match[2] else (6 if match[3] else first)
    if first > 7 or last > 7 or last < first or step < 1:
        raise ValueError(f"{part!r} is no weekday (0-7)")
    return ",".join(dict.fromkeys(_DAYS[n % 7] for n in range(first, last + 1, step)))


def _in_chinese(reason: str) -> str:
    if reason.startswith("Wrong number of fields"):
        return "应有 5 段"
    if "is no weekday" in reason:
        return "周应为 0 至 7（0 和 7 都是周日）"
    return f"有一段超出范围或写法不对（{reason}）"


def _fault(zh: str, en: str) -> WorkspaceFault:
    return WorkspaceFault(
        Message(f"{zh}。", f"[[schedule]]: {en}."),
        Message(
            "请改 ledgersync.toml 里的 [[schedule]]。", "Correct [[schedule]] in ledgersync.toml."
        ),
    )
