"""`staff`: who works here, who leaves, which grid moves to whom."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.words import field_words
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, counted, listed, message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledgersync.schema import Catalog
    from ledgersync.sync.session import Session
    from ledgersync.sync.staff.people import Person
    from ledgersync.sync.transfer.moves import GridMove
    from ledgersync.workspace.config import Staff


_SHOWN_GRIDS = 8


@click.group()
def staff() -> None:
    """人员：查看、加入、离岗交接、网格交接。"""


@staff.command("list")
@json_option
@pass_app
def list_people(app: App, as_json: bool) -> None:
    """谁在这里工作，负责什么范围，手里有几份副本、几件在办的事；网格交接到哪一步。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.staff.people import list_staff
    from ledgersync.sync.transfer.moves import moves

    with open_session(app.workspace(), "staff", write=False) as session:
        people, moved = list_staff(session), moves(session)
    if as_json:
        staff = [p.as_json() for p in people]
        moving = [m.as_json() for m in moved]
        emit_json({"format": "ledgersync.staff/v1", "staff": staff, "moves": moving})
        return
    catalog = app.catalog()
    headers = app.headers(message("姓名|范围|副本|在办|状态"))
    show_table("", headers, (_person(app, catalog, p) for p in people))
    if moved:
        headers = app.headers(message("编号|网格|转出|接收|状态"))
        title = app.text(message("网格交接"))
        show_table(title, headers, (_move(app, m) for m in moved))


def _person(app: App, catalog: Catalog, p: Person) -> list[object]:
    scope = _scope_words(catalog, p.scope)
    left = app.text(message("已离岗 → {left_to}", left_to=p.left_to)) if p.left_to else ""
    return [p.name, app.text(scope), p.copies, p.duties, left]


def _scope_words(catalog: Catalog, scope: Mapping[str, tuple[str, ...]]) -> Message:
    parts = [
        message("{field}：{values}", field=field_words(catalog, k), values=v or [message("无")])
        for k, v in scope.items()
    ]
    return listed(parts, "；") if parts else message("全部")


def _move(app: App, m: GridMove) -> list[object]:
    from ledgersync.sync.transfer.moves import STATES

    return [m.id, m.grid, m.giver, m.taker, app.text(STATES[m.state])]


@staff.command("add")
@click.argument("name")
@click.option("--grid", "grids", multiple=True, help="负责的网格，可写多次")
@pass_app
def add(app: App, name: str, grids: tuple[str, ...]) -> None:
    """加一个人，或让离岗的人回来；--grid 限定发给此人的台账范围。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.staff.people import add_staff

    with open_session(app.workspace(), "staff") as session:
        is_back = add_staff(session, name, {"grid": grids} if grids else {})
    if is_back:
        app.say(
            message(
                "{name} 离岗以后又回来了，以前的副本仍然作废；"
                "不是同一个人的，请换一个分得开的名字。",
                name=name,
            )
        )
    app.say(message("已加入 {name}；下一步：ledgersync issue --staff {name:sh}", name=name))


@staff.command("set")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="负责的网格，几个用逗号隔开；不限范围写 全部",
)
@click.option("--rename", "new_name", metavar="NAME", help="改名：文件夹、副本、在办的事都跟过去")
@click.option("--phone", help="联系电话")
@json_option
@pass_app
def set_person(
    app: App,
    name: str,
    scopes: tuple[str, ...],
    new_name: str | None,
    phone: str | None,
    as_json: bool,
) -> None:
    """改一个人的范围、姓名或电话；其没有动过的副本随之换新，以往的记录仍署原名。"""
    from ledgersync.sync.staff.people import same_person
    from ledgersync.sync.transfer import change
    from ledgersync.workspace.place import person_folder

    if not (scopes or new_name or phone is not None):
        raise _nothing_to_set()
    passed = 0
    with _changing(app) as session:
        name = same_person(session, name)
        if scopes:
            change.set_scope(session, name, change.typed_scope(scopes))
        if phone is not None:
            change.set_phone(session, name, phone)
        if new_name:
            passed = change.rename(session, name, new_name, getpass.getuser())
            name = person_folder(new_name)
        member, revision = session.workspace.config.staff_member(name), session.journal.log.last
        lost = change.unwatched_grids(session) if scopes else []
    if as_json:
        document = {"name": name, **_member(member), "passed": passed}
        document |= {"unwatched": lost, "revision": revision}
        emit_json({"format": "ledgersync.staff-set/v1", **document})
        return
    if new_name:
        _say_renamed(app, name, passed)
    if scopes:
        _say_scope(app, name, member)
    if phone is not None:
        app.say(message("{name} 的电话已记下。", name=name))
    if lost:
        _say_unwatched(app, lost)


def _member(member: Staff) -> dict[str, object]:
    scope = {k: list(v) for k, v in member.scope.items()}
    return {"scope": scope, "formerly": list(member.formerly)}


def _say_renamed(app: App, name: str, passed: int) -> None:
    app.say(
        counted(
            "已改名为 {name}；{n} 件在办的事随之改名，旧名的文件和副本照收。", passed, name=name
        )
    )


def _say_scope(app: App, name: str, member: Staff) -> None:
    words = _scope_words(app.catalog(), member.scope)
    app.say(message("{name} 的范围：{scope}", name=name, scope=words))


def _say_unwatched(app: App, grids: Sequence[str]) -> None:
    app.say(
        message(
            "现在没有人负责：{grids}；交给谁：ledgersync staff set 姓名 --scope 网格",
            grids=listed(grids[:_SHOWN_GRIDS]),
        )
    )


def _nothing_to_set() -> UsageFault:
    return UsageFault(
        message("没有写要改什么。"),
        message("例如 ledgersync staff set 李强 --scope 第2网格,第3网格"),
    )


@staff.command("leave")
@click.argument("name")
@click.option("--to", "successor", required=True, help="由谁接手")
@json_option
@pass_app
def leave_work(app: App, name: str, successor: str, as_json: bool) -> None:
    """离岗交接：在办的事转给接手人，其副本作废；以往的记录仍署原名。"""
    from ledgersync.sync.transfer.handover import leave

    with _changing(app) as session:
        passed = leave(session, name, successor, getpass.getuser())
        revision = session.journal.log.last
        whole = not session.workspace.config.staff_member(name).scope
        narrow = bool(session.workspace.config.staff_member(successor).scope)
    if as_json:
        document = {"name": name, "to": successor, "passed": passed, "revision": revision}
        emit_json({"format": "ledgersync.staff-leave/v1", **document})
        return
    app.say(
        counted(
            "{n} 件在办的事已转给 {successor}，{name} 的副本已作废。",
            passed,
            successor=successor,
            name=name,
        )
    )
    if whole and narrow:
        app.say(
            message(
                "{name} 原来负责全部范围，{successor} 的范围没有变；"
                "要改：ledgersync staff set {successor:sh} --scope 全部",
                name=name,
                successor=successor,
            )
        )


@staff.command("hand-over")
@click.argument("grid", metavar="网格")
@click.option("--from", "giver", required=True, help="谁转出")
@click.option("--to", "taker", required=True, help="谁接收")
@json_option
@pass_app
def hand_over_grid(app: App, grid: str, giver: str, taker: str, as_json: bool) -> None:
    """转出一个网格；对方接收以前仍由原来的人负责。"""
    from ledgersync.sync.transfer.handover import hand_over

    with _changing(app) as session:
        move = hand_over(session, grid, giver, taker, getpass.getuser())
    _show_move(
        app,
        move,
        as_json,
        message("待接收；下一步：ledgersync staff accept {number}", number=move.id),
    )


@staff.command("accept")
@click.argument("number", type=int, metavar="编号")
@json_option
@pass_app
def accept_grid(app: App, number: int, as_json: bool) -> None:
    """接收一个网格：范围、在管人员、在办问题和副本都随之改过来。"""
    from ledgersync.sync.transfer.handover import accept

    with _changing(app) as session:
        move, passed = accept(session, number, getpass.getuser())
    came = counted("已接收；{n} 件在办的事随之转过来", passed)
    _show_move(app, move, as_json, came, passed=passed)


@staff.command("withdraw")
@click.argument("number", type=int, metavar="编号")
@json_option
@pass_app
def withdraw_grid(app: App, number: int, as_json: bool) -> None:
    """撤回还没有接收的网格交接。"""
    from ledgersync.sync.transfer.handover import withdraw

    with _changing(app) as session:
        move = withdraw(session, number, getpass.getuser())
    _show_move(app, move, as_json, message("已撤回"))


def _show_move(app: App, move: GridMove, as_json: bool, state: Message, **more: int) -> None:
    if as_json:
        emit_json({"format": "ledgersync.staff-move/v1", **move.as_json(), **more})
        return
    app.say(
        message(
            "{grid}：{giver} → {taker}，{state}。",
            grid=move.grid,
            giver=move.giver,
            taker=move.taker,
            state=state,
        )
    )


@contextmanager
def _changing(app: App) -> Iterator[Session]:
    """A session around a change of who does what; everything on disk follows it."""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.primary.write import ingest_hand_edits
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.run import finish

    with open_session(app.workspace(), "staff") as session:
        ingest_hand_edits(session)
        yield session
        finish(session, MergeReport(0))
        write_snapshot_of(session)
