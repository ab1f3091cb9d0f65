"""The formats a report can be written in: a new one is one more entry."""

from collections.abc import Sequence

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.report.content import Shown
from ledgersync.report.job import Drawn, Job, Writer
from ledgersync.report.pdf import as_pdf, without_sheets
from ledgersync.report.summary import SCREEN_SHEETS


def _pdf(job: Job) -> Sequence[Drawn]:
    """Of the workbooks and the work summary, with their anchors."""
    sources = [*job.workbooks, *job.letters]
    made = as_pdf({drawn.name: _on_paper(drawn) for drawn in sources})
    return [
        Drawn("pdf", f"{d.name.rpartition('.')[0]}.pdf", made[d.name], _places(d)) for d in sources
    ]


def _on_paper(drawn: Drawn) -> bytes:
    """A workbook without the sheets that are there to be searched on a screen."""
    return without_sheets(drawn.data, SCREEN_SHEETS) if drawn.format == "xlsx" else drawn.data


def _places(drawn: Drawn) -> dict[str, Shown]:
    """Of a document, the named places that LibreOffice makes of bookmarks: `_` is `5F` there."""
    if drawn.format == "docx":
        return {anchor.replace("_", "5F"): shown for anchor, shown in drawn.figures.items()}
    return {a: s for a, s in drawn.figures.items() if a.rpartition("!")[0] not in SCREEN_SHEETS}


WRITERS: dict[str, Writer] = {
    "xlsx": lambda job: job.workbooks,
    "docx": lambda job: job.letters,
    "html": lambda job: job.pages,
    "pdf": _pdf,
}


def formats_of(text: str | None) -> list[str]:
    """The formats of `xlsx,docx`, all of them without; raises UsageFault for an unknown one."""
    asked = [part.strip().lower() for part in (text or ",".join(WRITERS)).split(",")]
    for name in filter(None, asked):
        if name not in WRITERS:
            raise UsageFault(
                message("没有格式 {name}。", name=name),
                message("可用的格式：{formats}。", formats=list(WRITERS)),
            )
    return [name for name in WRITERS if name in asked]
