"""Cron expressions as people know them: five fields, 0 and 7 are Sunday, Asia/Shanghai."""

import re
import shlex
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from apscheduler.triggers.cron import CronTrigger

from ledgersync.errors import WorkspaceFault
from ledgersync.messages import Message, message
from ledgersync.workspace.clock import SHANGHAI
from ledgersync.workspace.config import Schedule

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NUMBERS = re.compile(r"(\d)(?:-(\d))?(?:/(\d+))?")


class _Part(NamedTuple):
    """A field of a cron expression: what it is called, what it may be."""

    name: Message
    low: int
    high: int
    note: Message | None = None


_PARTS = (
    _Part(message("分"), 0, 59),
    _Part(message("时"), 0, 23),
    _Part(message("日"), 1, 31),
    _Part(message("月"), 1, 12),
    _Part(message("周"), 0, 7, message("（0 和 7 都是周日）")),
)
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
        wrong = _wrong_part(entry.cron)
        raise WorkspaceFault(
            message(
                "ledgersync.toml 里定时任务“{entry}”的 cron “{cron}”不对：{wrong}。",
                entry=entry.name,
                cron=entry.cron,
                wrong=wrong,
            ),
            message(
                "请改成“分 时 日 月 周”五段，用空格隔开，如 0 8 5 * * 表示每月5日8点，"
                "30 17 * * 5 表示每周五17点30分。"
            ),
        ) from error


def check_entries(entries: Iterable[Schedule]) -> None:
    """Raises WorkspaceFault for two entries of one name, and for a command that would not end."""
    names: set[str] = set()
    for entry in entries:
        if entry.name in names:
            raise _fault(message("有两个定时任务都叫“{entry}”", entry=entry.name))
        names.add(entry.name)
        words = [w for w in command_of(entry) if not w.startswith("-")]
        if words[:1] in (["watch"], ["schedule"], []) and "--once" not in entry.command:
            raise _fault(
                message(
                    "定时任务“{entry}”的命令“{command}”不能定时执行",
                    entry=entry.name,
                    command=entry.command,
                ),
            )


def command_of(entry: Schedule) -> list[str]:
    """The entry's words without the program's name; raises WorkspaceFault for a stray quote."""
    try:
        words = shlex.split(entry.command)
    except ValueError as error:
        raise _fault(
            message(
                "定时任务“{entry}”的命令“{command}”引号不成对",
                entry=entry.name,
                command=entry.command,
            ),
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


def _wrong_part(cron: str) -> Message:
    """Which of the five fields of a wrong expression is wrong, and what may stand there."""
    fields = _SHORTHANDS.get(cron.strip(), cron).split()
    if len(fields) != 5:
        many = len(fields)
        return message("应有 5 段（分 时 日 月 周），现在有 {many} 段", many=many)
    for number, (field, part) in enumerate(zip(fields, _PARTS, strict=True), 1):
        alone = ["*"] * 5
        alone[number - 1] = field
        try:
            CronTrigger.from_crontab(_named_days(" ".join(alone)), timezone=SHANGHAI)
        except ValueError:
            return message(
                "第 {number} 段“{field}”（{part}）应为 {low} 至 {high}{note}，"
                "也可以写 *、1-5、*/2、1,15",
                number=number,
                field=field,
                part=part.name,
                low=part.low,
                high=part.high,
                note=part.note or "",
            )
    return message("这样写不出任何时间")


def _fault(reason: Message) -> WorkspaceFault:
    return WorkspaceFault(
        message("{reason}。", reason=reason),
        message("请改 ledgersync.toml 里的 [[schedule]]。"),
    )
