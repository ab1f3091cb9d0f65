"""`units`: the units below, their list, and the files that come from them."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.words import ledger_words, no_units
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import Message, counted, message

if TYPE_CHECKING:
    from ledgersync.upward.units.arrivals import Arrived
    from ledgersync.upward.units.importing import Imported
    from ledgersync.upward.units.sheet import UnitFault

FORMAT = "ledgersync.units/v1"
_BY = {
    "workspace": message("整个工作区"),
    "stamp": message("印记"),
    "confirmed": message("以前确认过"),
    "office": message("填报单位"),
    "name": message("文件名"),
    "said": message("指定"),
}
_STATUS = {
    "taken": message("已收"),
    "proposed": message("待确认"),
    "unchanged": message("没有变化"),
    "unknown": message("认不出"),
    "unreadable": message("读不了"),
}


@click.group()
def units() -> None:
    """下级单位：名单，谁报来了什么。"""


@units.command("template")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("单位名单.xlsx"),
    help="写到这个文件（默认：单位名单.xlsx）",
)
@pass_app
def template(app: App, output: Path) -> None:
    """生成空白的单位名单，填好后用 units import 导入。"""
    from ledgersync.upward.units.sheet import units_catalog, units_ledger
    from ledgersync.workbook.build import build_template
    from ledgersync.workspace.clock import today

    if output.exists():
        raise UsageFault(
            message("{output} 已经存在。", output=output), message("用 -o 指定别的文件名。")
        )
    workspace = app.workspace_or_none()
    unit = workspace.unit.name if workspace else ""
    build_template(output, units_ledger(), units_catalog(), today=today(), unit=unit)
    app.say(
        message(
            "已生成：{target}；下一步：填好后 ledgersync units import {target:sh}", target=output
        )
    )


@units.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会怎样，不写任何东西")
@json_option
@pass_app
@click.pass_context
def import_list(ctx: click.Context, app: App, file: Path, dry_run: bool, as_json: bool) -> None:
    """从一本工作簿导入下级单位；有一行不对就都不写，逐行说明。

    列：单位代码、单位名称、级别、上级、常住户数、常住人口、起、止、并入；
    级别和上级不填时按代码认。再次导入是更新；名单里没有的不删。
    """
    from ledgersync.sync.opening import open_session
    from ledgersync.upward.units.importing import import_units

    with open_session(app.workspace(), "units", write=not dry_run) as session:
        found = import_units(session, file, getpass.getuser(), dry=dry_run)
    if as_json:
        action = "dry-run" if dry_run else "import"
        emit_json({"format": FORMAT, "action": action, **found.as_json()})
    else:
        _show_imported(app, found, dry_run=dry_run)
    ctx.exit(ExitCode.PERSON_NEEDED if found.faults else ExitCode.DONE)


def _show_imported(app: App, found: Imported, *, dry_run: bool) -> None:
    _show_faults(app, found.faults)
    if found.stopped:
        app.say(message("什么都没有写；请改正后再导入一次。"))
        return
    app.say(
        message(
            "新增 {added} 个单位，更新 {changed} 个，没有变化 {same} 个。",
            added=len(found.added),
            changed=len(found.changed),
            same=found.unchanged,
        )
    )
    if found.kept:
        app.say(message("文件里没有、原样留着的：{names}", names=found.kept))
    if dry_run:
        app.say(message("只是试算，什么都没有写。"))
    else:
        app.say(
            message(
                "下一步：把各单位报来的文件放进 units/inbox/，再运行 ledgersync units inbox",
            )
        )


def _show_faults(app: App, faults: list[UnitFault]) -> None:
    if faults:
        headers = app.headers(message("文件|行|代码|问题"))
        rows = ([f.place, f.row or "", f.code, app.text(f.text)] for f in faults)
        show_table("", headers, rows)


@units.command("list")
@json_option
@pass_app
def list_units(app: App, as_json: bool) -> None:
    """下级单位一览，各自最近一次报来是什么时候。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.upward.units.reported import reports_of

    with open_session(app.workspace(), "units", write=False) as session:
        found = reports_of(session)
    if as_json:
        emit_json({"format": FORMAT, "units": [r.as_json() for r in found]})
        return
    if not found:
        app.say(no_units())
        return
    from ledgersync.upward.units.sheet import level_words

    headers = app.headers(message("代码|单位|级别|上级|户数|人口|最近报来"))
    rows = (
        [
            r.unit.code,
            r.unit.name,
            app.text(level_words(r.unit.level)),
            r.parent,
            r.unit.households,
            r.unit.residents,
            (r.last or "")[:10] or (app.text(message("没有")) if r.expected else ""),
        ]
        for r in found
    )
    show_table("", headers, rows)


@units.command("check")
@json_option
@pass_app
@click.pass_context
def check_units(ctx: click.Context, app: App, as_json: bool) -> None:
    """单位名单有没有错：代码重复、级别不符、上级不对、绕圈。"""
    from ledgersync.upward.units.importing import config_faults

    workspace = app.workspace()
    found = config_faults(workspace)
    if as_json:
        emit_json({"format": FORMAT, "faults": [f.as_json() for f in found]})
    elif not workspace.config.units:
        app.say(no_units())
    elif found:
        _show_faults(app, found)
    else:
        app.say(counted("{n} 个单位，没有发现问题。", len(workspace.config.units)))
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)


@units.command("inbox")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--unit", "unit", metavar="UNIT", help="这些文件是哪个单位的（代码或名称）")
@click.option("--yes", "confirmed", is_flag=True, help="确认：认出来的都收下，以后不再问")
@click.option("--sure", is_flag=True, help="只收不用问的：有印记的、以前确认过的")
@json_option
@pass_app
@click.pass_context
def inbox(
    ctx: click.Context,
    app: App,
    files: tuple[Path, ...],
    unit: str | None,
    confirmed: bool,
    sure: bool,
    as_json: bool,
) -> None:
    """下级报来的文件：整个工作区、一个文件夹或单本工作簿，都放进 units/inbox/。

    先看各是谁的；--yes 收下，放进 units/<代码>/，换下的旧文件按内容存档。
    认不出的：units inbox 文件 --unit 单位 --yes。
    """
    from ledgersync.sync.opening import open_session
    from ledgersync.upward.units.taking import survey, take

    if unit and not files:
        raise UsageFault(
            message("--unit 要和文件一起用。"),
            message("ledgersync units inbox 文件 --unit 单位 --yes"),
        )
    with open_session(app.workspace(), "units") as session:
        if confirmed or sure:
            by = getpass.getuser()
            found = take(session, by, sure_only=sure and not confirmed, files=files, unit=unit)
        else:
            found = survey(session, files, unit)
    if as_json:
        emit_json({"format": FORMAT, "files": [one.as_json() for one in found]})
    else:
        _show_arrived(app, found)
    asked = any(one.status in ("proposed", "unknown", "unreadable") for one in found)
    ctx.exit(ExitCode.PERSON_NEEDED if asked else ExitCode.DONE)


def _show_arrived(app: App, found: list[Arrived]) -> None:
    if not found:
        app.say(message("units/inbox 里没有文件。"))
        return
    catalog = app.catalog()
    headers = app.headers(message("文件|单位|凭什么|台账|结果"))
    rows = (
        [
            one.file,
            one.unit.unit.name if one.unit else "",
            app.text(_BY[one.by]) if one.by else "",
            "、".join(ledger_words(catalog, name) for name in one.ledgers),
            app.text(_outcome(one)),
        ]
        for one in found
    )
    show_table("", headers, rows)
    unknown = [one for one in found if one.status == "unknown" and one.ledgers]
    if any(one.status == "proposed" for one in found):
        app.say(message("对的话就收下：ledgersync units inbox --yes"))
    if unknown:
        app.say(
            message(
                "认不出的，说明是谁的：ledgersync units inbox {file:sh} --unit 单位 --yes",
                file=unknown[0].file,
            )
        )
    if any(one.status == "taken" for one in found):
        app.say(message("下一步：ledgersync rollup --period 上月"))


def _outcome(one: Arrived) -> Message:
    status = _STATUS[one.status]
    if one.replaced:
        status = counted("已收，换下旧的 {n} 份（已存档）", len(one.replaced))
    return message("{status}：{reason}", status=status, reason=one.reason) if one.reason else status
