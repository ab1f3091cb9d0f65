"""`keys`: this unit's keys, the public part for others, the matching key, whom we believe."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.upward.keys.public import PublicKeys

_FILE = click.Path(path_type=Path)


@click.group()
def keys() -> None:
    """密钥：本单位的密钥，给别人的公钥，相信谁的签名。"""


@keys.command("init")
@click.option("--replace", is_flag=True, help="换新密钥：旧的丢失或泄露时才用，上下级都要重新确认")
@click.option(
    "--keyring", is_flag=True, help="存进系统的钥匙串，不存成文件（要另装一个组件，没装时会说）"
)
@json_option
@pass_app
def init(app: App, replace: bool, keyring: bool, as_json: bool) -> None:
    """生成本单位的密钥（只在本机，只有本人可读）。"""
    from ledgersync.upward.key_exchange import init_keys
    from ledgersync.upward.office import office_session

    with office_session(app.workspace(), "keys") as office:
        made = init_keys(office, getpass.getuser(), replace=replace, keyring=keyring)
    _answer(app, made.public, None, as_json=as_json)
    if as_json:
        return
    app.say(message("下一步：ledgersync keys show -o 文件，把公钥交给上级和下级单位。"))
    if keyring:
        app.say(message("密钥在系统的钥匙串里；定时任务要在登录的会话里跑，才读得到。"))
    if replace:
        app.say(message("旧密钥签的包不再被承认：请上级重新 keys trust 新公钥，下级也要重新确认。"))


@keys.command("show")
@click.option("-o", "file", type=_FILE, help="把公钥写到这个文件，交给对方")
@json_option
@pass_app
def show(app: App, file: Path | None, as_json: bool) -> None:
    """本单位的公钥和指纹；指纹可以在电话里念。"""
    from ledgersync.upward.key_exchange import show_keys
    from ledgersync.upward.office import office_session

    with office_session(app.workspace(), "keys", write=False) as office:
        public = show_keys(office, file)
    _answer(app, public, file, as_json=as_json)


@keys.command("grant")
@click.argument("unit")
@click.option("-o", "file", type=_FILE, help="写到哪个文件，默认在工作区里")
@json_option
@pass_app
def grant(app: App, unit: str, file: Path | None, as_json: bool) -> None:
    """给一个下级单位：本单位的公钥，和跨单位去重用的密钥（只有它打得开）。"""
    from ledgersync.upward.key_exchange import grant_keys, unit_code
    from ledgersync.upward.office import office_session

    with office_session(app.workspace(), "keys") as office:
        public, written = grant_keys(office, unit, file, getpass.getuser())
        name = office.name(unit_code(office, unit))
    _answer(app, public, written, as_json=as_json)
    if not as_json:
        app.say(message("下一步：把文件交给{unit}，由它 keys trust。", unit=name))


@keys.command("trust")
@click.argument("unit")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@pass_app
def trust(app: App, unit: str, file: Path, as_json: bool) -> None:
    """相信一个单位的公钥（先在电话里核对指纹）；授权文件里的密钥一并收下。"""
    from ledgersync.upward.key_exchange import trust_keys
    from ledgersync.upward.office import office_session

    with office_session(app.workspace(), "keys") as office:
        trusted = trust_keys(office, unit, file, getpass.getuser())
    _answer(app, trusted.keys, file, as_json=as_json)
    if as_json:
        return
    app.say(message("请在电话里与对方核对指纹；不一致就不要用。"))
    if trusted.replaced:
        app.say(message("! 原来相信的公钥（指纹 {old}）已换掉。", old=trusted.replaced))
    if trusted.granted:
        app.say(message("已收下跨单位去重用的密钥。"))


def _answer(app: App, public: PublicKeys, file: Path | None, *, as_json: bool) -> None:
    if as_json:
        emit_json(
            {
                "format": "ledgersync.keys/v1",
                "unit": public.unit,
                "name": public.name,
                "fingerprint": public.fingerprint,
                "file": str(file) if file else None,
            }
        )
        return
    app.say(message("{name}（{unit}）", name=public.name, unit=public.unit))
    app.say(message("指纹 {fingerprint}", fingerprint=public.fingerprint))
    if file:
        app.say(message("文件 {path}", path=file))
