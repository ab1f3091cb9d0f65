"""A merge run as people read it, and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgersync.cli.common.app import App
from ledgersync.cli.common.notice_lines import say_next, say_notices, say_offers
from ledgersync.cli.common.output import say, show_table
from ledgersync.cli.common.words import ledger_words
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, listed, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.schema import Catalog
    from ledgersync.sync.results import MergeReport, SubmissionResult

STATUS = {
    "merged": message("已合并"),
    "unchanged": message("无变化"),
    "held": message("有成批删除，待裁定"),
    "returned": message("全部退回更正"),
    "pending": message("待写入主台账"),
    "unreadable": message("读不了"),
}
WOULD = {
    "merged": message("会合并"),
    "held": message("有成批删除，会拦下"),
    "returned": message("会全部退回更正"),
    "pending": message("会等待写入主台账"),
}
REFUSED = message("没有收")
_WOULD_COUNTS = {
    "applied": counted("会修改 {n} 格", 0),
    "added": counted("会新增 {n} 行", 0),
    "removed": counted("会删除 {n} 行", 0),
    "converged": counted("与别人一致 {n} 格", 0),
    "conflicts": counted("会有冲突 {n} 处", 0),
    "returned": counted("会退回 {n} 处", 0),
    "held": counted("会拦下删除 {n} 行", 0),
}
_COUNTS = {
    "applied": counted("修改 {n} 格", 0),
    "added": counted("新增 {n} 行", 0),
    "removed": counted("删除 {n} 行", 0),
    "converged": counted("与别人一致 {n} 格", 0),
    "conflicts": counted("冲突 {n} 处", 0),
    "returned": counted("退回 {n} 处", 0),
    "held": counted("拦下删除 {n} 行", 0),
}

_MOST_NAMES = 5


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
    asked = asked or any(u.kind == "beside" for u in report.unsent)
    asked = asked or bool(report.unknown_primaries)
    return ExitCode.PERSON_NEEDED if waiting or asked or unreadable else ExitCode.DONE


def show_report(app: App, report: MergeReport, *, dry_run: bool = False) -> None:
    """The run as people read it: a line per file, then what to do next.

    Of a dry run it says what would happen, and that nothing was written.
    """
    still = [s for s in report.submissions if s.known]
    others = [s for s in report.submissions if not s.known]
    fresh = [s for s in others if s.status != "unchanged" or s.told() or s.remarks or app.verbose]
    if fresh:
        catalog = app.catalog()
        headers = app.headers(message("文件|台账|结果|内容"))
        show_table("", headers, (_line(app, catalog, s, dry_run) for s in fresh))
    same = len(others) - len(fresh)
    if same:
        app.say(counted("另有 {n} 份没有变化。", same))
    if still:
        _say_still(app, still)
    if not report.submissions:
        app.say(message("收件箱里没有新的文件。"))
    _say_of_files(app, fresh)
    say_notices(app, report.told())
    _say_of_primaries(app, report)
    _next_steps(app, report, dry_run)


def _say_still(app: App, still: Sequence[SubmissionResult]) -> None:
    """Files that could not be taken in before either, by name."""
    names = [s.file for s in still[:_MOST_NAMES]] + ["…"] * (len(still) > _MOST_NAMES)
    app.say(
        counted("仍有 {n} 个文件没有收进来，见 ledgersync status：{names}", len(still), names=names)
    )


def _say_of_files(app: App, submissions: Sequence[SubmissionResult]) -> None:
    """What is to be said of single files, a line each."""
    for submission in submissions:
        first = [submission.message] if submission.message else []
        for text in (*first, *submission.remarks, *submission.left_out):
            app.say(message("! {file}：{text}", file=submission.file, text=text))


def _say_of_primaries(app: App, report: MergeReport) -> None:
    """What is to be said of the writes, of the run, and of cells edited by hand."""
    for write in report.writes:
        if write.message:
            say(f"! {app.text(write.message)}")
    for told in [*report.messages, *report.ledgers, *(u.message for u in report.unsent)]:
        say(f"! {app.text(told)}")
    for ledger in report.unknown_primaries:
        text = message(
            "{book}主台账的印记是本日志里没有的版本（从备份放回的，或另一份工作区的），与日志不同的"
            "都按手工修改收入了，别人后来的修改可能被改了回去。请看 ledgersync history；"
            "不对就用 ledgersync undo 撤销这一次。",
            book=ledger_words(app.catalog(), ledger),
        )
        say(f"! {app.text(text)}")
    for ledger, faults in report.hand_faults.items():
        book = ledger_words(app.catalog(), ledger)
        app.say(
            counted(
                "! {book}主台账里手工改的 {n} 处不合规则，已照原样保留；下一步："
                "ledgersync check 查看。",
                n=faults,
                book=book,
            )
        )


def _line(app: App, catalog: Catalog, s: SubmissionResult, dry_run: bool) -> list[object]:
    counts = {**s.changes, "returned": max(s.changes["returned"], len(s.returned))}
    texts = _WOULD_COUNTS if dry_run else _COUNTS
    told = [text.of(counts[name]) for name, text in texts.items() if counts[name]]
    if s.notices:
        left = sum(n.severity == "error" for n in s.notices)
        told += [counted("没有收 {n} 处", left)] if left else []
        doubtful = len(s.notices) - left
        told += [counted("存疑 {n} 处", doubtful)] if doubtful else []
    book = ledger_words(catalog, s.ledger) if s.ledger else ""
    status = (WOULD if dry_run else STATUS).get(s.status, STATUS[s.status])
    status = REFUSED if s.is_refused else status
    return [s.file, book, app.text(status), app.text(listed(told, "，"))]


def _next_steps(app: App, report: MergeReport, dry_run: bool) -> None:
    if dry_run:
        app.say(message("只是试算，什么都没有写。"))
        return
    total = {
        name: sum(s.changes[name] for s in report.submissions)
        for name in ("conflicts", "returned", "held")
    }
    if total["conflicts"]:
        app.say(message("下一步：打开 conflicts/冲突清单.xlsx 裁定，或 ledgersync conflicts。"))
    if total["returned"] or any(s.returned for s in report.submissions):
        app.say(message("下一步：退回的格子和原因在 returned/<姓名>/，请本人更正后再交。"))
    say_next(app, {notice.in_primary for notice in report.notices()})
    say_offers(app, report.words)
    if total["held"]:
        app.say(message("下一步：有成批删除被拦下，用 ledgersync status 查看并裁定。"))
