"""The units that are compared, and how far apart their figures are."""

from dataclasses import replace
from statistics import median

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Shown
from ledgersync.report.reading import Reading
from ledgersync.rollup.units.tree import Node
from ledgersync.workspace.unitcodes import Level

_FEWEST = 3  # units of which one can stand out


@dataclass(frozen=True)
class Spread:
    """The units of a level, else those right below the one at the top."""

    reading: Reading
    level: Level | None = None

    @property
    def nodes(self) -> list[Node]:
        tree = self.reading.found.tree
        if self.level and self.level != self.reading.top.unit.level:
            return [node for node in tree if node.unit.level == self.level]
        return tree.children(tree.root)

    def of(self, indicator: str) -> list[tuple[Shown, Node]]:
        """What is known of them, the highest first."""
        shown = ((self.reading.shown(indicator, n.unit.code), n) for n in self.nodes)
        found = [(s, n) for s, n in shown if s is not None]
        return sorted(found, key=lambda each: -_number(each[0]))

    def is_uneven(self, indicator: str, times: float) -> bool:
        """Whether one is so many times as high as the middle one, or as low."""
        values = [_number(shown) for shown, _ in self.of(indicator)]
        if len(values) < _FEWEST:
            return False
        middle = median(values)
        return values[0] > times * middle or values[-1] * times < middle


def extreme(shown: Shown) -> Shown:
    return replace(shown, role="extreme")


def _number(shown: Shown) -> float:
    return float(shown.value) if shown.value is not None else 0.0
