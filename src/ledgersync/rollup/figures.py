"""What a roll-up says: one figure per unit and indicator, in the windows it is compared with."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.rollup.handins import HandIn
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.units.tree import UnitTree
from ledgersync.workspace.unitcodes import Level

Number = int | float | Decimal
Mark = Literal["未跨单位去重", "不可合并"]  # what packages of figures cannot tell together
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
class Counted:
    """The communities (padded codes) that a figure is of, and those that it should be of."""

    units: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        return tuple(code for code in self.expected if code not in self.units)

    def both(self, other: "Counted") -> "Counted":
        """The communities that both parts of a rate are of."""
        expected = tuple(dict.fromkeys((*self.expected, *other.expected)))
        return Counted(tuple(c for c in self.units if c in other.units), expected)


EVERYBODY = Counted((), ())


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
    counted: Counted = EVERYBODY
    at_least: Number | None = None  # of a hidden sum, what its shown parts come to
    excluded: int = 0  # rows of which nobody knows whether they belong to it
    left_out: int = 0  # rows with something that cannot be read, or contradicts itself
    mark: Mark | None = None
    by_rows: Number | None = None  # what today's rows say where another number was reported

    def hidden(self) -> "Figure":
        place = self.unit, self.level, self.indicator
        return Figure(*place, None, suppressed=True, counted=self.counted)


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
    """All figures of a period for a unit and those below it.

    `hand_ins`: what each expected unit had to submit, where units submit packages at all;
    `since`: by unit and ledger, the day of the first row.
    """

    period: Period
    tree: UnitTree
    lines: tuple[Line, ...]
    by_window: Mapping[Window, Mapping[Cell, Figure]]
    missing: tuple[MissingUnit, ...] = ()
    imbalances: tuple[Imbalance, ...] = ()
    remarks: tuple[Remark, ...] = ()
    not_comparable: Mapping[tuple[str, str, Window], Message] = field(default_factory=dict)
    hand_ins: tuple[HandIn, ...] = ()
    since: Mapping[tuple[str, str], date] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Figure]:
        """The figures of the period itself, unit by unit from the top, in the lines' order."""
        return iter(self.by_window["current"].values())

    @property
    def needs_a_person(self) -> bool:
        """Whether something did not come, was doubted or does not balance.

        A ledger that is empty or had not begun is only said, unless its unit has nothing else.
        """
        came = any(m.kind not in ("empty", "not_begun") for m in self.missing)
        doubted = any(f.left_out for f in self)
        return bool(came or doubted or self.nothing_in or self.remarks or self.imbalances)

    @property
    def nothing_in(self) -> frozenset[str]:
        """Units all of whose ledgers are empty."""
        ledgers = {line.defined.ledger for line in self.lines if not line.defined.is_common}
        empty = Counter(m.unit for m in self.missing if m.kind == "empty")
        return frozenset(unit for unit, count in empty.items() if count == len(ledgers))

    @cached_property
    def _by_id(self) -> dict[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def private(self) -> frozenset[str]:
        """The lines of private families, their totals, and rates of them."""
        stems = {x.defined.indicator.stem for x in self.lines if x.defined.indicator.private}
        parts = {x.id: (x.id, *(x.defined.parts or ())) for x in self.lines}
        return frozenset(
            line for line, ids in parts.items() if {i.partition(".")[0] for i in ids} & stems
        )

    def line(self, indicator: str) -> Line:
        """The line that a figure belongs to."""
        return self._by_id[indicator]

    def get(self, unit: str, line: str, window: Window = "current") -> Figure | None:
        return self.by_window[window].get((unit, line))

    def value(self, unit: str, line: str, window: Window = "current") -> Number | None:
        figure = self.get(unit, line, window)
        return figure.value if figure else None


def window_periods(period: Period) -> dict[Window, Period]:
    """What is asked about in each window: the period, and what it is compared with."""
    return {
        "current": period,
        "year_to_date": period.year_to_date(),
        "year_before": period.year_before(),
        "previous": period.previous(),
    }


def divided(numerator: Number | None, denominator: Number | None) -> float | None:
    """A ratio between 0 and 1 (or above), None where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    return float(numerator) / float(denominator)
