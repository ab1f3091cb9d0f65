"""Cells turned into columns of the values that calamine would give."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledgersync.dataclass import dataclass
from ledgersync.workbook.read.formats.facts import Cell
from ledgersync.workbook.read.formats.large.cells import NO_STYLE, NUMBER, OTHER, SHARED, Cells
from ledgersync.workbook.read.formats.large.probe import Probe
from ledgersync.workbook.read.formats.large.tags import Flags, Places, Unusual
from ledgersync.workbook.read.layout.grid import ColumnRows

Objects = NDArray[np.object_]
Column = list[object]
_WASTE = 20  # a sheet may span so many times the cells it fills
_SMALL = 100_000
_MOST_DAYS = 20_000  # that calamine is asked for; more of them it reads sooner in their file


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a style: what a cell with one of these numbers is."""

    numbers: NDArray[np.int64]  # the bits of floats, sorted
    values: Objects

    def of(self, numbers: NDArray[np.float64]) -> Objects:
        found: Objects = self.values[np.searchsorted(self.numbers, numbers.view(np.int64))]
        return found


@dataclass(frozen=True, slots=True)
class Values:
    """What the cells of a workbook hold as objects: shared texts, what calamine was asked, days.

    An empty text follows the shared ones.
    """

    texts: Objects
    others: Objects
    days: dict[int, Days]
    no_texts: Places  # the positions of empty ones
    no_others: Places

    def of(self, cells: Cells) -> Objects:
        """The cells' values, in their order."""
        found = np.empty(len(cells.held), object)
        for held, known in ((SHARED, self.texts), (OTHER, self.others)):
            at = cells.held == held
            found[at] = known[cells.value[at].astype(np.int64)]
        numbers = cells.held == NUMBER
        found[numbers] = cells.value[numbers]
        for style in np.unique(cells.style[numbers]).tolist():
            if style in self.days:
                at = numbers & (cells.style == style)
                found[at] = self.days[style].of(cells.value[at])
        return found

    def are_blank(self, cells: Cells) -> Flags:
        """Which of the cells hold an empty text."""
        found: Flags = np.zeros(len(cells.held), np.bool_)
        for held, known in ((SHARED, self.no_texts), (OTHER, self.no_others)):
            if len(known):
                found |= (cells.held == held) & np.isin(cells.value, known)
        return found


def objects(values: Sequence[object]) -> Objects:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def values_of(
    sheets: Sequence[Cells],
    texts: list[str],
    odd: dict[int, str],
    others: Sequence[bytes],
    probe: Probe,
) -> Values:
    """What all cells need, asked of calamine at once where it is to be asked."""
    numbers = {style: _numbers_of(sheets, style) for style in _day_styles(sheets, probe)}
    if sum(map(len, numbers.values())) > _MOST_DAYS:
        raise Unusual
    days = [_number_cell(style, n) for style, found in numbers.items() for n in found.tolist()]
    asked = [*others, *days]
    told = iter(probe.values(asked, list(odd.values())))
    known = objects([next(told) for _ in others])
    of_days = {
        style: Days(found.view(np.int64), objects([next(told) for _ in found]))
        for style, found in numbers.items()
    }
    shared = objects([*texts, ""])
    for n in odd:
        shared[n] = next(told)
    return Values(shared, known, of_days, _blank(shared[:-1].tolist()), _blank(known.tolist()))


def _blank(values: list[object]) -> Places:
    found = [n for n, value in enumerate(values) if value == ""] if "" in values else []
    return np.array(found, np.int64)


def _day_styles(sheets: Sequence[Cells], probe: Probe) -> Iterator[int]:
    """The styles whose numbers are days or times: a 1 of them is none to calamine."""
    used = {s for c in sheets for s in np.unique(c.style[c.held == NUMBER]).tolist()}
    styles = sorted(used - {NO_STYLE})
    found = probe.values([_number_cell(style, 1.0) for style in styles], [])
    return (style for style, value in zip(styles, found, strict=True) if type(value) is not float)


def _numbers_of(sheets: Sequence[Cells], style: int) -> NDArray[np.float64]:
    """The numbers in cells of a style, sorted by their bits, so that -0 is not 0."""
    parts = [c.value[(c.held == NUMBER) & (c.style == style)] for c in sheets]
    return np.unique(np.concatenate(parts).view(np.int64)).view(np.float64)


def _number_cell(style: int, number: float) -> bytes:
    return f' s="{style}"><v>{number!r}</v></c>'.encode()


class Styled(NamedTuple):
    """Where cells are that hold something, and their styles."""

    row: NDArray[np.int32]
    column: NDArray[np.int16]
    style: NDArray[np.int16]

    @classmethod
    def of(cls, cells: Cells) -> "Styled":
        return cls(cells.row, cells.column, cells.style)

    def with_codes(self, codes: Mapping[int, str]) -> dict[Cell, str]:
        """The cells of these styles, with what belongs to the style."""
        at = np.isin(self.style, list(codes))
        parts = (self.row[at].tolist(), self.column[at].tolist(), self.style[at].tolist())
        return {(row, column): codes[style] for row, column, style in zip(*parts, strict=True)}


class Columns:
    """The columns of a sheet, and which of its cells hold something, by row and column."""

    def __init__(self, cells: Cells, values: Values, height: int, width: int) -> None:
        if height * width > max(_SMALL, _WASTE * len(cells.row)):
            raise Unusual
        self._filled: Flags = np.zeros((height, width), np.bool_)
        self._columns: list[Column] = []
        order = np.argsort(cells.column, kind="stable")
        bounds = np.searchsorted(cells.column[order], np.arange(1, width + 2))
        self._texts, self._shared = values.texts, dict[int, NDArray[np.int32]]()
        blank: Column = [""] * height
        for n, (start, stop) in enumerate(pairwise(bounds.tolist()), 1):
            part = cells.at(order[start:stop])
            self._filled[part.row - 1, n - 1] = ~values.are_blank(part)
            if start == stop:
                self._columns.append(blank)
            elif (part.held == SHARED).all():
                self._columns.append(self._texts_of(n, part, height))
            else:
                cut = np.full(height, "", object)
                cut[part.row - 1] = values.of(part)
                self._columns.append(cut.tolist())

    def _texts_of(self, column: int, part: Cells, height: int) -> Column:
        """A column of shared texts only: it is known which are in it."""
        positions = np.full(height, len(self._texts) - 1, np.int32)
        positions[part.row - 1] = part.value
        self._shared[column] = positions
        found: Column = self._texts[positions].tolist()
        return found

    def put(self, row: int, column: int, cell: object) -> None:
        """A cell where calamine gives none."""
        if not self._filled[row - 1, column - 1]:
            if not self._filled[:, column - 1].any():
                self._columns[column - 1] = list(self._columns[column - 1])
            self._columns[column - 1][row - 1] = cell
            self._shared.pop(column, None)
            self._filled[row - 1, column - 1] = True

    def rows(self) -> ColumnRows:
        unused = np.zeros(len(self._texts), np.bool_)
        return ColumnRows(self._columns, self._filled, self._texts, self._shared, unused)
