"""`doctor`: what on this machine works and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.errors import ExitCode
from ledgersync.messages import message

if TYPE_CHECKING:
    from pathlib import Path

    from ledgersync.plugin.doctor.check import Check

_SIGNS = {"ok": "✓", "warning": "!", "problem": "✗", "absent": "·"}


@click.command()
@json_option
@click.pass_context
@pass_app
def doctor(app: App, context: click.Context, as_json: bool) -> None:
    """检查这台电脑：Python、Excel、LibreOffice、字体、工作区。"""
    from ledgersync.plugin.doctor import examine

    workspace = app.workspace_or_none()
    checks = list(examine(workspace.root if workspace else None))
    if workspace:
        checks.append(_watch(workspace.state))
    if as_json:
        listed = [
            {
                "id": c.id,
                "state": c.state,
                "message": app.text(c.found),
                "advice": app.text(c.advice) if c.advice else None,
            }
            for c in checks
        ]
        emit_json({"format": "ledgersync.doctor/v1", "checks": listed})
    else:
        for check in checks:
            say(f"{_SIGNS[check.state]} {app.text(check.found)}")
            if check.advice:
                say(f"    → {app.text(check.advice)}")
    if any(c.state == "problem" for c in checks):
        context.exit(ExitCode.PERSON_NEEDED)


def _watch(state: Path) -> Check:
    """Whether a watcher is at work in the workspace, or stopped without a word."""
    from ledgersync.plugin.doctor.check import Check
    from ledgersync.watch.watch_log import read_heartbeat

    last = read_heartbeat(state)
    if last is None:
        return Check("watch", "absent", message("watch 没有运行"))
    if last.is_alive:
        found = message("watch 正在运行（{host}，进程 {pid}）", host=last.host, pid=str(last.pid))
        return Check("watch", "ok", found)
    found = message("watch 在 {when} 以后没有动静（{host}）", when=last.when, host=last.host)
    advice = message("请重新运行 ledgersync watch。")
    return Check("watch", "warning", found, advice)
