"""Sheets as small text tables inside a test, read by the real recogniser.

    序号 | 姓名 | 身份证号
    1    | 王芳 | 36070219351024220X

Cells are texts; a whole number is a number (`'3` stays text); merged ranges are given as `A1:C1`.
"""

import re
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from ledgersync.model import Finding, TableData, Value, WorkbookData, column_number
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.read.layout.grid import Book, Grid, Merge
from ledgersync.workbook.read.reading import tables_of

TODAY = date(2022, 6, 30)
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def grid_of(text: str, merges: str = "", sheet: str = "Sheet1") -> Grid:
    """A sheet from its text table; a line `-` alone is an empty row."""
    lines = [[_cell(c.strip()) for c in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(map(len, lines))
    rows: list[list[object]] = [line + [""] * (width - len(line)) for line in lines]
    rows = [[""] * width if row[0] == "-" and not any(row[1:]) else row for row in rows]
    return Grid(sheet, rows, [_merge(m) for m in merges.split()])


def _cell(text: str) -> object:
    if text.startswith("'"):
        return text[1:]
    return float(text) if re.fullmatch(r"\d{1,8}", text) else text


def _merge(text: str) -> Merge:
    match = _RANGE.fullmatch(text)
    assert match, text
    left, top, right, bottom = match.groups()
    return Merge(int(top), column_number(left), int(bottom), column_number(right))


def read_grids(
    *grids: Grid, file: str = "台账.xlsx", catalog: Catalog | None = None
) -> tuple[list[TableData], list[Finding]]:
    return tables_of(Book(list(grids)), file, catalog or load_catalog(), TODAY)


def read_one(
    text: str, merges: str = "", sheet: str = "Sheet1", file: str = "台账.xlsx"
) -> TableData:
    """The single table of a sheet."""
    tables, _ = read_grids(grid_of(text, merges, sheet), file=file)
    assert len(tables) == 1, [f"{t.ledger}.{t.table}" for t in tables]
    return tables[0]


def fields_of(table: TableData) -> dict[str, str]:
    """Field by header as typed."""
    return {c.header: c.field for c in table.columns}


def skipped_of(table: TableData) -> dict[int, str]:
    return {s.row: s.reason for s in table.skipped}


def save(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with these sheets; texts that look like formulas stay texts."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for n, row in enumerate(rows, 1):
            for column, content in enumerate(row, 1):
                cell = sheet.cell(n, column, content)  # type: ignore[arg-type]
                if (
                    isinstance(content, str)
                    and content[:1] in "=+-@"
                    and not content.startswith("==")
                ):
                    cell.data_type = "s"
    book.save(path)
    return path


PEOPLE: list[object] = ["姓名", "身份证号", "人员类别", "联系电话", "纳入日期", "备注"]
WANG: list[object] = ["王芳", "36070219351024220X", "独居老人", "13800000001", "2021-03-01", "无"]
LI: list[object] = ["李娜", "500113197504263435", "高龄老人", "", "2021-03-02", ""]


def values_of(data: WorkbookData, field: str) -> list[Value]:
    """A field's values over all tables of a file."""
    return [v for t in data.tables for v in t.values.get(field, [])]


def rules_of(data: WorkbookData, field: str) -> list[str]:
    """What the parsers said about a field, in the order of the records."""
    return [
        note.rule
        for t in data.tables
        for (_, name), notes in sorted(t.notes.items())
        if name == field
        for note in notes
    ]


def read_path(path: Path, password: str | None = None) -> WorkbookData:
    """A file read in a child process, as every command does."""
    return read_workbook(path, load_catalog(), today=TODAY, password=password)


def save_text(path: Path, text: str, merges: str = "", sheet: str = "Sheet1") -> Path:
    """A text table as a workbook of one sheet."""
    book = Workbook()
    target = book.active
    assert target is not None
    target.title = sheet
    for n, row in enumerate(grid_of(text).rows, 1):
        for column, content in enumerate(row, 1):
            if content != "":
                target.cell(n, column, content)  # type: ignore[arg-type]
    for merge in merges.split():
        target.merge_cells(merge)
    book.save(path)
    return path
