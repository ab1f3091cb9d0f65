"""What we write a row or a cell at a time is, byte for byte, what XlsxWriter writes."""

from io import BytesIO
from zipfile import ZipFile

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.keys import FilledSheet
from ledgersync.workbook.build.layout import FIRST_ROW

COLUMNS = {1: ("LS_a_rk", 40), 2: ("LS_a_k1", 40), 4: ("LS_b_rk", 23), 30: ("LS_c_rk", 200)}


def sheet_of(made: type[Worksheet]) -> bytes:
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "default_row_height": 27})
    sheet = book.add_worksheet("键", made)
    for column, (name, last) in COLUMNS.items():
        if isinstance(sheet, FilledSheet):
            sheet.fill(column, name, last)
            continue
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column - 1, f"={name}", None, "")
    sheet.very_hidden()
    book.close()
    return ZipFile(content).read("xl/worksheets/sheet1.xml")


def test_columns_of_one_formula() -> None:
    assert sheet_of(FilledSheet) == sheet_of(GrowingSheet)


def cells_of(made: type[Worksheet]) -> tuple[bytes, bytes]:
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("表", made)
    look, column_look = book.add_format({"bold": True}), book.add_format({"italic": True})
    sheet.set_column(2, 2, 9, column_look)
    for row, text in enumerate(
        ("王芳", " 前后空 ", "<&>\"'", "a\nb", "", "1.0", "=不是公式", "\x07")
    ):
        sheet.write_string(row, 0, text, look)
        sheet.write_string(row, 1, text)
        sheet.write_string(row, 2, text)
        sheet.write_blank(row, 3, None, look)
        sheet.write_blank(row, 4, None)
        sheet.write_number(row, 5, row, look)
        sheet.write_boolean(row, 6, bool(row % 2), look)
        sheet.write_formula(row, 7, '=IF(A1="<",1,2)', look, "")
        sheet.write_rich_string(row, 8, "一", look, "二", "三", look)
    book.close()
    parts = ZipFile(content)
    return parts.read("xl/worksheets/sheet1.xml"), parts.read("xl/sharedStrings.xml")


def test_cells_of_every_kind() -> None:
    assert cells_of(GrowingSheet) == cells_of(Worksheet)
