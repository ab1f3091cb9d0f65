"""`report`: the summary workbook, the work summary, the page of a period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import LEVEL, complain, emit_json, json_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import counted, literal, message

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from ledgersync.report.produce import Asked, Report
    from ledgersync.rollup.figures import RollUp
    from ledgersync.rollup.period.months import Period
    from ledgersync.rollup.traced import TracedRow
    from ledgersync.workspace import Workspace
    from ledgersync.workspace.unitcodes import Level


_SHOWN = 20  # figures that changed since the last version


@click.command()
@click.option(
    "--period", help="2022-06、2022上半年、2022Q2、上月、近三个月 等；有 --kind 时可以不写"
)
@click.option("--level", type=LEVEL, help="只要这一级的汇总表")
@click.option("--unit", help="下级单位的代码或名称；不写即本单位")
@click.option("--kind", help="月报、季报、半年、年 或 专题；不写即按统计期写工作总结")
@click.option("--ledger", help="专题写哪本台账；不写即每本一份")
@click.option("--format", "formats", help="xlsx,docx,html,pdf；不写即全部")
@click.option("--template", type=click.Path(path_type=Path), help="本单位自己的 Word 模板")
@click.option("-o", "folder", type=click.Path(path_type=Path), help="写到哪个文件夹")
@click.option(
    "--profile",
    type=click.Choice(["exact", "public"]),
    help="exact 精确数；public 隐藏小于5的关爱类计数；默认按 ledgersync.toml",
)
@json_option
@pass_app
@click.pass_context
def report(
    ctx: click.Context,
    app: App,
    period: str | None,
    level: Level | None,
    unit: str | None,
    kind: str | None,
    ledger: str | None,
    formats: str | None,
    template: Path | None,
    folder: Path | None,
    profile: str | None,
    as_json: bool,
) -> None:
    """写出报表：汇总表、工作总结、看板网页，每个数字都能追到行。"""
    from ledgersync.report.formats import formats_of
    from ledgersync.report.kinds import known, latest
    from ledgersync.report.produce import Asked
    from ledgersync.rollup.running import period_of
    from ledgersync.workspace import clock

    if not (period or kind):
        raise UsageFault(
            message("没有写统计期。"), message("加上 --period，如 --period 2022H1，或用 --kind。")
        )
    kind = known(kind) if kind else None
    workspace, today = app.workspace(), clock.today()
    over = period_of(workspace, period or latest(kind or ""), today)
    names = formats_of(formats)
    if not (as_json or app.quiet):
        name = literal(over.name, over.text)
        app.complain(message("… 正在读取各单位台账（{period}）", period=name))
    asked = Asked(over, names, kind, level, unit, ledger, template, folder, profile)
    made = _produce(workspace, asked, today)
    if as_json:
        emit_json(_document(made))
    else:
        _show(app, made)
    _complain(app, made)
    ctx.exit(ExitCode.PERSON_NEEDED if made.needs_a_person else ExitCode.DONE)


def _produce(workspace: Workspace, asked: Asked, today: date) -> Report:
    """The report over folders and packages together."""
    from ledgersync.report.produce import produce
    from ledgersync.upward.combine.running import combined_run
    from ledgersync.upward.combine.tracing import traced

    now = combined_run(workspace, asked.period, today)

    def figures(of: Period) -> RollUp:
        run = now if of == asked.period else combined_run(workspace, of, today)
        return run.figures(asked.profile)

    def rows(indicator: str) -> list[TracedRow]:
        return traced(now, indicator, asked.unit).rows

    return produce(workspace, asked, today, figures, rows)


def _document(made: Report) -> dict[str, Any]:
    found = made.found
    return {
        "format": "ledgersync.report/v1",
        "period": found.period.text,
        "unit": found.tree.nodes[found.tree.root].unit.code,
        "kind": made.kind,
        "files": [{"format": name, "path": str(path)} for name, path in made.files.written],
        "numbers": [placed.as_json(str(placed.file)) for placed in made.files.placed],
        "missing": [
            {"unit": m.unit, "reason": m.reason.zh, "ledger": m.ledger, "kind": m.kind}
            for m in found.missing
        ],
        "changed": [
            {"indicator": m.indicator, "unit": m.unit, "was": m.was, "now": m.now}
            for m in made.moved
        ],
        "faults": [fault.zh for fault in made.faults],
        "notes": [note.zh for note in made.notes],
    }


def _show(app: App, made: Report) -> None:
    for _, path in made.files.written:
        app.say(message("已写出 {path}", path=path))
    for path in made.files.versions:
        app.say(message("上一版留在 {path}", path=path))
    for moved in made.moved[:_SHOWN]:
        name = made.found.line(moved.indicator).name
        app.say(
            message(
                "比上一版：{name} {was} → {now}",
                name=name,
                was=_in_words(moved.was),
                now=_in_words(moved.now),
            )
        )
    app.say(counted("共 {n} 个数字，每个都能用 trace 追到行。", len(made.files.placed)))


def _in_words(value: object) -> str:
    return "—" if value is None else str(round(value, 4) if isinstance(value, float) else value)


def _complain(app: App, made: Report) -> None:
    """What could not be written, what a person wrote is still there, who is missing."""
    for fault in made.faults:
        complain(f"! {app.text(fault)}")
    for remark in made.notes:
        app.complain(remark)
    for name, kept in made.job.kept.items():
        for note in kept.notes():
            app.complain(message("{name}：{note}", name=name, note=note))
        if kept.lost:
            app.complain(message("{name}：图片等没有带过来，见“旧版”里的上一版。", name=name))
    for missing in made.found.missing:
        name = made.found.tree.find(missing.unit).unit.name
        app.complain(message("缺报：{names}：{reason}", names=name, reason=missing.reason))
