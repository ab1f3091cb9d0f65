"""`status`: where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.sync.moves import GridMove, LateFile
    from ledgersync.sync.status import Status
    from ledgersync.watch.diary import Beat
    from ledgersync.watch.unread import Unread


@click.command()
@json_option
@pass_app
@click.pass_context
def status(ctx: click.Context, app: App, as_json: bool) -> None:
    """收表、冲突、退回、拦下的删除、待写入、谁还没交。"""
    from ledgersync.sync.moves import late_files, open_moves
    from ledgersync.sync.session import open_session
    from ledgersync.sync.status import status_of
    from ledgersync.watch.diary import read_beat
    from ledgersync.watch.unread import unread_files

    workspace = app.workspace()
    with open_session(workspace, "status", write=False) as session:
        found = status_of(session)
        unread = unread_files(session)
        late, moving = late_files(session), open_moves(session)
    beat = read_beat(workspace.state)
    watching = beat is not None and beat.is_alive
    if as_json:
        more = _waiting_json(unread, late, moving)
        emit_json({**found.as_json(), **more, "watching": watching})
    else:
        _show(app, found)
        _show_waiting(app, unread, late, moving)
        _show_watch(app, beat)
    asked = found.person_needed or unread or late or moving
    ctx.exit(ExitCode.PERSON_NEEDED if asked else ExitCode.DONE)


def _waiting_json(
    unread: list[Unread], late: list[LateFile], moving: list[GridMove]
) -> dict[str, object]:
    return {
        "unreadable": [u.as_json() for u in unread],
        "late": [f.as_json() for f in late],
        "moves": [m.as_json() for m in moving],
    }


def _show_waiting(
    app: App, unread: list[Unread], late: list[LateFile], moving: list[GridMove]
) -> None:
    for u in unread:
        say(app.pick(f"读不了 {u.file}：{u.message.zh}", f"unreadable {u.file}"))
    for f in late:
        zh = f"离岗人员的文件 {f.file} 未收（原件已存档）：请接手人核对补录后移走"
        say(app.pick(zh, f"late file of somebody who left: {f.file}"))
    for m in moving:
        zh = f"网格交接待接收：{m.grid}，{m.giver} → {m.taker}；staff accept {m.id} 接收"
        say(app.pick(zh, f"grid {m.grid}: {m.giver} → {m.taker} waits (accept {m.id})"))


def _show_watch(app: App, beat: Beat | None) -> None:
    if beat is None:
        say(app.pick("watch 没有运行", "watch is not running"))
    elif beat.is_alive:
        say(app.pick(f"watch 正在运行（{beat.host}）", f"watch is running ({beat.host})"))
    else:
        zh = f"watch 没有运行：{beat.when} 以后没有动静（{beat.host}）"
        say(app.pick(zh, f"watch is not running: silent since {beat.when} ({beat.host})"))


def _show(app: App, found: Status) -> None:
    say(app.pick(f"{found.unit}  修订 {found.revision}", f"{found.unit}  {found.revision}"))
    headers = (app.pick("表", "table"), app.pick("记录", "records"))
    show_table("", headers, found.records.items())
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
