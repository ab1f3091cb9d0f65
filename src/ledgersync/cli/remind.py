"""`remind`: who has not submitted, as a workbook and as texts to paste."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, period_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import literal, message

if TYPE_CHECKING:
    from ledgersync.rollup.period.months import Period
    from ledgersync.schema import Catalog
    from ledgersync.upward.reminders import Reminder

_FORMATS = ("xlsx", "text")


@click.command()
@period_option
@click.option(
    "--format", "formats", default="text", help="xlsx 催报清单、text 短信，可写 xlsx,text"
)
@click.option("-o", "folder", type=click.Path(path_type=Path), help="催报清单写到哪里")
@json_option
@pass_app
@click.pass_context
def remind(
    ctx: click.Context, app: App, period: str, formats: str, folder: Path | None, as_json: bool
) -> None:
    """谁还没报：一家一条可以直接发微信的话，或一张催报清单。

    应报日期按工作日算（ledgersync.toml 的 [rules] due_workdays）。有没报的，退出码 1。
    """
    from ledgersync.rollup.running import period_of
    from ledgersync.upward.office import office_session
    from ledgersync.upward.reminders import reminders

    wanted = [f.strip() for f in formats.split(",") if f.strip()]
    if not wanted or not set(wanted) <= set(_FORMATS):
        raise UsageFault(
            message("--format 只有 xlsx 和 text，这里是“{formats}”。", formats=formats),
            message("例如 --format xlsx,text。"),
        )
    workspace = app.workspace()
    with office_session(workspace, "remind", write=False) as office:
        asked = period_of(workspace, period, office.session.today)
        found = list(reminders(office, asked))
    written = None
    if "xlsx" in wanted:
        written = _workbook(
            workspace.catalog, folder or workspace.reports(asked.text), asked, found
        )
    if as_json:
        emit_json(_document(asked, found, written))
    else:
        _show(app, found, written, texts="text" in wanted)
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)


def _document(period: Period, found: list[Reminder], written: Path | None) -> dict[str, object]:
    return {
        "format": "ledgersync.remind/v1",
        "period": period.text,
        "file": str(written) if written else None,
        "units": [
            {
                "unit": r.standing.node.unit.code,
                "name": r.standing.node.unit.name,
                "missing": list(r.missing),
                "due": r.due.isoformat(),
                "due_estimated": r.standing.due.estimated,
                "days_late": r.standing.days_late,
                "text": r.text.zh,
            }
            for r in found
        ],
    }


def _show(app: App, found: list[Reminder], written: Path | None, *, texts: bool) -> None:
    if not found:
        app.say(message("都报了，没有要催的。"))
    for r in found if texts else ():
        app.say(r.text)
        app.say(literal("", ""))
    if written:
        app.say(message("已写出 {path}", path=written))


def _workbook(catalog: Catalog, folder: Path, period: Period, found: list[Reminder]) -> Path:
    from ledgersync.upward.reminder_book import reminder_book

    path = folder / f"催报-{period.text}.xlsx"
    reminder_book(path, catalog, period, found)
    return path
