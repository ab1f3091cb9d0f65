"""`close`: a period frozen, opened again, and which ones are."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, counted, message

if TYPE_CHECKING:
    from ledgersync.journal import Closing

_STEPS = {"close": message("关账"), "reopen": message("开账")}


@click.command("close")
@click.argument("period", required=False)
@click.option("--reopen", metavar="REASON", help="重新开账，写明原因；关账时的数仍留存")
@click.option("--by", "who", help="谁办的；不写就是当前登录用户")
@json_option
@pass_app
def close(app: App, period: str | None, reopen: str | None, who: str | None, as_json: bool) -> None:
    """关账：一期的数从此按现在的台账；不写期就列出已关账的。

    关账以后，汇总、报表、追溯、上报都答关账时的数；之后台账改了，会说改了哪几项，
    数不变。关账和开账都记入日志的审计记录。
    """
    if period is None:
        if reopen is not None:
            raise UsageFault(
                message("没有写开哪一期的账。"),
                message("写成 ledgersync close 2022-06 --reopen 原因。"),
            )
        _list(app, as_json=as_json)
        return
    closing, figures = _take(app, period, reopen, who or getpass.getuser())
    if as_json:
        emit_json({"format": "ledgersync.close/v1", **_closing_json(closing), "figures": figures})
    else:
        app.say(_done(closing, figures))


def _take(app: App, period: str, reason: str | None, who: str) -> tuple[Closing, int]:
    """The step that was taken, and how many figures are frozen by it."""
    from ledgersync.rollup.running import period_of
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish
    from ledgersync.upward.closing import close_period, reopen_period

    workspace = app.workspace()
    with open_session(workspace, "close") as session:
        asked = period_of(workspace, period, session.today)
        if reason is not None:
            return reopen_period(session, asked, reason, who), 0
        finish(session, begin(session))  # what was typed into the primaries is part of it
        made = close_period(session, asked, who)
        write_snapshot_of(session)
    return made.closing, len(made.found.by_window["current"])


def _closing_json(closing: Closing) -> dict[str, Any]:
    return {
        "period": closing.period,
        "state": "closed" if closing.step == "close" else "open",
        "at": closing.at,
        "by": closing.who,
        "reason": closing.reason,
        "revision": closing.revision,
        "sha256": closing.sha256,
    }


def _done(closing: Closing, figures: int) -> Message:
    if closing.step == "reopen":
        return message(
            "{period} 已重新开账：数又按现在的台账算；办完再运行 ledgersync close {period}。",
            period=closing.period,
        )
    return counted(
        "{period} 已关账，{n} 个数定下了；下一步：ledgersync submit --period {period}",
        figures,
        period=closing.period,
    )


def _list(app: App, *, as_json: bool) -> None:
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "close", write=False) as session:
        steps = session.journal.closings.all()
    if as_json:
        emit_json({"format": "ledgersync.close/v1", "closings": [_closing_json(c) for c in steps]})
        return
    if not steps:
        app.say(message("还没有关过账；下一步：ledgersync close 2022-06"))
        return
    rows = [(c.period, app.text(_STEPS[c.step]), c.at[:16], c.who, c.reason or "") for c in steps]
    show_table("", app.headers(message("期|做了什么|时间|谁|原因")), rows)
