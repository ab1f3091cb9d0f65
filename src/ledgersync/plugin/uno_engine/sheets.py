"""Sheets of an open document, by xlwings' names."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes, utils

from ledgersync.plugin.uno_engine.cells import Note, Range

if TYPE_CHECKING:
    from ledgersync.plugin.uno_engine.engine import Book


class Sheets(base_classes.Sheets):
    def __init__(self, book: "Book") -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.doc.Sheets

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator["Sheet"]:
        return (self(i + 1) for i in range(len(self)))

    def __call__(self, key: int | str) -> "Sheet":
        if isinstance(key, int):
            return Sheet(self.book, self.api.getByIndex(key - 1))
        if not self.api.hasByName(key):
            raise KeyError(key)
        return Sheet(self.book, self.api.getByName(key))

    @property
    def active(self) -> "Sheet":
        controller = self.book.doc.CurrentController
        return Sheet(self.book, controller.ActiveSheet) if controller else self(1)

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> "Sheet":
        at = before.index - 1 if before else after.index if after else len(self)
        free = (n for i in range(1, 10000) if not self.api.hasByName(n := f"Sheet{i}"))
        name = name or next(free)
        self.api.insertNewByName(name, at)
        return self(name)


class Sheet(base_classes.Sheet):
    def __init__(self, book: "Book", sheet: Any) -> None:
        self._book, self.sheet = book, sheet

    @property
    def book(self) -> "Book":
        return self._book

    @property
    def api(self) -> Any:
        return self.sheet

    @property
    def name(self) -> str:
        return str(self.sheet.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.Name = value

    @property
    def index(self) -> int:
        return int(self.sheet.RangeAddress.Sheet) + 1

    @property
    def visible(self) -> bool:
        return bool(self.sheet.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.IsVisible = bool(value)

    def activate(self) -> None:
        self._book.doc.CurrentController.setActiveSheet(self.sheet)

    def delete(self) -> None:
        self._book.doc.Sheets.removeByName(self.name)

    @property
    def cells(self) -> "Range":
        end = self.sheet.RangeAddress
        return Range(self, 1, 1, end.EndRow + 1, end.EndColumn + 1)

    @property
    def used_range(self) -> "Range":
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return Range(self, 1, 1, end.EndRow + 1, end.EndColumn + 1)

    @property
    def notes(self) -> list["Note"]:
        found = (self.sheet.Annotations.getByIndex(i) for i in range(self.sheet.Annotations.Count))
        places = [(a.Position.Row + 1, a.Position.Column + 1) for a in found]
        return [Note(Range(self, row, column, 1, 1)) for row, column in places]

    def range(self, first: Any, second: Any = None) -> "Range":
        """From an address, two corners in any order, or ranges."""
        corners = [*_corners(first), *(_corners(second) if second is not None else [])]
        top, left = min(r for r, _ in corners), min(c for _, c in corners)
        bottom, right = max(r for r, _ in corners), max(c for _, c in corners)
        return Range(self, top, left, bottom - top + 1, right - left + 1)


def _corners(corner: Any) -> list[tuple[int, int]]:
    if isinstance(corner, Range):
        rows, columns = corner.shape
        last = (corner.row + rows - 1, corner.column + columns - 1)
        return [(corner.row, corner.column), last]
    if isinstance(corner, str):
        return [
            place
            for place in utils.a1_to_tuples(corner)  # type: ignore[no-untyped-call]
            if place
        ]
    if len(corner) == 4:
        row, column, rows, columns = corner
        return [(row, column), (row + rows - 1, column + columns - 1)]
    return [tuple(corner)]
