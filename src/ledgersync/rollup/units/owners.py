"""Under which units a row counts: by the unit whose it is, the day, and what became of the unit.

Within a unit's own days its rows count under it and what encloses it then. After its end they
count under the one unit that it merged into; of several that it split into nobody knows which.
Before its beginning they are its predecessors' (all that enclose them together, where there are
several), unless the predecessors' own rows are here.
"""

from collections.abc import Container, Iterator
from datetime import date, timedelta

from ledgersync.dataclass import dataclass
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO, UnitTree


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of `unit` count under `node` on these days; `own`: on days on which the unit is."""

    unit: str
    node: str
    since: date
    until: date
    own: bool


@dataclass(frozen=True)
class Owners:
    """Answers for a tree; `kept` are the units whose rows are here."""

    tree: UnitTree
    kept: Container[str]

    def places(self, unit: str) -> list[Place]:
        """Where the rows of a unit count, with one place per node and run of days."""
        found: list[Place] = []
        for first, last in self.spans():
            own = self.tree.nodes[unit].exists_on(first)
            for node in self._on(unit, first):
                _add(found, Place(unit, node, first, last, own))
        return found

    def spans(self) -> Iterator[tuple[date, date]]:
        """The runs of days within which nothing in the tree changes."""
        stays = [stay for node in self.tree.nodes.values() for stay in node.stays]
        begins = {stay.since for stay in stays if stay.since > LONG_AGO}
        begins |= {stay.until + timedelta(1) for stay in stays if stay.until < FOR_EVER}
        first = LONG_AGO
        for begin in sorted(begins):
            yield first, begin - timedelta(1)
            first = begin
        yield first, FOR_EVER

    def _on(self, unit: str, day: date) -> list[str]:
        node = self.tree.nodes[unit]
        if node.exists_on(day):
            return list(self.tree.above(unit, day))
        if day > node.ends:
            heir = self.tree.counted_as(unit, day)
            return list(self.tree.above(heir, day)) if self._is(heir, day) else []
        before = [p for p in self.tree.predecessors.get(unit, ()) if self._is(p, day)]
        if not before or any(p in self.kept for p in before):
            return []
        chains = [list(self.tree.above(p, day)) for p in before]
        return [code for code in chains[0] if all(code in chain for chain in chains)]

    def _is(self, unit: str, day: date) -> bool:
        return self.tree.nodes[unit].exists_on(day)


def _add(found: list[Place], place: Place) -> None:
    """Joins a place to the one before, where it only goes on."""
    for n, old in enumerate(found):
        goes_on = old.until + timedelta(1) == place.since if old.until < FOR_EVER else False
        if goes_on and (old.node, old.own) == (place.node, place.own):
            found[n] = Place(old.unit, old.node, old.since, place.until, old.own)
            return
    found.append(place)
