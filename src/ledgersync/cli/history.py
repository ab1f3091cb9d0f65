"""`history`: who changed what, when, from which file; without a record, the latest revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.words import moment_words, person_words
from ledgersync.errors import UsageFault
from ledgersync.journal.years import YEAR
from ledgersync.messages import counted, listed, literal, message
from ledgersync.sync.session import PROGRAM

if TYPE_CHECKING:
    from ledgersync.sync.history.log import Event, RevisionLine

FORMAT = "ledgersync.history/v1"
KINDS = {"add": message("新增"), "edit": message("修改"), "remove": message("删除")}
REVISION_KINDS = {
    "init": message("建工作区"),
    "adopt": message("收为主台账"),
    "submission": message("合并"),
    "hand": message("手工修改"),
    "resolve": message("裁定"),
    "release": message("放行删除"),
    "undo": message("撤销"),
    "handover": message("交接"),
    "year": message("年度归档"),
    "tidy": message("整理写法"),
}
_REWRITTEN = message("改写")  # by the program: a new form of a ledger, a word, a header
_HEADERS = message("修订|时间|谁|做了|项目|原值|新值|来自")
_LINES = message("修订|时间|谁|做了|改了多少|来自")


@click.command()
@click.argument("record", required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="不写记录号时，列最近多少次修订",
)
@click.option("--unmask", "reason", metavar="REASON", help="显示完整个人信息的理由（会记入日志）")
@json_option
@pass_app
def history(app: App, record: str | None, limit: int, reason: str | None, as_json: bool) -> None:
    """一条记录的来龙去脉；不写记录号，列出最近的修订。

    可以写业务编号（如走访编号），或隐藏列 _LS_ID 里的记录号；修订号可用于 undo。
    """
    if record is None:
        if reason:
            raise _nothing_to_unmask()
        _revisions(app, limit, as_json)
        return
    record, events = _events(app, record, reason)
    if as_json:
        emit_json({"format": FORMAT, "record": record, "events": [e.as_json() for e in events]})
        return
    headers = app.headers(_HEADERS)
    show_table("", headers, (_event(app, e) for e in events))


def _events(app: App, record: str, reason: str | None) -> tuple[str, list[Event]]:
    """The record's id and its story; what was typed is an id or a record's own number."""
    from ledgersync.sync.history.log import history_of, record_named
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.unmasking import journal_unmasking

    with open_session(app.workspace(), "history", write=bool(reason)) as session:
        record = record_named(session, record)
        events = history_of(session, record, unmask=bool(reason))
        if reason:
            journal_unmasking(session, reason, record=record)
    return record, events


def _event(app: App, e: Event) -> list[object]:
    who, did = person_words(app, e.author), app.text(KINDS.get(e.kind) or literal(e.kind, e.kind))
    header = app.text(message("归档年度")) if e.field == YEAR else e.header
    return [e.revision, _when(app, e.at), who, did, header, e.old, e.new, e.file]


def _when(app: App, at: str) -> str:
    from ledgersync.workspace import clock

    return moment_words(app, at, clock.today())


def _revisions(app: App, limit: int, as_json: bool) -> None:
    from ledgersync.sync.history.log import latest_revisions
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "history", write=False) as session:
        lines = latest_revisions(session, limit)
    if as_json:
        emit_json({"format": FORMAT, "revisions": [line.as_json() for line in lines]})
        return
    headers = app.headers(_LINES)
    show_table("", headers, (_line(app, line) for line in lines))
    if lines and lines[-1].revision > 1:
        app.say(message("更早的：加 --limit 数量。"))


def _line(app: App, r: RevisionLine) -> list[object]:
    file = r.file.rpartition("/")[2] if r.file else ""
    who = person_words(app, r.author)
    return [r.revision, _when(app, r.at), who, _what(app, r), _how_much(app, r), file]


def _what(app: App, r: RevisionLine) -> str:
    """`合并（第 7 次已撤销）`, `撤销第 5 次`."""
    what = REVISION_KINDS.get(r.kind) or literal(r.kind, r.kind)
    if (r.kind, r.author) == ("handover", PROGRAM):
        what = _REWRITTEN
    if r.undoes:
        what = message("{what}第 {revision} 次", what=what, revision=r.undoes)
    if r.undone_by:
        what = message("{what}（第 {revision} 次已撤销）", what=what, revision=r.undone_by)
    return app.text(what)


def _how_much(app: App, r: RevisionLine) -> str:
    parts = (
        counted("新增 {n} 行", r.rows_added),
        counted("删除 {n} 行", r.rows_removed),
        counted("改 {n} 格", r.cells),
    )
    return app.text(listed([part for part in parts if part.count], "，"))


def _nothing_to_unmask() -> UsageFault:
    return UsageFault(
        message("修订一览里没有个人信息。"),
        message("--unmask 要和记录号一起用：ledgersync history 记录号 --unmask 理由"),
    )
