"""`merge`: the inbox, or named files, into the primaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.aftermath import write_snapshot_of
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.notices import say_next, say_notices
from ledgersync.cli.output import complain, emit_json, json_option, say, show_table
from ledgersync.cli.secrets import given_password, password_option
from ledgersync.cli.words import ledger_words
from ledgersync.errors import ExitCode
from ledgersync.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.schema import Catalog
    from ledgersync.sync.results import MergeReport, SubmissionResult

STATUS = {
    "merged": Message("已合并", "merged"),
    "unchanged": Message("无变化", "unchanged"),
    "held": Message("有成批删除，待裁定", "removals held"),
    "returned": Message("全部退回更正", "returned"),
    "pending": Message("待写入主台账", "waits to be written"),
    "unreadable": Message("读不了", "unreadable"),
}
WOULD = {
    "merged": Message("会合并", "would be merged"),
    "held": Message("有成批删除，会拦下", "removals would be held"),
    "returned": Message("会全部退回更正", "would be returned"),
    "pending": Message("会等待写入主台账", "would wait to be written"),
}
REFUSED = Message("没有收", "not taken in")
_WOULD_COUNTS = {
    "applied": Message("会修改 {} 格", "{} cells would change"),
    "added": Message("会新增 {} 行", "{} rows would be added"),
    "removed": Message("会删除 {} 行", "{} rows would be removed"),
    "converged": Message("与别人一致 {} 格", "{} cells the same as a colleague's"),
    "conflicts": Message("会有冲突 {} 处", "{} conflicts would arise"),
    "returned": Message("会退回 {} 处", "{} would be returned"),
    "held": Message("会拦下删除 {} 行", "{} removals would be held"),
}
_COUNTS = {
    "applied": Message("修改 {} 格", "{} cells changed"),
    "added": Message("新增 {} 行", "{} rows added"),
    "removed": Message("删除 {} 行", "{} rows removed"),
    "converged": Message("与别人一致 {} 格", "{} cells the same as a colleague's"),
    "conflicts": Message("冲突 {} 处", "{} conflicts"),
    "returned": Message("退回 {} 处", "{} returned"),
    "held": Message("拦下删除 {} 行", "{} removals held"),
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
    """收表并合并：收件箱里的（或指定的）工作簿合进主台账。

    这次发现读不了的文件：退出码 3。以前说过、一直没有换过的，只记一句，退出码 1。
    """
    from ledgersync.sync.run import merge_files, preview
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
        show_report(app, report, dry_run=dry_run)
    ctx.exit(exit_code(report))


def exit_code(report: MergeReport) -> ExitCode:
    """3 when a file turned out to be unreadable in this run, 1 when a person is needed."""
    unreadable = [s for s in report.submissions if s.status == "unreadable"]
    if any(not s.known for s in unreadable):
        return ExitCode.UNREADABLE
    waiting = any(w.status == "pending" for w in report.writes)
    asked = any(
        s.changes["conflicts"] or s.returned or s.status == "held" for s in report.submissions
    )
    asked = asked or bool(report.notices()) or bool(report.refused)
    return ExitCode.PERSON_NEEDED if waiting or asked or unreadable else ExitCode.DONE


def show_report(app: App, report: MergeReport, *, dry_run: bool = False) -> None:
    """The run as people read it: a line per file, then what to do next.

    Of a dry run it says what would happen, and that nothing was written.
    """
    still = [s for s in report.submissions if s.known]
    others = [s for s in report.submissions if not s.known]
    fresh = [s for s in others if s.status != "unchanged" or s.told() or app.verbose]
    if fresh:
        catalog = app.catalog()
        headers = app.pick("文件|台账|结果|内容", "file|ledger|result|what").split("|")
        show_table("", headers, (_line(app, catalog, s, dry_run) for s in fresh))
    same = len(others) - len(fresh)
    if same:
        say(app.pick(f"另有 {same} 份没有变化。", f"{same} more unchanged."))
    if still:
        zh = f"仍有 {len(still)} 个文件读不了，见 ledgersync status。"
        say(app.pick(zh, f"{len(still)} files are unreadable still: see ledgersync status."))
    if not report.submissions:
        say(app.pick("收件箱里没有新的文件。", "Nothing new in the inbox."))
    _say_of_files(app, fresh)
    say_notices(app, report.told())
    _say_of_primaries(app, report)
    _next_steps(app, report, dry_run)


def _say_of_files(app: App, submissions: Sequence[SubmissionResult]) -> None:
    """What is to be said of single files, a line each."""
    colon = app.pick("：", ": ")
    for submission in submissions:
        if submission.message:
            say(f"! {submission.file}{colon}{app.text(submission.message)}")
        for said in (*submission.remarks, *submission.left_out):
            say(f"! {submission.file}{colon}{app.text(said)}")


def _say_of_primaries(app: App, report: MergeReport) -> None:
    """What is to be said of the writes, of the run, and of cells edited by hand."""
    for write in report.writes:
        if write.message:
            say(f"! {app.text(write.message)}")
    for message in report.messages:
        say(f"! {app.text(message)}")
    for ledger, faults in report.hand_faults.items():
        book = ledger_words(app.catalog(), ledger)
        say(
            app.pick(
                f"! {book}主台账里手工改的 {faults} 处不合规则，已照原样保留；"
                "下一步：ledgersync check 查看。",
                f"! {faults} cells edited by hand in {book} break a rule and stay; "
                "next: ledgersync check.",
            )
        )


def _line(app: App, catalog: Catalog, s: SubmissionResult, dry_run: bool) -> list[object]:
    counts = {**s.changes, "returned": max(s.changes["returned"], len(s.returned))}
    texts = _WOULD_COUNTS if dry_run else _COUNTS
    told = [app.text(text).format(counts[name]) for name, text in texts.items() if counts[name]]
    if s.notices:
        left = sum(n.severity == "error" for n in s.notices)
        told += [app.pick(f"没有收 {left} 处", f"{left} left out")] if left else []
        doubts = len(s.notices) - left
        told += [app.pick(f"存疑 {doubts} 处", f"{doubts} in doubt")] if doubts else []
    book = ledger_words(catalog, s.ledger) if s.ledger else ""
    status = (WOULD if dry_run else STATUS).get(s.status, STATUS[s.status])
    status = REFUSED if s.is_refused else status
    return [s.file, book, app.text(status), app.pick("，", ", ").join(told)]


def _next_steps(app: App, report: MergeReport, dry_run: bool) -> None:
    if dry_run:
        say(app.pick("只是试算，什么都没有写。", "A trial only: nothing was written."))
        return
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
                "下一步：退回的格子和原因在 returned/<姓名>/，请本人更正后再交。",
                "Next: returned cells and reasons are in returned/<name>/, for the sender to mend.",
            )
        )
    say_next(app, {notice.in_primary for notice in report.notices()})
    if total["held"]:
        say(
            app.pick(
                "下一步：有成批删除被拦下，用 ledgersync status 查看并裁定。",
                "Next: removals are held; ledgersync status shows them and what to do.",
            )
        )
