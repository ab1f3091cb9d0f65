"""`merge`: the inbox, or named files, into the primaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.aftermath import write_snapshot_of
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import complain, emit_json, json_option, say, show_table
from ledgersync.cli.secrets import given_password, password_option
from ledgersync.errors import ExitCode

if TYPE_CHECKING:
    from ledgersync.sync.results import MergeReport, SubmissionResult

STATUS = {
    "merged": "已合并",
    "unchanged": "无变化",
    "held": "有成批删除，待裁定",
    "returned": "全部退回更正",
    "pending": "待写入主台账",
    "unreadable": "读不了",
}


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--staff", help="这些文件是谁交的；不写文件时只合并此人的收件箱")
@password_option
@click.option("--dry-run", is_flag=True, help="只看会怎样，不写任何东西")
@json_option
@pass_app
@click.pass_context
def merge(
    ctx: click.Context,
    app: App,
    files: tuple[Path, ...],
    staff: str | None,
    ask_password: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """收表并合并：收件箱里的（或指定的）工作簿合进主台账。"""
    from ledgersync.sync.merging import merge_files, preview
    from ledgersync.sync.session import open_session

    def progress(name: str) -> None:
        if not (as_json or app.quiet):
            complain(f"… {name}")

    with open_session(app.workspace(), "merge") as session:
        if dry_run:
            report = preview(session, files, staff)
        else:
            secret = given_password(ask_password)
            report = merge_files(session, files, staff, password=secret, progress=progress)
            write_snapshot_of(session)
    if as_json:
        emit_json(report.as_json())
    else:
        show_report(app, report)
    ctx.exit(exit_code(report))


def exit_code(report: MergeReport) -> ExitCode:
    """3 when a file could not be read, 1 when a person is needed."""
    if any(s.status == "unreadable" for s in report.submissions):
        return ExitCode.UNREADABLE
    waiting = any(w.status == "pending" for w in report.writes)
    asked = any(
        s.changes["conflicts"] or s.returned or s.status == "held" for s in report.submissions
    )
    return ExitCode.PERSON_NEEDED if waiting or asked else ExitCode.DONE


def show_report(app: App, report: MergeReport) -> None:
    """The run as people read it: a line per file, then what to do next."""
    fresh = [s for s in report.submissions if s.status != "unchanged" or app.verbose]
    if fresh:
        headers = ("文件", "台账", "结果", "应用", "新增", "删除", "相同", "冲突", "退回", "拦下")
        show_table("", headers, (_line(s) for s in fresh))
    same = len(report.submissions) - len(fresh)
    if same:
        say(app.pick(f"另有 {same} 份没有变化。", f"{same} more unchanged."))
    if not report.submissions:
        say(app.pick("收件箱里没有新的文件。", "Nothing new in the inbox."))
    for submission in fresh:
        if submission.message:
            say(f"! {submission.file}：{app.text(submission.message)}")
        for warning in submission.warnings:
            place = app.pick(f"“{warning.sheet}”第 {warning.row} 行", f"row {warning.row}")
            say(f"! {submission.file} {place}：{app.text(warning.message)}")
    for write in report.writes:
        if write.message:
            say(f"! {app.text(write.message)}")
    for message in report.messages:
        say(f"! {app.text(message)}")
    for ledger, faults in report.hand_faults.items():
        say(
            app.pick(
                f"! {ledger} 主台账里手工改的 {faults} 处不合规则，已照原样保留；用 check 查看。",
                f"! {faults} cells edited by hand in {ledger} break a rule and stay; see check.",
            )
        )
    _next_steps(app, report)


def _line(s: SubmissionResult) -> list[object]:
    counts = {**s.changes, "returned": max(s.changes["returned"], len(s.returned))}
    return [s.file, s.ledger, STATUS.get(s.status, s.status), *counts.values()]


def _next_steps(app: App, report: MergeReport) -> None:
    total = {
        name: sum(s.changes[name] for s in report.submissions)
        for name in ("conflicts", "returned", "held")
    }
    if total["conflicts"]:
        say(
            app.pick(
                "下一步：打开 conflicts/冲突清单.xlsx 裁定，或 ledgersync conflicts。",
                "Next: decide in conflicts/冲突清单.xlsx, or ledgersync conflicts.",
            )
        )
    if total["returned"] or any(s.returned for s in report.submissions):
        say(
            app.pick(
                "退回的格子和原因在 returned/<姓名>/，请本人更正后再交。",
                "Returned cells and reasons are in returned/<name>/.",
            )
        )
    if total["held"]:
        say(
            app.pick(
                "有成批删除被拦下：ledgersync status 查看，held release|dismiss 裁定。",
                "Removals are held: see status, decide with held release|dismiss.",
            )
        )
