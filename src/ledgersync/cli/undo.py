"""`undo`: a revision is taken back by another one."""

import getpass

import click

from ledgersync.cli.aftermath import write_snapshot_of
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say
from ledgersync.errors import ExitCode


@click.command()
@click.argument("revision", type=int)
@click.option("--by", "who", help="谁撤销的；不写就是当前登录用户")
@json_option
@pass_app
@click.pass_context
def undo(ctx: click.Context, app: App, revision: int, who: str | None, as_json: bool) -> None:
    """撤销一次修订：写一次相反的修订；后来又改过的格子变成冲突。"""
    from ledgersync.sync.merging import finish
    from ledgersync.sync.primaries import take_in_hand_edits
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.session import open_session
    from ledgersync.sync.undoing import undo_revision

    with open_session(app.workspace(), "undo") as session:
        take_in_hand_edits(session)
        counts = undo_revision(session, revision, who or getpass.getuser())
        report = finish(session, MergeReport(0))
        write_snapshot_of(session)
    if as_json:
        emit_json(
            {
                "format": "ledgersync.undo/v1",
                "undone": revision,
                "revision": report.revision,
                "changes": counts.as_dict(),
            }
        )
    else:
        changed = counts.applied + counts.added + counts.removed
        say(
            app.pick(
                f"修订 {revision} 已由修订 {report.revision} 抵消：恢复 {changed} 处，"
                f"冲突 {counts.conflicts} 处。",
                f"Revision {revision} undone: {changed} restored, {counts.conflicts} conflicts.",
            )
        )
    ctx.exit(ExitCode.PERSON_NEEDED if counts.conflicts else ExitCode.DONE)
