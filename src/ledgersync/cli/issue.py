"""`issue`: copies for one person, several or all; a name that nobody has is accepted, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.errors import ExitCode, PatchRefused, UsageFault
from ledgersync.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.schema import LedgerSchema
    from ledgersync.sync.session import Session


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--staff", "people", multiple=True, help="发给谁；可以写几个 --staff")
@click.option("--all", "everybody", is_flag=True, help="发给名单里的每个人（离岗的除外）")
@json_option
@click.pass_context
@pass_app
def issue(
    app: App,
    ctx: click.Context,
    ledgers: tuple[str, ...],
    people: tuple[str, ...],
    everybody: bool,
    as_json: bool,
) -> None:
    """给人员发台账副本：issued/<姓名>/，不写台账名就是全部。"""
    from ledgersync.sync.create import add_missing_primaries
    from ledgersync.sync.opening import open_session

    workspace = app.workspace()
    wanted = [workspace.catalog.ledger(name) for name in ledgers]
    with open_session(workspace, "issue") as session:
        names = _recipients(session, people, everybody)
        add_missing_primaries(session)
        issued = {
            name: _issued(app, session, name, wanted, alone=len(names) == 1) for name in names
        }
    if as_json:
        emit_json(_document(issued))
    else:
        _show(app, issued)
    ctx.exit(ExitCode.PERSON_NEEDED if None in issued.values() else ExitCode.DONE)


def _recipients(session: Session, people: Sequence[str], everybody: bool) -> list[str]:
    from ledgersync.sync.staff.people import same_person

    if not everybody:
        if not people:
            raise UsageFault(
                message("没有写发给谁。"),
                message("请写 --staff 姓名（可以写几个），或 --all 发给名单里的每个人。"),
            )
        return list(dict.fromkeys(same_person(session, name) for name in people))
    if people:
        raise UsageFault(
            message("--all 和 --staff 只能写一样。"), message("--all 就是名单里的每个人。")
        )
    names = [s.name for s in session.workspace.config.staff if not s.left_to]
    if not names:
        raise UsageFault(
            message("名单里还没有人。"),
            message("请先登记：ledgersync staff add 姓名 --grid 网格名。"),
        )
    return names


def _issued(
    app: App, session: Session, staff: str, wanted: Sequence[LedgerSchema], *, alone: bool
) -> list[str] | None:
    """The files of one person; None where theirs is open, and there are others to go on with."""
    from ledgersync.sync.copies.issue import issue_copies
    from ledgersync.sync.staff.people import strangers_namesakes

    near = strangers_namesakes(session, staff)
    try:
        files = issue_copies(session, staff, wanted)
    except PatchRefused as error:
        if alone:
            raise
        app.complain(
            message(
                "没有发给 {staff}：{reason}处理后再发：ledgersync issue --staff {staff:sh}。",
                staff=staff,
                reason=error.message,
            )
        )
        return None
    if near is not None:
        app.complain(_stranger(staff, near))
    if (member := session.workspace.config.staff_member(staff)).left_to:
        app.complain(
            message(
                "{name} 已离岗，在办的事归 {other}；回来上班的，"
                "先 ledgersync staff add {name:sh} --grid 网格名，再发一次。",
                name=staff,
                other=member.left_to,
            )
        )
    return [session.workspace.relative(path) for path in files]


def _document(issued: dict[str, list[str] | None]) -> dict[str, object]:
    """`staff` and `files` of one person stand at the top, too."""
    done = [{"staff": name, "files": files} for name, files in issued.items() if files is not None]
    top = done[0] if len(issued) == 1 else {}
    return {"format": "ledgersync.issue/v1", **top, "issued": done}


def _show(app: App, issued: dict[str, list[str] | None]) -> None:
    done = {name: files for name, files in issued.items() if files is not None}
    for name, files in done.items():
        app.say(message("已发给 {staff}：", staff=name))
        for file in files:
            say(f"  {file}")
    if len(done) == 1:
        app.say(message("填好后保存到 inbox/{staff}/ 即可。", staff=next(iter(done))))
    elif done:
        app.say(message("填好后各自保存到 inbox/ 下自己的文件夹即可。"))


def _stranger(name: str, near: list[str]) -> Message:
    """What was issued to a name that is not listed, and how to take it back."""
    asked = message("（是不是 {near}？）", near=near) if near else ""
    return message(
        "名单里没有{name}{asked}，已按不限范围发放：副本里是全部记录。"
        "发错了请删除 issued/{name} 和 inbox/{name}，"
        "并重新发放：ledgersync issue --staff {meant:sh}；"
        "副本已被拿走的，作废它：ledgersync staff leave {name:sh} --to {successor:sh}。"
        "确实是新来的人，先登记范围再发一次：ledgersync staff add {name:sh} --grid 网格名。",
        name=name,
        asked=asked,
        meant=near[0] if near else message("姓名"),
        successor=near[0] if near else message("接手人"),
    )
