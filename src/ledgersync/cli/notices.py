"""`notices`: what was left out of a file or taken with a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.notice_lines import show_notice_table
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    pass


@click.group(invoke_without_command=True)
@json_option
@pass_app
@click.pass_context
def notices(ctx: click.Context, app: App, as_json: bool) -> None:
    """没有收进来的、收了但存疑的行和格子；更正后自动消去，确认无误的用 dismiss。"""
    if ctx.invoked_subcommand:
        return
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.status import notice_lines

    workspace = app.workspace()
    with open_session(workspace, "notices", write=False) as session:
        found = notice_lines(session)
    if as_json:
        emit_json({"format": "ledgersync.notices/v1", "notices": [n.as_json() for n in found]})
    elif found:
        show_notice_table(app, workspace.catalog, found, len(found))
    else:
        app.say(message("没有。"))
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)


@notices.command()
@click.argument("numbers", nargs=-1, type=int, required=True, metavar="ID...")
@json_option
@pass_app
def dismiss(app: App, numbers: tuple[int, ...], as_json: bool) -> None:
    """看过了，不用收（或收得对）：以后不再提醒。"""
    from ledgersync.sync.cases.notices import dismiss as dismiss_notices
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.run import finish

    with open_session(app.workspace(), "notices") as session:
        cases = dismiss_notices(session, numbers)
        finish(session, MergeReport(0))
    if as_json:
        numbered = [str(case.id) for case in cases]
        emit_json({"format": "ledgersync.notices/v1", "dismissed": numbered})
    else:
        app.say(counted("{n} 处不再提醒。", len(cases)))
