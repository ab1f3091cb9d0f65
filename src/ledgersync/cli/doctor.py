"""`doctor`: what on this machine works and what does not."""

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say
from ledgersync.errors import ExitCode

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
