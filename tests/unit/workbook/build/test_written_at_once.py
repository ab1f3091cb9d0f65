"""What we write a row or a cell at a time is, byte for byte, what XlsxWriter writes."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledgersync.schema import load_catalog
from ledgersync.workbook.build.growing import GrowingSheet, RowsOfOneLook, of_other_look
from ledgersync.workbook.build.keys import FilledSheet
from ledgersync.workbook.build.layout import FIRST_ROW, Proposals, SheetRows, TableLayout
from ledgersync.workbook.build.native.known import native_table
from ledgersync.workbook.build.native.table_rules import names_of_table
from ledgersync.workbook.build.packing import BuiltWorkbook

CATALOG = load_catalog()

Columns = dict[int, tuple[str, int]]  # by column: a name, its last row


def sheet_of(made: type[Worksheet], columns: Columns) -> bytes:
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "default_row_height": 27})
    sheet = book.add_worksheet("键", made)
    for column, (name, last) in columns.items():
        if isinstance(sheet, FilledSheet):
            sheet.fill(column, name, last)
            continue
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column - 1, f"={name}", None, "")
    sheet.very_hidden()
    book.close()
    return ZipFile(content).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("ends", [(40, 40, 23, 200), (16, 17, 32, 33), (4, 15, 31, 31), (48, 200)])
def test_columns_of_one_formula(ends: tuple[int, ...]) -> None:
    columns = {3 * n + 1: (f"LS_{n}_rk", last) for n, last in enumerate(ends)}
    assert sheet_of(FilledSheet, columns) == sheet_of(GrowingSheet, columns)


TEXTS = (
    "王芳",
    " 前后空 ",
    "<&>\"'",
    "a\nb",
    "",
    "1.0",
    "=不是公式",
    "\x07",
    "_x0041_",
    "王芳",
    "　",
)
DAY = date(2024, 2, 29)


def rows_of_table(book: Workbook, made: type[Worksheet]) -> ZipFile:
    """One table of two kinds of rows, put at once or written cell by cell; the file it becomes."""
    sheet = book.add_worksheet("表", made)
    book.set_properties({"created": datetime(2024, 6, 1)})
    look, day_look = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    other = book.add_format({"italic": True})
    sheet.set_column(0, 0, 9, look)
    sheet.write_string(0, 0, "标题", look)
    sheet.set_row(2, 40)
    columns = [{"header": name} for name in ("文", "日", "数", "式")]
    formula = '=IF(A4="<%",CONCAT(1,2),2)'
    columns[3]["formula"] = formula
    if isinstance(sheet, GrowingSheet):
        sheet.declare_table(3, 14, "tbl_a", columns)
        put_rows(sheet, RowsOfOneLook(4, (look, day_look, look, look), (look, other)), formula)
    else:
        sheet.add_table(2, 0, 13, 3, {"name": "tbl_a", "style": None, "columns": columns})
        write_cells(sheet, (look, day_look, other), formula)
    if isinstance(book, BuiltWorkbook):
        return ZipFile(BytesIO(book.packed()))
    book.close()
    return ZipFile(book.filename)


def put_rows(sheet: GrowingSheet, rows: RowsOfOneLook, formula: str) -> None:
    inside = sheet.formula_inside(formula)
    for number, text in enumerate(TEXTS):
        place = of_other_look(1, sheet.number_inside(0.1)) if number % 2 else sheet.day_inside(DAY)
        cells = (sheet.text_inside(text), place, sheet.number_inside(number / 7), inside)
        rows.add(cells, 33 if number == 2 else None)
    sheet.put(rows)


def write_cells(sheet: Worksheet, looks: Sequence[Format], formula: str) -> None:
    look, day_look, other = looks
    for number, text in enumerate(TEXTS):
        row = 3 + number
        sheet.write_string(row, 0, text, look)
        if number % 2:
            sheet.write_number(row, 1, 0.1, other)
        else:
            sheet.write_datetime(row, 1, DAY, day_look)
        sheet.write_number(row, 2, number / 7, look)
        sheet.write_formula(row, 3, formula, look, "")
    sheet.set_row(5, 33)


def test_rows_of_a_table() -> None:
    """Put at once by us, and a cell at a time by XlsxWriter's own workbook: all of the file."""
    at_once = rows_of_table(BuiltWorkbook(), GrowingSheet)
    plain = Workbook(BytesIO(), {"in_memory": True, "default_row_height": 27})
    by_cell = rows_of_table(plain, Worksheet)
    assert at_once.namelist() == by_cell.namelist()
    for name in at_once.namelist():
        written = by_cell.read(name)
        if name == "xl/worksheets/sheet1.xml":
            written = written.replace(b' customHeight="1"', b"")
        assert at_once.read(name) == written, name
    assert b"_xlfn.CONCAT" in at_once.read("xl/tables/table1.xml")


LAYOUTS = st.builds(
    TableLayout,
    st.sampled_from([table for ledger in CATALOG for table in ledger.tables]),
    st.builds(
        SheetRows,
        st.sampled_from([0, 1, 40, 2990, 5200]).map(
            lambda n: tuple((f"R{i}", ()) for i in range(n))
        ),
        st.sampled_from([(), ("RA",), ("RA", "RB")]),
    ),
    st.sampled_from(["primary", "copy", "template"]),
    st.sampled_from([Proposals(), Proposals({"grid": "第1网格"})]),
)


@given(layout=LAYOUTS, first_key=st.sampled_from([1, 7]))
@settings(max_examples=25, deadline=None)
def test_names_made_before_are_those_made_anew(layout: TableLayout, first_key: int) -> None:
    assert native_table(layout, first_key) == names_of_table(layout, first_key)


def test_names_follow_a_changed_table() -> None:
    table = CATALOG.table("dibao", "households")
    renamed = table.changed(fields=tuple(f.changed(header=f"{f.header}甲") for f in table.fields))
    for changing in (table, renamed, table):
        layout = TableLayout(changing, SheetRows(), "copy")
        assert native_table(layout) == names_of_table(layout)
