"""`ledgersync check`: every finding at its cell, as JSON, as a table, or in an annotated copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.marking import HERE, is_workbook, outcome_words, write_copies
from ledgersync.cli.common.output import complain, emit_json, json_option, say, show_table
from ledgersync.cli.common.secrets import given_password, password_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import Message, counted, listed, message
from ledgersync.privacy import mask_text

if TYPE_CHECKING:
    from ledgersync.model import Finding
    from ledgersync.sync.check import CheckedFile, CheckReport
    from ledgersync.workbook.annotate import Way

FORMAT = "ledgersync.check/v1"
LEVELS = {"error": message("错误"), "warning": message("警告"), "info": message("提示")}
_MOST_LINES = 60
_MOST_CELLS = 6


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--annotate",
    "folder",
    is_flag=False,
    flag_value=HERE,
    metavar="[DIR]",
    help="另存标注副本：问题单元格着色并加批注；工作区里的文件存到其报表文件夹，别处的存在原文件旁边",
)
@password_option
@json_option
@pass_app
@click.pass_context
def check(
    ctx: click.Context,
    app: App,
    files: tuple[Path, ...],
    folder: str | None,
    ask_password: bool,
    as_json: bool,
) -> None:
    """校验工作簿，问题定位到单元格。

    不写文件名时，校验工作区的全部主台账，并做跨台账核对；街道和区还核对下级各单位之间
    重复享受和重复登记的。有错误或警告时退出码为 1。
    """
    if folder and folder != HERE and is_workbook(Path(folder)):  # `check --annotate 台账.xlsx`
        files, folder = (*files, Path(folder)), HERE
    report = _run(app, files, given_password(ask_password))
    written = write_copies(app, report, folder) if folder else []
    if as_json:
        emit_json(_document(app, report, written))
    else:
        _show(app, report, written)
    for _, error in report.unreadable:
        complain(error.text(app.lang))
    ctx.exit(_exit_code(report))


def _run(app: App, files: tuple[Path, ...], password: str | None) -> CheckReport:
    from ledgersync.rollup.across import check_office
    from ledgersync.sync.check import check_files
    from ledgersync.workspace import clock

    workspace = app.workspace_or_none()
    if files:
        catalog = app.catalog()
        return check_files(files, catalog, clock.today(), workspace, password=password)
    if workspace is None:
        raise _nothing_to_check()
    return check_office(workspace, clock.today())


def _exit_code(report: CheckReport) -> ExitCode:
    if report.unreadable:
        return ExitCode.UNREADABLE
    needed = report.count("error") + report.count("warning")
    return ExitCode.PERSON_NEEDED if needed else ExitCode.DONE


def _document(app: App, report: CheckReport, written: list[tuple[Path, Way]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "files": [
            {"file": f.name, "records": f.records, **_counts(f.findings)} for f in report.files
        ],
        "findings": [
            {**_as_json(app, finding), "file": f.name}
            for f in report.files
            for finding in f.findings
        ],
        "unreadable": [
            {"file": path.name, "message": error.message.text(app.lang)}
            for path, error in report.unreadable
        ],
        "annotated": [str(path) for path, _ in written],
    }


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    return {level: sum(f.severity == level for f in findings) for level in LEVELS}


def _as_json(app: App, finding: Finding) -> dict[str, Any]:
    from ledgersync.model import column_letters

    return {
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": None if finding.column is None else column_letters(finding.column),
        "cell": finding.cell,
        "ledger": finding.ledger,
        "table": finding.table,
        "field": finding.field,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": mask_text(app.text(finding.message)),
    }


def _show(app: App, report: CheckReport, written: list[tuple[Path, Way]]) -> None:
    for file in report.files:
        for sheet in dict.fromkeys(f.sheet for f in file.findings):
            _show_sheet(app, file, sheet)
    _summary(app, report)
    for path, way in written:
        say(outcome_words(app, path, way))
    if report.count("error") + report.count("warning"):
        say(_next_step(app, bool(written)))


def _show_sheet(app: App, file: CheckedFile, sheet: str | None) -> None:
    """One table per sheet: equal messages share a line, errors first."""
    shown = ("error", "warning", "info") if app.verbose else ("error", "warning")
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in file.findings:
        if finding.sheet == sheet and finding.severity in shown:
            key = (finding.severity, finding.rule, mask_text(app.text(finding.message)))
            groups.setdefault(key, []).append(finding)
    if not groups:
        return
    lines = sorted(groups.items(), key=lambda item: shown.index(item[0][0]))
    most = len(lines) if app.verbose else _MOST_LINES
    title = f"{file.name} · {sheet}" if sheet else file.name
    headers = app.headers(message("级别|单元格|问题|规则编号"))
    width = 4 if app.verbose else 3  # the rule's id is for whoever looks it up
    rows = [(app.text(LEVELS[s]), _cells(app, f), m, r) for (s, r, m), f in lines[:most]]
    show_table(title, headers[:width], (row[:width] for row in rows))
    if len(lines) > most:
        rest = len(lines) - most
        app.say(counted("……还有 {n} 类问题，加 -v 全部列出", rest))
    say("")


def _cells(app: App, findings: list[Finding]) -> str:
    """`C3、C9等37处`; a row or a column where there is no single cell."""
    names = [_place(finding) for finding in findings]
    if len(names) <= _MOST_CELLS:
        return app.text(listed(names))
    return app.text(message("{places}等{count}处", places=names[:_MOST_CELLS], count=len(names)))


def _place(finding: Finding) -> Message | str:
    from ledgersync.model import column_letters

    if finding.cell:
        return finding.cell
    if finding.row:
        return message("第{row}行", row=finding.row)
    if finding.column:
        return message("{letters}列", letters=column_letters(finding.column))
    return "–"


def _summary(app: App, report: CheckReport) -> None:
    errors, warnings, infos = (report.count(level) for level in LEVELS)
    app.say(
        message(
            "共 {files} {records}：错误 {errors}，警告 {warnings}，提示 {infos}。",
            files=counted("{n} 个文件", len(report.files)),
            records=counted("{n} 条记录", sum(file.records for file in report.files)),
            errors=errors,
            warnings=warnings,
            infos=infos,
        )
    )


def _next_step(app: App, annotated: bool) -> str:
    if annotated:
        return app.text(message("下一步：打开标注副本，按“校验结果”逐条改正原工作簿，再校验一次。"))
    return app.text(message("下一步：按单元格改正后再校验一次；加 --annotate 可得到标注好的副本。"))


def _nothing_to_check() -> UsageFault:
    return UsageFault(
        message("没有给出文件，这里也不是工作区。"),
        message("请写出要校验的文件，或用 -C 指定工作区。"),
    )
