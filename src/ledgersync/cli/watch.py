"""`watch`: the merge as a service."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING

import click

from ledgersync.cli.aftermath import write_snapshot_of
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.merge import exit_code, show_report
from ledgersync.cli.output import complain, emit_json, json_option, say
from ledgersync.errors import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledgersync.sync.results import MergeReport
    from ledgersync.workspace import Workspace


@click.command()
@click.option("--once", is_flag=True, help="只看一遍就结束，供定时任务用")
@click.option("--poll", type=float, metavar="秒", help="按秒轮询（网络共享会自动这样）")
@json_option
@pass_app
@click.pass_context
def watch(ctx: click.Context, app: App, once: bool, poll: float | None, as_json: bool) -> None:
    """守着收件箱：来一份合一份；Ctrl-C 随时可停。"""
    workspace = app.workspace()
    if once:
        report = _once(workspace)
        if as_json:
            emit_json(report.as_json())
        else:
            show_report(app, report)
        ctx.exit(exit_code(report))
    _serve(app, workspace, poll)


def _once(workspace: Workspace) -> MergeReport:
    """Everything that is at rest now: seen the same twice, a moment apart."""
    from ledgersync.sync.inbox import arrivals
    from ledgersync.sync.merging import merge_arrivals
    from ledgersync.sync.session import open_session
    from ledgersync.watch.sightings import Sightings

    found = arrivals(workspace.inbox)
    sightings = Sightings(settle=0.4)
    sightings.settled(a.path for a in found)
    time.sleep(0.5)
    ready = set(sightings.settled(a.path for a in found))
    with open_session(workspace, "watch --once", wait=60) as session:
        report = merge_arrivals(session, [a for a in found if a.path in ready])
        write_snapshot_of(session)
    return report


def _serve(app: App, workspace: Workspace, poll: float | None) -> None:
    from rich.console import Console

    from ledgersync.watch.watcher import Settings, Watcher

    console = Console(stderr=True, highlight=False, markup=False)
    stop = threading.Event()
    _stop_on_signals(stop)
    say(app.pick(f"正在守着 {workspace.inbox}，Ctrl-C 停止。", f"Watching {workspace.inbox}."))
    with console.status(app.pick("等文件 …", "waiting …"), spinner="dots") as line:

        def told(report: MergeReport) -> None:
            if any(s.status != "unchanged" for s in report.submissions):
                show_report(app, report)
            line.update(_line(app, report))

        def said(message: Message) -> None:
            complain(app.text(message))

        Watcher(
            workspace,
            Settings(poll=poll),
            told=told,
            said=said,
            after=write_snapshot_of,
            idle=_scheduler(workspace),
            stop=stop,
        ).run()
    say(app.pick("已停止，没有做到一半的事。", "Stopped; nothing was left half done."))


def _line(app: App, report: MergeReport) -> str:
    waiting = sum(w.status == "pending" for w in report.writes)
    at = time.strftime("%H:%M:%S")
    zh = (
        f"{at} 修订 {report.revision}" + (f"，{waiting} 本待写入" if waiting else "") + "，等文件 …"
    )
    return app.pick(zh, f"{at} revision {report.revision}, waiting …")


def _scheduler(workspace: Workspace) -> Callable[[], None]:
    """What runs between rounds: the workspace's schedule, if it has one."""
    if not workspace.config.schedule:
        return lambda: None
    from ledgersync.cli.schedule import run_in_background

    return run_in_background(workspace)


def _stop_on_signals(stop: threading.Event) -> None:
    """Ctrl-C and a service's stop end the watch after what it is doing, never in the middle."""

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, asked)
    signal.signal(signal.SIGTERM, asked)
