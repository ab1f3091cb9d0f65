"""`issue`: copies for a person."""

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--staff", required=True, help="发给谁")
@json_option
@pass_app
def issue(app: App, ledgers: tuple[str, ...], staff: str, as_json: bool) -> None:
    """给人员发台账副本：issued/<姓名>/，不写台账名就是全部。"""
    from ledgersync.sync.create import add_missing_primaries
    from ledgersync.sync.issue import issue_copies
    from ledgersync.sync.session import open_session

    workspace = app.workspace()
    wanted = [workspace.catalog.ledger(name) for name in ledgers]
    with open_session(workspace, "issue") as session:
        add_missing_primaries(session)
        files = [workspace.relative(p) for p in issue_copies(session, staff, wanted)]
    if as_json:
        emit_json({"format": "ledgersync.issue/v1", "staff": staff, "files": files})
        return
    say(app.pick(f"已发给 {staff}：", f"Issued to {staff}:"))
    for file in files:
        say(f"  {file}")
    say(app.pick(f"填好后保存到 inbox/{staff}/ 即可。", f"Filled in, they go to inbox/{staff}/."))
