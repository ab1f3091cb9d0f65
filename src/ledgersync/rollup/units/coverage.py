"""Which communities a figure is counted from, and which it lacks: no ledger is not 0.

A community is in a figure where it has the ledgers that the figure needs, with rows in them, the
first of which is not later than the window's end.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.rollup.units.owners import Place
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO, UnitTree
from ledgersync.schema import TableKey

Standing = Literal["there", "absent", "empty", "not_begun"]
_TOLD: tuple[Standing, ...] = ("empty", "not_begun")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a unit has in a ledger: rows, since when they count, the first date that is written.

    `since` is long ago where a row has no date and needs none: it counts as always having been;
    never, where no table of the ledger has dates at all.
    """

    rows: int
    since: date
    first: date | None

    def joined(self, other: "Holding | None") -> "Holding":
        """Of several tables of a ledger."""
        if other is None:
            return self
        firsts = [day for day in (self.first, other.first) if day]
        since = min(self.since, other.since)
        return Holding(self.rows + other.rows, since, min(firsts, default=None))


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a window that a figure looks at: all of it, or one for a stock."""

    first: date
    last: date


@dataclass(frozen=True)
class Coverage:
    """Answers for all units and ledgers; units by padded code."""

    tree: UnitTree
    places: tuple[Place, ...]
    present: frozenset[tuple[str, TableKey]]
    holdings: Mapping[tuple[str, str], Holding]  # by unit and ledger

    @cached_property
    def kept(self) -> frozenset[str]:
        """The units that have some table."""
        return frozenset(code for code, _ in self.present)

    @cached_property
    def _communities(self) -> dict[str, list[Place]]:
        """Per unit of the tree, where its communities are when."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            if place.own and self.tree.nodes[place.unit].unit.level == "community":
                found.setdefault(place.node, []).append(place)
        return found

    @cached_property
    def _sources(self) -> dict[str, list[Place]]:
        """Per unit of the tree, the units with rows that count under it."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            if place.unit in self.kept:
                found.setdefault(place.node, []).append(place)
        return found

    def expected(self, node: str, span: Span) -> tuple[str, ...]:
        """The communities under a unit on some of the days."""
        places = self._communities.get(node, ())
        return tuple(dict.fromkeys(p.unit for p in places if _meets(p, span)))

    def sources(self, node: str, span: Span) -> tuple[str, ...]:
        """The units whose rows count under a unit on some of the days."""
        places = self._sources.get(node, ())
        return tuple(dict.fromkeys(p.unit for p in places if _meets(p, span)))

    def counted(
        self, node: str, needs: Iterable[TableKey], span: Span, last: date
    ) -> tuple[str, ...]:
        """Of the expected communities those that have what a figure needs, begun by `last`."""
        keys = frozenset(needs)
        return tuple(c for c in self.expected(node, span) if self._has(c, keys, span, last))

    def offices(
        self, node: str, needs: Iterable[TableKey], span: Span, last: date
    ) -> tuple[str, ...]:
        """The streets and districts under a unit that keep such a ledger themselves."""
        keys = frozenset(needs)
        return tuple(
            unit
            for unit in self.sources(node, span)
            if self.tree.nodes[unit].unit.level != "community" and self.is_there(unit, keys, last)
        )

    def _has(self, community: str, keys: frozenset[TableKey], span: Span, last: date) -> bool:
        """By its own ledgers; where it sent none at all, by those of what it became."""
        if community in self.kept:
            return self.is_there(community, keys, last)
        heirs = self.sources(community, span)
        return any(self.is_there(unit, keys, last) for unit in heirs)

    def is_there(self, unit: str, keys: frozenset[TableKey], last: date) -> bool:
        return all(self.standing(unit, key, last) == "there" for key in keys)

    def standing(self, unit: str, key: TableKey, last: date) -> Standing:
        """How a unit stands with a table on a window's last day."""
        if (unit, key) not in self.present:
            return "absent"
        holding = self.holdings.get((unit, key[0]))
        if holding is None or not holding.rows:
            return "empty"
        is_dated = holding.since < FOR_EVER
        return "not_begun" if is_dated and holding.since > last else "there"

    def begun(self, units: Iterable[str], keys: Iterable[TableKey]) -> date:
        """The day from which on all these ledgers have rows; of those that have dates."""
        ledgers = {ledger for ledger, _ in keys}
        held = (self.holdings.get((unit, ledger)) for unit in units for ledger in ledgers)
        return max((h.since for h in held if h and h.since < FOR_EVER), default=LONG_AGO)

    def faults(self, ledgers: Iterable[str], span: Span) -> Iterator[tuple[str, str, Standing]]:
        """Communities of these days whose ledger is empty, or had not begun on the last of them."""
        wanted = tuple(ledgers)
        for community in self.expected(self.tree.root, span):
            for ledger in wanted:
                keys = [k for code, k in self.present if code == community and k[0] == ledger]
                found = {self.standing(community, key, span.last) for key in keys}
                for standing in _TOLD:
                    if standing in found:
                        yield community, ledger, standing


def _meets(place: Place, span: Span) -> bool:
    return place.since <= span.last and span.first <= place.until
