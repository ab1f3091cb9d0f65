"""`trace`: the rows behind a number."""

from __future__ import annotations

import dataclasses

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode

_SHOWN = 50


@click.command()
@click.argument("indicator")
@click.option("--period", required=True, help="2022-06、2022Q2、2022H1、2022、last-month 等")
@click.option("--unit", help="单位代码或名称；不写即本单位及全部下级")
@json_option
@pass_app
@click.pass_context
def trace(
    ctx: click.Context, app: App, indicator: str, period: str, unit: str | None, as_json: bool
) -> None:
    """一个数字背后的每一行：哪个单位、哪个文件、哪张表、第几行。"""
    from ledgersync.rollup.running import period_of, run
    from ledgersync.workspace import clock

    workspace, today = app.workspace(), clock.today()
    asked = period_of(workspace, period, today)
    tracer = run(workspace, asked, today).tracer()
    rows = [dataclasses.asdict(row) for row in tracer.rows(indicator, unit)]
    if as_json:
        emit_json(
            {
                "format": "ledgersync.trace/v1",
                "indicator": indicator,
                "period": asked.text,
                "unit": unit or workspace.unit.code,
                "rows": rows,
            }
        )
        ctx.exit(ExitCode.DONE)
    zh, en = ("单位", "文件", "工作表", "行", "部分"), ("unit", "file", "sheet", "row", "part")
    headers = en if app.lang == "en" else zh
    keys = ("unit", "file", "sheet", "row", "part")
    shown = [[row[key] for key in keys] for row in rows[:_SHOWN]]
    show_table(f"{indicator}  {asked.name}", headers, shown)
    say(app.pick(f"共 {len(rows)} 行。", f"{len(rows)} rows."))
