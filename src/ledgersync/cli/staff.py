"""`staff`: who works here."""

import getpass

import click

from ledgersync.cli.aftermath import write_snapshot_of
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table


@click.group()
def staff() -> None:
    """人员：查看、加入、离岗交接。"""


@staff.command("list")
@json_option
@pass_app
def list_people(app: App, as_json: bool) -> None:
    """谁在这里工作，负责什么范围，手里有几份副本、几件在办的事。"""
    from ledgersync.sync.people import list_staff
    from ledgersync.sync.session import open_session

    with open_session(app.workspace(), "staff", write=False) as session:
        people = list_staff(session)
    if as_json:
        emit_json({"format": "ledgersync.staff/v1", "staff": [p.as_json() for p in people]})
        return
    rows = (
        (
            p.name,
            "；".join(f"{k}={'、'.join(v)}" for k, v in p.scope.items()) or "全部",
            p.copies,
            p.duties,
            f"已离岗 → {p.left_to}" if p.left_to else "",
        )
        for p in people
    )
    show_table("", ("姓名", "范围", "副本", "在办", "状态"), rows)


@staff.command("add")
@click.argument("name")
@click.option("--grid", "grids", multiple=True, help="负责的网格，可写多次")
@pass_app
def add(app: App, name: str, grids: tuple[str, ...]) -> None:
    """加一个人；--grid 限定发给此人的台账范围。"""
    from ledgersync.sync.people import add_staff
    from ledgersync.sync.session import open_session

    with open_session(app.workspace(), "staff") as session:
        add_staff(session, name, {"grid": grids} if grids else {})
    say(app.pick(f"已加入 {name}；下一步：issue --staff {name}", f"{name} added."))


@staff.command("leave")
@click.argument("name")
@click.option("--to", "successor", required=True, help="由谁接手")
@json_option
@pass_app
def leave_work(app: App, name: str, successor: str, as_json: bool) -> None:
    """离岗交接：在办的事转给接手人，其副本作废；以往的记录仍署原名。"""
    from ledgersync.sync.merging import finish
    from ledgersync.sync.people import leave
    from ledgersync.sync.primaries import take_in_hand_edits
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.session import open_session

    with open_session(app.workspace(), "staff") as session:
        take_in_hand_edits(session)
        passed = leave(session, name, successor, getpass.getuser())
        report = finish(session, MergeReport(0))
        write_snapshot_of(session)
    if as_json:
        emit_json(
            {
                "format": "ledgersync.staff-leave/v1",
                "name": name,
                "to": successor,
                "passed": passed,
                "revision": report.revision,
            }
        )
        return
    say(
        app.pick(
            f"{passed} 件在办的事已转给 {successor}，{name} 的副本已作废。",
            f"{passed} records passed on to {successor}.",
        )
    )
