"""A second reader for the few packages that calamine does not understand."""

import zipfile
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.values import CellError
from ledgersync.workbook.read.layout.grid import Book, Grid, Merge, Visibility

_MOST_BYTES = 10_000_000
_FAILURES = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    zipfile.BadZipFile,
    InvalidFileException,
)
_VISIBILITY: dict[str, Visibility] = {
    "visible": "visible",
    "hidden": "hidden",
    "veryHidden": "very_hidden",
}


def read_slowly(content: bytes) -> Book | None:
    """The book as openpyxl reads it, None when that fails too (or would take too long)."""
    if len(content) > _MOST_BYTES:
        return None
    try:
        shown = load_workbook(BytesIO(content), data_only=True)
        typed = load_workbook(BytesIO(content))
        return Book([_grid(s, typed[s.title]) for s in shown.worksheets])
    except _FAILURES:
        return None


def _grid(sheet: Worksheet, typed: Worksheet) -> Grid:
    rows = [[_raw(c.value, c.data_type) for c in row] for row in sheet.iter_rows()]
    formulas: dict[int, set[int]] = {}
    for row in typed.iter_rows():
        for cell in row:
            if cell.data_type == "f" and cell.row and cell.column:
                formulas.setdefault(cell.column, set()).add(cell.row)
                if rows[cell.row - 1][cell.column - 1] == "":
                    rows[cell.row - 1][cell.column - 1] = CellError(str(cell.value))
    merges = [Merge(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
    return Grid(sheet.title, rows, merges, _VISIBILITY[sheet.sheet_state], formulas)


def _raw(value: object, data_type: str) -> object:
    if value is None:
        return ""
    return CellError(str(value)) if data_type == "e" else value
