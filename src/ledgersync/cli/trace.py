"""`trace`: the rows behind a number, and what each of them brings to it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import Message, counted, literal, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledgersync.rollup.period.months import Period
    from ledgersync.rollup.trace import Trace
    from ledgersync.rollup.traced import TracedRow
    from ledgersync.rollup.units.tree import UnitTree
    from ledgersync.workspace import Workspace

_SHOWN = 50
_HEADERS = message("单位|文件|工作表|行|计入|计|同一组|记录号")
_PARTS = {
    "value": literal("", ""),
    "numerator": message("分子"),
    "denominator": message("分母"),
}


@click.command()
@click.argument("indicator", required=False)
@click.option("--period", help="2022-06、2022上半年、2022Q2、上月、近三个月 等")
@click.option("--unit", help="单位代码或名称；不写即本单位及全部下级")
@click.option("--number", help="报表里的一个数字，写成 文件#位置（位置见 report --json）")
@json_option
@pass_app
@click.pass_context
def trace(
    ctx: click.Context,
    app: App,
    indicator: str | None,
    period: str | None,
    unit: str | None,
    number: str | None,
    as_json: bool,
) -> None:
    """一个数字背后的每一行：哪个单位、哪个文件、哪张表、第几行，计多少。"""
    from ledgersync.rollup.running import period_of
    from ledgersync.upward.combine.running import combined_run
    from ledgersync.upward.combine.tracing import traced
    from ledgersync.workspace import clock

    workspace, today = app.workspace(), clock.today()
    reported = _reported(workspace, number) if number else None
    if reported is not None:
        indicator, period, unit = (reported[k] for k in ("indicator", "period", "unit"))
    if not (indicator and period):
        raise UsageFault(
            message("没有写要追哪个数字。"),
            message("写成 trace 指标 --period 2022H1，或 trace --number 文件#位置。"),
        )
    asked = period_of(workspace, period, today)
    computed = combined_run(workspace, asked, today)
    found, tree = traced(computed, indicator, unit), computed.engine.tree
    if as_json:
        emit_json(_document(found, asked) | ({"number": reported} if reported else {}))
    else:
        if reported is not None:
            app.say(_reported_as(reported))
        _show(app, tree, found, asked)
    _complain(app, tree, found, asked, today)
    ctx.exit(ExitCode.PERSON_NEEDED if found.missing else ExitCode.DONE)


def _reported(workspace: Workspace, number: str) -> dict[str, Any]:
    """The number of a report that was made here."""
    from ledgersync.report.record import Records

    return Records.of(workspace).find(number)


def _reported_as(reported: dict[str, Any]) -> Message:
    """What the number said then; a change is traced by the figure that changed."""
    if reported.get("against"):
        return message(
            "报表里写的是 {text}，是与 {against} 相比的变动；下面是本期的行。",
            text=reported["text"],
            against=reported["against"],
        )
    return message("报表里写的是 {text}", text=reported["text"])


def _document(found: Trace, asked: Period) -> dict[str, Any]:
    from ledgersync.rollup.document import plain

    figure = found.figure
    return {
        "format": "ledgersync.trace/v1",
        "indicator": found.line.id,
        "period": asked.text,
        "unit": found.node.unit.code,
        "value": plain(found.value),
        "numerator": plain(figure.numerator if figure else None),
        "denominator": plain(figure.denominator if figure else None),
        "how": found.how,
        "excluded": figure.excluded if figure else 0,
        "left_out": figure.left_out if figure else 0,
        "rows": [
            {**dataclasses.asdict(row), "contribution": plain(row.contribution)}
            for row in found.rows
        ],
        "missing": [
            {"unit": m.unit, "reason": m.reason.zh, "ledger": m.ledger, "kind": m.kind}
            for m in found.missing
        ],
    }


def _show(app: App, tree: UnitTree, found: Trace, period: Period) -> None:
    title = app.text(
        message(
            "{unit}，{name}，{period}",
            unit=found.node.unit.name,
            name=found.line.name,
            period=literal(period.name, period.text),
        )
    )
    if found.rows:
        headers, lines = _table(app, tree, found.rows)
        show_table(title, headers, lines)
    else:
        app.say(literal(title, title))
    for line in (_value(found), *_sums(found), _count(found.rows)):
        app.say(line)
    if any(row.is_package for row in found.rows):
        text = message(
            "上报包里只有数，背后的行在报它的单位：请它自己 trace {name:sh} --period {period}",
            name=found.line.id,
            period=period.text,
        )
        app.say(text)


def _value(found: Trace) -> Message:
    from ledgersync.report.wording import value_text

    text = value_text(found.figure, found.line)
    measure = "" if found.line.is_ratio else found.line.measure
    return message("数值 {text} {measure}", text=text, measure=measure)


def _sums(found: Trace) -> Iterator[Message]:
    """How the rows come to the number."""
    from ledgersync.rollup.trace import total

    if not found.rows:
        return
    if found.how == "ratio":
        over, under = (total(found.rows, part) for part in ("numerator", "denominator"))
        yield message(
            "分子各行合计 {over}，分母各行合计 {under}", over=_plain(over), under=_plain(under)
        )
    elif found.how == "distinct" and any(row.is_package for row in found.rows):
        yield message("各单位相加 {total}；几个单位都有的只计一次", total=_plain(total(found.rows)))
    elif found.how == "distinct":
        yield message("同一组的行是同一个，只计一次：共 {n} 个不同的", n=_plain(total(found.rows)))
    elif found.how == "sum":
        yield message("各行合计 {total}", total=_plain(total(found.rows)))
    elif found.how == "median":
        yield message("中位数：“计”是各行自己的值，不相加")
    elif found.how == "extreme":
        yield message("最大或最小的一个：“计”是各行自己的值，不相加")
    else:
        yield message("这个数由全部行一起算出，各行没有单独的份额")


def _count(rows: list[TracedRow]) -> Message:
    if not rows:
        return message("这个数背后没有行。")
    total = counted("共 {n} 行。", len(rows))
    if len(rows) > _SHOWN:
        return message("{total}这里列出前 {shown} 行；全部见 --json。", total=total, shown=_SHOWN)
    return total


def _complain(app: App, tree: UnitTree, found: Trace, period: Period, today: date) -> None:
    """Who is missing, what could not be read, and that the period is not over."""
    from ledgersync.report.marks import lacks
    from ledgersync.rollup.period.months import caution

    for missing in found.missing:
        name = tree.find(missing.unit).unit.name
        app.complain(message("缺报：{names}：{reason}", names=name, reason=missing.reason))
    for remark in lacks(found.figure, found.line) if found.figure else ():
        app.complain(message("注意：{remark}", remark=remark))
    if warning := caution(period, today):
        app.complain(message("! {remark}", remark=warning))


def _plain(number: int | float | Decimal) -> str:
    if isinstance(number, Decimal):
        return f"{number:,.2f}"
    return f"{round(number, 6):,}"


def _table(
    app: App, units: UnitTree, rows: list[TracedRow]
) -> tuple[list[str], list[list[object]]]:
    """Part and group only where there are any to tell, record ids only with -v."""
    whole = all(row.part == "value" for row in rows)
    grouped = any(row.group is not None for row in rows)
    left_out = {4} if whole else set()
    left_out |= set() if grouped else {6}
    left_out |= set() if app.verbose else {7}
    lines: list[list[object]] = [
        [
            units.find(r.unit).unit.name,
            r.file,
            r.sheet,
            r.row or "",
            app.text(_PARTS[r.part]),
            "" if r.contribution is None else _plain(r.contribution),
            "" if r.group is None else r.group,
            r.record,
        ]
        for r in rows[:_SHOWN]
    ]
    kept = [n for n in range(8) if n not in left_out]
    headers = app.headers(_HEADERS)
    return [headers[n] for n in kept], [[line[n] for n in kept] for line in lines]
