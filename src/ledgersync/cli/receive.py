"""`receive`: packages from units below, verified and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import ExitCode
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.upward.reception import Received


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@json_option
@pass_app
@click.pass_context
def receive(ctx: click.Context, app: App, files: tuple[Path, ...], as_json: bool) -> None:
    """收下级的上报包：先验签名和内容，再收；每个收过的版本都留着。

    不写文件就收 units/inbox 和 extra_inbox 里的。有一份没有收，退出码 1，并说明为什么、怎么办。
    """
    from ledgersync.upward.arriving import answer, take_waiting, waiting
    from ledgersync.upward.delivery import deliver
    from ledgersync.upward.office import office_session
    from ledgersync.upward.reception import Reception

    with office_session(app.workspace(), "receive") as office:
        if files:
            found = Reception(office, office.session.today).take(files)
        else:
            found = take_waiting(office, list(waiting(office.workspace)))
        answer(office, found)
        deliver(office)
    if as_json:
        emit_json({"format": "ledgersync.receive/v1", "packages": [package_json(r) for r in found]})
    else:
        for one in found:
            show_received(app, one)
    refused = any(r.status == "refused" for r in found)
    ctx.exit(ExitCode.PERSON_NEEDED if refused else ExitCode.DONE)


def package_json(found: Received) -> dict[str, object]:
    return {
        "file": str(found.file),
        "unit": found.unit,
        "name": found.name,
        "period": found.period,
        "version": found.version,
        "status": found.status,
        "reason": found.reason,
        "message": found.refusal.message.zh if found.refusal else None,
        "signed": found.signed,
        "encrypted": found.encrypted,
        "notes": [note.zh for note in found.notes],
    }


def show_received(app: App, found: Received) -> None:
    """One line per package, and what to do where it was refused."""
    from ledgersync.upward.arriving import received_words

    if found.refusal:
        app.complain(received_words(found))
        return
    app.say(received_words(found))
    if found.status == "duplicate" or found.kind != "figures":
        return
    if not found.signed:
        app.complain(message("! 这份包没有签名，无法证明是谁做的。"))
    for note in found.notes:
        app.complain(message("! {note}", note=note))
