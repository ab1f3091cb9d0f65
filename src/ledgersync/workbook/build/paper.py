"""How a table lies on paper: A4 across, one page wide, only the rows that are filled.

A primary's print area is whole columns, of which programs print the used rows, so that whoever adds
rows, by hand or by program, finds them on paper; it has no empty rows below. Copies and templates
have hundreds, so theirs ends a few rows below what is filled, for a pen, and a notice says when
entries have gone beyond.
"""

from xlsxwriter.worksheet import Worksheet

from ledgersync.model import column_letters
from ledgersync.workbook import a4
from ledgersync.workbook.build.layout import (
    FIRST_ROW,
    HEADER_ROW,
    ROW_HEIGHT,
    TableLayout,
    width_of,
)
from ledgersync.workbook.build.styles import Styles
from ledgersync.workbook.lines import units

BLANK_ROWS = 10  # printed below the records of a copy
_HEADING_POINTS = 90
_SMALLEST = 0.7  # of the size on the screen: type of 10 points becomes 7
_ONE_COLUMN_LESS = 0.95
_LAST_SHEET_ROW = 1_048_576


def set_up_page(sheet: Worksheet, layout: TableLayout, owner: str) -> None:
    """Paper, margins, print area, repeated rows and footer; `owner` stands at the foot."""
    across = pages_across(layout)
    landscape_page(sheet, owner, across)
    sheet.repeat_rows(HEADER_ROW - 1)
    if across > 1:
        sheet.repeat_columns(0, layout.frozen_columns - 1)
    right = column_letters(len(layout.table.fields))
    # XlsxWriter would shorten all rows to `$A:$U`, which openpyxl drops when it reads a workbook
    sheet.print_area_range = f"{layout.sheet}!$A$1:${right}${last_printed(layout)}"


def landscape_page(sheet: Worksheet, owner: str, across: int = 1) -> None:
    """A4 across, numbered pages, whose sheet it is."""
    sheet.set_landscape()
    sheet.set_paper(a4.PAPER)
    sheet.fit_to_pages(across, 0)
    sheet.set_margins(a4.SIDES, a4.SIDES, a4.TOP, a4.BOTTOM)
    sheet.center_horizontally()
    footer = f"&L{a4.foot(owner)}&C&A&R{a4.PAGE_NUMBERS}"
    sheet.set_footer(footer, {"margin": a4.FOOTER})


def pages_across(layout: TableLayout) -> int:
    """One page, unless the type became too small to read: then two, each with who it is about."""
    return 1 if _scale(layout) >= _SMALLEST else 2


def _scale(layout: TableLayout) -> float:
    """How far the table shrinks (or could grow) to fit across one page."""
    return a4.scale_of([width_of(f) for f in layout.table.fields])


def _printed_scale(layout: TableLayout) -> float:
    """How far it shrinks as it is printed; over several pages the frozen columns are repeated."""
    across = pages_across(layout)
    widths = [width_of(f) for f in layout.table.fields]
    repeated = widths[: layout.frozen_columns] * (across - 1)
    room = _ONE_COLUMN_LESS if across > 1 else 1.0  # pages end between columns
    return min(1.0, room * across * a4.scale_of([*widths, *repeated]))


def last_printed(layout: TableLayout) -> int:
    """The last row of the print area."""
    if layout.kind == "primary":
        return _LAST_SHEET_ROW
    filled = len(layout.rows.records)
    wanted = filled + BLANK_ROWS if filled else _rows_of_a_page(layout)
    return max(FIRST_ROW, min(layout.last_row, FIRST_ROW + wanted - 1))


def _rows_of_a_page(layout: TableLayout) -> int:
    """How many empty rows an empty form shows."""
    height = a4.points_down() / _printed_scale(layout) - _HEADING_POINTS
    return int(height / ROW_HEIGHT) - 1


def write_notice(sheet: Worksheet, layout: TableLayout, styles: Styles, title: str) -> None:
    """Beside the title, once there are entries below the print area; nothing in a primary."""
    last = last_printed(layout)
    if last >= layout.last_checked:
        return
    right = column_letters(len(layout.table.fields))
    below = f"$A${last + 1}:${right}${layout.last_checked}"
    text = f'"已填到第 "&ROW($A${last})&" 行以下，打印前请核对打印区域"'
    filled = f'COUNT({below})+COUNTIF({below},"?*")'
    formula = f'=IF({filled}=0,"",{text})'
    column = first_free_column(layout, 1.7 * units(title))
    sheet.write_formula(0, column, formula, styles.counter(), "")


def first_free_column(layout: TableLayout, taken: float) -> int:
    """The first column, from 0, right of a text of this width in the first one."""
    used = 0.0
    for column, f in enumerate(layout.table.fields):
        if used > taken:
            return column
        used += width_of(f)
    return layout.check_column - 1
