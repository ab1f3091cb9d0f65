"""A list as a workbook to print: title, conditions, a header on every page, rows that can be read.

Columns get the width that their texts need, so that as many as possible fit across a page of A4
at a size that a person can read; the print area ends with the last row.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.messages import counted
from ledgersync.model import Row
from ledgersync.schema import FieldSchema
from ledgersync.values import shown
from ledgersync.workbook import a4
from ledgersync.workbook.build.packing import BuiltWorkbook
from ledgersync.workbook.build.paper import landscape_page
from ledgersync.workbook.build.styles import DARK, PALE, Styles
from ledgersync.workbook.lines import height_of, line_count, units

READABLE = 0.8  # of 10 points: smaller type is not for everybody
_NARROWEST, _WIDEST = 6.0, 36.0
_LONGEST = 31  # characters of a sheet's name
_ROW_HEIGHT = 15.0  # points, of a row without a record
_TOP = 3  # rows above the records: title, caption, header


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list shows: `numbered` puts a running number before the first column.

    `groups` says of each row which group it is of: every group has a sheet of its own, because
    programs pass over page breaks on a page that is fitted. `paper` is A4 or A3, as a page set-up
    calls it.
    """

    title: str
    caption: str
    fields: tuple[FieldSchema, ...]
    rows: Sequence[Row]  # in the order of `fields`
    owner: str
    numbered: bool = True
    groups: Sequence[str] = ()
    paper: int = a4.PAPER

    def of(self, group: str) -> "ListPage":
        """The rows of one group."""
        rows = [row for row, name in zip(self.rows, self.groups, strict=True) if name == group]
        title = f"{self.title}　{group}"
        caption = f"{self.caption}    " + counted("本表 {n} 行", len(rows)).zh
        return replace(self, title=title, caption=caption, rows=rows, groups=())


def list_workbook(page: ListPage) -> bytes:
    """The workbook as it lies on disk."""
    book = BuiltWorkbook(_ROW_HEIGHT)
    styles, names = Styles(book), dict.fromkeys(page.groups)
    if not names:
        _write(book.add_worksheet("名单"), page, styles)
    for number, group in enumerate(names, 1):
        _write(book.add_worksheet(_sheet_name(group, number)), page.of(group), styles)
    book.set_properties({"title": page.title, "author": page.owner, "company": page.owner})
    return book.packed()


def _sheet_name(group: str, number: int) -> str:
    """A group's name as a sheet may be called; the number tells long ones apart."""
    plain = re.sub(r"[\[\]:*?/\\']", "", group)
    return plain if plain == group and len(plain) < _LONGEST else f"{number} {plain[:20]}".strip()


def fitting(fields: Sequence[FieldSchema], rows: Sequence[Row], paper: int = a4.PAPER) -> int:
    """How many columns, from the left, fit across a page at a readable size; one at least."""
    widths = [5.0, *_widths(fields, rows)]
    some = range(len(fields), 0, -1)
    return next((n for n in some if a4.scale_of(widths[: n + 1], paper=paper) >= READABLE), 1)


def _widths(fields: Sequence[FieldSchema], rows: Sequence[Row]) -> list[float]:
    widths = []
    for i, field in enumerate(fields):
        texts = sorted(units(shown(row[i])) for row in rows)
        usual = texts[int(0.95 * (len(texts) - 1))] if texts else 0.0
        wanted = max(usual + 2.5, min(units(field.header), 12) + 2.5)
        widths.append(min(_WIDEST, max(_NARROWEST, wanted)))
    return widths


def _write(sheet: Worksheet, page: ListPage, styles: Styles) -> None:
    first = 1 if page.numbered else 0
    widths = [5.0] * first + _widths(page.fields, page.rows)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, page.title, styles.title())
    sheet.set_row(0, 26)
    sheet.write_string(1, 0, page.caption, styles.caption())
    _header(sheet, page, styles, widths)
    for line, row in enumerate(page.rows, _TOP):
        _line(sheet, line, row, page, styles, widths)
    _paper(sheet, page, len(widths))


def _header(sheet: Worksheet, page: ListPage, styles: Styles, widths: Sequence[float]) -> None:
    head = styles.get(
        bold=True, font_color=DARK, bg_color=PALE, border=1, align="center", text_wrap=True
    )
    titles = [*(["序号"] if page.numbered else []), *(f.header for f in page.fields)]
    for column, title in enumerate(titles):
        sheet.write_string(_TOP - 1, column, title, head)
    pairs = zip(titles, widths, strict=True)
    sheet.set_row(_TOP - 1, height_of(max(line_count(t, w) for t, w in pairs)))


def _line(
    sheet: Worksheet,
    line: int,
    row: Row,
    page: ListPage,
    styles: Styles,
    widths: Sequence[float],
) -> None:
    first = 1 if page.numbered else 0
    if page.numbered:
        sheet.write_number(line, 0, line - _TOP + 1, styles.cell("integer"))
    lines = 1
    for column, (field, value) in enumerate(zip(page.fields, row, strict=True), first):
        style = styles.cell(field.type)
        text = shown(value)
        lines = max(lines, line_count(text, widths[column]))
        if value is None:
            sheet.write_blank(line, column, None, style)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            sheet.write_number(line, column, float(value), style)
        else:
            sheet.write_string(line, column, text, style)
    sheet.set_row(line, height_of(lines))


def _paper(sheet: Worksheet, page: ListPage, columns: int) -> None:
    landscape_page(sheet, page.owner)
    sheet.set_paper(page.paper)
    sheet.repeat_rows(_TOP - 1)
    sheet.freeze_panes(_TOP, 0)
    sheet.print_area(0, 0, max(_TOP, _TOP + len(page.rows) - 1), columns - 1)
