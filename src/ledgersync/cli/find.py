"""`find`: a person, an address, a number, over all ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.sync.lists.find import Hit

_SHOWN = 50
_HEADERS = message("台账|表|行|是谁（什么）|找到的")


@click.command()
@click.argument("text")
@click.option("--unmask", "reason", metavar="REASON", help="显示完整个人信息的理由（会记入日志）")
@json_option
@pass_app
@click.pass_context
def find(ctx: click.Context, app: App, text: str, reason: str | None, as_json: bool) -> None:
    """在所有台账里找人、地址、电话、证号、编号：哪本台账、哪张表、第几行。

    写姓名、住址的一部分，或号码的连续几位都行；个人信息默认打码。找不到：退出码 1。
    """
    found = _found(app, text, reason)
    unmask = bool(reason)
    if as_json:
        hits = [hit.as_json(unmask=unmask) for hit in found]
        emit_json({"format": "ledgersync.find/v1", "matches": hits})
    elif found:
        headers = [*app.headers(_HEADERS), *([app.text(message("记录号"))] if app.verbose else [])]
        rows = [[*_line(h, unmask), *([h.record] if app.verbose else [])] for h in found[:_SHOWN]]
        show_table("", headers, rows)
        total = counted("共 {n} 行。", len(found))
        if len(found) > _SHOWN:
            total = message(
                "{total}这里列出前 {shown} 行；请写得更具体些。", total=total, shown=_SHOWN
            )
        app.say(total)
    else:
        app.say(message("没有找到。请少写几个字再试，或检查有没有写错。"))
    ctx.exit(ExitCode.DONE if found else ExitCode.PERSON_NEEDED)


def _found(app: App, text: str, reason: str | None) -> list[Hit]:
    from ledgersync.sync.lists.find import find as look
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.unmasking import journal_unmasking

    with open_session(app.workspace(), "find", write=bool(reason)) as session:
        found = look(session, text)
        if reason:
            journal_unmasking(session, reason, rows=len(found))
    return found


def _line(hit: Hit, unmask: bool) -> list[object]:
    sheet, row = hit.place or (hit.table.sheet, "")
    value = hit.shown(hit.field, unmask=unmask)
    book = hit.ledger.workbook if hit.year is None else hit.file
    return [book, sheet, row, hit.title(unmask=unmask), f"{hit.field.header}：{value}"]
