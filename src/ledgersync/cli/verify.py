"""`verify`: is everything still what the journal says."""

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say
from ledgersync.cli.words import ledger_words
from ledgersync.errors import ExitCode


@click.command()
@json_option
@pass_app
@click.pass_context
def verify(ctx: click.Context, app: App, as_json: bool) -> None:
    """重放日志，与主台账和存档原件核对；主台账的手工修改先收进来，另行说明。"""
    from ledgersync.sync.history.verify import verify as verify_session
    from ledgersync.sync.session import open_session

    workspace = app.workspace()
    with open_session(workspace, "verify") as session:
        verdict = verify_session(session)
    if as_json:
        emit_json(
            {
                "format": "ledgersync.verify/v1",
                "ok": not verdict.troubles,
                "troubles": [t.as_json() for t in verdict.troubles],
                "hand_edits": verdict.hand_edits,
                "revisions": verdict.revisions,
                "records": verdict.records,
                "originals": verdict.originals,
            }
        )
    else:
        for ledger in verdict.hand_edits:
            book = ledger_words(workspace.catalog, ledger)
            zh = f"{book}主台账里的手工修改已经收进来"
            say(app.pick(zh, f"Edits by hand in {book} were taken in"))
        for trouble in verdict.troubles:
            say(f"! {app.text(trouble.message)}")
        zh = "有问题，见上。" if verdict.troubles else "一致。"
        en = "trouble, see above." if verdict.troubles else "all sound."
        say(
            app.pick(
                f"{verdict.revisions} 次修订、{verdict.records} 条记录、"
                f"{verdict.originals} 份原件：{zh}",
                f"{verdict.revisions} revisions, {verdict.records} records, "
                f"{verdict.originals} originals: {en}",
            )
        )
    ctx.exit(ExitCode.WORKSPACE if verdict.troubles else ExitCode.DONE)
