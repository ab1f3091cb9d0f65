"""`purge`: originals whose time is over."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.sync.history.purge import Purge


@click.command()
@click.option("--dry-run", is_flag=True, help="只看会清理哪些，不写任何东西")
@click.option("--by", "who", help="谁办的；不写就是当前登录用户")
@json_option
@pass_app
def purge(app: App, dry_run: bool, who: str | None, as_json: bool) -> None:
    """清理过了保存年数的原件（settings set 原件保存年数 5）。

    清理的是交来的文件本身；合并进台账的内容、日志、撤销、追溯、关账的数都不动。
    还有退回、存疑、冲突没办完的，到了年数也留下。每一份都记入日志的审计记录。
    """
    from ledgersync.sync.history.purge import purge_originals
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "purge", write=not dry_run) as session:
        found = purge_originals(session, who or getpass.getuser(), dry=dry_run)
    if as_json:
        emit_json(
            {
                "format": "ledgersync.purge/v1",
                "action": "dry-run" if dry_run else "purge",
                "before": found.before.isoformat(),
                "originals": [{"file": a.file, "sha256": a.sha256} for a in found.gone],
                "bytes": found.bytes,
                "kept": [{"file": a.file, "sha256": a.sha256} for a in found.kept],
            }
        )
    else:
        _show(app, found, dry=dry_run)


def _show(app: App, found: Purge, *, dry: bool) -> None:
    day, size = found.before.isoformat(), f"{found.bytes / 1024:,.0f}"
    if not found.gone:
        app.say(message("没有 {day} 以前的原件要清理。", day=day))
    elif dry:
        app.say(
            counted(
                "会清理 {day} 以前的 {n} 份原件（{size} KB）：以后不能再取出这些文件本身，"
                "verify 只核对它们的校验值。什么都没有写；下一步：ledgersync purge",
                len(found.gone),
                day=day,
                size=size,
            )
        )
    else:
        app.say(
            counted(
                "已清理 {day} 以前的 {n} 份原件（{size} KB）；校验值和合并进来的内容都在。",
                len(found.gone),
                day=day,
                size=size,
            )
        )
    if found.kept:
        app.say(counted("{n} 份到了年数但还有没办完的事，留下：ledgersync status", len(found.kept)))
