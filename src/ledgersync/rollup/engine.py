"""A period of a tree of units over a store of facts: the windows, the places, the queries.

Counts that must not be added up (different homes, different people, medians) are counted anew at
each level from the rows below it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined, Definitions
from ledgersync.rollup.engines import FactStore, table_name
from ledgersync.rollup.facts import Submissions
from ledgersync.rollup.figures import Number, Window, window_periods
from ledgersync.rollup.handover import shared_rows
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.queries import FigureQuery
from ledgersync.rollup.units.coverage import Coverage, Holding, Span
from ledgersync.rollup.units.owners import Owners, Place
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO, UnitTree
from ledgersync.schema import FieldSchema
from ledgersync.workspace.unitcodes import full_code

# node (padded code), window, member → the value, or numerator and denominator
Found = dict[tuple[str, int, str | None], tuple[Number | None, ...]]


@dataclass(frozen=True)
class Engine:
    """Answers what an indicator is for every unit and window; call `prepare` first."""

    store: FactStore
    tree: UnitTree
    period: Period
    today: date
    reported: frozenset[str] = frozenset()  # units whose figures came though no row of theirs did

    @property
    def definitions(self) -> Definitions:
        return self.store.definitions

    @cached_property
    def periods(self) -> Mapping[Window, Period]:
        """What is asked about: the period, and what it is compared with."""
        return window_periods(self.period)

    @cached_property
    def windows(self) -> dict[Window, int]:
        """The number of each window; two that are the same period share it."""
        numbers: dict[Period, int] = {}
        return {name: numbers.setdefault(p, len(numbers)) for name, p in self.periods.items()}

    @cached_property
    def nodes(self) -> list[str]:
        return [node.code for node in self.tree]

    @cached_property
    def kept(self) -> frozenset[str]:
        """The units whose rows are here, by padded code."""
        return frozenset(c for c, _ in self.store.present if c in self.tree.nodes)

    @cached_property
    def places(self) -> list[Place]:
        """Where the rows of every unit count, and on which days."""
        owners = Owners(self.tree, self.kept)
        return [place for code in self.tree.nodes for place in owners.places(code)]

    @cached_property
    def limited(self) -> bool:
        """Whether some unit's rows count under some other only for a time."""
        return any((p.since, p.until, p.own) != (LONG_AGO, FOR_EVER, True) for p in self.places)

    @cached_property
    def coverage(self) -> Coverage:
        present = frozenset((c, key) for c, key in self.store.present if c in self.tree.nodes)
        return Coverage(self.tree, tuple(self.places), present, self._holdings())

    def _holdings(self) -> dict[tuple[str, str], Holding]:
        """How many rows each unit has in each ledger, and since when."""
        codes = {number: code for code, number in self.store.units.items()}
        found: dict[tuple[str, str], Holding] = {}
        for key in self.store.sources:
            field = self.definitions.catalog.ledgers[key[0]].dated_by(key[1])
            day = f'"{field.id}"' if field else "CAST(NULL AS DATE)"
            sql = (
                f"SELECT _unit, count(*), count({day}), min({day}) "
                f"FROM {table_name(key)} GROUP BY _unit"
            )
            for unit, rows, dated, first in self.store.run(key[0], key[1], sql):
                place = codes[unit], key[0]
                found[place] = _held(field, rows, dated, first).joined(found.get(place))
        return found

    @cached_property
    def spans(self) -> dict[int, Span]:
        """First and last day of each window; one that is still running ends today."""
        return {
            number: Span(self.periods[name].first, min(self.periods[name].last, self.today))
            for name, number in self.windows.items()
        }

    def span(self, defined: Defined, window: int) -> Span:
        """The days that a figure looks at: all of the window, of a stock one."""
        whole = self.spans[window]
        if self.definitions.is_stock(defined):
            is_last = defined.indicator.at == "last"
            day = whole.last if is_last else whole.first - timedelta(1)
            return Span(day, day)
        return whole

    def prepare(self, submissions: Sequence[Submissions] = ()) -> None:
        """Tells the database which windows there are and which units belong where."""
        periods = {number: self.periods[name] for name, number in self.windows.items()}
        self.store.fill("_windows", [self._window(n, p) for n, p in periods.items()])
        self.store.fill("_days", [(day, n) for n, p in periods.items() for day in p.days()])
        self.store.fill("_months", [(n, d) for n, p in periods.items() for d in self._months(p)])
        self.store.fill("_places", list(self._places()))
        self.store.fill("_units", list(self._units()))
        self.store.fill("_shared", shared_rows(self.store, self.tree) if self.limited else [])
        current = self.windows.get("current", 0)
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
        numbers = {code: n for n, code in enumerate(self.nodes)}
        for p in self.places:
            yield self.store.unit_key(p.unit), numbers[p.node], p.since, p.until, p.own

    def unknown(self, defined: Defined) -> dict[tuple[str, int, str | None], int]:
        """How many rows of every unit may or may not belong; of a rate, to one of its parts."""
        if defined.parts:
            over, under = (self.unknown(self.definitions.by_id[p]) for p in defined.parts)
            return {key: max(over.get(key, 0), under.get(key, 0)) for key in over | under}
        if defined.indicator.unknown is None:
            return {}
        query = FigureQuery(self.store, self.definitions, defined, self.limited)
        rows = self.store.run(defined.ledger, defined.id, query.unknown())
        return {(self.nodes[r[0]], r[1], r[2]): r[3] for r in rows}

    def lacking(self, places: Iterable[tuple[str, int, str]]) -> None:
        """Units (node, window, unit) that the next `found` in common leaves out."""
        numbers = {code: n for n, code in enumerate(self.nodes)}
        rows = [(numbers[node], w, self.store.unit_key(unit)) for node, w, unit in places]
        self.store.fill("_lacking", rows)

    def _units(self) -> Iterator[tuple[object, ...]]:
        """The communities that `ledgersync.toml` lists, be their ledgers here or not."""
        for node in self.tree:
            if node.unit.level == "community":
                number = self.store.unit_key(node.code)
                reported = node.code in self.kept or node.code in self.reported
                yield number, node.unit.households, node.unit.residents, reported

    def found(self, defined: Defined, *, common: bool = False) -> Found:
        """What the rows say of an indicator, for every unit that has any that count.

        `common`: only rows of units that are not `lacking`.
        """
        query = FigureQuery(self.store, self.definitions, defined, self.limited, common)
        rows = self.store.run(defined.ledger, defined.id, query.figures())
        money = defined.indicator.measure == "元"
        return {
            (self.nodes[r[0]], r[1], r[2]): tuple(plain_number(v, money=money) for v in r[3:])
            for r in rows
        }


def _held(field: FieldSchema | None, rows: int, dated: int, first: date | None) -> Holding:
    """A row without a date counts as always having been, unless its date is required."""
    if field is None:
        return Holding(rows, FOR_EVER, None)
    is_old = dated < rows and not field.required
    return Holding(rows, LONG_AGO if is_old or first is None else first, first)


def plain_number(value: Any, *, money: bool) -> Any:
    """Whole numbers as int; money stays Decimal with two places, halves are float."""
    if isinstance(value, Decimal):
        if money:
            return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
        value = float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
