"""`held`: removals that wait for a person."""

import getpass

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.messages import counted


@click.command()
@click.argument("action", type=click.Choice(["release", "dismiss"]))
@click.argument("number", type=int, metavar="ID")
@click.option("--by", "who", help="谁裁定的；不写就是当前登录用户")
@json_option
@pass_app
def held(app: App, action: str, number: int, who: str | None, as_json: bool) -> None:
    """成批删除被拦下后：release 放行，dismiss 驳回（记录留着）。"""
    from ledgersync.sync.cases.held import dismiss, release
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish

    with open_session(app.workspace(), "held") as session:
        report = begin(session)
        if action == "release":
            count = release(session, number, who or getpass.getuser())
        else:
            count = dismiss(session, number)
        report = finish(session, report)
        write_snapshot_of(session)
    if as_json:
        emit_json(
            {
                "format": "ledgersync.held/v1",
                "id": str(number),
                "action": action,
                "records": count,
                "revision": report.revision,
            }
        )
        return
    if action == "release":
        app.say(counted("已放行，删除 {n} 条记录。", n=count))
    else:
        app.say(counted("已驳回，{n} 条记录留着。", n=count))
    for told in report.messages:
        say(f"! {app.text(told)}")
