"""`schedule`: what is due when, running it, registering it with the operating system."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.language import spoken
from ledgersync.cli.common.output import emit_json, json_option, say, show_table
from ledgersync.cli.common.usage import usage_text
from ledgersync.cli.common.words import moment_words
from ledgersync.dataclass import dataclass
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledgersync.errors import WorkspaceFault
    from ledgersync.schedule import Ran
    from ledgersync.schedule.install import Unit
    from ledgersync.workspace import Workspace
    from ledgersync.workspace.config import Schedule

_HEADERS = message("任务|时间|命令|下次|上次|结果")


@click.group()
def schedule() -> None:
    """定时任务：查看、执行到期的、登记到操作系统。"""


@schedule.command("list")
@json_option
@pass_app
def list_entries(app: App, as_json: bool) -> None:
    """每个任务下次什么时候跑、上次跑得怎样。"""
    lines = _lines(app.workspace())
    if as_json:
        emit_json({"format": "ledgersync.schedule/v1", "entries": [x.as_json() for x in lines]})
    elif lines:
        headers = app.headers(_HEADERS)
        show_table("", headers, (_row(app, line) for line in lines))
        for line in lines:
            if line.fault:
                say(f"! {line.fault.text(app.lang)}")
    else:
        app.say(_HOW)


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry with its next and its last run, or with what is wrong with it."""

    entry: Schedule
    upcoming: datetime | None
    last: tuple[datetime, int] | None
    fault: WorkspaceFault | None

    def as_json(self) -> dict[str, object]:
        return {
            **self.entry.as_json(),
            "next": self.upcoming.isoformat() if self.upcoming else None,
            "last": self.last[0].isoformat() if self.last else None,
            "code": self.last[1] if self.last else None,
            "problem": self.fault.message.zh if self.fault else None,
        }


def _lines(workspace: Workspace) -> list[_Line]:
    """A line per entry; one with a wrong cron says so."""
    from ledgersync.errors import WorkspaceFault
    from ledgersync.schedule import Book, next_time, note_entries
    from ledgersync.workspace import clock

    found: list[_Line] = []
    note_entries(workspace, clock.now())
    book = Book(workspace.state)
    for entry in workspace.config.schedule:
        upcoming, fault = None, None
        try:
            upcoming = next_time(entry, clock.now())
        except WorkspaceFault as wrong:
            fault = wrong
        found.append(_Line(entry, upcoming, book.last(entry.name), fault))
    book.close()
    return found


def _row(app: App, line: _Line) -> list[object]:
    from ledgersync.schedule.keeping import outcome
    from ledgersync.workspace import clock

    entry, today = line.entry, clock.today()
    never = app.text(message("不会到期")) if not line.fault else app.text(message("时间写错了"))
    upcoming = moment_words(app, line.upcoming, today) or never
    command = f"{entry.command} --period {entry.period}" if entry.period else entry.command
    at, code = line.last or (None, None)
    last = moment_words(app, at, today) if at else app.text(message("还没有跑过"))
    came = app.text(outcome(code)) if at else ""
    return [entry.name, entry.cron, command, upcoming, last, came]


_HOW = message(
    "还没有定时任务。例如每月 5 日 8 点汇总上个月："
    "ledgersync schedule add 月报 rollup --period last-month --monthly 5 --at 8:00"
)


@schedule.command("add")
@click.argument("name", metavar="名称")
@click.argument("command", metavar="命令")
@click.option("--period", help="每次算哪一期：last-month、last-quarter、last-half、last-year")
@click.option("--monthly", type=click.IntRange(1, 28), metavar="日", help="每月这一天")
@click.option("--weekly", metavar="周几", help="每周这一天：周一 至 周日")
@click.option("--daily", is_flag=True, help="每天")
@click.option("--workdays", is_flag=True, help="周一至周五")
@click.option("--at", "at", default="8:00", metavar="时:分", help="几点；默认 8:00")
@click.option("--cron", metavar="分 时 日 月 周", help="或者写全：分 时 日 月 周")
@click.option("--replace", is_flag=True, help="已有同名的，换成这个")
@json_option
@pass_app
def add(
    app: App,
    /,
    name: str,
    command: str,
    period: str | None,
    replace: bool,
    as_json: bool,
    **when: Any,
) -> None:
    """加一个定时任务，不用改配置文件；命令带选项时加引号，如 "report --kind 月报"。"""
    from ledgersync.schedule.entries import add_entry, cron_of

    cron = cron_of(**when)
    workspace = app.workspace()
    known = _known(command, period)
    entry = add_entry(workspace, name, cron, known, period, replace=replace)
    [line] = [line for line in _lines(app.workspace()) if line.entry.name == entry.name]
    if as_json:
        emit_json({"format": "ledgersync.schedule-add/v1", **line.as_json()})
        return
    show_table("", app.headers(_HEADERS), [_row(app, line)])
    app.say(
        message(
            "已加入。开着 ledgersync watch 到点就跑；"
            "开机就自动跑：ledgersync schedule install --print"
        )
    )


def _known(command: str, period: str | None) -> str:
    """A command line of ours that can run by itself; raises UsageFault for another."""
    context = click.get_current_context().find_root()
    root = context.command
    words = command.split()
    words = words[1:] if words[:1] == ["ledgersync"] else words
    if words and isinstance(root, click.Group) and words[0] in root.list_commands(context):
        if asked := root.get_command(context, words[0]):
            _can_be_typed(asked, words, period)
        return " ".join(words)
    raise UsageFault(
        message("没有“{command}”这个命令。", command=words[0] if words else ""),
        message("可以定时的如 merge、rollup、report、submit、remind、check。"),
    )


def _can_be_typed(command: click.Command, words: Sequence[str], period: str | None) -> None:
    """Raises UsageFault where the shell would be told that something is missing or misspelt."""
    options = shlex.split(" ".join(words[1:]))
    options += ["--period", period] if period else []
    try:
        command.make_context(words[0], options)
    except click.UsageError as fault:
        raise UsageFault(
            message(
                "这样的命令到时候跑不了：{why}",
                why=usage_text(fault, spoken()).splitlines()[0],
            ),
            message(
                "每期一次的加 --period last-month；用法：ledgersync {name:sh} --help", name=words[0]
            ),
        ) from fault


@schedule.command("remove")
@click.argument("name", metavar="名称")
@json_option
@pass_app
def remove(app: App, name: str, as_json: bool) -> None:
    """去掉一个定时任务；以前跑过的不受影响。"""
    from ledgersync.schedule.entries import remove_entry

    remove_entry(app.workspace(), name)
    if as_json:
        emit_json({"format": "ledgersync.schedule-remove/v1", "name": name})
    else:
        app.say(message("已去掉定时任务“{name}”。", name=name))


@schedule.command("run")
@json_option
@pass_app
@click.pass_context
def run(ctx: click.Context, app: App, as_json: bool) -> None:
    """执行到期的任务，每个一次；关机错过的会补上。"""
    from ledgersync.schedule import Process, run_due
    from ledgersync.schedule.keeping import outcome_of
    from ledgersync.workspace import clock

    workspace = app.workspace()
    found = run_due(workspace, clock.now, Process(workspace.root))
    done = found or []
    if as_json:
        emit_json({"format": "ledgersync.schedule-run/v1", "ran": [_ran(r) for r in done]})
    elif found is None:
        app.say(message("另一个进程正在执行定时任务。"))
    elif not done:
        app.say(message("没有到期的任务。"))
    for r in () if as_json else done:
        app.say(outcome_of(r))
    ctx.exit(ExitCode.PERSON_NEEDED if any(r.code != 0 for r in done) else ExitCode.DONE)


def _ran(r: Ran) -> dict[str, object]:
    return {"name": r.name, "at": r.at.isoformat(), "arguments": list(r.arguments), "code": r.code}


_SERVICE = click.option("--service", is_flag=True, help="watch 服务，而不是定时任务")
_SYSTEM = click.option(
    "--system", type=click.Choice(["windows", "systemd", "cron"]), help="默认按这台电脑"
)


@schedule.command("install")
@_SERVICE
@_SYSTEM
@click.option("--print", "only_show", is_flag=True, help="只看会写什么")
@pass_app
def install(app: App, service: bool, system: str | None, only_show: bool) -> None:
    """登记到 Windows 任务计划、systemd 或 cron；不需要管理员权限。"""
    from ledgersync.schedule import install as registry
    from ledgersync.schedule import note_entries
    from ledgersync.workspace import clock

    units = _units(app, service, system)
    for unit in units:
        say(f"# {unit.path or 'crontab'}")
        say(unit.text)
    if only_show:
        return
    note_entries(app.workspace(), clock.now())
    registry.install(units)
    undo = "ledgersync schedule uninstall" + (" --service" if service else "")
    done = message("已登记；要撤销：{undo}", undo=undo)
    if service and units[0].path is None:
        done = message(
            "已登记；重启后生效，今天请先手工运行 ledgersync watch；要撤销：{undo}", undo=undo
        )
    app.say(done)


@schedule.command("uninstall")
@_SERVICE
@_SYSTEM
@pass_app
def uninstall(app: App, service: bool, system: str | None) -> None:
    """撤销登记，不留东西。"""
    from ledgersync.schedule import install as registry

    registry.remove(_units(app, service, system))
    app.say(message("已撤销。"))


def _units(app: App, service: bool, system: str | None) -> list[Unit]:
    from ledgersync.schedule import install as registry

    kind = registry.SERVICE if service else registry.TIMER
    return registry.units_for(app.workspace().root, kind, system)
