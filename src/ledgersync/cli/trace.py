"""`trace`: the rows behind a number."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode, Message

if TYPE_CHECKING:
    from ledgersync.rollup.periods import Period
    from ledgersync.rollup.trace import Tracer

_SHOWN = 50
_HEADERS = ("单位", "文件", "工作表", "行", "计入")
_HEADERS_EN = ("unit", "file", "sheet", "row", "counted in")
_PARTS = {
    "value": Message("", ""),
    "numerator": Message("分子", "the numerator"),
    "denominator": Message("分母", "the denominator"),
}


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
    _show(app, tracer, indicator, asked, rows)


def _show(app: App, tracer: Tracer, asked: str, period: Period, rows: list[dict[str, Any]]) -> None:
    defined, member = tracer.engine.definitions.find(asked)
    name = f"{defined.indicator.name}·{member}" if member else defined.indicator.name
    headers = _HEADERS_EN if app.lang == "en" else _HEADERS
    units = tracer.engine.tree
    whole = all(row["part"] == "value" for row in rows)  # a count: nothing to tell apart
    lines = [
        [units.find(r["unit"]).unit.name, r["file"], r["sheet"], r["row"], _part(app, r["part"])]
        for r in rows[:_SHOWN]
    ]
    title = f"{name}，{period.name}" if app.lang == "zh" else f"{name}, {period.text}"
    if lines:
        show_table(title, headers[:4] if whole else headers, (x[:4] if whole else x for x in lines))
    counted = app.pick(f"共 {len(rows)} 行。", f"{len(rows)} rows.")
    if len(rows) > _SHOWN:
        counted += app.pick(
            f"这里列出前 {_SHOWN} 行；全部见 --json。",
            f" These are the first {_SHOWN}; --json has them all.",
        )
    say(counted)


def _part(app: App, part: str) -> str:
    """Which part of a ratio the row is counted in."""
    return app.text(_PARTS[part])
