"""`rollup`: the figures of a period for this unit and every unit below it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.api.aftermath import keep_figures, kept_history, refresh_snapshot
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.one_page import missing_words, page_formats, write_pages
from ledgersync.cli.common.output import (
    LEVEL,
    complain,
    emit_json,
    json_option,
    period_option,
    show_table,
)
from ledgersync.cli.common.packages import packages_json, show_packages
from ledgersync.dataclass import dataclass
from ledgersync.errors import ExitCode, UsageFault, os_reason
from ledgersync.messages import literal, message

if TYPE_CHECKING:
    from ledgersync.messages import Message
    from ledgersync.rollup.caveats.jumps import Jump
    from ledgersync.rollup.figures import Imbalance, Line, RollUp
    from ledgersync.rollup.from_dataset import EngineChoice, FromDataset
    from ledgersync.rollup.running import Run
    from ledgersync.upward.combine.running import CombinedRun
    from ledgersync.workspace import Unit, Workspace
    from ledgersync.workspace.unitcodes import Level

_SHOWN = 40
_BESIDE = 5  # units whose figures fit a terminal side by side


@click.command()
@period_option
@click.option("--level", type=LEVEL, help="只要这一级的数")
@click.option("-o", "folder", type=click.Path(path_type=Path), help="汇总表写到哪里")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="计算引擎")
@click.option("--master", metavar="URL", help="Spark 集群地址，默认本机 local[*]")
@click.option("--conf", "settings", metavar="K=V", multiple=True, help="Spark 的其他设置，可多次")
@click.option(
    "--facts",
    "dataset",
    type=click.Path(path_type=Path),
    help="用 facts export 导出的数据集，不读工作簿",
)
@click.option(
    "--profile",
    type=click.Choice(["exact", "public"]),
    help="exact 精确数；public 隐藏小于5的关爱类计数；默认按 ledgersync.toml",
)
@click.option(
    "--format",
    "formats",
    metavar="FORMAT",
    help="只要一页数：text、md、xlsx，几种用逗号隔开；text 和 md 直接显示，写了 -o 就存成文件",
)
@json_option
@pass_app
@click.pass_context
def rollup(ctx: click.Context, app: App, /, **given: Any) -> None:
    """逐级汇总：本单位和下级各单位的指标，并写出汇总表。

    没有 --level 所要的那一级单位时是用法错误。
    """
    from ledgersync.rollup.caveats.jumps import jumps
    from ledgersync.workspace import clock

    asked, workspace = _Asked(**given), app.workspace()
    wanted = page_formats(asked.formats)
    run, combined = _run(app, asked)
    found = run.figures(asked.profile)
    jumping = jumps(found, kept_history(workspace, clock.today()), clock.today())
    if wanted:
        written = write_pages(app, found, wanted, asked.level, asked.folder, keep=asked.as_json)
    else:
        written = _summaries(app, workspace, found, asked.level, asked.folder)
    _keep(workspace, found)
    if asked.as_json:
        _print_json(found, asked, run, combined, jumping)
    elif wanted:
        app.say_written(written)
    else:
        _show(app, found, asked.level, written)
    _complain(app, found, jumping, combined)
    alone = _has_no_units(app, found)
    ctx.exit(ExitCode.PERSON_NEEDED if found.needs_a_person or alone else ExitCode.DONE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed."""

    period: str
    level: Level | None
    folder: Path | None
    engine: EngineChoice
    master: str | None
    settings: tuple[str, ...]
    dataset: Path | None
    profile: str | None
    formats: str | None
    as_json: bool


def _run(app: App, asked: _Asked) -> tuple[Run | CombinedRun, CombinedRun | None]:
    """The figures' run, and once more where packages may be part of it."""
    from ledgersync.rollup.running import period_of
    from ledgersync.rollup.sources.collect import units_of
    from ledgersync.upward.combine.running import combined_run
    from ledgersync.workspace import clock

    workspace, today = app.workspace(), clock.today()
    period = period_of(workspace, asked.period, today)
    if asked.level:
        units_of(workspace, today).require_level(asked.level)
    if not (asked.as_json or app.quiet):
        name = literal(period.name, period.text)
        app.complain(message("… 正在读取各单位台账（{period}）", period=name))
    if asked.engine == "duckdb" and asked.dataset is None:
        combined = combined_run(workspace, period, today)
        return combined, combined
    source = _from_dataset(asked.engine, asked.dataset, asked.master, asked.settings)
    return source.run(workspace, period, today), None


def _print_json(
    found: RollUp,
    asked: _Asked,
    run: Run | CombinedRun,
    combined: CombinedRun | None,
    jumping: list[Jump],
) -> None:
    from ledgersync.rollup.document import as_json
    from ledgersync.workspace.clock import today

    document = as_json(found, asked.level, today(), run.engine.store.engine, jumping)
    emit_json({**document, **(packages_json(combined, asked.profile) if combined else {})})


def _summaries(
    app: App, workspace: Workspace, found: RollUp, level: Level | None, folder: Path | None
) -> list[Path]:
    """The summary workbooks; a folder that nobody named may be one that cannot be written."""
    from ledgersync.report.summaries import write_summaries
    from ledgersync.workspace.clock import today

    target = folder or workspace.reports(found.period.text)
    try:
        return write_summaries(
            found,
            target,
            today(),
            catalog=workspace.catalog,
            level=level,
            kept=workspace.written_reports,
        )
    except OSError as error:
        if folder:
            raise
        app.complain(_not_written(error))
        return []


def _keep(workspace: Workspace, found: RollUp) -> None:
    from ledgersync.journal.database.reading import is_writable

    if workspace.journal_file.exists() and is_writable(workspace.journal_file):
        keep_figures(workspace, found)
        refresh_snapshot(workspace)


def _has_no_units(app: App, found: RollUp) -> bool:
    """An office that has nobody below it is told how to begin."""
    top = found.tree.nodes[found.tree.root].unit
    if len(found.tree.nodes) > 1 or top.level == "community":
        return False
    app.complain(_no_units(top.name))
    return True


def _no_units(name: str) -> Message:
    return message(
        "{name}还没有下级单位，没有可汇总的；下一步：ledgersync units template 生成名单，"
        "填好后 ledgersync units import 单位名单.xlsx",
        name=name,
    )


def _not_written(error: OSError) -> Message:
    return message("! 汇总表没有写出（{why}）；要写到别处请用 -o 文件夹。", why=os_reason(error))


def _from_dataset(
    engine: EngineChoice, folder: Path | None, master: str | None, settings: tuple[str, ...]
) -> FromDataset:
    """Raises UsageFault for a setting that is none."""
    from ledgersync.rollup.engines.spark import Cluster
    from ledgersync.rollup.from_dataset import FromDataset

    given: dict[str, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageFault(
                message("--conf 要写成 名称=值，这里是“{text}”。", text=text),
                message("例如 --conf spark.executor.memory=4g。"),
            )
        given[name.strip()] = value.strip()
    return FromDataset(engine, folder, Cluster(master, given))


def _show(app: App, found: RollUp, level: Level | None, written: list[Path]) -> None:
    from ledgersync.rollup.units.tree import LEVEL_NAMES

    top = found.tree.nodes[found.tree.root].unit
    units = [n.unit for n in found.tree if n.unit.level == level] if level else [top]
    if len(units) <= _BESIDE:
        _show_units(app, found, units)
    else:
        level_name = literal(LEVEL_NAMES[units[0].level], units[0].level)
        app.say(
            message("{level} {count} 个，各自的数在汇总表里。", level=level_name, count=len(units))
        )
    app.say_written(written)


def _complain(app: App, found: RollUp, jumping: list[Jump], combined: CombinedRun | None) -> None:
    """Who is missing, what was doubted, what does not balance, what jumps, what packages say."""
    from ledgersync.rollup.period.months import caution
    from ledgersync.workspace.clock import today

    lines = missing_words(found)
    lines += [message("注意：{remark}", remark=remark.text) for remark in found.remarks]
    lines += [_imbalance(found, problem) for problem in found.imbalances]
    lines += [_jump(found, jump) for jump in jumping]
    for line in lines[:_SHOWN]:
        app.complain(line)
    if len(lines) > _SHOWN:
        app.complain(message("… 还有 {more} 条，见汇总表", more=len(lines) - _SHOWN))
    if combined:
        show_packages(app, combined)
    if warning := caution(found.period, today()):
        complain(f"! {app.text(warning)}")


def _imbalance(found: RollUp, problem: Imbalance) -> Message:
    return message(
        "不平衡：{name}：{problem}，左边 {left}，右边 {right}",
        name=found.tree.find(problem.unit).unit.name,
        problem=problem.name,
        left=problem.left,
        right=problem.right,
    )


def _jump(found: RollUp, jump: Jump) -> Message:
    name = found.tree.find(jump.unit).unit.name
    return message("请核实：{name}：{what}", name=name, what=jump.finding.message)


def _show_units(app: App, found: RollUp, units: list[Unit]) -> None:
    """The figures of one unit, or of a few side by side."""
    from ledgersync.report.marks import Marks
    from ledgersync.report.wording import value_text

    def value(unit: Unit, line: Line) -> str:
        figure = found.get(unit.code, line.id)
        return value_text(figure, line, app.lang) if figure else ""

    marks = Marks(found)

    def beside(line: Line) -> str:
        """What the figures of one unit lack; compared they are in the workbook only."""
        figure = found.get(units[0].code, line.id) if len(units) == 1 else None
        return "；".join(app.text(lack) for lack in marks.lacks(figure, line)) if figure else ""

    rows = [
        (line.name, *(value(unit, line) for unit in units), line.measure, beside(line))
        for line in found.lines
        if line.member is None and any(found.get(unit.code, line.id) for unit in units)
    ]
    title = literal(found.period.name, found.period.text)
    if len(units) == 1:
        title = message("{unit}，{period}", unit=units[0].name, period=title)
    names = [app.text(message("本期"))] if len(units) == 1 else [unit.name for unit in units]
    headers = (app.text(message("指标")), *names, app.text(message("计量单位")))
    if any(row[-1] for row in rows):
        headers = (*headers, app.text(message("备注")))
    show_table(app.text(title), headers, [row[: len(headers)] for row in rows])
