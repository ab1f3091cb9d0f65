"""`merge`: the inbox, or named files, into the primaries."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.merge_report import exit_code, show_report
from ledgersync.cli.common.output import complain, emit_json, json_option
from ledgersync.cli.common.process import is_own
from ledgersync.cli.common.secrets import given_password, password_option

if TYPE_CHECKING:
    from ledgersync.workspace import Workspace


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--staff", help="这些文件是谁交的；不写文件时只合并此人的收件箱")
@password_option
@click.option("--dry-run", is_flag=True, help="只看会怎样，不写任何东西")
@json_option
@pass_app
@click.pass_context
def merge(
    ctx: click.Context,
    app: App,
    files: tuple[Path, ...],
    staff: str | None,
    ask_password: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """收表并合并：收件箱里的（或指定的）工作簿合进主台账。

    这次发现读不了的文件：退出码 3。以前说过、一直没有换过的，只记一句，退出码 1。
    """
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import merge_files, preview
    from ledgersync.workbook.read.forked import fork_reader

    def progress(name: str) -> None:
        if not (as_json or app.quiet):
            complain(f"… {name}")

    workspace = app.workspace()
    if is_own() and (files or _something_came(workspace)):
        fork_reader()
    with open_session(workspace, "merge", write=not dry_run) as session:
        if dry_run:
            report = preview(session, files, staff)
        else:
            secret = given_password(ask_password)
            report = merge_files(session, files, staff, password=secret, progress=progress)
            write_snapshot_of(session)
    if as_json:
        emit_json(report.as_json())
    else:
        show_report(app, report, dry_run=dry_run)
    ctx.exit(exit_code(report))


def _something_came(workspace: Workspace) -> bool:
    """Whether the inbox holds what is younger than the journal: there will be something to read."""
    try:
        last = workspace.journal_file.stat().st_mtime
    except OSError:
        return False
    files = (Path(folder, name) for folder, _, names in os.walk(workspace.inbox) for name in names)
    with suppress(OSError):
        return any(file.stat().st_ctime > last for file in files)
    return False
