"""`demo`: a sample district, all the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, say
from ledgersync.errors import LedgerSyncError
from ledgersync.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledgersync.demo.running import DemoResult
    from ledgersync.workspace import Workspace

PERIOD = "last-half-year"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo", metavar="[DIR]")
@json_option
@pass_app
def demo(app: App, folder: Path, as_json: bool) -> None:
    """建一个示例区（2 街道 6 社区，人物都是虚构的），从收表一直走到汇总。"""
    from ledgersync.demo.running import build_district
    from ledgersync.workspace import Workspace, clock

    today = clock.today()
    root = app.directory / folder

    def step(message: Message) -> None:
        if not app.quiet:
            app.complain(message)

    result = build_district(root, today, step, write_snapshot_of)
    _verify_all(result, step)
    step(message("逐级汇总 …"))
    written = _roll_up(Workspace.open(root), today)
    if as_json:
        emit_json(_document(result, written))
    else:
        _tell(app, result, written)


def _verify_all(result: DemoResult, step: Callable[[Message], None]) -> None:
    """The demo went through only if every community's journal and primaries agree."""
    from ledgersync.sync.history.verify import verify
    from ledgersync.sync.opening import open_session

    step(message("核对：重放日志 …"))
    for workspace in result.communities:
        with open_session(workspace, "verify") as session:
            verdict = verify(session)
        if verdict.troubles:
            raise LedgerSyncError(
                verdict.troubles[0].message,
                message("这是程序的错误，请把上面的话告诉开发者。"),
            )


def _roll_up(district: Workspace, today: date) -> list[Path]:
    from ledgersync.report.summaries import write_summaries
    from ledgersync.rollup.running import period_of, run

    asked = period_of(district, PERIOD, today)
    found = run(district, asked, today).figures(None)
    folder, kept = district.reports(asked.text), district.written_reports
    return write_summaries(found, folder, today, catalog=district.catalog, kept=kept)


def _document(result: DemoResult, written: list[Path]) -> dict[str, object]:
    names = ("applied", "added", "removed", "converged", "conflicts", "returned", "held")
    return {
        "format": "ledgersync.demo/v1",
        "root": str(result.root),
        "files": result.files,
        "changes": {name: result.count(name) for name in names},
        "reports": [str(path) for path in written],
    }


def _tell(app: App, result: DemoResult, written: list[Path]) -> None:
    """What happened, and what to open."""
    first = result.communities[0].root
    say("")
    app.say(
        message(
            "示例区走完了：收表 {files} 份，新增 {added} 条，修改 {applied} 处，"
            "冲突 {conflicts} 处，退回 {returned} 处，拦下成批删除 {held} 行。",
            files=result.files,
            **{name: result.count(name) for name in ("added", "applied", "conflicts", "held")},
            returned=result.returned,
        )
    )
    app.say(message("请打开看看（人物都是虚构的）："))
    places = [
        message("  主台账：{path}", path=first / "primary" / "低保台账.xlsx"),
        message("  冲突清单：{path}", path=first / "conflicts" / "冲突清单.xlsx"),
        message("  退回更正：{path}", path=first / "returned"),
        message("  发出的副本：{path}", path=first / "issued"),
        *(message("  汇总表：{path}", path=path) for path in written[:1]),
    ]
    for place in places:
        app.say(place)
    app.say(message("接着试试：ledgersync -C {first:sh} status", first=first))
