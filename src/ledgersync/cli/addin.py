"""`addin install|uninstall|status`: the plugin in Excel and LibreOffice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import LedgerSyncError, UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.plugin.install import AddinState, Application
    from ledgersync.workspace.config import Config

_NAMES = {"excel": "Excel", "libreoffice": "LibreOffice"}
app_option = click.option(
    "--app", "program", type=click.Choice(list(_NAMES)), help="哪个程序；不写为这台电脑上的全部"
)


@click.group()
def addin() -> None:
    """表格插件：安装、卸载、查看；不需要管理员权限。"""


@addin.command()
@app_option
@click.option("--staff", default="", help="以谁的名义提交")
@json_option
@pass_app
def install(app: App, program: Application | None, staff: str, as_json: bool) -> None:
    """安装或更新插件，并记下工作区、姓名和 Python 的位置。"""
    from ledgersync.plugin import install as plugin

    workspace = app.workspace_or_none()
    if workspace is not None:
        _require_known(workspace.config, staff)
    states = [plugin.install(name) for name in _wanted(program)]
    noted = plugin.remember(workspace.root if workspace else None, staff)
    _report(app, "addin.install", states, as_json)
    if not as_json:
        app.say(message("设置记在 {noted}", noted=noted))
        app.say(message("请重开表格程序。"))


def _require_known(config: Config, staff: str) -> None:
    """A list without anybody names nobody wrongly."""
    names = [person.name for person in config.staff]
    if staff and names and staff not in names:
        raise UsageFault(
            message("人员名单里没有 {name}。", name=staff),
            message("名单里有：{names}；新来的请先用 staff add 加上。", names=names),
        )


@addin.command()
@app_option
@json_option
@pass_app
def uninstall(app: App, program: Application | None, as_json: bool) -> None:
    """卸载插件，不留下任何东西。"""
    from ledgersync.plugin import install as plugin

    wanted = _wanted(program)
    removed = [name for name in wanted if plugin.uninstall(name)]
    if as_json:
        emit_json({"format": "ledgersync.addin.uninstall/v1", "removed": removed})
        return
    for name in wanted:
        done = message("已卸载") if name in removed else message("未安装")
        app.say(message("{program}：{state}", program=_NAMES[name], state=done))


@addin.command()
@app_option
@json_option
@pass_app
def status(app: App, program: Application | None, as_json: bool) -> None:
    """插件装在哪里。"""
    _report(app, "addin.status", [_state(app, name) for name in _wanted(program)], as_json)


def _state(app: App, name: Application) -> AddinState:
    """A question is answered even where the program cannot be asked: with the reason."""
    from ledgersync.plugin import install as plugin

    try:
        return plugin.state(name)
    except LedgerSyncError as error:
        return plugin.AddinState(name, False, app.text(error.message))


def _wanted(program: Application | None) -> list[Application]:
    """The named program, else every one that is here; a name that is not here is an error later."""
    from ledgersync.plugin.install import is_present

    if program:
        return [program]
    both: tuple[Application, ...] = ("excel", "libreoffice")
    return [name for name in both if is_present(name)] or ["libreoffice"]


def _report(app: App, command: str, states: list[AddinState], as_json: bool) -> None:
    if as_json:
        emit_json({"format": f"ledgersync.{command}/v1", "addins": [_document(s) for s in states]})
        return
    for state in states:
        here = message("已安装") if state.installed else message("未安装")
        more = " ".join(t for t in (state.version, state.place) if t)
        told = message("{program}：{state}", program=_NAMES[state.app], state=here)
        if more and state.installed:
            told = message("{told} {more}", told=told, more=more)
        elif more:
            told = message("{told}（{more}）", told=told, more=more)
        app.say(told)


def _document(state: AddinState) -> dict[str, Any]:
    return {
        "app": state.app,
        "installed": state.installed,
        "version": state.version or None,
        "place": state.place or None,
    }
