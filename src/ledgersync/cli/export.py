"""`export`: a list taken out of a table, as a clean workbook to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table, workbook_name
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.sync.lists.export import Exported
    from ledgersync.workspace.config import SavedList


@click.command()
@click.argument("table", required=False)
@click.option(
    "--where", multiple=True, help="条件，可写多次：80岁以上独居老人、网格=第1网格、90天未走访"
)
@click.option("--columns", help="要哪些列，用逗号隔开；不写则自动选取能看清的列")
@click.option("--by", "by", metavar="COLUMN", help="按这一列分开，每个值一张工作表，如 所属网格")
@click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", help="纸张；默认 A4")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到这个文件")
@click.option("--title", help="表头上方的标题")
@click.option("--save", "save_as", metavar="NAME", help="把这份名单的条件和列存下来，下次按名称取")
@json_option
@pass_app
def export(
    app: App,
    table: str | None,
    where: tuple[str, ...],
    columns: str | None,
    by: str | None,
    paper: str,
    output: Path | None,
    title: str | None,
    save_as: str | None,
    as_json: bool,
) -> None:
    """导出一份可以打印的名单：哪张表（或存过的名单），什么条件，哪些列。

    可写表名（低保户）、台账名（低保）或存过的名单的名称；不写就列出存过的名单。
    """
    workspace = app.workspace()
    if table is None:
        _show_saved(app, workspace.config.list, as_json)
        return
    asked = _asked(workspace.config.list, table, where, columns)
    if save_as:
        _save(workspace.root, asked.changed(name=save_as))
    named = title or save_as or _own_name(workspace.config.list, table)
    made = _make(app, asked, output, named, by, a3=paper == "A3")
    if as_json:
        emit_json(made.as_json())
    else:
        _say(app, made)


def _asked(
    saved: Sequence[SavedList], table: str, where: Sequence[str], columns: str | None
) -> SavedList:
    """What was typed, on top of a saved list of that name."""
    from ledgersync.workspace.config import SavedList

    names = [part for part in (columns or "").replace("，", ",").split(",") if part.strip()]
    known = next((one for one in saved if one.name == table), None)
    start = known or SavedList(name=table, table=table)
    return start.changed(where=(*start.where, *where), columns=tuple(names) or start.columns)


def _save(root: Path, asked: SavedList) -> None:
    from ledgersync.workspace.edits import edit_config, put_entry

    entry = asked.as_json()
    edit_config(root, lambda document: put_entry(document, "list", entry))


def _own_name(saved: Sequence[SavedList], name: str) -> str | None:
    return name if any(one.name == name for one in saved) else None


def _make(
    app: App,
    asked: SavedList,
    output: Path | None,
    title: str | None,
    by: str | None,
    *,
    a3: bool,
) -> Exported:
    from ledgersync.sync.lists.choose import choose, table_named
    from ledgersync.sync.lists.export import export_list, title_of
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "export") as session:
        ledger, table = table_named(session.catalog, asked.table)
        chosen = choose(session, ledger, table, asked.where)
        target = output or Path(f"{_file_name(title or title_of(chosen))}.xlsx")
        return export_list(
            session, chosen, workbook_name(target), title=title, columns=asked.columns, by=by, a3=a3
        )


def _file_name(title: str) -> str:
    return "".join(c if c.isalnum() or c in "-_（）" else "-" for c in title)[:60].strip("-")


def _say(app: App, made: Exported) -> None:
    app.say(counted("已写入 {path}：{n} 行。", len(made.chosen.rows), path=made.path))
    if made.chosen.unknown:
        app.say(
            counted(
                "! 另有 {n} 行判断不了（如没有有效的身份证号），未列入。", len(made.chosen.unknown)
            )
        )
    if made.no_room:
        headers = [f.header for f in made.no_room]
        app.say(
            message(
                "一页放不下的列没有列入：{headers}。要哪些列，用 --columns 写明。", headers=headers
            )
        )


def _show_saved(app: App, saved: Sequence[SavedList], as_json: bool) -> None:
    if as_json:
        lists = [one.as_json() for one in saved]
        emit_json({"format": "ledgersync.lists/v1", "lists": lists})
    elif saved:
        rows = [
            [one.name, one.table, "，".join(one.where), "、".join(one.columns)] for one in saved
        ]
        show_table("", app.headers(message("名单|表|条件|列")), rows)
    else:
        app.say(message("还没有存过名单；导出时加 --save 名称 就会存下来。"))
