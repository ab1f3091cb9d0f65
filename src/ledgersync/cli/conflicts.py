"""`conflicts`: list them, or hand them over as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.words import moment_words
from ledgersync.errors import ExitCode
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.cli.common.conflict_words import ConflictText

_HEADERS = message("编号|台账·表|记录|项目|原值|主台账|提交")
_MARKED = message(
    "带①②的值遮盖以后看着一样，其实不同（号相同的才相同）；原样见 conflicts/冲突清单.xlsx。"
)
_NEXT = message(
    "下一步：在 conflicts/冲突清单.xlsx 的“裁定”一列选好、保存，再运行 ledgersync merge"
    "（watch 开着时会自己收）；\n"
    "或者一条一条来，如 ledgersync resolve {id} --take theirs"
    "（ours 保留主台账，theirs 采用提交，base 恢复原值，也可以直接写一个值）。"
)


@click.command()
@click.option("--export", "target", type=click.Path(path_type=Path), help="导出成带下拉的工作簿")
@json_option
@pass_app
@click.pass_context
def conflicts(ctx: click.Context, app: App, target: Path | None, as_json: bool) -> None:
    """列出待裁定的冲突；个人信息已遮盖，冲突清单.xlsx 里是原样。"""
    from ledgersync.cli.common.conflict_words import conflict_text
    from ledgersync.sync.cases.conflicts import conflict_json, export_conflicts
    from ledgersync.sync.opening import open_session

    with open_session(app.workspace(), "conflicts", write=False) as session:
        cases = session.journal.conflicts.open()
        if as_json:
            found = [conflict_json(session, case) for case in cases]
            emit_json({"format": "ledgersync.conflicts/v1", "conflicts": found})
        else:
            _show(app, [conflict_text(app, session, case) for case in cases])
        if target:
            export_conflicts(session, target)
    if target and not as_json:
        app.say(message("已导出：{target}", target=target))
    ctx.exit(ExitCode.PERSON_NEEDED if cases else ExitCode.DONE)


def _show(app: App, found: list[ConflictText]) -> None:
    if not found:
        app.say(message("没有待裁定的冲突。"))
        return
    headers = app.headers(_HEADERS)
    show_table("", headers, (_line(app, c) for c in found), ruled=True)
    if any(c.marked for c in found):
        app.say(_MARKED)
    app.say(_NEXT.filled(id=found[0].id))


def _line(app: App, c: ConflictText) -> list[object]:
    """Number, where, which record and column; each side's value with who and when beneath."""
    from ledgersync.workspace import clock

    when = moment_words(app, c.at, clock.today())
    ours = "\n".join(t for t in (c.ours, c.ours_by) if t)
    theirs = "\n".join(t for t in (c.theirs, c.theirs_by, when) if t)
    record = f"{c.record}\n{c.record_id}" if app.verbose else c.record  # for `history`
    return [c.id, c.table, record, c.field, c.base, ours, theirs]
