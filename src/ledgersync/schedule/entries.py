"""`[[schedule]]` entries that a person adds and removes by command."""

import re

from ledgersync.errors import UsageFault, WorkspaceFault
from ledgersync.messages import message
from ledgersync.rollup.period.words import parse_period
from ledgersync.schedule.cron import check_entries, trigger_of
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.config import Schedule
from ledgersync.workspace.edits import drop_entry, edit_config, put_entry

_TIME = re.compile(r"([01]?\d|2[0-3])[:：点时]([0-5]?\d)?分?")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天1-7])")
_WEEKDAYS = "一二三四五六日"


def cron_of(
    *,
    monthly: int | None,
    weekly: str | None,
    daily: bool,
    workdays: bool,
    at: str,
    cron: str | None,
) -> str:
    """The cron expression of what was asked for; raises UsageFault unless it is exactly one."""
    if sum(map(bool, (monthly, weekly, daily, workdays, cron))) != 1:
        raise UsageFault(
            message(
                "要写明什么时候，只写一种：--monthly、--weekly、--daily、--workdays 或 --cron。"
            ),
            message("如每月5日8点：--monthly 5 --at 8:00；每周五17点半：--weekly 周五 --at 17:30"),
        )
    if cron:
        return cron
    hour, minute = _clock(at)
    if monthly:
        return f"{minute} {hour} {monthly} * *"
    days = "*" if daily else "1-5" if workdays else str(_weekday(weekly or ""))
    return f"{minute} {hour} * * {days}"


def _clock(at: str) -> tuple[int, int]:
    found = _TIME.fullmatch(at.strip())
    if found is None:
        raise UsageFault(
            message("时间“{at}”看不懂。", at=at), message("请写成 时:分，如 8:00、17:30。")
        )
    return int(found[1]), int(found[2] or 0)


def _weekday(typed: str) -> int:
    found = _WEEKDAY.fullmatch(typed.strip())
    if found is None:
        raise UsageFault(
            message("“{typed}”不是周几。", typed=typed), message("请写成 周一 至 周日。")
        )
    day = found[1].replace("天", "日")
    return _WEEKDAYS.index(day) + 1 if day in _WEEKDAYS else int(day)


def add_entry(
    workspace: Workspace, name: str, cron: str, command: str, period: str | None, *, replace: bool
) -> Schedule:
    """Writes an entry; raises UsageFault, nothing written, for a wrong one."""
    entry = Schedule(name=name.strip(), cron=cron, command=command, period=period)
    others = [one for one in workspace.config.schedule if one.name != entry.name]
    if len(others) < len(workspace.config.schedule) and not replace:
        raise UsageFault(
            message("已经有一个定时任务叫“{name}”。", name=entry.name),
            message("要换掉它，加 --replace；或换一个名称。"),
        )
    try:
        trigger_of(entry)
        check_entries([*others, entry])
    except WorkspaceFault as fault:
        raise UsageFault(fault.message, message("什么都没有写；请改正后再运行一次。")) from fault
    if period:
        parse_period(period, clock.today(), workspace.config.rules.period_end_day)
    edit_config(workspace.root, lambda document: put_entry(document, "schedule", entry.as_json()))
    return entry


def remove_entry(workspace: Workspace, name: str) -> None:
    """Takes an entry away; raises UsageFault where there is none of that name."""
    names = [one.name for one in workspace.config.schedule]
    if name not in names:
        raise UsageFault(
            message("没有叫“{name}”的定时任务。", name=name),
            message("现有：{names}。", names=names or [message("无")]),
        )
    edit_config(workspace.root, lambda document: drop_entry(document, "schedule", name))
