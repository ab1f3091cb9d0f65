"""`issue`: copies for a person; a name that nobody here has is accepted, and said."""

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import complain, emit_json, json_option, say
from ledgersync.messages import Message


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--staff", required=True, help="发给谁")
@json_option
@pass_app
def issue(app: App, ledgers: tuple[str, ...], staff: str, as_json: bool) -> None:
    """给人员发台账副本：issued/<姓名>/，不写台账名就是全部。"""
    from ledgersync.sync.copies.issue import issue_copies
    from ledgersync.sync.create import add_missing_primaries
    from ledgersync.sync.session import open_session
    from ledgersync.sync.staff.people import strangers_namesakes

    workspace = app.workspace()
    wanted = [workspace.catalog.ledger(name) for name in ledgers]
    with open_session(workspace, "issue") as session:
        add_missing_primaries(session)
        near = strangers_namesakes(session, staff)
        files = [workspace.relative(p) for p in issue_copies(session, staff, wanted)]
    if near is not None:
        complain(app.text(_stranger(staff, near)))
    if as_json:
        emit_json({"format": "ledgersync.issue/v1", "staff": staff, "files": files})
        return
    say(app.pick(f"已发给 {staff}：", f"Issued to {staff}:"))
    for file in files:
        say(f"  {file}")
    say(app.pick(f"填好后保存到 inbox/{staff}/ 即可。", f"Filled in, they go to inbox/{staff}/."))


def _stranger(name: str, near: list[str]) -> Message:
    """What was issued to a name that is not listed, and how to take it back."""
    meant = near[0] if near else ""
    asked = f"（是不是 {'、'.join(near)}？）" if near else ""
    asked_en = f" (did you mean {', '.join(near)}?)" if near else ""
    return Message(
        f"名单里没有{name}{asked}，已按不限范围发放：副本里是全部记录。"
        f"发错了请删除 issued/{name} 和 inbox/{name}，"
        f"并重新发放：ledgersync issue --staff {meant or '姓名'}；"
        f"副本已被拿走的，作废它：ledgersync staff leave {name} --to {meant or '接手人'}。"
        f"确实是新来的人，先登记范围再发一次：ledgersync staff add {name} --grid 网格名。",
        f"{name} is not listed{asked_en}; issued with full scope: the copies hold every record. "
        f"If that was a mistake, delete issued/{name} and inbox/{name} and issue again: "
        f"ledgersync issue --staff {meant or 'NAME'}; if a copy was taken away already, revoke "
        f"it: ledgersync staff leave {name} --to {meant or 'SUCCESSOR'}. For somebody new: "
        f"ledgersync staff add {name} --grid GRID, then issue once more.",
    )
