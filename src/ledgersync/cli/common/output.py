"""What commands print: one JSON document on stdout, or messages and tables for people.

Also the options that several of them take, and the levels of units.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from ledgersync.cli.common.runnable import runnable
from ledgersync.errors import LedgerSyncError, UsageFault
from ledgersync.messages import message

json_option = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
period_option = click.option(
    "--period", required=True, help="2022-06、2022上半年、2022Q2、上月、近三个月 等"
)
LEVEL = click.Choice(["community", "street", "district", "city", "province"])


def workbook_name(target: Path) -> Path:
    """The file to write a list to; raises UsageFault for a name that is no workbook's."""
    if target.suffix.casefold() != ".xlsx":
        raise UsageFault(
            message("{name} 不是 .xlsx 文件名。", name=target.name),
            message("请写成 名单.xlsx。"),
        )
    return target


def emit_json(document: dict[str, Any]) -> None:
    """The one document of a `--json` run."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def failure(error: LedgerSyncError) -> dict[str, Any]:
    """The document of a `--json` run that failed as a whole."""
    return {
        "format": "ledgersync.error/v1",
        "exit_code": int(error.exit_code),
        "error": type(error).__name__,
        "message": error.message.zh,
        "next_step": error.next_step.zh,
    }


def say(text: str) -> None:
    """A line for the person, on stdout."""
    click.echo(runnable(text))


def complain(text: str) -> None:
    """A line for the person on stderr, where `--json` does not get in its way."""
    click.echo(runnable(text), err=True)


def show_table(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[object]], *, ruled: bool = False
) -> None:
    """A table that fits the terminal, on request with a rule between rows.

    Texts break between words, short ones only where there is no other way. Where not even the
    words fit beside each other, each row is told line by line, a header and its cell in each.
    """
    from ledgersync.cli.common.drawing import BETWEEN, drawn, terminal_width
    from ledgersync.cli.common.wrapping import widths_of

    room = terminal_width()
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    columns = [[header, *cells] for header, *cells in zip(headers, *texts, strict=False)]
    widths = widths_of(columns, room - BETWEEN * (len(columns) - 1))
    if title:
        click.echo(title)
    if widths is None:
        _tell_rows(headers, texts, room)
        return
    plain = not (sys.stdout.encoding or "utf-8").casefold().startswith("utf")
    for line in drawn(headers, texts, widths, ruled=ruled, plain=plain):
        click.echo(line)


def _colon(header: str) -> str:
    return ": " if header.isascii() else "："


def _tell_rows(headers: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> None:
    """Rows of a table that is wider than the terminal, one below the other."""
    from ledgersync.cli.common.wrapping import wrapped

    for n, row in enumerate(rows):
        if n:
            click.echo()
        for header, text in zip(headers, row, strict=True):
            if text:
                click.echo("\n".join(wrapped(f"{header}{_colon(header)}{text}", room)))
