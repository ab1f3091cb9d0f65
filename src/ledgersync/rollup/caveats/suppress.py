"""Small cells: which counts of people in care a report that leaves the unit does not show.

One local rule, decided from a community's own counts alone, so that the same cell is hidden in
every report of every office (`docs/decisions/0031-small-cells.md`):

1. A count from 1 to k - 1 of a private family, or of its total, is hidden; 0 tells of nobody.
2. Where the shown total, less the shown categories, says something of the hidden ones (categories
   overlap, so that they come to the total or more), the community's whole family is hidden.
3. A sum with a hidden part is hidden, too; shown is what its shown parts come to (`at_least`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from ledgersync.dataclass import dataclass
from ledgersync.rollup.engine import Engine, Found
from ledgersync.rollup.figures import WINDOWS, Cell, Figure, Line, RollUp, Window
from ledgersync.rollup.units.tree import Node, UnitTree


class Sent(Protocol):
    """What figures that came without rows say of communities (padded codes)."""

    def at_least(self, codes: Sequence[str], line: Line, window: Window) -> int:
        """What those communities come to together, nobody counted twice; or less."""

    def added(self, codes: Sequence[str], line: Line, window: Window) -> int:
        """The same with everybody counted in each; it is that or less."""


def without_small_cells(found: RollUp, engine: Engine, k: int, sent: Sent | None = None) -> RollUp:
    """The same roll-up with the private families of every window as they may be shown."""
    windows = {name: dict(found.by_window[name]) for name in WINDOWS}
    for lines in _families(found):
        for name in WINDOWS:
            family = Family(found.tree, windows[name], engine, name, lines, k, sent)
            windows[name].update(dict(family.published()))
    for name in WINDOWS:
        windows[name].update(dict(_rates_of_hidden(found, windows[name])))
    reasons = {
        (unit, line, base): why
        for (unit, line, base), why in found.not_comparable.items()
        if not _is_hidden(windows["current"], windows[base], (unit, line))
    }
    return replace(found, by_window=windows, not_comparable=reasons)


def _families(found: RollUp) -> Iterator[tuple[Line, ...]]:
    """Each private family: its total, where there is one, then its members."""
    stems = {x.defined.indicator.stem: None for x in found.lines if x.defined.indicator.private}
    for stem in stems:
        yield tuple(x for x in found.lines if x.defined.indicator.stem == stem)


def _rates_of_hidden(
    found: RollUp, figures: Mapping[Cell, Figure]
) -> Iterator[tuple[Cell, Figure]]:
    """Rates whose numerator or denominator is hidden."""
    for line in found.lines:
        for node in found.tree if line.defined.parts else ():
            cell = (node.unit.code, line.id)
            parts = (figures.get((node.unit.code, part)) for part in line.defined.parts or ())
            if cell in figures and any(part and part.suppressed for part in parts):
                yield cell, figures[cell].hidden()


def _is_hidden(now: Mapping[Cell, Figure], then: Mapping[Cell, Figure], cell: Cell) -> bool:
    return any(f is not None and f.suppressed for f in (now.get(cell), then.get(cell)))


@dataclass(frozen=True)
class Family:
    """One private family in one window: a total and categories, which may overlap."""

    tree: UnitTree
    figures: Mapping[Cell, Figure]
    engine: Engine
    window: Window
    lines: tuple[Line, ...]
    k: int
    sent: Sent | None = None

    def published(self) -> Iterator[tuple[Cell, Figure]]:
        """What is shown in the place of every figure that may not be shown as it is."""
        for node in self.tree:
            for line in self.lines:
                figure = self.figures.get((node.unit.code, line.id))
                if figure is not None and self._is_hidden(node, line, figure):
                    yield (node.unit.code, line.id), self._shown(node, line, figure)

    def _is_hidden(self, node: Node, line: Line, figure: Figure) -> bool:
        if node.unit.level == "community":
            return (node.unit.code, line.id) in self.hidden
        if any((unit, line.id) in self.hidden for unit in self._parts(figure)):
            return True
        return bool(self._offices) and self._tells_of_own(node, line, figure)

    def _tells_of_own(self, node: Node, line: Line, figure: Figure) -> bool:
        """Whether the sum less its shown parts may be a small count of the office's own rows."""
        rows = self._at_least(node, line)
        if self.sent is None:
            return 0 < _number(figure) - rows < self.k
        parts = figure.counted.units
        most = rows + self.sent.added(parts, line, self.window)
        least = max(rows, self.sent.at_least(parts, line, self.window))
        return least < _number(figure) < most + self.k

    def _shown(self, node: Node, line: Line, figure: Figure) -> Figure:
        hidden = figure.hidden()
        if node.unit.level == "community":
            return hidden
        least, sent = self._at_least(node, line), 0
        if self.sent is not None:
            codes = (node.code for node in self.tree if node.code in figure.counted.units)
            known = [c for c in codes if (self._configured(c), line.id) not in self.hidden]
            sent = self.sent.at_least(known, line, self.window)
        return replace(hidden, at_least=max(least, sent))

    def _configured(self, code: str) -> str:
        return self.tree.nodes[code].unit.code

    def _parts(self, figure: Figure) -> list[str]:
        """The communities that a sum is of, as they are configured."""
        return [self._configured(code) for code in figure.counted.units]

    @cached_property
    def hidden(self) -> frozenset[Cell]:
        """The cells of communities that no report shows."""
        return frozenset(
            (node.unit.code, line)
            for node in self.tree
            if node.unit.level == "community"
            for line in self._of_community(node.unit.code)
        )

    def _of_community(self, unit: str) -> set[str]:
        counts = {x.id: _number(self.figures.get((unit, x.id))) for x in self.lines}
        small = {line for line, count in counts.items() if 0 < count < self.k}
        total = next((x.id for x in self.lines if x.member is None), None)
        if total is None or total in small:
            return small
        shown = sum(n for line, n in counts.items() if line != total and line not in small)
        told = counts[total] - shown  # the hidden ones come to this much or more
        if small and told > (self.k - 1) * (len(small) - 1):
            return set(counts) - {total}
        return small

    @cached_property
    def _offices(self) -> tuple[str, ...]:
        """Streets and districts that keep such a ledger of their own: no report shows theirs."""
        nodes = self.tree.nodes
        return tuple(c for c in self.engine.kept if nodes[c].unit.level != "community")

    def _at_least(self, node: Node, line: Line) -> int:
        """What the shown communities of a sum come to, nobody counted twice."""
        number = self.engine.windows[self.window]
        return int(self._bounds(line).get((node.code, number, line.member), (0,))[0] or 0)

    def _bounds(self, line: Line) -> Found:
        if line.id not in self._known:
            number = self.engine.windows[self.window]
            span = self.engine.spans[number]
            nodes = [n.code for n in self.tree if n.unit.level != "community"]
            gone = [unit for unit, hidden in self.hidden if hidden == line.id]
            codes = [self.tree.find(unit).code for unit in gone]
            sources = {s for c in codes for s in self.engine.coverage.sources(c, span)}
            left_out = dict.fromkeys((*codes, *sorted(sources), *self._offices))
            self.engine.lacking((node, number, unit) for node in nodes for unit in left_out)
            self._known[line.id] = self.engine.found(line.defined, common=True)
        return self._known[line.id]

    @cached_property
    def _known(self) -> dict[str, Found]:
        return {}


def _number(figure: Figure | None) -> int:
    return int(figure.value) if figure is not None and figure.value else 0
