"""The 催报 list as a workbook."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties

from ledgersync.files import atomic_write
from ledgersync.rollup.period.months import Period
from ledgersync.schema import Catalog
from ledgersync.upward.reminders import Reminder
from ledgersync.workbook.drawn import keep_texts, workbook_bytes

_HEADERS = ("单位", "单位代码", "缺报台账", "应报日期", "逾期天数", "催报短信")
_WIDTHS = (18, 16, 30, 14, 10, 70)


def reminder_book(path: Path, catalog: Catalog, period: Period, found: Sequence[Reminder]) -> None:
    """Writes who has not submitted, one unit per row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "催报清单"
    sheet.append([f"{period.name}催报清单"])
    sheet.append(list(_HEADERS))
    for r in found:
        names = "、".join(catalog.ledgers[ledger].workbook for ledger in r.missing)
        due = f"{r.due.isoformat()}{r.standing.due.mark.zh}"
        unit = r.standing.node.unit
        sheet.append([unit.name, unit.code, names, due, r.standing.days_late, r.text.zh])
    keep_texts(sheet)
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    atomic_write(path, workbook_bytes(book))
