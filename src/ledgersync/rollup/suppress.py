"""Small cells: which counts of people in care a report that leaves the unit does not show. Pure.

A count from 1 to k - 1 is hidden (0 says nothing about anybody). Then more is hidden until the
rest gives nothing away: among the units that a shown total is made of, the hidden counts must be
at least two and together at least k; within a unit, where the categories overlap and need not add
up, one hidden category alone may still be bounded by the shown total, so a second one goes too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ledgersync.rollup.figures import WINDOWS, Cell, Figure, Line, RollUp
from ledgersync.rollup.units import UnitTree


def without_small_cells(found: RollUp, k: int) -> RollUp:
    """The same roll-up with small counts of private families hidden, in every window."""
    families: dict[str, list[Line]] = {}
    for line in found.lines:
        if line.defined.indicator.private:
            families.setdefault(line.defined.indicator.stem, []).append(line)
    windows = dict(found.by_window)
    for name in WINDOWS:
        for stem, lines in families.items():
            table = SmallCells(found.tree, windows[name], stem, tuple(x.id for x in lines), k)
            hidden = table.hidden()
            windows[name] = {
                cell: figure.hidden() if cell in hidden else figure
                for cell, figure in windows[name].items()
            }
    return replace(found, by_window=windows)


@dataclass(frozen=True)
class SmallCells:
    """One family in one window: units × members, and the members' total `stem`."""

    tree: UnitTree
    figures: Mapping[Cell, Figure]
    stem: str
    members: tuple[str, ...]
    k: int

    def hidden(self) -> set[Cell]:
        """All cells to hide; grows until nothing more is given away."""
        cells = {(node.unit.code, m) for node in self.tree for m in self.members}
        hidden = {cell for cell in cells if 0 < self._count(cell) < self.k}
        while more := self._given_away(hidden):
            hidden |= more
        return hidden

    def _count(self, cell: Cell) -> int:
        figure = self.figures.get(cell)
        return int(figure.value) if figure is not None and figure.value else 0

    def _given_away(self, hidden: set[Cell]) -> set[Cell]:
        more = set(self._from_totals(hidden))
        return more or set(self._within_units(hidden))

    def _from_totals(self, hidden: set[Cell]) -> Iterator[Cell]:
        """Per shown total, the next cell to hide among the units below it, else the total."""
        for node in self.tree:
            below = [child.unit.code for child in self.tree.children(node.code)]
            for member in self.members:
                total = (node.unit.code, member)
                parts = [(code, member) for code in below]
                if total not in hidden and self._reveals(parts, hidden):
                    yield self._smallest(parts, hidden) or total

    def _reveals(self, parts: Iterable[Cell], hidden: set[Cell]) -> bool:
        """Subtracting the shown parts from the total leaves one count, or one that is small."""
        counts = [self._count(cell) for cell in parts if cell in hidden]
        return bool(counts) and (len(counts) == 1 or sum(counts) < self.k)

    def _within_units(self, hidden: set[Cell]) -> Iterator[Cell]:
        """A unit's only hidden category, where total minus the shown ones says at least some."""
        for node in self.tree:
            cells = [(node.unit.code, member) for member in self.members]
            gone = [cell for cell in cells if cell in hidden]
            shown = sum(self._count(cell) for cell in cells if cell not in hidden)
            if len(gone) == 1 and self._count((node.unit.code, self.stem)) > shown:
                found = self._smallest(cells, hidden)
                if found:
                    yield found

    def _smallest(self, cells: Iterable[Cell], hidden: set[Cell]) -> Cell | None:
        """The smallest count above zero that still shows."""
        open_cells = [c for c in cells if c not in hidden and self._count(c) > 0]
        return min(open_cells, key=lambda cell: (self._count(cell), cell), default=None)
