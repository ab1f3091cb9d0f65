"""`submit`: the figures of a period as a package for the office above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, period_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from pathlib import Path

    from ledgersync.rollup.figures import RollUp
    from ledgersync.upward.submission import Submitted
    from ledgersync.workspace import Workspace


@click.command()
@period_option
@click.option("--to", "recipient", metavar="UNIT", help="报给哪个单位；默认为上级（parent）")
@click.option(
    "--with-rows",
    "rows",
    metavar="TABLE:FIELDS",
    multiple=True,
    help="随包带哪张表的哪些字段，如 visit.issues:kind,status；默认只报数字",
)
@click.option("--unmask", "reason", metavar="REASON", help="明细带个人信息的理由（会记入日志）")
@json_option
@pass_app
@click.pass_context
def submit(
    ctx: click.Context,
    app: App,
    period: str,
    recipient: str | None,
    rows: tuple[str, ...],
    reason: str | None,
    as_json: bool,
) -> None:
    """做一份上报包：只有数字，签名并加密给上级；旁边是盖章用的汇总表和 PDF。

    每运行一次版本加一，做过的版本都留着。有台账空缺时照样写出，退出码 1。
    """
    from ledgersync.upward.office import office_session

    workspace = app.workspace()
    if reason is not None and not reason.strip():
        raise UsageFault(message("--unmask 要写明理由。"), message("例如 --unmask 区局核查。"))
    if not (as_json or app.quiet):
        app.complain(message("… 正在汇总"))
    with office_session(workspace, "submit") as office:
        from ledgersync.upward.making import submitted

        made = submitted(office, period, recipient, rows, reason)
    workbook, pdf = _papers(workspace, made)
    if as_json:
        emit_json(_document(made, workbook, pdf))
    else:
        _show(app, made, workbook, pdf)
    _complain(app, made.found)
    ctx.exit(ExitCode.PERSON_NEEDED if made.found.missing else ExitCode.DONE)


def _papers(workspace: Workspace, made: Submitted) -> tuple[Path | None, Path | None]:
    """The summary workbook under the unit's profile, and as a PDF."""
    from ledgersync.report.summaries import write_summaries
    from ledgersync.upward.paper import pdf_beside
    from ledgersync.workspace import clock

    written = write_summaries(
        made.paper,
        made.path.parent,
        clock.today(),
        catalog=workspace.catalog,
        level=workspace.unit.level,
    )
    workbook = written[0] if written else None
    return workbook, pdf_beside(workbook) if workbook else None


def _document(made: Submitted, workbook: Path | None, pdf: Path | None) -> dict[str, object]:
    manifest = made.manifest
    return {
        "format": "ledgersync.submit/v1",
        "package": str(made.path),
        "unit": manifest.unit,
        "to": made.to,
        "period": manifest.period,
        "version": manifest.version,
        "signed": made.signed,
        "encrypted": made.encrypted,
        "workbook": str(workbook) if workbook else None,
        "pdf": str(pdf) if pdf else None,
        "missing": [
            {"unit": m.unit, "reason": m.reason.zh, "ledger": m.ledger, "kind": m.kind}
            for m in made.found.missing
        ],
    }


def _show(app: App, made: Submitted, workbook: Path | None, pdf: Path | None) -> None:
    manifest = made.manifest
    app.say(
        message(
            "已做好{name} {period} 的上报包，第 {version} 版：{path}",
            name=manifest.name,
            period=manifest.period,
            version=manifest.version,
            path=made.path,
        )
    )
    for path in filter(None, (workbook, pdf)):
        app.say(message("已写出 {path}", path=path))
    if not made.signed:
        app.complain(
            message("! 没有签名也没有加密：本单位还没有密钥（ledgersync keys init）；小数已隐去。")
        )
    elif not made.encrypted:
        app.complain(
            message(
                "! 已签名但没有加密：没有 {to} 的公钥（keys trust）；小数已隐去。",
                to=made.to,
            )
        )
    app.say(message("下一步：把上报包交给上级，由它 receive。"))


def _complain(app: App, found: RollUp) -> None:
    for missing in found.missing:
        name = found.tree.find(missing.unit).unit.name
        app.complain(message("缺报：{name}：{reason}", name=name, reason=missing.reason))
    for remark in found.remarks:
        if remark.kind in ("closed_changed", "closed_inside"):
            app.complain(message("! {remark}", remark=remark.text))
        if remark.kind == "closed_changed":
            app.complain(
                message(
                    "要报改过的数：先 ledgersync close {period} --reopen 原因，再 close、submit。",
                    period=found.period.text,
                )
            )
