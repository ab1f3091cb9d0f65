"""`review`: what units below submitted, and the steps of its review."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, period_option, show_table
from ledgersync.errors import UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.journal.exchange.reviews import Step
    from ledgersync.upward.expected import Standing
    from ledgersync.upward.office import Office
    from ledgersync.upward.review import Change, Review

_SHOWN = 40
Entry = tuple["Standing", list["Change"]]


@click.command()
@click.argument("unit", required=False)
@period_option
@click.option("--approve", is_flag=True, help="审核通过")
@click.option("--return", "returned", metavar="REASON", help="退回，写明原因；会做成给它的回复文件")
@click.option(
    "--indicator", "places", metavar="ID", multiple=True, help="退回时指明哪个指标，可多次"
)
@click.option("--lock", is_flag=True, help="锁定：这一期的数从此不变")
@click.option("--unlock", "unlocked", metavar="REASON", help="解锁，写明原因")
@click.option(
    "-o", "file", type=click.Path(path_type=Path), help="把状态和两版之间的变化写成工作簿"
)
@click.option("--by", "who", help="谁审核的；不写就是当前登录用户")
@json_option
@pass_app
def review(
    app: App,
    unit: str | None,
    period: str,
    approve: bool,
    returned: str | None,
    places: tuple[str, ...],
    lock: bool,
    unlocked: str | None,
    file: Path | None,
    who: str | None,
    as_json: bool,
) -> None:
    """下级报来的数：列出各单位的状态；或对一个单位审核通过、退回、锁定、解锁。

    不合次序的一步是用法错误（退出码 2），什么都不改。
    """
    from ledgersync.rollup.running import period_of
    from ledgersync.upward.office import office_session
    from ledgersync.upward.review import Review, changes

    step, reason = _step(approve, returned, lock, unlocked)
    if (step and not unit) or (places and step != "return"):
        raise UsageFault(
            message("审核要写明单位；--indicator 只用于 --return。"),
            message("例如 ledgersync review 360702001001 --period 2022-06 --approve。"),
        )
    workspace = app.workspace()
    with office_session(workspace, "review", write=step is not None) as office:
        asked = period_of(workspace, period, office.session.today)
        reviewing = Review(office, asked)
        letter = None
        if unit and step:
            by = who or getpass.getuser()
            letter = _take(reviewing, unit, (step, by, reason, places))
        found = [reviewing.standing(unit)] if unit else list(reviewing.register)
        entries = [(s, changes(office, s)) for s in found]
        if file:
            _write_book(file, entries)
        if as_json:
            emit_json(_document(office, asked.text, entries, letter))
        else:
            _show(app, asked.text, entries, letter)


def _take(
    reviewing: Review, unit: str, step: tuple[Step, str, str | None, tuple[str, ...]]
) -> Path | None:
    """Takes one step (which, by whom, why, about which figures); sends its letter, if any."""
    from ledgersync.upward.delivery import deliver

    letter = reviewing.take(unit, *step)
    if letter:
        deliver(reviewing.office)
    return letter


def _write_book(file: Path, entries: list[Entry]) -> None:
    from ledgersync.upward.review_book import review_book

    review_book(file, entries)


def _step(
    approve: bool, returned: str | None, lock: bool, unlocked: str | None
) -> tuple[Step | None, str | None]:
    """The one step that was asked for, and its reason."""
    asked: dict[Step, bool] = {"approve": approve, "return": returned is not None}
    asked |= {"lock": lock, "unlock": unlocked is not None}
    steps = [name for name, wanted in asked.items() if wanted]
    if len(steps) > 1:
        raise UsageFault(
            message("一次只能做一步：--approve、--return、--lock、--unlock 只写一个。"),
            message("请分几次运行。"),
        )
    reason = returned if returned is not None else unlocked
    if reason is not None and not reason.strip():
        raise UsageFault(
            message("退回和解锁要写明原因。"), message("例如 --return 走访户次与上月相差太大。")
        )
    return (steps[0] if steps else None), reason


def _document(
    office: Office, period: str, entries: list[Entry], letter: Path | None
) -> dict[str, Any]:
    from ledgersync.rollup.document import plain

    units = []
    for standing, changed in entries:
        last = standing.last
        step = standing.steps[-1] if standing.steps else None
        units.append(
            {
                "unit": standing.node.unit.code,
                "name": standing.node.unit.name,
                "state": standing.state,
                "version": last.version if last else None,
                "due": standing.due.day.isoformat(),
                "due_estimated": standing.due.estimated,
                "received": last.at if last else None,
                "on_time": standing.on_time,
                "reason": step.reason if step else None,
                "changed": [
                    {
                        "unit": c.unit,
                        "indicator": c.indicator,
                        "before": plain(c.before),
                        "after": plain(c.after),
                    }
                    for c in changed
                ],
            }
        )
    came = sum(s.last is not None for s, _ in entries)
    in_time = sum(s.on_time is True for s, _ in entries)
    return {
        "format": "ledgersync.review/v1",
        "period": period,
        "unit": office.workspace.unit.code,
        "expected": len(entries),
        "received": came,
        "on_time": in_time,
        "letter": str(letter) if letter else None,
        "units": units,
    }


def _show(app: App, period: str, entries: list[Entry], letter: Path | None) -> None:
    from ledgersync.rollup.handins import STATES

    headers = app.headers(message("单位|状态|版本|应报|收到|按时"))
    rows = []
    for s, _ in entries:
        in_time = {True: message("是"), False: message("否"), None: message("未到期")}[s.on_time]
        last = s.last
        rows.append(
            [
                s.node.unit.name,
                app.text(STATES[s.state]),
                last.version if last else "",
                f"{s.due.day.isoformat()}{app.text(s.due.mark)}",
                last.at[:10] if last else "",
                app.text(in_time),
            ]
        )
    show_table(period, headers, rows)
    for standing, changed in entries:
        for c in changed[:_SHOWN]:
            before, after = c.shown
            text = message("{name}：{indicator} 由 {before} 改为 {after}")
            if c.hidden:
                text = message("{name}：{indicator} 有改动")
            name = standing.node.unit.name
            app.say(text.filled(name=name, indicator=c.name, before=before, after=after))
    if letter:
        app.say(
            message("退回的回复已写出：{path}；下一步：交给该单位，由它 receive。", path=letter)
        )
