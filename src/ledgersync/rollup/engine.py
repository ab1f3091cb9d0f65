"""A period of a tree of units over a store of facts: the windows, the places, the queries.

Counts that must not be added up (different homes, different people, medians) are counted anew at
each level from the rows below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ledgersync.rollup.definitions import Defined, Definitions
from ledgersync.rollup.engines import FactStore
from ledgersync.rollup.facts import Submissions
from ledgersync.rollup.figures import WINDOWS, Number, Window
from ledgersync.rollup.periods import Period
from ledgersync.rollup.queries import FigureQuery
from ledgersync.rollup.units import UnitTree, full_code, valid_span

# node (padded code), window, member → the value, or numerator and denominator
Found = dict[tuple[str, int, str | None], tuple[Number | None, ...]]
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Engine:
    """Answers what an indicator is for every unit and window; call `prepare` first."""

    store: FactStore
    tree: UnitTree
    period: Period
    today: date

    @property
    def definitions(self) -> Definitions:
        return self.store.definitions

    @cached_property
    def windows(self) -> dict[Window, int]:
        """The number of each window; two that are the same period share it."""
        numbers: dict[Period, int] = {}
        named = window_periods(self.period)
        return {name: numbers.setdefault(named[name], len(numbers)) for name in WINDOWS}

    @cached_property
    def nodes(self) -> list[str]:
        return [node.code for node in self.tree]

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """Per unit of the tree, the units with rows that are counted under it."""
        found: dict[str, set[str]] = {}
        for code in self._known_units():
            for above in self.tree.above(self.tree.counted_as(code, self.period.last)):
                found.setdefault(above, set()).add(code)
        return {code: frozenset(units) for code, units in found.items()}

    def _known_units(self) -> list[str]:
        return [code for code in self.store.units if code in self.tree.nodes]

    @cached_property
    def limited(self) -> bool:
        """Whether some unit with rows exists for a part of the time only."""
        units = (self.tree.nodes[code].unit for code in self._known_units())
        return any(unit.valid_from or unit.valid_to for unit in units)

    def prepare(self, submissions: Sequence[Submissions] = ()) -> None:
        """Tells the database which windows there are and which units belong where."""
        named = window_periods(self.period)
        periods = {number: named[name] for name, number in self.windows.items()}
        self.store.fill("_windows", [self._window(n, p) for n, p in periods.items()])
        self.store.fill("_days", [(day, n) for n, p in periods.items() for day in p.days()])
        self.store.fill("_months", [(n, d) for n, p in periods.items() for d in self._months(p)])
        self.store.fill("_places", list(self._places()))
        current = self.windows["current"]
        self.store.fill(
            "_submissions",
            [
                (self.store.units[code], current, s.due, s.on_time)
                for s in submissions
                if (code := full_code(s.unit)) in self.store.units
            ],
        )

    def _window(self, number: int, period: Period) -> tuple[object, ...]:
        """A period that is still running ends today."""
        last = min(period.last, self.today)
        return number, period.first, last, period.opening, period.last

    def _months(self, period: Period) -> Iterator[date]:
        """The last day of each month of the period that is over."""
        return (last for _, last in period.month_ends() if last <= self.today)

    def _places(self) -> Iterator[tuple[object, ...]]:
        """Each unit under every unit above it; a merged one under its successor.

        A unit's rows count within its own years only where its predecessors' rows are here too.
        """
        for code in self._known_units():
            since, until = valid_span(self.tree.nodes[code].unit)
            if not any(old in self.store.units for old in self.tree.predecessors.get(code, ())):
                since = LONG_AGO
            for above in self.tree.above(self.tree.counted_as(code, self.period.last)):
                yield self.store.units[code], self.nodes.index(above), since, until

    def found(self, defined: Defined) -> Found:
        """What the rows say of an indicator, for every unit that has any that count."""
        query = FigureQuery(self.store, self.definitions, defined, self.limited)
        rows = self.store.run(defined.ledger, defined.id, query.figures())
        return {(self.nodes[r[0]], r[1], r[2]): tuple(_number(v) for v in r[3:]) for r in rows}

    def has(self, code: str, defined: Defined) -> bool:
        """Whether some unit under `code` has all the tables that the indicator needs."""
        needs = self.definitions.needs(defined)
        units = self.members.get(full_code(code), frozenset())
        return any(all((unit, key) in self.store.present for key in needs) for unit in units)


def window_periods(period: Period) -> dict[Window, Period]:
    return {
        "current": period,
        "year_to_date": period.year_to_date(),
        "year_before": period.year_before(),
        "previous": period.previous(),
    }


def _number(value: Any) -> Any:
    """Whole numbers as int; money stays Decimal, halves stay float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
