"""`trace`: the rows behind a number."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, period_option, show_table
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, literal, message

if TYPE_CHECKING:
    from ledgersync.rollup.periods import Period
    from ledgersync.rollup.trace import Tracer
    from ledgersync.rollup.units import UnitTree

_SHOWN = 50
_HEADERS = message("单位|文件|工作表|行|计入|记录号")
_PARTS = {
    "value": literal("", ""),
    "numerator": message("分子"),
    "denominator": message("分母"),
}


@click.command()
@click.argument("indicator")
@period_option
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
    title = app.text(
        message("{name}，{period}", name=name, period=literal(period.name, period.text))
    )
    if rows:
        headers, lines = _table(app, tracer.engine.tree, rows)
        show_table(title, headers, lines)
    total = counted("共 {n} 行。", len(rows))
    if len(rows) > _SHOWN:
        total = message("{total}这里列出前 {shown} 行；全部见 --json。", total=total, shown=_SHOWN)
    app.say(total)


def _table(
    app: App, units: UnitTree, rows: list[dict[str, Any]]
) -> tuple[list[str], list[list[object]]]:
    """Part of a ratio only where there is one to tell, record ids only with -v."""
    whole = all(row["part"] == "value" for row in rows)
    kept = [n for n in range(6) if not (n == 4 and whole) and not (n == 5 and not app.verbose)]
    headers = app.headers(_HEADERS)
    lines: list[list[object]] = [
        [units.find(unit).unit.name, r["file"], r["sheet"], r["row"], app.text(part), r["record"]]
        for r in rows[:_SHOWN]
        for unit, part in ((r["unit"], _PARTS[r["part"]]),)
    ]
    return [headers[n] for n in kept], [[line[n] for n in kept] for line in lines]
