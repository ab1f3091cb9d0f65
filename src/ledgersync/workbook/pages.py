"""Page set-up of the sheets that are made with openpyxl: lists, summaries, results."""

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.workbook import a4


def set_up_page(
    sheet: Worksheet, owner: str, *, header_row: int | None = None, portrait: bool = False
) -> None:
    """A4, one page wide, numbered; `owner` stands at the foot, a header on every page."""
    sheet.page_setup.orientation = "portrait" if portrait else "landscape"
    sheet.page_setup.paperSize = a4.PAPER
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = a4.SIDES
    margins.top, margins.bottom, margins.header, margins.footer = a4.TOP, a4.BOTTOM, 0.3, a4.FOOTER
    footer = sheet.oddFooter
    assert footer is not None and footer.left is not None  # openpyxl always has them
    assert footer.center is not None and footer.right is not None
    footer.left.text, footer.center.text = a4.foot(owner), "&A"
    footer.right.text = a4.PAGE_NUMBERS
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"


def break_before(sheet: Worksheet, row: int) -> None:
    """A new page begins with this row."""
    sheet.row_breaks.append(Break(id=row - 1))
