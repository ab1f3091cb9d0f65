"""A sheet with other rows and columns than it has, and where each row came from."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledgersync.dataclass import dataclass
from ledgersync.values.text import is_blank
from ledgersync.workbook.read.layout.grid import Display, Grid, Merge

Line = list[object]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`origin[r - 1]`, never falling, is the row of the sheet on disk that row `r` came from."""

    grid: Grid
    origin: tuple[int, ...]

    @classmethod
    def of(cls, grid: Grid) -> "Rewritten":
        return cls(grid, tuple(range(1, grid.height + 1)))

    def row(self, source: int) -> int:
        """The first row that came from a row of the sheet."""
        return bisect_left(self.origin, source) + 1

    def last(self, source: int) -> int:
        """The last row that came from a row of the sheet."""
        return bisect_right(self.origin, source)

    def blanked(self, rows: Mapping[int, Sequence[int] | None]) -> "Rewritten":
        """Without the cells of these rows: in the given columns, or in all of them."""
        lines = list(self.grid.rows)
        for row, columns in rows.items():
            line = list(lines[row - 1])
            for column in range(1, len(line) + 1) if columns is None else columns:
                line[column - 1] = ""
            lines[row - 1] = line
        return Rewritten(replace(self.grid, rows=lines, _columns=None, _words={}), self.origin)

    def with_column(self, cells: Mapping[int, object]) -> tuple["Rewritten", int]:
        """With one more column at the right, and its number; `cells` by row."""
        lines = [[*line, cells.get(n, "")] for n, line in enumerate(self.grid.rows, 1)]
        grid = replace(self.grid, rows=lines, _columns=None, _words={})
        return Rewritten(grid, self.origin), grid.width

    def with_cells(self, cells: Mapping[tuple[int, int], object]) -> "Rewritten":
        """With other contents of some cells, by row and column."""
        lines = [list(line) for line in self.grid.rows]
        for (row, column), raw in cells.items():
            lines[row - 1][column - 1] = raw
        return Rewritten(replace(self.grid, rows=lines, _columns=None, _words={}), self.origin)

    def expanded(self, rows: Mapping[int, Sequence[Line]]) -> "Rewritten":
        """With several lines, or none, in the place of some rows."""
        if all(len(lines) == 1 for lines in rows.values()):
            plain = {(r, c): raw for r, (line,) in rows.items() for c, raw in enumerate(line, 1)}
            return self.with_cells(plain)
        lines: list[Line] = []
        origin: list[int] = []
        first: list[int] = []
        grid = as_shown(self.grid)
        for n, line in enumerate(grid.rows, 1):
            first.append(len(lines) + 1)
            for new in rows.get(n, [line]):
                lines.append(list(new))
                origin.append(self.origin[n - 1])
        ends = [*first[1:], len(lines) + 1]
        merges = [_moved(m, first, ends) for m in grid.merges]
        return Rewritten(Grid(grid.sheet, lines, merges, grid.visibility), tuple(origin))


def _moved(merge: Merge, first: Sequence[int], ends: Sequence[int]) -> Merge:
    bottom = min(merge.bottom, len(ends))
    return merge._replace(top=first[merge.top - 1], bottom=max(1, ends[bottom - 1] - 1))


def as_shown(grid: Grid) -> Grid:
    """With the texts that cells show in the place of numbers that are codes: rows may move then."""
    if grid.display is None:
        return grid
    display = grid.display
    lines = [
        [_shown(display, row, column, raw) for column, raw in enumerate(line, 1)]
        for row, line in enumerate(grid.rows, 1)
    ]
    return replace(grid, rows=lines, display=None, _columns=None, _words={})


def _shown(display: Display, row: int, column: int, raw: object) -> object:
    """Only what a plain number would lose: leading zeros."""
    if is_blank(raw) or not isinstance(raw, int | float):
        return raw
    text = display.text(row, column, raw)
    return text if text is not None and text.isdigit() and text.startswith("0") else raw
