"""Sheets as small text tables inside a test, read by the real recogniser.

    序号 | 姓名 | 身份证号
    1    | 王芳 | 360702193510242202

Cells are texts; a whole number is a number (`'3` stays text); merged ranges are given as `A1:C1`.
"""

import re
from datetime import date

from ledgersync.model import Finding, TableData, column_number
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.read.grid import Book, Grid, Merge
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
