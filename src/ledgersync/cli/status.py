"""`status`: where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.notices import show_notice_table
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.cli.words import ledger_words, moment_words, path_words, table_words
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.schema import Catalog
    from ledgersync.sync.staff.moves import GridMove, LateFile
    from ledgersync.sync.status import HeldLine, Status
    from ledgersync.watch.unreadable import Unread
    from ledgersync.watch.watch_log import Beat

_RETURNED = ("谁", "台账·表", "行", "原因")
_RETURNED_EN = ("who", "ledger·sheet", "row", "why")


@click.command()
@json_option
@pass_app
@click.pass_context
def status(ctx: click.Context, app: App, as_json: bool) -> None:
    """收表、冲突、退回、拦下的删除、待写入、谁还没交。"""
    from ledgersync.sync.session import open_session
    from ledgersync.sync.staff.moves import late_files, open_moves
    from ledgersync.sync.status import status_of
    from ledgersync.watch.unreadable import unread_files
    from ledgersync.watch.watch_log import read_beat

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
        if not app.quiet:
            _show_counts(app, workspace.catalog, found)
        _show_work(app, workspace.catalog, found)
        _show_waiting(app, workspace.catalog, unread, late, moving)
        if not app.quiet:
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


def _show_counts(app: App, catalog: Catalog, found: Status) -> None:
    revision = app.pick(f"，修订 {found.revision}", f", revision {found.revision}")
    say(f"{found.unit}{revision}")
    headers = (app.pick("台账·表", "ledger·sheet"), app.pick("记录", "records"))
    if found.records:
        show_table("", headers, ((path_words(catalog, p), n) for p, n in found.records.items()))
    if not found.conflicts:
        say(app.pick("没有待裁定的冲突。", "No open conflicts."))
    if found.missing_staff:
        say(app.pick("还没交表：", "Nothing sent yet: ") + "、".join(found.missing_staff))


def _show_work(app: App, catalog: Catalog, found: Status) -> None:
    """What waits for a person, each with the command that deals with it."""
    if found.conflicts:
        zh = f"待裁定冲突 {found.conflicts} 处；下一步：ledgersync conflicts"
        say(app.pick(zh, f"{found.conflicts} open conflicts; next: ledgersync conflicts"))
    for h in found.held:
        _show_held(app, table_words(catalog, h.ledger, h.table), h)
    for write in found.pending:
        zh = f"待写入 {ledger_words(catalog, write.ledger)}：{write.reason}"
        en = f"{ledger_words(catalog, write.ledger)} waits to be written: close it where it is open"
        say(app.pick(zh, f"{en}, then merge again"))
    if found.returned:
        headers = _RETURNED_EN if app.lang == "en" else _RETURNED
        rows = [
            (who, table_words(catalog, c.ledger, c.table), c.sheet_row, app.pick(c.zh, c.en))
            for c in found.returned
            for who in [found.successors.get(c.staff, c.staff)]
        ]
        show_table(app.pick("退回待更正：", "Returned, to be mended:"), headers, rows)
        _show_who_mends(app, {c.staff: found.successors.get(c.staff) for c in found.returned})
    if found.notices:
        show_notice_table(app, catalog, found.notices)


def _show_who_mends(app: App, mending: dict[str, str | None]) -> None:
    """What the senders do next; of those who left, what their successors do (None: nobody left)."""
    if None in mending.values():
        zh = "下一步：请本人按 returned/<姓名>/ 里的标注更正，再交一次。"
        say(app.pick(zh, "Next: the senders mend what is marked in returned/<name>/, and send it."))
    for left, taker in mending.items():
        if taker:
            zh = (
                f"下一步：{left} 已离岗，请 {taker} 对照 returned/{left}/ 里的标注，"
                "在自己的副本里更正后再交。"
            )
            en = f"{taker} mends in their own copy what is marked in returned/{left}/, and sends it"
            say(app.pick(zh, f"Next: {left} has left; {en}."))


def _show_held(app: App, table: str, h: HeldLine) -> None:
    zh = (
        f"拦下的删除 {h.id}：{h.staff} 交来的{table}少了 {h.records} 行；"
        f"下一步：ledgersync held release {h.id} 照删，或 held dismiss {h.id} 不删"
    )
    en = (
        f"held removal {h.id}: {h.staff} sent {table} without {h.records} rows; "
        f"next: ledgersync held release {h.id} removes them, held dismiss {h.id} keeps them"
    )
    say(app.pick(zh, en))


def _show_waiting(
    app: App,
    catalog: Catalog,
    unread: list[Unread],
    late: list[LateFile],
    moving: list[GridMove],
) -> None:
    for u in unread:
        why = app.text(u.message).rstrip("。.")
        if u.file not in why:
            why = app.pick(f"{u.file}：{why}", f"{u.file}: {why}")
        zh = f"读不了：{why}；下一步：请 {u.staff} 检查后再存一次"
        en = f"unreadable: {why}; next: {u.staff} looks at it and saves it again"
        say(app.pick(zh, en))
    for f in late:
        book = ledger_words(catalog, f.ledger)
        zh = f"离岗人员的文件 {f.file}（{book}）未收，原件已存档；下一步：请接手人核对补录后移走"
        en = f"{f.file} ({book}) of somebody who left was not taken in; next: look at it, move it"
        say(app.pick(zh, en))
    for m in moving:
        zh = f"网格交接待接收：{m.grid}，{m.giver} → {m.taker}；"
        en = f"{m.grid}: {m.giver} → {m.taker} waits; next: ledgersync staff accept {m.id}"
        say(app.pick(f"{zh}下一步：ledgersync staff accept {m.id}", en))


def _show_watch(app: App, beat: Beat | None) -> None:
    if beat is None:
        say(app.pick("没有程序守着收件箱（watch 没有运行）", "watch is not running"))
    elif beat.is_alive:
        say(app.pick(f"watch 正在运行（{beat.host}）", f"watch is running ({beat.host})"))
    else:
        from ledgersync.workspace import clock

        at = moment_words(app, beat.when, clock.today())
        zh = f"watch 没有运行：{at} 以后没有动静（{beat.host}）；下一步：ledgersync watch"
        say(app.pick(zh, f"watch is not running: silent since {at} ({beat.host})"))
