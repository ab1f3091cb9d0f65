"""The figures of a unit on one page, to paste: indicator, this period, the year before, change.

For who has to write two sentences before the reports exist. What is not known is `—`, as in all
reports; lines of which nobody knows anything in either period are left out.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, literal, message
from ledgersync.report.groups import Group, topics
from ledgersync.report.wording import NOTHING, change_text, value_text
from ledgersync.rollup.figures import Line, RollUp
from ledgersync.schema import Catalog
from ledgersync.workbook.build.packing import BuiltWorkbook
from ledgersync.workbook.build.styles import DARK, PALE
from ledgersync.workbook.lines import units as width_of
from ledgersync.workspace import Unit

Row = tuple[str, str, str, str]
PageFormat = Literal["text", "md", "xlsx"]
FORMATS: tuple[PageFormat, ...] = ("text", "md", "xlsx")
HEADERS = message("指标|本期|上年同期|同比")
_WIDTHS = (34.0, 15.0, 15.0, 14.0)
_TALL = 15.0  # points, of a row


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one ledger."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One unit's figures as texts; `title` and `headers` in the reader's language."""

    title: str
    headers: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]


def page_of(
    found: RollUp, unit: Unit, catalog: Catalog, today: date, lang: str, notes: Sequence[Message]
) -> Page:
    """The page of a unit that the roll-up knows."""
    period = literal(found.period.name, found.period.text)
    title = message("{unit}，{period}", unit=unit.name, period=period).text(lang)
    sections = (
        Section(topic.name, tuple(_rows(found, unit.code, topic.plain())))
        for topic in topics(found, catalog)
    )
    counted_on = message("数字截至 {day}；— 为没有或不可比。", day=today.isoformat())
    return Page(
        title,
        tuple(HEADERS.text(lang).split("|")),
        tuple(s for s in sections if s.rows),
        tuple(n.text(lang) for n in (*notes, counted_on)),
    )


def _rows(found: RollUp, unit: str, groups: Sequence[Group]) -> list[Row]:
    rows = []
    for line in (line for group in groups for line in group.lines):
        now, then = found.get(unit, line.id), found.get(unit, line.id, "year_before")
        texts = [_with_measure(value_text(f, line), line) for f in (now, then)]
        if set(texts) != {NOTHING}:
            rows.append((line.name, *texts, change_text(found, unit, line, "year_before")))
    return rows  # type: ignore[return-value]


def _with_measure(text: str, line: Line) -> str:
    bare = line.is_ratio or text == NOTHING or not line.measure
    return text if bare else f"{text}{line.measure}"


def as_text(page: Page) -> str:
    """Columns that stand under each other where letters are twice as wide as digits."""
    table = [page.headers, *page.rows]
    widths = [max(width_of(row[i]) for row in table) for i in range(len(page.headers))]
    lines = [page.title, "", _line(page.headers, widths)]
    for section in page.sections:
        lines += ["", f"【{section.name}】", *(_line(row, widths) for row in section.rows)]
    return "\n".join([*lines, "", *page.notes, ""])


def _line(row: Sequence[str], widths: Sequence[float]) -> str:
    cells = [row[0] + _blank(widths[0] - width_of(row[0]))]
    cells += [
        _blank(w - width_of(text)) + text for text, w in zip(row[1:], widths[1:], strict=True)
    ]
    return "  ".join(cells).rstrip()


def _blank(width: float) -> str:
    return " " * round(width)


def as_markdown(page: Page) -> str:
    """A table as GitHub and most editors read it."""
    lines = [f"## {page.title}", "", _cells(page.headers), "|---|---:|---:|---:|"]
    for section in page.sections:
        lines += [_cells((f"**{section.name}**", "", "", "")), *map(_cells, section.rows)]
    return "\n".join([*lines, "", *page.notes, ""])


def _cells(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def as_workbook(pages: Sequence[Page]) -> bytes:
    """A sheet for each page, each on one sheet of A4."""
    book = BuiltWorkbook(_TALL)
    for number, page in enumerate(pages, 1):
        sheet = book.add_worksheet() if len(pages) > 1 else book.add_worksheet("一页数")
        _draw(book, sheet, page, number)
    return book.packed()


def _draw(book: Workbook, sheet: Worksheet, page: Page, number: int) -> None:
    base = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
    made: Callable[..., object] = lambda **more: book.add_format({**base, **more})  # noqa: E731
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    title = made(bold=True, font_size=15, align="center")
    sheet.merge_range(0, 0, 0, 3, page.title, title)
    sheet.set_row(0, 30)
    head = made(bold=True, font_color="white", bg_color=DARK, align="center", border=1)
    sheet.write_row(1, 0, page.headers, head)
    left, right = made(border=1), made(border=1, align="right")
    group = made(bold=True, bg_color=PALE, border=1)
    at = 2
    for section in page.sections:
        sheet.merge_range(at, 0, at, 3, section.name, group)
        for row in section.rows:
            at += 1
            sheet.write_string(at, 0, row[0], left)
            for i, text in enumerate(row[1:], 1):
                sheet.write_string(at, i, text, right)
        at += 1
    small = made(font_size=9, text_wrap=True)
    for note in page.notes:
        sheet.merge_range(at, 0, at, 3, note, small)
        sheet.set_row(at, _TALL * max(1, round(width_of(note) / 80 + 0.5)))
        at += 1
    sheet.print_area(0, 0, at - 1, 3)
    sheet.repeat_rows(1)
    if number == 1:
        sheet.activate()
