"""`status`: where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.notice_lines import say_offers, show_notice_table
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.words import (
    ledger_words,
    moment_words,
    no_units,
    path_words,
    table_words,
)
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, literal, message

if TYPE_CHECKING:
    from ledgersync.journal import Errand, Letter
    from ledgersync.schema import Catalog
    from ledgersync.sync.session import Session
    from ledgersync.sync.status import HeldLine, Status
    from ledgersync.sync.transfer.moves import GridMove, LateFile
    from ledgersync.upward.units.reported import Report
    from ledgersync.watch.unreadable import Unread
    from ledgersync.watch.watch_log import Heartbeat
    from ledgersync.workspace import Workspace

_MOST_UNITS = 12
_RETURNED = message("谁|台账·表|行|原因")


@click.command()
@json_option
@pass_app
@click.pass_context
def status(ctx: click.Context, app: App, as_json: bool) -> None:
    """收表、冲突、退回、拦下的删除、待写入、谁还没交。"""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.status import status_of
    from ledgersync.sync.transfer.moves import late_files, open_moves
    from ledgersync.watch.unreadable import unread_files
    from ledgersync.watch.watch_log import read_heartbeat

    workspace = app.workspace()
    with open_session(workspace, "status", write=False) as session:
        found = status_of(session)
        unread = unread_files(session)
        late, moving = late_files(session), open_moves(session)
        absent = _absent_units(session)
        from_above = _returns(session)
        undelivered = session.journal.deliveries.waiting()
        receipts = _receipts(session)
        closed = {c.period for c in session.journal.closings.closed()}
    heartbeat = read_heartbeat(workspace.state)
    watching = heartbeat is not None and heartbeat.is_alive
    if as_json:
        more = _waiting_json(unread, late, moving)
        more |= {"units": [r.as_json() for r in absent]} if workspace.config.units else {}
        more["returns"] = [_return_json(letter) for letter in from_above]
        more["deliveries"] = [_errand_json(errand) for errand in undelivered]
        more["receipts"] = [_receipt_json(letter) for letter in receipts]
        emit_json({**found.as_json(), **more, "watching": watching})
    else:
        if not app.quiet:
            _show_counts(app, workspace.catalog, found)
        _show_work(app, workspace.catalog, found)
        _show_waiting(app, workspace.catalog, unread, late, moving)
        if workspace.unit.level == "community" or _has_units(workspace):
            _show_units(app, absent)
        else:
            app.say(no_units())
        _show_returns(app, workspace.catalog, from_above, closed)
        _show_deliveries(app, undelivered, receipts)
        if not app.quiet:
            _show_watch(app, heartbeat)
    asked = found.person_needed or unread or late or moving or absent or from_above
    ctx.exit(ExitCode.PERSON_NEEDED if asked else ExitCode.DONE)


def _returns(session: Session) -> list[Letter]:
    """Periods that the office above returned and that were not submitted anew."""
    if not session.journal.reviews.letters():
        return []
    from ledgersync.upward.letters import open_returns
    from ledgersync.upward.office import Office

    return open_returns(Office(session))


def _return_json(letter: Letter) -> dict[str, object]:
    return {
        "office": letter.office,
        "period": letter.period,
        "version": letter.version,
        "reason": letter.reason,
        "indicators": list(letter.places),
    }


def _receipts(session: Session) -> list[Letter]:
    """What the office above answered last to each version, the newest first."""
    latest: dict[tuple[str, int], Letter] = {}
    for letter in session.journal.reviews.letters():
        if letter.kind == "receipt":
            latest[letter.period, letter.version] = letter
    return list(reversed(latest.values()))[:_MOST_UNITS]


def _receipt_json(letter: Letter) -> dict[str, object]:
    return {
        "office": letter.office,
        "period": letter.period,
        "version": letter.version,
        "status": letter.status,
        "reason": letter.reason,
    }


def _errand_json(errand: Errand) -> dict[str, object]:
    return {
        "target": errand.target,
        "file": errand.file,
        "tries": errand.tries,
        "next": errand.next,
        "fault": errand.fault,
    }


def _show_deliveries(app: App, errands: list[Errand], receipts: list[Letter]) -> None:
    for errand in errands:
        app.say(
            message(
                "还没送出 {file}（{target}，试过 {tries} 次）：{fault}",
                file=errand.file,
                target=errand.target,
                tries=errand.tries,
                fault=errand.fault or message("等着"),
            )
        )
    for letter in receipts:
        told = message("上级已收到 {period} 第 {version} 版")
        if letter.status == "refused":
            told = message("上级没有收 {period} 第 {version} 版：{why}")
        why = (*letter.places, letter.reason or "")[0]
        app.say(told.filled(period=letter.period, version=letter.version, why=why))


def _show_returns(app: App, catalog: Catalog, letters: list[Letter], closed: set[str]) -> None:
    """A closed period answers what it was closed with, until it is opened again."""
    if not letters:
        return
    from ledgersync.upward.letters import returned_words

    for letter in letters:
        text = message("{words}；下一步：改正后 ledgersync submit --period {period}")
        if letter.period in closed:
            text = message(
                '{words}；下一步：ledgersync close {period} --reopen "原因"，改正后再 close、submit'
            )
        app.say(text.filled(words=returned_words(letter, catalog), period=letter.period))


def _waiting_json(
    unread: list[Unread], late: list[LateFile], moving: list[GridMove]
) -> dict[str, object]:
    return {
        "unreadable": [u.as_json() for u in unread],
        "late": [f.as_json() for f in late],
        "moves": [m.as_json() for m in moving],
    }


def _show_counts(app: App, catalog: Catalog, found: Status) -> None:
    app.say(message("{unit}，修订 {revision}", unit=found.unit, revision=found.revision))
    headers = app.headers(message("台账·表|记录"))
    if found.records:
        show_table("", headers, ((path_words(catalog, p), n) for p, n in found.records.items()))
    if not found.conflicts:
        app.say(message("没有待裁定的冲突。"))
    silent = [name for name in found.missing_staff if name not in found.without_copy]
    if silent:
        app.say(message("还没交表：{names}", names=silent))
    if waiting := found.without_copy:
        first = message(
            "还没发副本：{names}；下一步：ledgersync issue --staff {name:sh}",
            names=waiting,
            name=waiting[0],
        )
        app.say(
            first
            if len(waiting) == 1
            else message("{first}（几个人就写几个 --staff）", first=first)
        )
    if found.idle:
        app.say(message("没有要改、要交的：{names}", names=found.idle))


def _show_work(app: App, catalog: Catalog, found: Status) -> None:
    """What waits for a person, each with the command that deals with it."""
    from ledgersync.sync.results import not_in_force

    for name in found.ledgers:
        app.say(not_in_force(ledger_words(catalog, name)))
    if found.conflicts:
        app.say(counted("待裁定冲突 {n} 处；下一步：ledgersync conflicts", n=found.conflicts))
    for h in found.held:
        _show_held(app, table_words(catalog, h.ledger, h.table), h)
    for write in found.pending:
        why = literal(write.reason, "close it where it is open, then merge again")
        book = ledger_words(catalog, write.ledger)
        app.say(message("待写入 {book}：{why}", book=book, why=why))
    if found.returned:
        headers = app.headers(_RETURNED)
        rows = [
            (
                who,
                table_words(catalog, c.ledger, c.table),
                c.sheet_row,
                app.text(literal(c.zh, c.en)),
            )
            for c in found.returned
            for who in [found.successors.get(c.staff, c.staff)]
        ]
        show_table(app.text(message("退回待更正：")), headers, rows)
        _show_who_mends(app, {c.staff: found.successors.get(c.staff) for c in found.returned})
    say_offers(app, found.words)
    for u in found.unsent:
        app.say(u.message)
    if found.notices:
        show_notice_table(app, catalog, found.notices)


def _show_who_mends(app: App, mending: dict[str, str | None]) -> None:
    """What the senders do next; of those who left, what their successors do (None: nobody left)."""
    if None in mending.values():
        app.say(message("下一步：请本人按 returned/<姓名>/ 里的标注更正，再交一次。"))
    for left, taker in mending.items():
        if taker:
            app.say(
                message(
                    "下一步：{left} 已离岗，请 {taker} 对照 returned/{left}/ 里的标注，在自己"
                    "的副本里更正后再交。",
                    left=left,
                    taker=taker,
                )
            )


def _show_held(app: App, table: str, h: HeldLine) -> None:
    if h.year is not None:
        app.say(
            counted(
                "拦下的删除 {id}：{staff} 交来的{table}少了 {n} 行，都是 {year} 年及以前已了结的；"
                "下一步：换年度就归档，上年的数照样算：ledgersync year close {year}；"
                "不是就 ledgersync held release {id} 照删，或 held dismiss {id} 不删",
                h.records,
                id=h.id,
                staff=h.staff,
                table=table,
                year=h.year,
            )
        )
        return
    app.say(
        counted(
            "拦下的删除 {id}：{staff} 交来的{table}少了 {n} 行；下一步："
            "ledgersync held release {id} 照删，或 held dismiss {id} 不删",
            h.records,
            id=h.id,
            staff=h.staff,
            table=table,
        )
    )


def _show_waiting(
    app: App,
    catalog: Catalog,
    unread: list[Unread],
    late: list[LateFile],
    moving: list[GridMove],
) -> None:
    for u in unread:
        if u.rule != "file.unread":  # it says what to do
            app.say(message("没有收 {file}：{why}", file=u.file, why=u.message))
            continue
        why = app.text(u.message).rstrip("。.")
        if u.file not in why:
            why = app.text(message("{file}：{why}", file=u.file, why=why))
        app.say(message("读不了：{why}；下一步：请 {staff} 检查后再存一次", why=why, staff=u.staff))
    for f in late:
        book = ledger_words(catalog, f.ledger)
        app.say(
            message(
                "离岗人员的文件 {file}（{book}）未收，原件已存档；下一步：请接手人核对补录后移走",
                file=f.file,
                book=book,
            )
        )
    for m in moving:
        app.say(
            message(
                "网格交接待接收：{grid}，{giver} → {taker}；下一步：ledgersync staff accept {id}",
                grid=m.grid,
                giver=m.giver,
                taker=m.taker,
                id=m.id,
            )
        )


def _absent_units(session: Session) -> list[Report]:
    """Communities below of which nothing came this month; of a community, none."""
    if session.workspace.unit.level == "community":
        return []
    from ledgersync.upward.units.reported import missing_units  # only offices have units

    return missing_units(session)


def _has_units(workspace: Workspace) -> bool:
    from ledgersync.upward.units.reported import has_units  # only offices have units

    return has_units(workspace)


def _show_units(app: App, absent: list[Report]) -> None:
    """Who has not reported this month, and since when."""
    for r in absent[:_MOST_UNITS]:
        last, since = (r.last or "")[:10], (r.since or "")[:10]
        if last:
            app.say(message("本月还没报：{name}，上一次是 {last}", name=r.unit.name, last=last))
        elif since:
            app.say(message("从没报过：{name}，{since} 列入名单", name=r.unit.name, since=since))
        else:
            app.say(message("从没报过：{name}", name=r.unit.name))
    if len(absent) > _MOST_UNITS:
        more = len(absent) - _MOST_UNITS
        app.say(counted("… 另有 {n} 个单位；全部：ledgersync units list", more))
    if absent:
        app.say(
            message(
                "下一步：把报来的放进 units/inbox/，再运行 ledgersync units inbox；"
                "上报包用 ledgersync receive"
            )
        )


def _show_watch(app: App, heartbeat: Heartbeat | None) -> None:
    if heartbeat is None:
        app.say(message("没有程序守着收件箱（watch 没有运行）"))
    elif heartbeat.is_alive:
        app.say(message("watch 正在运行（{host}）", host=heartbeat.host))
    else:
        from ledgersync.workspace import clock

        at = moment_words(app, heartbeat.when, clock.today())
        app.say(
            message(
                "watch 没有运行：{at} 以后没有动静（{host}）；下一步：ledgersync watch",
                at=at,
                host=heartbeat.host,
            )
        )
