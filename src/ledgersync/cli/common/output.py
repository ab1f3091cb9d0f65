"""What commands print: one JSON document on stdout, or messages and tables for people.

Also the options that several of them take, and the levels of units.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from ledgersync.cli.common.runnable import runnable
from ledgersync.errors import LedgerSyncError

json_option = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
period_option = click.option(
    "--period", required=True, help="2022-06、2022上半年、2022Q2、上月、近三个月 等"
)
LEVEL = click.Choice(["community", "street", "district", "city", "province"])


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
    """A table that fits the terminal, on request with a rule between rows; loads rich."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=title or None,
        title_justify="left",
        title_style="",
        show_edge=False,
        pad_edge=False,
        show_lines=ruled,
    )
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(soft_wrap=False, highlight=False, markup=False).print(table)
