"""Units and their facts in, every figure of a period out, with what does not balance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.rollup.caveats.comparing import BASES, Comparing
from ledgersync.rollup.caveats.gaps import Gaps
from ledgersync.rollup.caveats.left_out import LeftOutRows
from ledgersync.rollup.definitions import Defined, Definitions
from ledgersync.rollup.engine import Engine, Found
from ledgersync.rollup.engines.duckdb import DuckDBStore, Limits
from ledgersync.rollup.facts import MissingUnit, Remark, Submissions, UnitFacts
from ledgersync.rollup.figures import (
    Cell,
    Counted,
    Figure,
    Imbalance,
    Line,
    Number,
    RollUp,
    Window,
    divided,
)
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.queries import UNSAID
from ledgersync.rollup.rates import Rates
from ledgersync.rollup.sql.statements import Statements, checked_statements
from ledgersync.rollup.units.coverage import Span
from ledgersync.rollup.units.tree import Node, UnitTree
from ledgersync.schema import Balance, Catalog


@dataclass(frozen=True)
class Request:
    """What is to be rolled up; `today` ends a period that is still running."""

    catalog: Catalog
    tree: UnitTree
    period: Period
    today: date
    missing: tuple[MissingUnit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    submissions: tuple[Submissions, ...] = ()
    limits: Limits | None = None
    reported: frozenset[str] = frozenset()


def load_engine(
    request: Request, facts: Iterable[UnitFacts], statements: Statements | None = None
) -> Engine:
    """The facts in a database, ready to be asked; `statements` where they were checked before."""
    tree, last = request.tree, request.period.last
    homes = {code: tree.counted_as(code, last) for code in tree.nodes}
    checked = statements or checked_statements(request.catalog)
    store = DuckDBStore.create(checked, home_units=homes, limits=request.limits)
    store.load(facts, request.today)
    engine = Engine(store, tree, request.period, request.today, request.reported)
    engine.prepare(request.submissions)
    return engine


@dataclass(frozen=True)
class Assembly:
    """Puts the answers of the engine together."""

    engine: Engine
    request: Request

    @property
    def definitions(self) -> Definitions:
        return self.engine.definitions

    @cached_property
    def found(self) -> Mapping[str, Found]:
        """By indicator id, for those that have rows of their own."""
        return {d.id: self.engine.found(d) for d in self.definitions if d.relation is not None}

    def result(self) -> RollUp:
        by_window = {name: self._window(number) for name, number in self.engine.windows.items()}
        return RollUp(
            self.request.period,
            self.request.tree,
            self.lines,
            by_window,
            self.missing,
            tuple(self._imbalances(by_window["current"])),
            (*self.request.remarks, *Gaps(self.engine).remarks()),
            dict(self._not_comparable(by_window)),
            since=dict(self._since()),
        )

    def _since(self) -> Iterator[tuple[tuple[str, str], date]]:
        """By unit and ledger, the day of its first dated row."""
        nodes = self.request.tree.nodes
        for (code, ledger), holding in self.engine.coverage.holdings.items():
            if holding.first is not None and code in nodes:
                yield (nodes[code].unit.code, ledger), holding.first

    @cached_property
    def missing(self) -> tuple[MissingUnit, ...]:
        return (*self.request.missing, *Gaps(self.engine).missing())

    def figure(self, node: Node, line: Line, window: int | None = None) -> Figure | None:
        """One figure, of the period itself unless a window is given."""
        number = self.engine.windows["current"] if window is None else window
        return self._figure(node, line, number)

    def _not_comparable(
        self, by_window: Mapping[Window, Mapping[Cell, Figure]]
    ) -> Iterator[tuple[tuple[str, str, Window], Message]]:
        comparing, lines = Comparing(self.engine), {line.id: line for line in self.lines}
        for base in BASES:
            for cell, now in by_window["current"].items():
                then = by_window[base].get(cell)
                why = comparing.reason(lines[cell[1]], base, now, then) if then else None
                if why:
                    yield (*cell, base), why

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What there is to report; of submissions only where somebody recorded any."""
        known = (d for d in self.definitions if self.request.submissions or not _is_of_them(d))
        return tuple(line for defined in known for line in self._lines_of(defined))

    def _lines_of(self, defined: Defined) -> Iterator[Line]:
        name = defined.indicator.name
        if not defined.indicator.by:
            yield Line(defined.id, name, defined)
            return
        for member in self._family_members(defined):
            yield Line(f"{defined.indicator.stem}.{member}", name.format(member), defined, member)

    def _family_members(self, defined: Defined) -> list[str]:
        """The choices in their order, then what else occurs (rounds by number)."""
        field = self.definitions.by_field(defined)
        known = list(field.choices) if field else []
        seen = {member for _, _, member in self.found[defined.id] if member is not None}
        others = seen - set(known) - {UNSAID}
        unsaid = [UNSAID] if UNSAID in seen and known else []
        return [*known, *sorted(others, key=lambda m: (len(m), m)), *unsaid]

    def _window(self, window: int) -> dict[Cell, Figure]:
        """All figures of a window, unit by unit."""
        figures: dict[Cell, Figure] = {}
        for node in self.request.tree:
            for line in self.lines:
                figure = self._figure(node, line, window)
                if figure is not None:
                    figures[node.unit.code, line.id] = figure
        return figures

    def _figure(self, node: Node, line: Line, window: int) -> Figure | None:
        """None where no unit below has the ledger in those days."""
        counted = self._counted(node.code, line.defined, window)
        if counted is None or (line.defined.indicator.overwritten and window in self._earlier):
            return None
        at = (node.code, window, line.member)
        figure = Figure(
            node.unit.code,
            node.unit.level,
            line.id,
            None,
            counted=counted,
            excluded=self._unknown(line.defined).get(at, 0),
            left_out=self.left_out_rows.of(line.defined).get((node.code, window), 0),
        )
        if not line.is_ratio:
            return replace(figure, value=_value(self.found[line.defined.id], at, line.defined))
        over, under = self._ratio(node.code, line.defined, line.member, window)
        return replace(figure, value=divided(over, under), numerator=over, denominator=under)

    @cached_property
    def left_out_rows(self) -> LeftOutRows:
        return LeftOutRows(self.engine)

    @cached_property
    def _unknown_by_id(self) -> dict[str, dict[tuple[str, int, str | None], int]]:
        return {}

    def _unknown(self, defined: Defined) -> Mapping[tuple[str, int, str | None], int]:
        known = self._unknown_by_id
        if defined.id not in known:
            known[defined.id] = self.engine.unknown(defined)
        return known[defined.id]

    @cached_property
    def rates(self) -> Rates:
        return Rates(self.engine, self._counted)

    @cached_property
    def _earlier(self) -> set[int]:
        """Windows that end before the period does."""
        last = min(self.request.period.last, self.request.today)
        return {number for number, span in self.engine.spans.items() if span.last < last}

    @cached_property
    def _known_counted(self) -> dict[tuple[str, str, int], Counted | None]:
        return {}

    def _counted(self, code: str, defined: Defined, window: int) -> Counted | None:
        """The communities that a figure is of; None where nobody has what it needs."""
        known, place = self._known_counted, (code, defined.id, window)
        if place not in known:
            known[place] = self._count(code, defined, window)
        return known[place]

    def _count(self, code: str, defined: Defined, window: int) -> Counted | None:
        if defined.parts:
            over, under = (
                self._counted(code, self.definitions.by_id[part], window) for part in defined.parts
            )
            return None if over is None or under is None else over.both(under)
        needs, span = self.definitions.needs(defined), self.engine.span(defined, window)
        coverage = self.engine.coverage
        expected = coverage.expected(code, span)
        last = self.engine.spans[window].last
        if needs:
            counted = coverage.counted(code, needs, span, last)
        else:
            counted = self._unbound(defined, expected)
        has_office = needs and coverage.offices(code, needs, span, last)
        return Counted(counted, expected) if counted or has_office else None

    def _unbound(self, defined: Defined, expected: tuple[str, ...]) -> tuple[str, ...]:
        """What no single ledger is needed for: of rows, the communities that have any."""
        if defined.relation is None or not defined.relation.traceable:
            return expected
        return tuple(c for c in expected if c in self.engine.coverage.kept)

    def _ratio(
        self, code: str, defined: Defined, member: str | None, window: int
    ) -> tuple[Number | None, Number | None]:
        if defined.parts:
            over, under = (self.definitions.by_id[part] for part in defined.parts)
            common = self.rates.parts(defined, code, window)
            first, second = common or (self.found.get(over.id), self.found.get(under.id))
            return (
                _value(first or {}, (code, window, None), over),
                _value(second or {}, (code, window, None), under),
            )
        blank = None if defined.indicator.may_be_blank else 0
        found = self.found[defined.id].get((code, window, member), (blank, blank))
        return found[0], found[1]

    def _imbalances(self, figures: Mapping[Cell, Figure]) -> Iterator[Imbalance]:
        """Where an equation of the ledgers does not hold; of units that stayed as they were."""
        span = self.engine.spans[self.engine.windows["current"]]
        opening, last = (Span(day, day) for day in (span.first - timedelta(1), span.last))
        sources = self.engine.coverage.sources
        for node in self.request.tree:
            if sources(node.code, opening) != sources(node.code, last):
                continue
            for balance in self.definitions.balances():
                found = _sides(balance, figures, node.unit.code)
                if found and found[0] != found[1]:
                    yield Imbalance(node.unit.code, balance.name, *found)


def _is_of_them(defined: Defined) -> bool:
    """Whether a figure is counted from submissions."""
    return defined.is_common and defined.indicator.rows == "submissions"


def _value(found: Found, place: tuple[str, int, str | None], defined: Defined) -> Number | None:
    """No rows: zero, except for what only rows can tell, such as a median."""
    value = found.get(place, (None,))[0]
    if value is None and not defined.indicator.may_be_blank:
        return Decimal("0.00") if defined.indicator.measure == "元" else 0
    return value


def _sides(
    balance: Balance, figures: Mapping[Cell, Figure], unit: str
) -> tuple[Number, Number] | None:
    """The sums of both sides, None where a figure is not known."""
    sums: list[Number] = []
    for side in (balance.left, balance.right):
        values = [figures[unit, i].value if (unit, i) in figures else None for i in side]
        known = [v for v in values if v is not None]
        if len(known) < len(values):
            return None
        sums.append(sum(known))
    return sums[0], sums[1]
