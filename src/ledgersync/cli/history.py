"""`history`: who changed what, when, from which file."""

import getpass

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, show_table

KINDS = {"add": "新增", "edit": "修改", "remove": "删除"}


@click.command()
@click.argument("record")
@click.option("--unmask", "reason", metavar="REASON", help="显示完整个人信息的理由（会记入日志）")
@json_option
@pass_app
def history(app: App, record: str, reason: str | None, as_json: bool) -> None:
    """一条记录的来龙去脉；记录号是隐藏列 _LS_ID 里的那个。"""
    from ledgersync.sync.history import history_of
    from ledgersync.sync.session import open_session

    with open_session(app.workspace(), "history", write=bool(reason)) as session:
        events = history_of(session, record, unmask=bool(reason))
        if reason:
            with session.journal.transaction():
                session.journal.log.event(
                    session.now(), getpass.getuser(), "unmask", record=record, reason=reason
                )
    if as_json:
        emit_json(
            {
                "format": "ledgersync.history/v1",
                "record": record,
                "events": [e.as_json() for e in events],
            }
        )
        return
    headers = ("修订", "时间", "谁", "做了", "项目", "原值", "新值", "来自")
    rows = (
        (
            e.revision,
            e.at[:16].replace("T", " "),
            e.author,
            KINDS.get(e.kind, e.kind),
            e.header,
            e.old,
            e.new,
            e.file,
        )
        for e in events
    )
    show_table("", headers, rows)
