"""`watch`: the merge as a service."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.merge_report import exit_code, show_report
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import LedgerSyncError
from ledgersync.messages import Message, counted, message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledgersync.sync.results import MergeReport
    from ledgersync.workspace import Workspace

SETTLE = 3.0  # longer than the coarsest clock of a file system


@click.command()
@click.option("--once", is_flag=True, help="只看一遍就结束，供定时任务用")
@click.option("--poll", type=float, metavar="秒", help="按秒轮询（网络共享会自动这样）")
@click.option("--settle", type=float, hidden=True, help="文件静止多少秒才收（测试用）")
@json_option
@pass_app
@click.pass_context
def watch(
    ctx: click.Context,
    app: App,
    once: bool,
    poll: float | None,
    settle: float | None,
    as_json: bool,
) -> None:
    """守着收件箱：来一份合一份；Ctrl-C 随时可停。"""
    workspace = app.workspace()
    if once:
        report = _once(app, workspace, settle or 0.5)
        if as_json:
            emit_json(report.as_json())
        else:
            show_report(app, report)
        ctx.exit(exit_code(report))
    _serve(app, workspace, poll, settle or SETTLE)


def _once(app: App, workspace: Workspace, settle: float) -> MergeReport:
    from ledgersync.watch.package_rounds import PackageRounds
    from ledgersync.watch.watcher import Settings, Watcher

    settings = Settings(settle=settle, lock_wait=60)
    packages = PackageRounds(workspace, _notifier(app))
    packages.round()
    report = Watcher(workspace, settings, after=write_snapshot_of, notify=_notifier(app)).once()
    packages.round()
    return report


def _notifier(app: App) -> Callable[[Message], None]:
    """Says things on stderr; with -q (a service, whose output is a log) not at all."""

    def notify(message: Message) -> None:
        if not app.quiet:
            app.complain(message)

    return notify


def _serve(app: App, workspace: Workspace, poll: float | None, settle: float) -> None:
    from ledgersync.schedule import Timekeeper, note_entries
    from ledgersync.watch.package_rounds import PackageRounds
    from ledgersync.watch.watcher import Settings, Watcher
    from ledgersync.workspace import clock

    screen = _Screen(app)
    watcher = Watcher(
        workspace,
        Settings(poll=poll, settle=settle),
        told=screen.told,
        notify=screen.notify,
        after=write_snapshot_of,
    )
    _stop_on_signals(watcher.stop)
    schedule = Timekeeper(workspace.root, screen.notify)
    packages = PackageRounds(workspace, screen.notify)

    def idle() -> None:
        schedule.start()
        packages.look()

    watcher.idle = idle

    def noted(found: Workspace) -> None:
        with suppress(LedgerSyncError, OSError, sqlite3.Error):  # the schedule speaks of it
            note_entries(found, clock.now())

    def begun() -> None:
        noted(workspace)
        _inform(app, message("正在守着 {inbox}，Ctrl-C 停止。", inbox=workspace.inbox))
        screen.status.start()

    watcher.reread, watcher.begun = noted, begun
    try:
        watcher.run()
    finally:
        schedule.stop()
        screen.status.stop()
    _inform(app, message("已停止，没有做到一半的事。"))


class _Screen:
    """The status line, and what is written above it; nothing at all with -q."""

    def __init__(self, app: App) -> None:
        from rich.console import Console

        console = Console(stderr=True, highlight=False, markup=False, quiet=app.quiet)
        self._app = app
        self._told: set[int | str | None] = set()
        self._lock = threading.Lock()  # the schedule speaks from a thread of its own
        self.status = console.status(app.text(message("等文件 …")), spinner="dots")

    def told(self, report: MergeReport) -> None:
        """A round's report, where something came of it; of a primary each notice once."""
        report.in_primaries = [n for n in report.in_primaries if n.notice not in self._told]
        report.unsent = [u for u in report.unsent if u.file not in self._told]
        self._told |= {n.notice for n in report.in_primaries} | {u.file for u in report.unsent}
        came = any(s.status != "unchanged" or s.notices for s in report.submissions)
        if not self._app.quiet and (came or report.in_primaries or report.unsent):
            with self._above():
                show_report(self._app, report)
        self.status.update(_line(self._app, report))

    def notify(self, message: Message) -> None:
        if not self._app.quiet:
            with self._above():
                self._app.complain(message)

    @contextmanager
    def _above(self) -> Iterator[None]:
        """Takes the status line away while something else is written."""
        with self._lock:
            self.status.stop()
            try:
                yield
            finally:
                self.status.start()


def _inform(app: App, text: Message) -> None:
    if not app.quiet:
        app.say(text)


def _line(app: App, report: MergeReport) -> str:
    waiting = sum(w.status == "pending" for w in report.writes)
    at = time.strftime("%H:%M:%S")
    text = message("{at} 修订 {revision}，等文件 …", at=at, revision=report.revision)
    if waiting:
        text = counted(
            "{at} 修订 {revision}，{n} 本待写入，等文件 …", waiting, at=at, revision=report.revision
        )
    return app.text(text)


def _stop_on_signals(stop: threading.Event) -> None:
    """Ctrl-C and a service's stop end the watch after what it is doing, never in the middle."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]

    def asked(_signal: int, _frame: FrameType | None) -> None:
        for each in signals:  # a second one would only come in the way of the first
            signal.signal(each, signal.SIG_IGN)
        stop.set()

    for each in signals:
        signal.signal(each, asked)
