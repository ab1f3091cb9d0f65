"""Sheets as plain grids of raw cells: what every file format is turned into before recognition."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import filterfalse
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, overload

from ledgersync.dataclass import dataclass
from ledgersync.values.text import is_blank

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR_TOP = 80  # rows that are looked at one by one
Visibility = Literal["visible", "hidden", "very_hidden"]


@dataclass(frozen=True, slots=True)
class Stray:
    """A few cells far off a sheet's content; everything beyond `row` and `column` is left out."""

    row: int
    column: int
    cells: int


class Display(Protocol):
    """What cells show, where that is more than their values in other words."""

    @property
    def adds_to_texts(self) -> bool: ...

    def text(self, row: int, column: int, raw: object) -> str | None: ...

    def exactly(self, row: int, column: int, number: float) -> str | None: ...


class Merge(NamedTuple):
    """A merged range; rows and columns count from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1


class ColumnRows(Sequence[list[object]]):
    """The rows of a sheet that was read by columns, made when somebody asks for one."""

    def __init__(
        self,
        columns: Sequence[Sequence[object]],
        filled: "NDArray[np.bool_]",
        texts: "NDArray[np.object_]",
        shared: "Mapping[int, NDArray[np.int32]]",
        unused: "NDArray[np.bool_]",
    ) -> None:
        """`filled` says, by row and column, which cells are not blank.

        `shared` are columns of nothing but texts, as positions in `texts`; `unused` is False for
        each of these.
        """
        self.columns, self._filled, self._texts, self._shared = columns, filled, texts, shared
        self._unused = unused

    def __len__(self) -> int:
        return len(self._filled)

    @overload
    def __getitem__(self, at: int) -> list[object]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[object]]: ...
    def __getitem__(self, at: int | slice) -> list[object] | list[list[object]]:
        if isinstance(at, slice):
            return list(map(list, zip(*(column[at] for column in self.columns), strict=True)))
        return [column[at] for column in self.columns]

    def __iter__(self) -> Iterator[list[object]]:
        return map(list, zip(*self.columns, strict=True))

    def distinct(self, column: int, start: int) -> Collection[object]:
        """The cells of a column behind so many rows, each once, in the order of the memory."""
        positions = self._shared.get(column)
        if positions is None:
            return set(self.columns[column - 1][start:])
        used = self._unused.copy()
        used[positions[start:]] = True
        found: list[object] = self._texts[used].tolist()
        return found

    def blanks(self, first: int, last: int, left: int, right: int) -> list[int]:
        """How many cells of each of these rows are blank (all from 1, ends included)."""
        filled = self._filled[first - 1 : last, left - 1 : right]
        found: list[int] = (filled.shape[1] - filled.sum(axis=1)).tolist()
        return found


@dataclass(slots=True)
class Grid:
    """One sheet; `rows[0]` is sheet row 1 and `rows[0][0]` column A; all rows are equally long.

    Raw cells are str, int, float, bool, date, datetime or `values.CellError`; nothing is "".
    `formulas` are the rows that hold a formula, by column (only formats that tell). `is_text`:
    all cells are texts, whatever they were in a spreadsheet. Of a CSV file `widths` are the
    numbers of cells by row, and `row_rules` the rules of rows whose reading is a doubt.
    """

    sheet: str
    rows: Sequence[list[object]]
    merges: list[Merge] = field(default_factory=list)
    visibility: Visibility = "visible"
    formulas: Mapping[int, set[int]] = field(default_factory=dict)
    stray: Stray | None = None
    is_text: bool = False
    widths: list[int] = field(default_factory=list)
    row_rules: dict[int, str] = field(default_factory=dict)
    display: Display | None = None
    _columns: Sequence[Sequence[object]] | None = None
    _words: dict[int, list[str]] = field(default_factory=dict)
    _are_texts: dict[int, bool] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    @property
    def columns(self) -> Sequence[Sequence[object]]:
        """The cells by column; all rows must be equally long."""
        if self._columns is None:
            given = self.rows.columns if isinstance(self.rows, ColumnRows) else None
            self._columns = given or list(zip(*self.rows, strict=True))
        return self._columns

    def blanks(self, first: int, last: int, left: int, right: int) -> list[int]:
        """How many cells of each of these rows are blank (all from 1, ends included)."""
        if isinstance(self.rows, ColumnRows):
            return self.rows.blanks(first, last, left, right)
        rows = self.rows[first - 1 : last]
        if right - left + 1 == self.width:
            return [cells.count("") for cells in rows]
        return [cells[left - 1 : right].count("") for cells in rows]

    def replace_row(self, row: int, cells: list[object]) -> None:
        """Other cells for a row, before anybody has asked for columns of it."""
        rows = self.rows if isinstance(self.rows, list) else list(self.rows)
        rows[row - 1] = cells + [""] * (self.width - len(cells))
        self.rows, self._columns = rows, None

    def words(self, column: int) -> list[str]:
        """The distinct texts of a column with Chinese words, below the first `NEAR_TOP` rows."""
        if column not in self._words:
            self._look_at(column)
        return self._words[column]

    def holds_texts_only(self, column: int) -> bool:
        """No cell of a column is anything but a text."""
        if column not in self._are_texts:
            self._look_at(column)
        return self._are_texts[column]

    def _look_at(self, column: int) -> None:
        cells, rows = self.columns[column - 1], self.rows
        by_column = rows.distinct(column, NEAR_TOP) if isinstance(rows, ColumnRows) else None
        distinct = set(cells[NEAR_TOP:]) if by_column is None else by_column
        texts = [c for c in distinct if isinstance(c, str)]
        self._words[column] = list(filterfalse(str.isascii, texts))
        above = (isinstance(c, str) for c in cells[:NEAR_TOP])
        self._are_texts[column] = len(texts) == len(distinct) and all(above)

    def cell(self, row: int, column: int) -> object:
        """A raw cell; "" outside of the grid."""
        if not (0 < row <= self.height and column > 0):
            return ""
        if self._columns is not None:
            return self._columns[column - 1][row - 1] if column <= len(self._columns) else ""
        cells = self.rows[row - 1]
        return cells[column - 1] if column <= len(cells) else ""

    def filled(self, row: int, left: int = 1, right: int | None = None) -> list[tuple[int, object]]:
        """Columns and contents of a row's cells that are not blank."""
        if not 0 < row <= len(self.rows):
            return []
        cells = self.rows[row - 1][left - 1 : right]
        if cells.count("") == len(cells):
            return []
        return [(left + i, c) for i, c in enumerate(cells) if c != "" and not is_blank(c)]


@dataclass(slots=True)
class Book:
    """A whole file as grids; `date1904` is the date system of bare serials."""

    grids: list[Grid]
    date1904: bool = False

    def __iter__(self) -> Iterator[Grid]:
        return iter(self.grids)
