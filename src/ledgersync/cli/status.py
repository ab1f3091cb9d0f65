"""`status`: where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.sync.status import Status


@click.command()
@json_option
@pass_app
@click.pass_context
def status(ctx: click.Context, app: App, as_json: bool) -> None:
    """收表、冲突、退回、拦下的删除、待写入、谁还没交。"""
    from ledgersync.sync.session import open_session
    from ledgersync.sync.status import status_of
    from ledgersync.watch.diary import read_beat
    from ledgersync.watch.unread import unread_files

    workspace = app.workspace()
    with open_session(workspace, "status", write=False) as session:
        found = status_of(session)
        unread = unread_files(session)
    beat = read_beat(workspace.state)
    watching = beat is not None and beat.is_alive
    if as_json:
        unreadable = [u.as_json() for u in unread]
        emit_json({**found.as_json(), "unreadable": unreadable, "watching": watching})
    else:
        _show(app, found)
        for u in unread:
            say(app.pick(f"读不了 {u.file}：{u.message.zh}", f"unreadable {u.file}"))
        say(
            app.pick(
                "watch 正在运行" if watching else "watch 没有运行",
                "watch is running" if watching else "watch is not running",
            )
        )
    ctx.exit(ExitCode.PERSON_NEEDED if found.person_needed else ExitCode.DONE)


def _show(app: App, found: Status) -> None:
    say(app.pick(f"{found.unit}  修订 {found.revision}", f"{found.unit}  {found.revision}"))
    show_table("", ("表", "记录"), found.records.items())
    say(app.pick(f"待裁定冲突 {found.conflicts} 处", f"{found.conflicts} open conflicts"))
    for line in found.held:
        say(
            app.pick(
                f"拦下的删除 {line.id}：{line.staff} 在 {line.ledger}.{line.table} 少了 "
                f"{line.records} 行；ledgersync held release {line.id} 放行，dismiss 驳回",
                f"held {line.id}: {line.records} rows of {line.ledger}.{line.table}",
            )
        )
    for write in found.pending:
        say(app.pick(f"待写入 {write.ledger}：{write.reason}", f"pending {write.ledger}"))
    if found.returned:
        rows = (
            (c.staff, c.ledger, c.sheet, c.sheet_row, app.pick(c.zh, c.en)) for c in found.returned
        )
        show_table(app.pick("待更正", "returned"), ("谁", "台账", "工作表", "行", "原因"), rows)
    if found.missing_staff:
        say(app.pick("还没交表：", "not sent yet: ") + "、".join(found.missing_staff))
