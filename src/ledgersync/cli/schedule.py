"""`schedule`: what is due when, running it, registering it with the operating system."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.schedule import Ran
    from ledgersync.schedule.install import Unit
    from ledgersync.workspace import Workspace


@click.group()
def schedule() -> None:
    """定时任务：查看、执行到期的、登记到操作系统。"""


@schedule.command("list")
@json_option
@pass_app
def list_entries(app: App, as_json: bool) -> None:
    """每个任务下次什么时候跑、上次跑得怎样。"""
    rows = _entries(app.workspace())
    if as_json:
        emit_json({"format": "ledgersync.schedule/v1", "entries": rows})
    elif rows:
        headers = ("任务", "cron", "命令", "统计期", "下次", "上次", "结果", "问题")
        show_table("", headers, (list(row.values()) for row in rows))
    else:
        say(app.pick(_HOW, "No [[schedule]] in ledgersync.toml."))


def _entries(workspace: Workspace) -> list[dict[str, object]]:
    """A line per entry; one with a wrong cron says so."""
    from ledgersync.errors import WorkspaceFault
    from ledgersync.schedule import Book, next_time
    from ledgersync.workspace import clock

    rows: list[dict[str, object]] = []
    book = Book(workspace.state)
    for entry in workspace.config.schedule:
        upcoming, problem, last = None, None, book.last(entry.name)
        try:
            upcoming = next_time(entry, clock.now())
        except WorkspaceFault as fault:
            problem = fault.message.zh
        rows.append(
            {
                **entry.model_dump(),
                "next": upcoming.isoformat() if upcoming else None,
                "last": last[0].isoformat() if last else None,
                "code": last[1] if last else None,
                "problem": problem,
            }
        )
    book.close()
    return rows


_HOW = """ledgersync.toml 里还没有定时任务。例如每月 5 日 8 点汇总上个月：
[[schedule]]
name = "月报"
cron = "0 8 5 * *"
command = "rollup"
period = "last-month\""""


@schedule.command("run")
@json_option
@pass_app
@click.pass_context
def run(ctx: click.Context, app: App, as_json: bool) -> None:
    """执行到期的任务，每个一次；关机错过的会补上。"""
    from ledgersync.schedule import Process, run_due
    from ledgersync.schedule.keeping import said_of
    from ledgersync.workspace import clock

    workspace = app.workspace()
    found = run_due(workspace, clock.now, Process(workspace.root))
    done = found or []
    if as_json:
        emit_json({"format": "ledgersync.schedule-run/v1", "ran": [_ran(r) for r in done]})
    elif found is None:
        say(app.pick("另一个进程正在执行定时任务。", "Another process is running the schedule."))
    elif not done:
        say(app.pick("没有到期的任务。", "Nothing is due."))
    for r in () if as_json else done:
        say(app.text(said_of(r)))
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

    units = _units(app, service, system)
    for unit in units:
        say(f"# {unit.path or 'crontab'}")
        say(unit.text)
    if only_show:
        return
    registry.install(units)
    undo = "ledgersync schedule uninstall" + (" --service" if service else "")
    later = "重启后生效，今天请先手工运行 ledgersync watch；" if units[0].path is None else ""
    say(
        app.pick(
            f"已登记；{later if service else ''}要撤销：{undo}", f"Registered. To undo: {undo}"
        )
    )


@schedule.command("uninstall")
@_SERVICE
@_SYSTEM
@pass_app
def uninstall(app: App, service: bool, system: str | None) -> None:
    """撤销登记，不留东西。"""
    from ledgersync.schedule import install as registry

    registry.remove(_units(app, service, system))
    say(app.pick("已撤销。", "Removed."))


def _units(app: App, service: bool, system: str | None) -> list[Unit]:
    from ledgersync.schedule import install as registry

    kind = registry.SERVICE if service else registry.TIMER
    return registry.units_for(app.workspace().root, kind, system)
