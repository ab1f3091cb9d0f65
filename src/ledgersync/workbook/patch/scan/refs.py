"""Cell addresses and ranges of the A1 style, and how ranges follow rows."""

import re
from typing import NamedTuple

from ledgersync.model import column_letters, column_number
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_RANGE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?::(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7}))?")


def parse_cell(text: str) -> tuple[int, int] | None:
    """`B7` → (7, 2); None when it is no address on a sheet."""
    match = _CELL.fullmatch(text)
    if not match:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None


def cell_name(row: int, column: int) -> str:
    """(7, 2) → `B7`."""
    return f"{column_letters(column)}{row}"


class Area(NamedTuple):
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> "Area | None":
        """`A1:B9` or `A1`, with or without `$`."""
        match = _RANGE.fullmatch(text.strip())
        if not match:
            return None
        top, left = int(match[4]), column_number(match[2])
        bottom = int(match[8]) if match[8] else top
        right = column_number(match[6]) if match[6] else left
        return cls(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def __str__(self) -> str:
        start, end = cell_name(self.top, self.left), cell_name(self.bottom, self.right)
        return start if start == end else f"{start}:{end}"

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: "Area") -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    @property
    def is_across(self) -> bool:
        """Whether it is several cells of one row."""
        return self.top == self.bottom and self.left < self.right

    def moved(self, rows: RowMap) -> "Area | None":
        """The area after rows moved; None when all its rows are gone."""
        span = rows.span(self.top, self.bottom)
        return None if span is None else Area(span[0], self.left, span[1], self.right)


class Growth(NamedTuple):
    """Ranges that end in row `last` (after moving) reach to `new_last` in these columns."""

    last: int
    new_last: int
    left: int
    right: int

    @property
    def active(self) -> bool:
        return self.new_last > self.last

    def of(self, area: Area, single_rows: bool) -> Area:
        """The grown area; one-row areas grow only where `single_rows` says so."""
        fits = area.left <= self.right and self.left <= area.right
        tall = area.top < area.bottom or single_rows
        if self.active and fits and tall and area.bottom == self.last:
            return area._replace(bottom=self.new_last)
        return area


NO_GROWTH = Growth(0, 0, 1, 1)


class Reach(NamedTuple):
    """Which references cover the data down to its end, and how far they reach after an append.

    `low` to `high` are the rows (before) at which the data ends: its last row with content, and
    the last row kept free for it. `start` to `end` are the appended rows, `left` to `right`
    their columns; `first` is the first data row.
    """

    low: int
    high: int
    start: int
    end: int
    left: int
    right: int
    first: int

    def covers(self, area: Area) -> bool:
        """Whether a range (before) reads the data to its end: two rows, or all there are."""
        at_end = max(self.low, self.first) <= area.bottom <= self.high
        fits = area.left <= self.right and self.left <= area.right
        return at_end and fits and (area.top < area.bottom or area.top <= self.first)

    def runs(self, area: Area, own: int) -> bool:
        """Whether a range is its row's own: a sum up to row `own`, or over a group around it."""
        return own == area.bottom or self.first < area.top <= own < area.bottom

    def of(self, area: Area, moved: Area | None) -> Area | None:
        """The grown range; one over all the data outlives the removal of all its rows."""
        if moved is None:
            all_data = area.top <= self.first
            return area._replace(top=self.start, bottom=self.end) if all_data else None
        return moved._replace(bottom=max(moved.bottom, self.end))


def follow_list(text: str, rows: RowMap, growth: Growth, single_rows: bool = False) -> str:
    """A blank-separated list of ranges after rows moved and the data grew ("" when all went)."""
    result = []
    for item in text.split():
        area = Area.parse(item)
        if area is None:
            result.append(item)
            continue
        moved = area.moved(rows) if rows.moves else area
        if moved is not None:
            grown = growth.of(moved, single_rows)
            result.append(item if grown == area else str(grown))
    return " ".join(result)


def grow_spans(spans: str, columns: list[int]) -> str:
    """A row's `spans` hint widened to the written columns (one pair only)."""
    first, _, last = spans.partition(":")
    if not (first.isdigit() and last.isdigit()) or not columns:
        return spans
    return f"{min(int(first), *columns)}:{max(int(last), *columns)}"
