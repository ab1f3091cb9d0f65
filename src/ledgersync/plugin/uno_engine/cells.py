"""Blocks of cells of an open document: values, formulas, colours, notes, by xlwings' names."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from xlwings import base_classes, utils

from ledgersync.model import column_letters as _letters

EPOCH = dt.datetime(1899, 12, 30)
_DATETIME, _ANNOTATION, _CONTENTS = 2, 8, 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags
_ERROR = 4  # com.sun.star.sheet.FormulaResult


class ErrorText(str):
    """What an error cell shows (`#N/A`, `Err:502`)."""


class Range(base_classes.Range):
    """A block of cells; `row` and `column` count from 1."""

    row = 0
    column = 0
    sheet: Any = None
    has_array = False
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Any, row: int, column: int, rows: int, columns: int) -> None:
        self.sheet, self.row, self.column = sheet, row, column
        self._shape = (rows, columns)
        self.options: dict[str, Any] | None = None
        self.cells = sheet.sheet.getCellRangeByPosition(
            column - 1, row - 1, column + columns - 2, row + rows - 2
        )

    @property
    def api(self) -> Any:
        return self.cells

    @property
    def shape(self) -> tuple[int, int]:
        return self._shape

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return (self.sheet.name, self.row, self.column, *self.shape)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, first: int, second: int | None = None) -> "Range":
        if second is None:
            first, second = divmod(first - 1, self.shape[1])
            first, second = first + 1, second + 1
        return Range(self.sheet, self.row + first - 1, self.column + second - 1, 1, 1)

    def _mend(self, rows: list[list[Any]], areas: Any, mended: Callable[[Any, Any], Any]) -> None:
        for area in areas.RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    at, to = row - self.row + 1, column - self.column + 1
                    rows[at][to] = mended(rows[at][to], self.cells.getCellByPosition(to, at))

    @property
    def raw_value(self) -> Any:
        """Rows of str, float, datetime or `ErrorText`; of a single cell its content alone."""
        rows = [[None if cell == "" else cell for cell in row] for row in self.cells.DataArray]
        self._mend(rows, self.cells.queryContentCells(_DATETIME), _as_moment)
        self._mend(rows, self.cells.queryFormulaCells(_ERROR), _as_error)
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows, columns = self.shape
        block = value if isinstance(value, (list, tuple)) else ((value,) * columns,) * rows
        kept = self._notes()
        self.cells.setDataArray(tuple(tuple(row) for row in block))
        for place, text in kept:
            self.sheet.sheet.Annotations.insertNew(place, text)

    def _notes(self) -> list[tuple[Any, str]]:
        """Notes in the block: LibreOffice drops them when an array of data is set."""
        if not self.cells.queryContentCells(_ANNOTATION).Count:
            return []
        area, notes = self.cells.RangeAddress, self.sheet.sheet.Annotations
        found = (notes.getByIndex(i) for i in range(notes.Count))
        return [(n.Position, n.String) for n in found if _covers(area, n.Position)]

    @property
    def formula(self) -> Any:
        formulas = self.cells.FormulaArray
        return formulas[0][0] if self.shape == (1, 1) else formulas

    @formula.setter
    def formula(self, value: Any) -> None:
        rows = value if isinstance(value, (list, tuple)) else ((value,) * self.shape[1],)
        rows = rows if len(rows) == self.shape[0] else tuple(rows) * self.shape[0]
        self.cells.setFormulaArray(tuple(tuple(row) for row in rows))

    @property
    def formula_array(self) -> Any:
        return self.cells.ArrayFormula

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.cells.ArrayFormula = value

    @property
    def number_format(self) -> str:
        formats = self.sheet.book.doc.NumberFormats
        return str(formats.getByKey(self.cells.NumberFormat).FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        import uno

        locale = uno.createUnoStruct("com.sun.star.lang.Locale")
        formats = self.sheet.book.doc.NumberFormats
        key = formats.queryKey(value, locale, False)
        self.cells.NumberFormat = key if key != -1 else formats.addNew(value, locale)

    @property
    def address(self) -> str:
        first = f"${_letters(self.column)}${self.row}"
        if self.shape == (1, 1):
            return first
        last = f"${_letters(self.column + self.shape[1] - 1)}"
        return f"{first}:{last}${self.row + self.shape[0] - 1}"

    @property
    def color(self) -> tuple[int, int, int] | None:
        color = self.cells.CellBackColor
        return None if color == -1 else (color >> 16 & 255, color >> 8 & 255, color & 255)

    @color.setter
    def color(self, value: Any) -> None:
        if isinstance(value, str):
            value = utils.hex_to_rgb(value)  # type: ignore[no-untyped-call]
        red, green, blue = value or (0, 0, 0)
        self.cells.CellBackColor = -1 if value is None else red << 16 | green << 8 | blue

    def clear_contents(self) -> None:
        self.cells.clearContents(_CONTENTS)

    def select(self) -> None:
        self.sheet.book.doc.CurrentController.select(self.cells)

    def delete(self, shift: str | None = None) -> None:
        self._shift("com.sun.star.sheet.CellDeleteMode", "removeRange", shift, ("UP", "LEFT"))

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:  # noqa: ARG002
        self._shift("com.sun.star.sheet.CellInsertMode", "insertCells", shift, ("DOWN", "RIGHT"))

    def _shift(self, kind: str, method: str, shift: str | None, modes: tuple[str, str]) -> None:
        import uno

        mode = uno.Enum(kind, modes[shift in ("left", "right")])
        getattr(self.sheet.sheet, method)(self.cells.RangeAddress, mode)

    def end(self, direction: str) -> "Range":
        """The last filled cell in a direction, as Ctrl and an arrow key find it."""
        down, right = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}[direction]
        row, column, sheet = self.row, self.column, self.sheet.sheet
        while row + down >= 1 and column + right >= 1:
            if not sheet.getCellByPosition(column + right - 1, row + down - 1).String:
                break
            row, column = row + down, column + right
        return Range(self.sheet, row, column, 1, 1)

    @property
    def note(self) -> "Note | None":
        cell = self.cells.getCellByPosition(0, 0)
        return Note(self) if cell.Annotation.String else None

    def add_note(self, text: str) -> "Note":
        place = self.cells.getCellByPosition(0, 0).CellAddress
        self.sheet.sheet.Annotations.insertNew(place, text)
        return Note(self)


def _covers(area: Any, place: Any) -> bool:
    rows, columns = (area.StartRow, area.EndRow), (area.StartColumn, area.EndColumn)
    return bool(rows[0] <= place.Row <= rows[1] and columns[0] <= place.Column <= columns[1])


def _as_moment(value: Any, _: Any) -> Any:
    return EPOCH + dt.timedelta(days=value) if isinstance(value, float) else value


def _as_error(_: Any, cell: Any) -> ErrorText:
    return ErrorText(cell.String)


class Note(base_classes.Note):
    """The comment at a cell."""

    def __init__(self, place: Range) -> None:
        self._place = place

    @property
    def location(self) -> Range:
        return self._place

    @property
    def text(self) -> str:
        return str(self._place.cells.getCellByPosition(0, 0).Annotation.String)

    @text.setter
    def text(self, value: str) -> None:
        self._place.cells.getCellByPosition(0, 0).Annotation.setString(value)

    def delete(self) -> None:
        self._place.cells.clearContents(_ANNOTATION)
