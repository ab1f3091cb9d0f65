"""`ledgers`: the ledgers of this unit; a changed one is shown first, and accepted."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import ExitCode
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.sync.migration.effects import Effect
    from ledgersync.sync.migration.files import Assessment

FORMAT = "ledgersync.ledgers/v1"
_STATES = {
    "in_force": message("在用"),
    "waiting": message("文件改了，还没生效：ledgers check 看影响，ledgers accept 生效"),
    "missing": message("文件不见了，仍按原来的办"),
}
_ASSESSED = {
    "new": message("{ledger}：新台账，放进来就能用。"),
    "same": message("{ledger}：与现在用的一样。"),
    "plain": message("{ledger}：不影响已有的数据，放进来就生效。"),
    "migration": message(
        "{ledger}：影响已有的数据，在 ledgersync ledgers accept 之前仍按原来的办。"
    ),
    "refused": message("{ledger}：这样改会弄坏已有的数据，不能生效。"),
}


@click.group()
def ledgers() -> None:
    """本单位的台账定义：查看、加一本、改了以后看影响、生效。"""


@ledgers.command("list")
@json_option
@pass_app
@click.pass_context
def list_ledgers(ctx: click.Context, app: App, as_json: bool) -> None:
    """有哪些台账，定义文件在哪里，是否在用。"""
    from ledgersync.sync.migration.files import ledgers_of

    found = ledgers_of(app.workspace())
    if as_json:
        emit_json({"format": FORMAT, "ledgers": [line.as_json() for line in found]})
    else:
        own = app.text(message("程序自带"))
        rows = [
            (line.id, line.name, line.workbook, line.file or own, app.text(_STATES[line.state]))
            for line in found
        ]
        show_table("", app.headers(message("台账|名称|工作簿|定义文件|状态")), rows)
    waits = any(line.state != "in_force" for line in found)
    ctx.exit(ExitCode.PERSON_NEEDED if waits else ExitCode.DONE)


@ledgers.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@pass_app
@click.pass_context
def check_ledgers(ctx: click.Context, app: App, files: tuple[Path, ...], as_json: bool) -> None:
    """一份台账定义会对已有的数据做什么；什么都不改。

    不写文件时看本单位改了还没生效的。影响数据的退出码 1。
    """
    from ledgersync.schema.catalog import ledger_text
    from ledgersync.sync.migration.files import assess
    from ledgersync.sync.opening import open_session

    workspace = app.workspace()
    waiting = [Path(workspace.catalog.sources[name]) for name in _changed(app)]
    with open_session(workspace, "ledgers", write=False) as session:
        found = [assess(session, ledger_text(file), file.name) for file in files or waiting]
    if as_json:
        emit_json({"format": FORMAT, "checked": [_as_json(j) for j in found]})
    else:
        for assessed in found:
            _show(app, assessed)
        if not found:
            app.say(message("没有改了还没生效的台账定义。"))
    needed = any(j.effects for j in found)
    ctx.exit(ExitCode.PERSON_NEEDED if needed else ExitCode.DONE)


def _changed(app: App) -> list[str]:
    """Ledgers whose own file waits."""
    catalog = app.workspace().catalog
    return [name for name, new in catalog.pending.items() if new and name in catalog.sources]


@ledgers.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@pass_app
@click.pass_context
def add_ledger(ctx: click.Context, app: App, file: Path, as_json: bool) -> None:
    """把一份台账定义放进本单位的 ledgers/；影响已有数据的，等 accept 才生效。"""
    from ledgersync.sync.migration.files import add
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "ledgers") as session:
        assessed = add(session, file)
    with open_session(app.workspace(), "ledgers"):
        pass  # what touches no record comes into force
    if as_json:
        emit_json({"format": FORMAT, "added": _as_json(assessed)})
    else:
        _show(app, assessed)
    ctx.exit(ExitCode.PERSON_NEEDED if assessed.effects else ExitCode.DONE)


@ledgers.command("remove")
@click.argument("ledger")
@json_option
@pass_app
def remove_ledger(app: App, ledger: str, as_json: bool) -> None:
    """去掉本单位自己的一本台账（里面没有记录时）；它的空主台账留着。"""
    from ledgersync.sync.migration.files import remove
    from ledgersync.sync.opening import open_session

    workspace = app.workspace()
    with open_session(workspace, "ledgers") as session:
        gone = workspace.relative(remove(session, workspace.catalog.ledger(ledger)))
    if as_json:
        emit_json({"format": FORMAT, "removed": gone})
    else:
        app.say(message("{file} 已去掉。", file=gone))


@ledgers.command("accept")
@click.argument("names", nargs=-1, metavar="LEDGER...")
@click.option("--by", "who", help="谁同意的；不写就是当前登录用户")
@json_option
@pass_app
@click.pass_context
def accept_ledgers(
    ctx: click.Context, app: App, names: tuple[str, ...], who: str | None, as_json: bool
) -> None:
    """让改过的台账定义生效；不写台账时是所有改了还没生效的。

    不再合规则的格子照原样留着，check 会报；去掉的列留在主台账里，不再读。
    以前发出的副本照收：没有动过的格子不算谁的修改。
    """
    from ledgersync.sync.copies.refresh import refresh_copies
    from ledgersync.sync.migration.accept import accept
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish

    workspace = app.workspace()
    with open_session(workspace, "ledgers") as session:
        report = begin(session)
        catalog = workspace.catalog
        wanted = [catalog.ledger(n).id for n in names] or _changed(app)
        done = {n: accept(session, catalog.ledgers[n], who or getpass.getuser()) for n in wanted}
        report = finish(session, report)
        report.refreshed += refresh_copies(session, session.journal.copies.holders())
    if as_json:
        accepted = [{"ledger": n, "effects": [e.as_json() for e in done[n]]} for n in done]
        emit_json({"format": FORMAT, "revision": report.revision, "accepted": accepted})
    else:
        for name, effects in done.items():
            app.say(message("{ledger}：新的定义已生效。", ledger=catalog.ledgers[name].workbook))
            _show_effects(app, effects)
        if not done:
            app.say(message("没有改了还没生效的台账定义。"))
    waits = any(w.status == "pending" for w in report.writes)
    ctx.exit(ExitCode.PERSON_NEEDED if waits else ExitCode.DONE)


def _as_json(assessed: Assessment) -> dict[str, Any]:
    effects = [e.as_json() for e in assessed.effects]
    return {"ledger": assessed.ledger.id, "state": assessed.state, "effects": effects}


def _show(app: App, assessed: Assessment) -> None:
    app.say(_ASSESSED[assessed.state].filled(ledger=assessed.ledger.workbook))
    _show_effects(app, assessed.effects)


def _show_effects(app: App, effects: list[Effect]) -> None:
    for effect in effects:
        app.say(message("· {told}", told=effect.told))
        if effect.examples:
            app.say(message("  如：{examples}", examples=list(effect.examples)))
