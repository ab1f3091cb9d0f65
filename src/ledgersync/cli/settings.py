"""`settings`: what an office may set for itself, without opening a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.messages import listed, message

if TYPE_CHECKING:
    from ledgersync.workspace.settings import Setting


@click.group()
def settings() -> None:
    """设置：上报期限、截止日、审核人、另外的收件箱等。"""


@settings.command("list")
@json_option
@pass_app
def list_settings(app: App, as_json: bool) -> None:
    """每一项现在是什么、什么意思。"""
    from ledgersync.workspace.settings import SETTINGS

    config = app.workspace().config
    if as_json:
        entries = [_as_json(setting, setting.of(config)) for setting in SETTINGS]
        emit_json({"format": "ledgersync.settings/v1", "settings": entries})
        return
    rows = [
        [app.text(s.title), _value_words(app, s.of(config)), app.text(s.meaning), s.key]
        for s in SETTINGS
    ]
    show_table("", app.headers(message("设置|现在|意思|键")), rows)
    app.say(message("要改：ledgersync settings set 月报期限 8"))


@settings.command("set")
@click.argument("name", metavar="设置")
@click.argument("values", metavar="值", nargs=-1, required=True)
@json_option
@pass_app
def set_value(app: App, name: str, values: tuple[str, ...], as_json: bool) -> None:
    """改一项；几个值用空格或逗号隔开，如 settings set 审核通过 张主任 李科长。"""
    _change(app, name, values, as_json)


@settings.command("reset")
@click.argument("name", metavar="设置")
@json_option
@pass_app
def reset(app: App, name: str, as_json: bool) -> None:
    """恢复成没有设置过的样子。"""
    _change(app, name, None, as_json)


def _change(app: App, name: str, values: tuple[str, ...] | None, as_json: bool) -> None:
    from ledgersync.workspace.settings import change_setting, setting_named

    setting = setting_named(name)
    value = change_setting(app.workspace(), setting, values)
    if as_json:
        emit_json({"format": "ledgersync.settings-set/v1", **_as_json(setting, value)})
    else:
        words = _value_words(app, value)
        app.say(message("{title}：{value}", title=setting.title, value=words))


def _as_json(setting: Setting, value: Any) -> dict[str, object]:
    return {"name": setting.title.zh, "key": setting.key, "value": value}


def _value_words(app: App, value: Any) -> str:
    if value in (None, "", [], ()):
        return app.text(message("没有写"))
    return app.text(listed(value)) if isinstance(value, list) else str(value)
