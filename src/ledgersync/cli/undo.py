"""`undo`: a revision is taken back by another one."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.sync.history.undo import Undone


@click.command()
@click.argument("revision", type=int)
@click.option("--by", "who", help="谁撤销的；不写就是当前登录用户")
@json_option
@pass_app
@click.pass_context
def undo(ctx: click.Context, app: App, revision: int, who: str | None, as_json: bool) -> None:
    """撤销一次修订：写一次相反的修订；后来又改过的格子变成冲突。

    修订号见不带记录号的 history。已经撤销过的不再撤销，什么都不改。撤销带来新的冲突、
    或主台账暂时写不进去时，退出码为 1。
    """
    from ledgersync.sync.history.undo import undo_revision
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish

    with open_session(app.workspace(), "undo") as session:
        report = begin(session)
        done = undo_revision(session, revision, who or getpass.getuser())
        report = finish(session, report)
        write_snapshot_of(session)
    waiting = [w.message for w in report.writes if w.status == "pending" and w.message]
    waiting += report.messages
    if as_json:
        emit_json(
            {
                "format": "ledgersync.undo/v1",
                "undone": revision,
                "revision": report.revision,
                "changes": done.counts.as_dict(),
                "reopened": done.reopened,
                "closed": done.closed,
                "already": done.already,
            }
        )
    else:
        _show(app, revision, done)
        for told in waiting:
            say(f"! {app.text(told)}")
    asked = done.person_needed or waiting
    ctx.exit(ExitCode.PERSON_NEEDED if asked else ExitCode.DONE)


def _show(app: App, revision: int, done: Undone) -> None:
    if done.already is not None:
        _show_already(app, revision, done.already)
        return
    counts = done.counts
    changed = counts.applied + counts.added + counts.removed
    app.say(
        counted(
            "第 {revision} 次修订已由第 {undoing} 次修订抵消：恢复 {changed} 处，冲突 {n} 处。",
            counts.conflicts,
            revision=revision,
            undoing=done.revision or 0,
            changed=changed,
        )
    )
    if done.reopened:
        app.say(counted("当时已裁定的冲突重新出现 {n} 处。", n=done.reopened))
    if done.closed:
        app.say(counted("那次撤销重新打开的冲突 {n} 处照原来的裁定结案。", n=done.closed))
    if done.person_needed or done.reopened:
        app.say(message("下一步：ledgersync conflicts 查看并裁定。"))


def _show_already(app: App, revision: int, before: int) -> None:
    app.say(
        message(
            "第 {revision} 次修订已经撤销过（第 {before} 次修订），这次什么都没有改。"
            "\n下一步：要恢复它，撤销第 {before} 次修订：ledgersync undo {before}",
            revision=revision,
            before=before,
        )
    )
