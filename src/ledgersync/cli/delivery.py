"""`delivery`: where packages are sent by themselves, set without opening a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message

if TYPE_CHECKING:
    from ledgersync.workspace import Workspace
    from ledgersync.workspace.config import Delivery


@click.group()
def delivery() -> None:
    """送达：上报包、回执自动送到哪里（文件夹或邮箱）。"""


@delivery.command("list")
@json_option
@pass_app
def list_deliveries(app: App, as_json: bool) -> None:
    """现在送到哪些地方。"""
    entries = app.workspace().config.delivery
    if as_json:
        found = [entry.as_json() for entry in entries]
        emit_json({"format": "ledgersync.delivery/v1", "deliveries": found})
    elif entries:
        headers = app.headers(message("名称|给谁|送到"))
        show_table("", headers, [_row(app, entry) for entry in entries])
    else:
        app.say(message("还没有写送到哪里。例如：ledgersync delivery add 街道共享 --folder 文件夹"))


def _row(app: App, entry: Delivery) -> list[str]:
    to = entry.unit or app.text(message("上级"))
    where = entry.path or f"{entry.to} ({entry.host})"
    return [entry.name, to, where]


@delivery.command("add")
@click.argument("name", metavar="名称")
@click.option("--folder", "path", metavar="文件夹", help="共享文件夹、网盘同步的文件夹、U 盘")
@click.option("--mail", "to", metavar="邮箱", help="收件人的邮箱")
@click.option("--from", "sender", metavar="邮箱", help="发件人的邮箱")
@click.option("--host", metavar="服务器", help="发件（SMTP）服务器")
@click.option("--port", type=click.IntRange(1, 65535), help="端口；默认 587，tls 为 465")
@click.option("--security", type=click.Choice(["starttls", "tls", "none"]), help="默认 starttls")
@click.option("--user", metavar="登录名", help="登录名；密码放系统钥匙串或环境变量，不写在文件里")
@click.option("--password-env", metavar="变量名", help="密码在哪个环境变量里")
@click.option("--unit", help="送给哪个下级（代码）；不写就是上级")
@click.option("--replace", is_flag=True, help="已有同名的，换成这个")
@json_option
@pass_app
def add(app: App, /, name: str, replace: bool, as_json: bool, **given: Any) -> None:
    """加一处：--folder 文件夹，或 --mail 收件人 --from 发件人 --host 服务器。"""
    from ledgersync.workspace.edits import edit_config, put_entry

    workspace = app.workspace()
    if any(one.name == name for one in workspace.config.delivery) and not replace:
        raise UsageFault(
            message("已经有一处送达叫“{name}”。", name=name),
            message("要换掉它，加 --replace；或换一个名称。"),
        )
    entry = _entry(name, given)
    entry["unit"] = _code(workspace, given["unit"])
    changed = edit_config(workspace.root, lambda document: put_entry(document, "delivery", entry))
    [made] = [one for one in changed.delivery if one.name == name]
    if as_json:
        shown = made.as_json()
        emit_json({"format": "ledgersync.delivery-add/v1", "delivery": shown})
    else:
        app.say(message("已加入：{name} → {where}", name=name, where=_row(app, made)[2]))


def _entry(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """As it stands in the file; raises UsageFault unless it is a folder or a whole mail."""
    mail = given["to"] and given["sender"] and given["host"]
    if bool(given["path"]) == bool(given["to"]) or not (given["path"] or mail):
        raise UsageFault(
            message("要写送到哪里：一个文件夹，或一个邮箱（收件人、发件人、服务器都要写）。"),
            _example(name),
        )
    kind = "folder" if given["path"] else "mail"
    fields = {("from" if key == "sender" else key): value for key, value in given.items()}
    if given["path"]:
        fields["path"] = str(Path(given["path"]).expanduser().absolute())
    return {"name": name, "kind": kind, **fields}


def _code(workspace: Workspace, typed: str | None) -> str | None:
    """The code of a unit below, listed or believed, by code or name; raises UsageFault for
    another."""
    from ledgersync.upward.keys.trust import TrustBook
    from ledgersync.workspace.unitcodes import enclosing_code, full_code

    if typed is None:
        return None
    level, own = workspace.unit.level, full_code(workspace.unit.code)
    listed = [(unit.code, unit.name) for unit in workspace.config.units]
    believed = [(k.unit, k.name) for k in TrustBook(workspace.keys)]
    below = [(c, n) for c, n in believed if full_code(c) != own and enclosing_code(c, level) == own]
    for code, name in (*listed, *below):
        if typed in (name, code) or full_code(code) == full_code(typed):
            return code
    raise UsageFault(
        message("下级里没有“{unit}”。", unit=typed), message("下级单位：ledgersync units list")
    )


def _example(name: str) -> Message:
    return message(
        "例如 ledgersync delivery add {name:sh} --folder 文件夹；或 "
        "ledgersync delivery add {name:sh} --mail 收件人 --from 发件人 --host 服务器",
        name=name,
    )


@delivery.command("remove")
@click.argument("name", metavar="名称")
@json_option
@pass_app
def remove(app: App, name: str, as_json: bool) -> None:
    """去掉一处；已经排队的不再送到那里。"""
    from ledgersync.workspace.edits import drop_entry, edit_config

    workspace = app.workspace()
    names = [one.name for one in workspace.config.delivery]
    if name not in names:
        raise UsageFault(
            message("没有叫“{name}”的送达。", name=name),
            message("现有：{names}。", names=names or [message("无")]),
        )
    edit_config(workspace.root, lambda document: drop_entry(document, "delivery", name))
    if as_json:
        emit_json({"format": "ledgersync.delivery-remove/v1", "name": name})
    else:
        app.say(message("已去掉“{name}”。", name=name))
