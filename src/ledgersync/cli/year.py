"""`year`: last year's rows rest in an archive that is still part of the ledger."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say, show_table
from ledgersync.cli.common.words import table_words
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.year.turn import Turned

FORMAT = "ledgersync.year/v1"
_who = click.option("--by", "who", help="谁办的；不写就是当前登录用户")


@click.group()
def year() -> None:
    """换年度：上年的行归档，汇总、对比、查找照样算。"""


@year.command("close")
@click.argument("number", type=int, metavar="YEAR")
@click.option("--dry-run", is_flag=True, help="只看会移走多少，不写任何东西")
@_who
@json_option
@pass_app
@click.pass_context
def close(
    ctx: click.Context, app: App, number: int, dry_run: bool, who: str | None, as_json: bool
) -> None:
    """把一年（及以前）的走访、已办结的问题、志愿活动移到 archive/<年>/。

    没办结的问题和它引用的走访留下；低保户、重点人员不动。归档仍是台账的一部分：
    汇总、同比、查找、编号、追溯都算它。还在用旧副本的人，交来的照收。
    """
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish
    from ledgersync.sync.year.turn import close_year

    by = who or getpass.getuser()
    with open_session(app.workspace(), "year", write=not dry_run) as session:
        if dry_run:
            turned, waiting = close_year(session, number, by, dry=True), False
        else:
            report = begin(session)
            turned = close_year(session, number, by)
            report = finish(session, report)
            waiting = _waits(report)
            write_snapshot_of(session)
    if as_json:
        action = "dry-run" if dry_run else "close"
        emit_json({"format": FORMAT, "year": number, "action": action, **turned.as_json()})
    else:
        _show_closed(app, number, turned, dry_run=dry_run)
        if not dry_run:
            _say_of(app, report)
    ctx.exit(ExitCode.PERSON_NEEDED if waiting else ExitCode.DONE)


@year.command("open")
@click.argument("number", type=int, metavar="YEAR")
@_who
@json_option
@pass_app
@click.pass_context
def reopen(ctx: click.Context, app: App, number: int, who: str | None, as_json: bool) -> None:
    """把归档的一年放回主台账。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish
    from ledgersync.sync.year.turn import open_year

    with open_session(app.workspace(), "year") as session:
        report = begin(session)
        turned = open_year(session, number, who or getpass.getuser())
        report = finish(session, report)
        write_snapshot_of(session)
    if as_json:
        emit_json({"format": FORMAT, "year": number, "action": "open", **turned.as_json()})
    else:
        app.say(counted("{year} 年已放回主台账：{n} 行。", turned.records, year=number))
        _say_of(app, report)
    ctx.exit(ExitCode.PERSON_NEEDED if _waits(report) else ExitCode.DONE)


@year.command("list")
@json_option
@pass_app
def list_years(app: App, as_json: bool) -> None:
    """已归档的年度，各有多少行、在哪个文件里。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.year.books import archives
    from ledgersync.sync.year.turn import closed_years

    with open_session(app.workspace(), "year", write=False) as session:
        found = [a for a in archives(session) if any(a.tables.values())]
        closed = sorted(closed_years(session))
    rows = [
        (a.year, a.ledger.id, t, len(r), a.file) for a in found for t, r in a.tables.items() if r
    ]
    if as_json:
        keys = ("year", "ledger", "table", "records", "file")
        archived = [dict(zip(keys, row, strict=True)) for row in rows]
        emit_json({"format": FORMAT, "closed": closed, "archives": archived})
        return
    if not rows:
        app.say(message("还没有归档过；下一步：ledgersync year close 年份（先加 --dry-run 看看）"))
        return
    catalog = app.catalog()
    headers = app.headers(message("年度|台账·表|行|文件"))
    show_table("", headers, ((y, table_words(catalog, led, t), n, f) for y, led, t, n, f in rows))


def _show_closed(app: App, number: int, turned: Turned, *, dry_run: bool) -> None:
    catalog = app.catalog()
    headers = app.headers(message("年度|台账·表|行"))
    rows = [(y, table_words(catalog, *key), n) for (key, y), n in turned.moved.items()]
    if rows:
        show_table("", headers, rows)
    if dry_run:
        app.say(
            counted(
                "会归档 {n} 行；什么都没有写。下一步：ledgersync year close {year}",
                turned.records,
                year=number,
            )
        )
    else:
        app.say(
            counted(
                "{year} 年已归档，{n} 行移到 archive 文件夹；要退回：ledgersync year open {year}",
                turned.records,
                year=number,
            )
        )
    for (ledger, table), n in turned.stayed.items():
        app.say(
            counted(
                "{table} 有 {n} 行留下：还没办结，或没办结的问题引用着。",
                n,
                table=table_words(catalog, ledger, table),
            )
        )


def _waits(report: MergeReport) -> bool:
    return any(w.status == "pending" for w in report.writes)


def _say_of(app: App, report: MergeReport) -> None:
    for told in [*report.messages, *(w.message for w in report.writes if w.message)]:
        say(f"! {app.text(told)}")
