"""`resolve`: decisions, one by id or a whole conflict workbook."""

import getpass
from pathlib import Path

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import counted, message


@click.command()
@click.argument("what", metavar="ID|FILE")
@click.option("--take", help="ours 保留主台账，theirs 采用提交，base 恢复原值，或直接写一个值")
@click.option("--by", "who", help="谁裁定的；不写就是当前登录用户")
@json_option
@pass_app
@click.pass_context
def resolve(
    ctx: click.Context, app: App, what: str, take: str | None, who: str | None, as_json: bool
) -> None:
    """裁定冲突：按编号一条，或交回填好的冲突清单。"""
    from ledgersync.sync.cases.decisions import resolve as resolve_one
    from ledgersync.sync.cases.decisions import take_decisions
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish
    from ledgersync.workbook.lists.conflict_lines import Decision

    who = who or getpass.getuser()
    with open_session(app.workspace(), "resolve") as session:
        report = begin(session)
        if what.isdigit():
            if take is None:
                raise _no_choice()
            kind = take if take in ("ours", "theirs", "base") else "value"
            done = [resolve_one(session, Decision(int(what), kind, take), who)]
        else:
            done = take_decisions(session, _existing(what), who)
        report = finish(session, report)
        write_snapshot_of(session)
    failed = [r for r in done if not r.done]
    if as_json:
        emit_json(
            {
                "format": "ledgersync.resolve/v1",
                "revision": report.revision,
                "resolved": [r.as_json() for r in done],
            }
        )
    else:
        app.say(counted("已裁定 {n} 处。", len(done) - len(failed)))
        for r in failed:
            app.say(message("! {id}：{reason}", id=r.id, reason=r.message))
    ctx.exit(ExitCode.PERSON_NEEDED if failed else ExitCode.DONE)


def _existing(what: str) -> Path:
    from ledgersync.workbook.read import refusals

    path = Path(what)
    if not path.is_file() and path.suffix:
        raise refusals.missing(path.name)
    if not path.is_file():
        raise UsageFault(
            message("{what} 既不是冲突编号，也不是文件。", what=what),
            message("请用 ledgersync conflicts 查看编号。"),
        )
    return path


def _no_choice() -> UsageFault:
    return UsageFault(
        message("没有说怎么裁定。"),
        message("请加上 --take ours、theirs、base，或直接写一个值。"),
    )
