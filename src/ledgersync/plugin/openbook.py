"""The workbook that is open in front of somebody, read by the reader that `check` uses too.

Everything goes through the public xlwings API, so the same code runs under Excel and LibreOffice.
"""

from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import xlwings

from ledgersync.checks import check_workbook
from ledgersync.dataclass import dataclass
from ledgersync.model import Finding, Rows, Stamp, WorkbookData
from ledgersync.schema import Catalog, TableKey
from ledgersync.values import CellError
from ledgersync.workbook.read.layout.choose import Chooser
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderIndex
from ledgersync.workbook.read.layout.sheets import SheetReader
from ledgersync.workbook.stamp_text import FORMULA_SHEETS, PREFIX, STAMP_SHEET, stamp_in

ERROR_TEXTS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "Err:")


@dataclass
class OpenBook:
    """One open workbook; what was read is kept, so make a new one after writing to it."""

    book: xlwings.Book
    catalog: Catalog
    today: date
    references: dict[TableKey, Rows] = field(default_factory=dict)

    @property
    def path(self) -> Path | None:
        """Where it is saved, None for one that never was."""
        path = Path(self.book.fullname)
        return path if path.is_absolute() and path.is_file() else None

    @cached_property
    def stamp(self) -> Stamp | None:
        """What the workbook says of itself in its hidden sheet."""
        if STAMP_SHEET not in sheet_names(self.book):
            return None
        cells = rows_from(self.book.sheets[STAMP_SHEET])
        return stamp_in((row[0], row[1]) for row in cells if len(row) > 1)

    @cached_property
    def data(self) -> WorkbookData:
        """Every table of every sheet."""
        name = Path(self.book.fullname).name
        index = HeaderIndex(self.catalog)
        reader = SheetReader(name, index, Chooser(self.catalog, index), self.today)
        data = WorkbookData(name, "", self.stamp, [])
        for sheet in self.book.sheets:
            if sheet.name not in FORMULA_SHEETS:
                tables, findings = reader.read(Grid(sheet.name, rows_from(sheet)))
                data.tables += tables
                data.findings += findings
        return data

    def findings(self) -> list[Finding]:
        """What `ledgersync check` would say of this workbook as it stands on the screen."""
        return check_workbook(self.data, self.catalog, self.today, self.references)

    def restamp(self, revision: int, digest: str) -> None:
        """Note down which revision the workbook now shows, in both places."""
        now = {"revision": str(revision), "digest": digest}
        sheet = self.book.sheets[STAMP_SHEET]
        for row, cells in enumerate(rows_from(sheet), 1):
            if cells[0] in now:
                sheet.range((row, 2)).value = now[str(cells[0])]
        for name, text in now.items():
            _set_property(self.book, f"{PREFIX}{name}", text)
        self.__dict__.pop("stamp", None)


def sheet_names(book: xlwings.Book) -> list[str]:
    return [sheet.name for sheet in book.sheets]


def rows_from(sheet: xlwings.Sheet) -> list[list[Any]]:
    """All cells from A1 to the last used one, errors as `CellError`, nothing as ""."""
    last = sheet.used_range.last_cell
    block = sheet.range((1, 1), (last.row, last.column))
    rows = block.options(ndim=2, err_to_str=True, empty="").value
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(raw: Any) -> Any:
    if isinstance(raw, str) and raw.startswith(ERROR_TEXTS):
        return CellError(raw)
    return raw


def _set_property(book: xlwings.Book, name: str, text: str) -> None:
    """A custom document property, which xlwings' own API does not reach."""
    if hasattr(book.api, "DocumentProperties"):  # LibreOffice
        properties = book.api.DocumentProperties.UserDefinedProperties
        if properties.PropertySetInfo.hasPropertyByName(name):
            properties.setPropertyValue(name, text)
    else:
        for one in book.api.CustomDocumentProperties:
            if one.Name == name:
                one.Value = text
