"""The frame of a list that people fill in: title, hint, headers, and the look of its cells."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.errors import UnreadableFile
from ledgersync.messages import Message
from ledgersync.workbook.broken import DAMAGE
from ledgersync.workbook.pages import set_up_page

HEADER_ROW = 3
_FONT = "微软雅黑"
_THIN = Side(style="thin", color="BFBFBF")
Headers = Sequence[tuple[str, int]]  # with the width of each column


def headline(
    sheet: Worksheet, title: str, hint: str, headers: Headers, *, hint_height: int, height: int
) -> None:
    """Title and hint over the whole width, and the headers in their row of that height (points)."""
    last = get_column_letter(len(headers))
    sheet["A1"], sheet["A2"] = title, hint
    sheet["A1"].font = Font(name=_FONT, size=16, bold=True)
    for line in (1, 2):
        sheet.merge_cells(f"A{line}:{last}{line}")
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="center")
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[2].height = hint_height
    for column, (text, width) in enumerate(headers, 1):
        cell = sheet.cell(HEADER_ROW, column, text)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F5496")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[HEADER_ROW].height = height


def lines_of(
    path: Path, sheet: str, is_none: Message, next_step: Message
) -> list[tuple[object, ...]]:
    """The values below the headers. Raises UnreadableFile where the file is no such list."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows: list[tuple[object, ...]] = list(
            book[sheet].iter_rows(min_row=HEADER_ROW + 1, values_only=True)
        )
        book.close()
    except DAMAGE as error:
        raise UnreadableFile(is_none, next_step) from error
    return rows


def printed(sheet: Worksheet, unit: str, first_free: str) -> None:
    """Headers stay in sight and stand on each printed page; columns before `first_free` stay."""
    sheet.freeze_panes = f"{first_free}{HEADER_ROW + 1}"
    set_up_page(sheet, f"{unit}　{sheet.title}", header_row=HEADER_ROW)


def framed(
    cell: Cell | MergedCell, *, horizontal: str | None = None, is_open: bool = False
) -> None:
    """A cell of the list; an open one is to be filled in."""
    cell.font = Font(name=_FONT, size=10)
    cell.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal=horizontal)
    if is_open:
        cell.fill = PatternFill("solid", fgColor="FFF2CC")
        cell.protection = Protection(locked=False)
