"""A sheet of a workbook as a person edits it: rows by their keys, columns by their headers."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

ID = "_LS_ID"


class Sheet:
    """One sheet of a workbook: finds its header row, its columns, its records by any cell."""

    def __init__(self, ws: Worksheet) -> None:
        self.ws = ws
        self.top = next(r for r in range(1, 13) if self._is_header(r))
        self.columns = {
            str(c.value): c.column for c in ws[self.top] if c.value is not None and c.value != ""
        }

    def _is_header(self, row: int) -> bool:
        texts = {str(c.value) for c in self.ws[row] if c.value is not None}
        return len(texts) >= 3

    def lines(self) -> list[int]:
        """The sheet rows of the records: those with something typed in."""
        return [r for r in range(self.top + 1, self.ws.max_row + 1) if self._is_record(r)]

    def _is_record(self, row: int) -> bool:
        own = {self.columns.get(ID), self.columns.get("校验")}
        cells = [c for c in self.ws[row] if c.column not in own]
        return any(c.value not in (None, "") and not is_formula(c.value) for c in cells)

    def line(self, key: str) -> int:
        """The row of the record that has this text in a cell."""
        return next(r for r in self.lines() if key in [shown_text(c.value) for c in self.ws[r]])

    def texts(self, headers: Sequence[str]) -> list[list[str]]:
        return [
            [shown_text(self.ws.cell(r, self.columns[h]).value) for h in headers]
            for r in self.lines()
        ]

    def set(self, key: str, header: str, value: Any) -> "Sheet":
        self.ws.cell(self.line(key), self.columns[header]).value = value
        return self

    def fill(self, row: int, values: Mapping[str, Any]) -> None:
        for header, value in values.items():
            self.ws.cell(row, self.columns[header]).value = value

    def add(self, *, reserved: bool = True, **values: Any) -> "Sheet":
        """Types a new record below the last one: into a reserved row, or into one without id."""
        row = max([self.top, *self.lines()]) + 1
        if not reserved:
            row = self.ws.max_row + 1
        self.fill(row, values)
        return self

    def remove(self, *keys: str) -> "Sheet":
        for key in keys:
            self.ws.delete_rows(self.line(key))
        return self

    def id(self, key: str) -> str:
        return str(self.ws.cell(self.line(key), self.columns[ID]).value)

    def resort(self, by: str = "编号", *, reverse: bool = True) -> "Sheet":
        """Sorts the records, ids and all, as a spreadsheet program does."""
        lines = self.lines()
        rows = [[c.value for c in self.ws[r]] for r in lines]
        rows.sort(key=lambda cells: shown_text(cells[self.columns[by] - 1]), reverse=reverse)
        for r, cells in zip(lines, rows, strict=True):
            for column, value in enumerate(cells, 1):
                self.ws.cell(r, column).value = value
        return self

    def copy_row(self, key: str) -> int:
        """Copies a record, hidden id and all, to the first row below everything."""
        cells = [c.value for c in self.ws[self.line(key)]]
        self.ws.append([])
        row = self.ws.max_row + 1
        for column, value in enumerate(cells, 1):
            self.ws.cell(row, column).value = value
        return row

    def rename(self, header: str, new: str) -> "Sheet":
        self.ws.cell(self.top, self.columns[header]).value = new
        return self

    def drop(self, header: str) -> "Sheet":
        self.ws.delete_cols(self.columns[header])
        self.columns = Sheet(self.ws).columns
        return self

    def reorder(self, headers: Sequence[str]) -> "Sheet":
        """Puts these columns at the front; the others follow as they were."""
        order = [self.columns[h] for h in headers]
        order += [c for c in range(1, self.ws.max_column + 1) if c not in order]
        for r in range(self.top, self.ws.max_row + 1):
            cells = [self.ws.cell(r, c).value for c in order]
            for column, value in enumerate(cells, 1):
                self.ws.cell(r, column).value = value
        self.columns = Sheet(self.ws).columns
        return self


def is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")


def shown_text(value: object) -> str:
    if value is None:
        return ""
    day = getattr(value, "date", None)
    return str(day()) if day else str(value)
