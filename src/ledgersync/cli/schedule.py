"""`schedule`: what is due when, running it, registering it with the operating system."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.schedule import Ran
    from ledgersync.workspace import Workspace


@click.group()
def schedule() -> None:
    """定时任务：查看、执行到期的、登记到操作系统。"""


@schedule.command("list")
@json_option
@pass_app
def list_entries(app: App, as_json: bool) -> None:
    """每个任务下次什么时候跑、上次跑得怎样。"""
    from ledgersync.schedule import Book, next_time
    from ledgersync.workspace import clock

    workspace, now = app.workspace(), clock.now()
    book = Book(workspace.state)
    rows = []
    for entry in workspace.config.schedule:
        upcoming, last = next_time(entry, now), book.last(entry.name)
        rows.append(
            {
                "name": entry.name,
                "cron": entry.cron,
                "command": entry.command,
                "period": entry.period,
                "next": upcoming.isoformat() if upcoming else None,
                "last": last[0].isoformat() if last else None,
                "code": last[1] if last else None,
            }
        )
    book.close()
    if as_json:
        emit_json({"format": "ledgersync.schedule/v1", "entries": rows})
    elif rows:
        headers = ("任务", "cron", "命令", "统计期", "下次", "上次", "结果")
        show_table("", headers, (list(row.values()) for row in rows))
    else:
        say(app.pick(_HOW, "No [[schedule]] in ledgersync.toml."))


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
    from ledgersync.schedule import run_due
    from ledgersync.workspace import clock

    workspace = app.workspace()
    done = run_due(workspace, clock.now(), runner_for(workspace))
    if as_json:
        emit_json({"format": "ledgersync.schedule-run/v1", "ran": [_ran(r) for r in done]})
    elif not done:
        say(app.pick("没有到期的任务。", "Nothing is due."))
    for r in () if as_json else done:
        line = " ".join(r.arguments)
        say(
            app.pick(
                f"{r.name}（{r.at:%Y-%m-%d %H:%M}）：{line} → 退出码 {r.code}",
                f"{r.name} ({r.at:%Y-%m-%d %H:%M}): {line} → {r.code}",
            )
        )
    ctx.exit(ExitCode.PERSON_NEEDED if any(r.code for r in done) else ExitCode.DONE)


def _ran(r: Ran) -> dict[str, object]:
    return {"name": r.name, "at": r.at.isoformat(), "arguments": list(r.arguments), "code": r.code}


@schedule.command("install")
@click.option("--service", is_flag=True, help="登记的是 watch 服务，不是定时任务")
@click.option("--print", "only_show", is_flag=True, help="只看会写什么")
@pass_app
def install(app: App, service: bool, only_show: bool) -> None:
    """登记到 Windows 任务计划、systemd 或 cron；不需要管理员权限。"""
    from ledgersync.schedule import install as system

    workspace = app.workspace()
    units = system.units_for(workspace.root, system.SERVICE if service else system.TIMER)
    for unit in units:
        say(f"# {unit.path or 'crontab'}")
        say(unit.text)
    if only_show:
        return
    system.install(units)
    say(app.pick("已登记；要撤销：ledgersync schedule uninstall", "Registered."))


@schedule.command("uninstall")
@click.option("--service", is_flag=True, help="撤销的是 watch 服务")
@pass_app
def uninstall(app: App, service: bool) -> None:
    """撤销登记，不留东西。"""
    from ledgersync.schedule import install as system

    workspace = app.workspace()
    system.remove(system.units_for(workspace.root, system.SERVICE if service else system.TIMER))
    say(app.pick("已撤销。", "Removed."))


def runner_for(workspace: Workspace) -> Callable[[Sequence[str]], int]:
    """Runs a command line of ours in a process of its own."""

    def runner(arguments: Sequence[str]) -> int:
        command = [sys.executable, "-m", "ledgersync", "-q", "-C", str(workspace.root), *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            command, stdout=subprocess.DEVNULL, env=environment, check=False
        ).returncode

    return runner


def run_in_background(workspace: Workspace) -> Callable[[], None]:
    """Due commands inside `watch`: APScheduler looks once a minute, in a thread of its own."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from ledgersync.schedule import run_due
    from ledgersync.workspace import clock

    scheduler = BackgroundScheduler(daemon=True)
    scheduler.add_job(
        lambda: run_due(workspace, clock.now(), runner_for(workspace)),
        "interval",
        minutes=1,
        coalesce=True,
        max_instances=1,
    )
    started = threading.Event()

    def idle() -> None:
        if not started.is_set():
            started.set()
            scheduler.start()

    return idle
