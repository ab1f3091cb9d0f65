"""`ledgersync read`: what is seen in a workbook, as JSON or for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import complain, emit_json, failure, json_option, say, show_table
from ledgersync.cli.common.secrets import given_password, password_option
from ledgersync.errors import ExitCode, UnreadableFile
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.model import TableData, WorkbookData
    from ledgersync.schema import Catalog

_REASONS = {
    "title": message("标题"),
    "caption": message("表头说明"),
    "hint": message("填写提示"),
    "total": message("合计"),
    "blank": message("空行"),
    "note": message("注释"),
}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@password_option
@pass_app
def read(app: App, files: tuple[Path, ...], as_json: bool, ask_password: bool) -> None:
    """看工作簿里读到了什么：表、表头行、记录、跳过的行及原因。"""
    from ledgersync.api.books import read_files
    from ledgersync.workspace.clock import today

    catalog = app.catalog()
    password = given_password(ask_password)
    results = list(read_files(files, catalog, today(), password))
    unreadable = [r for r in results if isinstance(r, UnreadableFile)]
    readable = [r for r in results if not isinstance(r, UnreadableFile)]
    if as_json:
        emit_json(
            _document(readable, several=len(files) > 1) if readable else failure(unreadable[0])
        )
    else:
        for data in readable:
            _show(app, catalog, data)
    for refusal in unreadable:
        complain(refusal.text(app.lang))
    if unreadable:
        raise click.exceptions.Exit(ExitCode.UNREADABLE)


def _document(found: list[WorkbookData], *, several: bool) -> dict[str, Any]:
    """One file's document; of several, their tables together, each with its file."""
    from ledgersync.workbook.read.document import FORMAT, as_json, file_json

    if not several:
        return as_json(found[0])
    files = [file_json(data) for data in found]
    return {
        "format": FORMAT,
        "files": [{"file": f["file"], "sha256": f["sha256"]} for f in files],
        "tables": [{"file": f["file"], **t} for f in files for t in f["tables"]],
        "findings": [{"file": f["file"], **x} for f in files for x in f["findings"]],
    }


def _show(app: App, catalog: Catalog, data: WorkbookData) -> None:
    tables = len(data.tables)
    app.say(counted("{file}：{n} 张表", n=tables, file=data.file))
    rows = [_summary(app, catalog, table) for table in data.tables]
    if rows:
        show_table("", app.headers(_HEADERS), rows)
    for finding in data.findings:
        where = f"{finding.sheet} {finding.cell or ''}".strip()
        say(f"  {where}: {app.text(finding.message)}")


_HEADERS = message("工作表|台账|表头行|列|记录|有误|跳过的行")


def _summary(app: App, catalog: Catalog, table: TableData) -> list[object]:
    from ledgersync.model import Invalid

    invalid = sum(isinstance(v, Invalid) for column in table.values.values() for v in column)
    schema = catalog.table(table.ledger, table.table)
    return [
        table.sheet,
        f"{catalog.ledgers[table.ledger].workbook} {schema.sheet}",
        "、".join(map(str, table.header_rows)),
        len(table.columns),
        len(table.rows),
        invalid or "",
        _skipped(app, table),
    ]


def _skipped(app: App, table: TableData) -> str:
    """`1标题 2表头说明 47合计`, the blank ones only counted."""
    shown = [f"{s.row}{app.text(_REASONS[s.reason])}" for s in table.skipped if s.reason != "blank"]
    blank = sum(s.reason == "blank" for s in table.skipped)
    if blank:
        shown.append(app.text(counted("{n} 个空行", blank)))
    return " ".join(shown[:12]) + (" …" if len(shown) > 12 else "")
