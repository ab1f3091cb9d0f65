"""Figures of packages and of folders put together, level by level.

Sums add up, the longest of all is the longest of any, ratios by numerator and denominator;
different people are counted by keyed hashes where all have them of one key, else added up and
marked 未跨单位去重; a median of several units cannot be told from theirs and is marked 不可合并.
Homes add up, for they are counted within their community.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.rollup.caveats.comparing import BASES, Comparing
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.figures import (
    WINDOWS,
    Cell,
    Counted,
    Figure,
    Line,
    Mark,
    Number,
    RollUp,
    Window,
    divided,
)
from ledgersync.rollup.units.tree import Node
from ledgersync.upward.combine.sources import Source, Sources
from ledgersync.upward.content.keyed import Hashes, KeySets, counts_across, part_name

Way = Callable[[Sequence[Number | None]], Number | None]


@dataclass(frozen=True)
class Combination:
    """`base` are the figures of the folders that no package speaks for."""

    engine: Engine
    base: RollUp
    sources: Sources
    key: Pseudonyms | None

    def result(self) -> RollUp:
        by_window = {name: dict(self._window(name)) for name in WINDOWS}
        reasons = dict(self._reasons(by_window))
        return replace(self.base, lines=self.lines, by_window=by_window, not_comparable=reasons)

    def _reasons(
        self, by_window: Mapping[Window, Mapping[Cell, Figure]]
    ) -> Iterator[tuple[tuple[str, str, Window], Message]]:
        """Why figures are not compared: by their rows, or by what was sent."""
        tree, comparing = self.base.tree, Comparing(self.engine)
        sent = {n.unit.code for n in tree if n.code in self.sources.covered or self._below(n)}
        yield from (item for item in self.base.not_comparable.items() if item[0][0] not in sent)
        lines = {line.id: line for line in self.lines}
        for base in BASES:
            for (unit, line), now in by_window["current"].items():
                then = by_window[base].get((unit, line)) if unit in sent else None
                why = comparing.reason_of_sent(lines[line], now, then) if then else None
                if why:
                    yield (unit, line, base), why

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Those of the folders, and the members of families that only packages have."""
        known = {line.id for line in self.base.lines}
        more: dict[str, Line] = {}
        for source in self.sources.tops.values():
            for _, indicator in source.figures.windows["current"]:
                if indicator not in known and indicator not in more:
                    found = self._line(indicator)
                    if found is not None:
                        more[indicator] = found
        if not more:
            return self.base.lines
        order = {d.id: n for n, d in enumerate(self.engine.definitions)}
        every = (*self.base.lines, *more.values())
        return tuple(sorted(every, key=lambda line: order.get(line.defined.id, len(order))))

    def _line(self, indicator: str) -> Line | None:
        """A figure that this office's ledgers do not declare is not told."""
        definitions = self.engine.definitions
        if indicator in definitions.by_id:
            defined = definitions.by_id[indicator]
            return Line(indicator, defined.indicator.name, defined)
        stem, _, member = indicator.partition(".")
        families = (d for d in definitions if d.indicator.by and d.indicator.stem == stem)
        for defined in families:
            return Line(indicator, defined.indicator.name.format(member), defined, member)
        return None

    def _window(self, window: Window) -> Iterator[tuple[Cell, Figure]]:
        for node in self.base.tree:
            below = self._below(node)
            for line in self.lines:
                figure = self._figure(node, below, line, window)
                if figure is not None:
                    yield (node.unit.code, line.id), figure

    def _below(self, node: Node) -> list[Source]:
        """The packages that count below a unit that none of them speaks for."""
        if node.code in self.sources.covered:
            return []
        tree = self.base.tree
        return [
            s for s in self.sources.tops.values() if node.code in _above(tree.above(s.code), s.code)
        ]

    def _figure(
        self, node: Node, below: Sequence[Source], line: Line, window: Window
    ) -> Figure | None:
        covering = self.sources.covered.get(node.code)
        own = self.base.get(node.unit.code, line.id, window)
        if own is not None and _is_of_office(line.defined):
            return own
        if covering is not None:
            found = self._sent(covering, node.code, line, window)
            stood = self._stood(node.code, line, window)
            if found is None or not stood:
                return None
            return found if found.unit == node.unit.code else replace(found, unit=node.unit.code)
        below = [s for s in below if self._stood(s.code, line, window)]
        if not below:
            return own
        parts = [self._sent(s, s.code, line, window) for s in below]
        given = [f for f in (own, *parts) if f is not None]
        if not given:
            return None
        return self._together(Together(node, line, window, own, given, below))

    def _stood(self, code: str, line: Line, window: Window) -> bool:
        """What a unit says of other days is its predecessor's or its heir's to say."""
        known, place = self._known_stood, (code, line.defined.id, window)
        if place not in known:
            known[place] = stood(self.engine, self.base.tree.nodes.get(code), line, window)
        return known[place]

    @cached_property
    def _known_stood(self) -> dict[tuple[str, str, Window], bool]:
        return {}

    def _sent(self, source: Source, code: str, line: Line, window: Window) -> Figure | None:
        """A unit's figure in a package; 0 of a member that only others have."""
        found = source.figures.get(code, line.id, window)
        if found is not None or line.member is None:
            return found
        family = (one for one in self._families[line.defined.id] if one.id != line.id)
        for other in family:
            known = source.figures.get(code, other.id, window)
            if known is not None:
                none = Decimal("0.00") if line.measure == "元" else 0
                place = (code, known.level, line.id)
                if line.is_ratio:
                    return Figure(*place, None, none, none, counted=known.counted)
                return Figure(*place, none, counted=known.counted)
        return None

    @cached_property
    def _families(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.member is not None:
                found.setdefault(line.defined.id, []).append(line)
        return found

    def _together(self, asked: "Together") -> Figure:
        figure = Figure(
            asked.node.unit.code,
            asked.node.unit.level,
            asked.line.id,
            None,
            counted=self._counted(asked),
            excluded=sum(f.excluded for f in asked.given),
            left_out=sum(f.left_out for f in asked.given),
        )
        if any(f.suppressed for f in asked.given):
            least = _sum([f.at_least if f.suppressed else f.value for f in asked.given])
            hidden = replace(figure, suppressed=True)
            return hidden if asked.line.is_ratio else replace(hidden, at_least=least)
        if asked.line.is_ratio:
            return self._rate(asked, figure)
        value, mark = self._value(asked)
        return replace(figure, value=value, mark=mark)

    def _rate(self, asked: "Together", figure: Figure) -> Figure:
        """By its parts; one of two figures is not known where somebody does not know his."""
        ids = asked.line.defined.parts or ()
        summed = _whole if ids else _sum
        over = summed([f.numerator for f in asked.given])
        under = summed([f.denominator for f in asked.given])
        parts = [self.engine.definitions.by_id[part] for part in ids]
        several = len(asked.given) > 1 and any(map(counts_across, parts))
        mark: Mark | None = "未跨单位去重" if several else None
        value = divided(over, under)
        return replace(figure, value=value, numerator=over, denominator=under, mark=mark)

    def _value(self, asked: "Together") -> tuple[Number | None, Mark | None]:
        defined = asked.line.defined
        marks = [f.mark for f in asked.given if f.mark]
        known = [f.value for f in asked.given if f.value is not None]
        if counts_across(defined):
            return self._people(asked, known, marks)
        way = _ways(defined.indicator.value or "") if defined.indicator.distinct is None else _sum
        if way is not None:
            return way(known), None
        if marks or len(known) > 1:
            return None, "不可合并"
        return (known[0] if known else None), None  # the others have nothing to count

    def _people(
        self, asked: "Together", known: list[Number], marks: list[Mark]
    ) -> tuple[Number | None, Mark | None]:
        counted = self._different(asked)
        if counted is not None:
            return counted, None
        several = sum(1 for number in known if number) > 1
        return _sum(known), "未跨单位去重" if marks or several else None

    def _different(self, asked: "Together") -> int | None:
        """By the hashes of all; None where somebody's are lacking."""
        name, slot = part_name(asked.line.defined), (asked.window, asked.line.member)
        found: set[bytes] = set()
        for source in asked.below:
            if source.figures.get(source.code, asked.line.id, asked.window) is None:
                continue
            sets = self._packed(source, name)
            if sets is None:
                return None
            found |= sets.get(slot, set())
        if asked.own is not None:
            if self.key is None:
                return None
            found |= self._own(asked.line.defined.id, asked.node.code).get(slot, set())
        return len(found)

    def _packed(self, source: Source, name: str) -> KeySets | None:
        key = (source.code, name)
        if key not in self._sets:
            self._sets[key] = source.keys(name, self.key.key_id if self.key else None)
        return self._sets[key]

    def _own(self, indicator: str, code: str) -> KeySets:
        """The hashes of what lies in folders below a unit."""
        key = (code, indicator)
        if key not in self._sets:
            assert self.key is not None
            defined = self.engine.definitions.by_id[indicator]
            self._sets[key] = Hashes(self.engine, self.key).of(defined, code)
        return self._sets[key] or {}

    @cached_property
    def _sets(self) -> dict[tuple[str, str], KeySets | None]:
        return {}

    def _counted(self, asked: "Together") -> Counted:
        """The communities of all parts, of those that are expected below the unit."""
        span = self.engine.span(asked.line.defined, self.engine.windows[asked.window])
        expected = self.engine.coverage.expected(asked.node.code, span)
        more = (code for f in asked.given for code in f.counted.expected)
        units = dict.fromkeys(code for f in asked.given for code in f.counted.units)
        return Counted(tuple(units), tuple(dict.fromkeys((*expected, *more))))


def stood(engine: Engine, node: Node | None, line: Line, window: Window) -> bool:
    """Whether a unit was there in the days that a figure of a window looks at."""
    span = engine.span(line.defined, engine.windows[window])
    return node is None or node.exists_within(span.first, span.last)


@dataclass(frozen=True, slots=True)
class Together:
    """What a figure of several sources is made of: the folders' part, if any, and all that is."""

    node: Node
    line: Line
    window: Window
    own: Figure | None
    given: Sequence[Figure]
    below: Sequence[Source]


def _above(codes: Iterator[str], own: str) -> list[str]:
    return [code for code in codes if code != own]


def _is_of_office(defined: Defined) -> bool:
    """It is about the list of units and what they handed in: this office's own word counts."""
    return defined.is_common and defined.indicator.rows in ("units", "submissions")


def _sum(numbers: Sequence[Number | None]) -> Number | None:
    known = [n for n in numbers if n is not None]
    if not known:
        return None
    if any(isinstance(n, Decimal) for n in known):
        return sum((Decimal(str(n)) for n in known), Decimal(0))
    return sum(known)


def _whole(numbers: Sequence[Number | None]) -> Number | None:
    return None if None in numbers else _sum(numbers)


def _highest(numbers: Sequence[Number | None]) -> Number | None:
    return max((n for n in numbers if n is not None), default=None)


def _lowest(numbers: Sequence[Number | None]) -> Number | None:
    return min((n for n in numbers if n is not None), default=None)


_BY_AGGREGATE: dict[str, Way] = {
    "Sum": _sum,
    "Count": _sum,
    "Max": _highest,
    "Min": _lowest,
}


@cache
def _ways(sql: str) -> Way | None:
    """How an aggregate of all comes from the aggregates of parts; None where it does not."""
    import sqlglot  # a tenth of a second, and most figures come from rows
    from sqlglot import exp

    aggregates = sqlglot.parse_one(sql, read="duckdb").find_all(exp.AggFunc)
    ways = {_BY_AGGREGATE.get(type(a).__name__) for a in aggregates}
    return ways.pop() if len(ways) == 1 else None
