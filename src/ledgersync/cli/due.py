"""`due`: what is to be done this week, per person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table, workbook_name
from ledgersync.cli.common.words import table_words
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.schema import Catalog
    from ledgersync.sync.lists.due import Due

_HEADERS = message("谁做|事项|台账·表|是谁（什么）|期限|")


@click.command()
@click.option("--staff", help="只看此人的")
@click.option(
    "--days", type=click.IntRange(min=0), default=7, show_default=True, help="今后几天内到期的"
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="写成工作簿，一人一张表，可以打印"
)
@json_option
@pass_app
@click.pass_context
def due(
    ctx: click.Context, app: App, staff: str | None, days: int, output: Path | None, as_json: bool
) -> None:
    """这一周要做什么：应走访、到期复核、到期和超期的诉求，按人列出。

    屏幕上姓名是遮盖的；要带着去办，用 -o 写成工作簿：姓名、住址、电话都在里面。
    """
    from ledgersync.sync.lists.due import due_within
    from ledgersync.sync.lists.due_book import write_due
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.staff.people import same_person

    target = output and workbook_name(output)
    with open_session(app.workspace(), "due", write=target is not None) as session:
        found = due_within(session, days, staff and same_person(session, staff))
        catalog = session.catalog
        if target and found:
            write_due(session, found, days, target)
    if as_json:
        emit_json({"format": "ledgersync.due/v1", "due": [d.as_json() for d in found]})
    elif target and found:
        app.say(counted("已写入 {path}：{n} 件。", len(found), path=target))
    elif found:
        _show(app, catalog, found)
    else:
        app.say(counted("今后 {n} 天没有到期的事。", days))
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)


def _show(app: App, catalog: Catalog, found: Sequence[Due]) -> None:
    from ledgersync.sync.lists.due import KINDS

    rows = [
        [
            one.worker or app.text(message("（没有负责人）")),
            app.text(KINDS[one.kind]),
            table_words(catalog, *one.table),
            one.shown()[:24],
            one.due.isoformat(),
            app.text(counted("已超期 {n} 天", one.days)) if one.days > 0 else "",
        ]
        for one in found
    ]
    show_table("", app.headers(_HEADERS), rows)
    late = sum(one.days > 0 for one in found)
    app.say(message("共 {all} 件，其中已超期 {late} 件。", all=len(found), late=late))
    app.say(message("要带着去办：ledgersync due -o 要办的.xlsx"))
