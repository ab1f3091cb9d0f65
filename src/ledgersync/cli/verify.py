"""`verify`: is everything still what the journal says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.notice_lines import say_next, say_notices
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.cli.common.words import ledger_words
from ledgersync.errors import ExitCode
from ledgersync.messages import Message, counted, message

if TYPE_CHECKING:
    from ledgersync.schema import Catalog
    from ledgersync.sync.history.verify import Verdict
    from ledgersync.sync.results import Notice


@click.command()
@click.option("--deep", is_flag=True, help="还要逐条核对编号唯一、每步操作、计数、冲突、副本和印记")
@json_option
@pass_app
@click.pass_context
def verify(ctx: click.Context, app: App, deep: bool, as_json: bool) -> None:
    """重放日志，与主台账和存档原件核对；主台账的手工修改先收进来，另行说明。

    主台账里有没有收进来或存疑的，退出码 1；有损坏或不一致，退出码 4。
    """
    from ledgersync.report.record import Records
    from ledgersync.sync.history.verify import verify as verify_session
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import notices_in_primaries

    workspace = app.workspace()
    with open_session(workspace, "verify") as session:
        verdict = verify_session(session, deep=deep)
        told = notices_in_primaries(session)
    reports = Records.of(workspace).troubles()
    verdict = replace(verdict, troubles=[*verdict.troubles, *reports])
    if as_json:
        emit_json({**_document(verdict, told), "deep": deep})
    else:
        _show(app, workspace.catalog, verdict, told)
    if verdict.troubles:
        ctx.exit(ExitCode.WORKSPACE)
    ctx.exit(ExitCode.PERSON_NEEDED if told else ExitCode.DONE)


def _document(verdict: Verdict, told: list[Notice]) -> dict[str, Any]:
    return {
        "format": "ledgersync.verify/v1",
        "ok": not verdict.troubles and not told,
        "troubles": [t.as_json() for t in verdict.troubles],
        "notices": [n.as_json() for n in told],
        "hand_edits": verdict.hand_edits,
        "revisions": verdict.revisions,
        "records": verdict.records,
        "originals": verdict.originals,
    }


def _show(app: App, catalog: Catalog, verdict: Verdict, told: list[Notice]) -> None:
    for ledger in verdict.hand_edits:
        book = ledger_words(catalog, ledger)
        app.say(message("{book}主台账里的手工修改已经收进来", book=book))
    for trouble in verdict.troubles:
        say(f"! {app.text(trouble.message)}")
    say_notices(app, told)
    app.say(
        message(
            "{revisions}、{records}、{originals}：{verdict}",
            revisions=counted("{n} 次修订", verdict.revisions),
            records=counted("{n} 条记录", verdict.records),
            originals=counted("{n} 份原件", verdict.originals),
            verdict=_verdict(verdict, told),
        )
    )
    say_next(app, {n.in_primary for n in told})


def _verdict(verdict: Verdict, told: list[Notice]) -> Message:
    if verdict.troubles:
        return message("有问题，见上。")
    if told:
        return counted("日志完好；主台账里有 {n} 处没有收进来或存疑，见上。", len(told))
    return message("一致。")
