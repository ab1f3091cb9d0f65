"""`issue`: copies for a person; a name that nobody here has is accepted, and said."""

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.messages import Message, message


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--staff", required=True, help="发给谁")
@json_option
@pass_app
def issue(app: App, ledgers: tuple[str, ...], staff: str, as_json: bool) -> None:
    """给人员发台账副本：issued/<姓名>/，不写台账名就是全部。"""
    from ledgersync.sync.copies.issue import issue_copies
    from ledgersync.sync.create import add_missing_primaries
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.staff.people import same_person, strangers_namesakes

    workspace = app.workspace()
    wanted = [workspace.catalog.ledger(name) for name in ledgers]
    with open_session(workspace, "issue") as session:
        add_missing_primaries(session)
        staff = same_person(session, staff)
        near = strangers_namesakes(session, staff)
        files = [workspace.relative(p) for p in issue_copies(session, staff, wanted)]
    if near is not None:
        app.complain(_stranger(staff, near))
    if as_json:
        emit_json({"format": "ledgersync.issue/v1", "staff": staff, "files": files})
        return
    app.say(message("已发给 {staff}：", staff=staff))
    for file in files:
        say(f"  {file}")
    app.say(message("填好后保存到 inbox/{staff}/ 即可。", staff=staff))


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
