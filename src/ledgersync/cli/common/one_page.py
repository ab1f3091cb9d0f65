"""The figures of one page, as `rollup --format` shows or writes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.cli.common.output import say
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.cli.common.app import App
    from ledgersync.report.one_page import Page, PageFormat
    from ledgersync.rollup.figures import RollUp
    from ledgersync.workspace.unitcodes import Level

_SUFFIXES = {"text": ".txt", "md": ".md", "xlsx": ".xlsx"}


def page_formats(text: str | None) -> list[PageFormat]:
    """The formats of `--format`; raises UsageFault for one that is none."""
    if text is None:
        return []
    from ledgersync.report.one_page import FORMATS

    asked = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in asked if part not in FORMATS]
    if unknown or not asked:
        raise UsageFault(
            message("--format 没有“{text}”这一种。", text=unknown[0] if unknown else text),
            message("可用：text、md、xlsx，几种用逗号隔开。"),
        )
    return [name for name in FORMATS if name in asked]


def missing_words(found: RollUp) -> list[Message]:
    """Who is missing, and why, a line for each reason."""
    names: dict[Message, dict[str, None]] = {}
    for missing in found.missing:
        names.setdefault(missing.reason, {})[found.tree.find(missing.unit).unit.name] = None
    return [
        message("缺报：{names}：{reason}", names=list(who), reason=why)
        for why, who in names.items()
    ]


def write_pages(
    app: App,
    found: RollUp,
    formats: Sequence[PageFormat],
    level: Level | None,
    folder: Path | None,
    *,
    keep: bool,
) -> list[Path]:
    """Shows what can be read at once and writes the rest; all of it with a folder, or to `keep`."""
    from ledgersync.files import atomic_write
    from ledgersync.report.one_page import as_markdown, as_text, as_workbook

    target = folder or app.workspace().reports(found.period.text)
    pages, top = _pages(app, found, level), found.tree.nodes[found.tree.root].unit
    written = []
    for name in formats:
        draw = as_markdown if name == "md" else as_text
        content = as_workbook(pages) if name == "xlsx" else "\n".join(map(draw, pages))
        if isinstance(content, str) and not (folder or keep):
            say(content)
            continue
        path = target / f"一页数-{top.name}-{found.period.text}{_SUFFIXES[name]}"
        target.mkdir(parents=True, exist_ok=True)
        atomic_write(path, content)
        written.append(path)
    return written


def _pages(app: App, found: RollUp, level: Level | None) -> list[Page]:
    """The page of this unit, or of every one of a level."""
    from ledgersync.report.one_page import page_of
    from ledgersync.rollup.period.months import caution
    from ledgersync.workspace.clock import today

    top, day, catalog = found.tree.nodes[found.tree.root].unit, today(), app.catalog()
    units = [n.unit for n in found.tree if n.unit.level == level] if level else [top]
    unfinished = caution(found.period, day)
    notes = [*([unfinished] if unfinished else []), *missing_words(found)]
    return [page_of(found, unit, catalog, day, app.lang, notes) for unit in units]
