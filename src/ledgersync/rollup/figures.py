"""What a roll-up says: one figure per unit and indicator, in the windows it is compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.facts import MissingUnit
from ledgersync.rollup.periods import Period
from ledgersync.rollup.units import Level, UnitTree

Number = int | float | Decimal
Window = Literal["current", "year_to_date", "year_before", "previous"]
WINDOWS: tuple[Window, ...] = ("current", "year_to_date", "year_before", "previous")


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as reports list it; `member` is the choice of a family."""

    id: str
    name: str
    defined: Defined
    member: str | None = None

    @property
    def measure(self) -> str:
        return self.defined.indicator.measure

    @property
    def is_ratio(self) -> bool:
        return self.defined.indicator.is_ratio


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a unit; None is not known (nothing to divide by), not zero."""

    unit: str
    level: Level
    indicator: str
    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    suppressed: bool = False

    def hidden(self) -> "Figure":
        return Figure(self.unit, self.level, self.indicator, None, suppressed=True)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """An equation of figures that does not hold in a unit."""

    unit: str
    name: str
    left: Number
    right: Number


Cell = tuple[str, str]  # unit code as configured, line id


@dataclass(frozen=True)
class RollUp:
    """All figures of a period for a unit and those below it."""

    period: Period
    tree: UnitTree
    lines: tuple[Line, ...]
    by_window: Mapping[Window, Mapping[Cell, Figure]]
    missing: tuple[MissingUnit, ...] = ()
    imbalances: tuple[Imbalance, ...] = field(default=())

    def __iter__(self) -> Iterator[Figure]:
        """The figures of the period itself, unit by unit from the top, in the lines' order."""
        return iter(self.by_window["current"].values())

    def get(self, unit: str, line: str, window: Window = "current") -> Figure | None:
        return self.by_window[window].get((unit, line))

    def value(self, unit: str, line: str, window: Window = "current") -> Number | None:
        figure = self.get(unit, line, window)
        return figure.value if figure else None


def divided(numerator: Number | None, denominator: Number | None) -> float | None:
    """A ratio between 0 and 1 (or above), None where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    return float(numerator) / float(denominator)
