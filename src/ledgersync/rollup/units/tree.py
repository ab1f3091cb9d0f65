"""Which unit belongs to which: the tree from community to province, mergers.

Codes are the statistical ones (`workspace/unitcodes.py`), compared padded with zeros. The tree
changes with the days: units begin and end, and stand under another one for a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import literal, message
from ledgersync.workspace.config import Unit
from ledgersync.workspace.unitcodes import (
    DIGITS,
    LEVELS,
    Level,
    enclosing_code,
    enclosing_codes,
    full_code,
    level_of,
)

LEVEL_NAMES: dict[str, str] = {
    "province": "省",
    "city": "市",
    "district": "区",
    "street": "街道",
    "community": "社区",
}
LONG_AGO, FOR_EVER = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit under a parent (padded code, None at the top) from a first to a last day."""

    since: date
    until: date
    parent: str | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in the tree as it is on the tree's day; its stays in the order of the days."""

    unit: Unit
    parent: str | None
    stays: tuple[Stay, ...]

    @property
    def code(self) -> str:
        return full_code(self.unit.code)

    @property
    def heirs(self) -> tuple[str, ...]:
        """The units that it merged into or split up into, by padded code."""
        return tuple(full_code(code) for code in self.unit.succeeded_by)

    @property
    def ends(self) -> date:
        return self.stays[-1].until

    def exists_on(self, day: date) -> bool:
        return any(stay.holds_on(day) for stay in self.stays)

    def exists_within(self, first: date, last: date) -> bool:
        return any(stay.since <= last and first <= stay.until for stay in self.stays)

    def stay_on(self, day: date) -> Stay:
        """The stay of a day, else the last one before it, else the first."""
        begun = [stay for stay in self.stays if stay.since <= day]
        return begun[-1] if begun else self.stays[0]


@dataclass(frozen=True)
class UnitTree:
    """All units by padded code, the own unit at the top, as the tree is on a day."""

    nodes: dict[str, Node]
    root: str
    day: date = FOR_EVER

    def __iter__(self) -> Iterator[Node]:
        """From the top down, each level by code."""
        order = {level: n for n, level in enumerate(LEVELS)}
        return iter(sorted(self.nodes.values(), key=lambda n: (order[n.unit.level], n.code)))

    def find(self, name: str) -> Node:
        """A unit by code or name; raises UsageFault when it is none of these."""
        for node in self:
            if name in (node.unit.code, node.code, node.unit.name):
                return node
        raise UsageFault(
            message("没有单位 {name}。", name=name),
            message("请用单位代码或名称，见 ledgersync.toml。"),
        )

    def above(self, code: str, day: date | None = None) -> Iterator[str]:
        """The unit itself, then what encloses it on a day, up to the top."""
        at: str | None = full_code(code)
        seen: set[str] = set()
        while at is not None and at in self.nodes and at not in seen:
            seen.add(at)
            yield at
            at = self.parent_on(at, day or self.day)
        if self.root not in seen and seen:  # the parents go round in a circle
            yield self.root

    def parent_on(self, code: str, day: date) -> str | None:
        """What encloses a unit on a day; for a street that has ended, its heir or what is above."""
        parent = self.nodes[code].stay_on(day).parent
        seen: set[str] = set()
        while parent in self.nodes and parent not in seen:
            seen.add(parent)
            node = self.nodes[parent]
            if parent == self.root or node.exists_on(day):
                return parent
            parent = self._heir(node, day) or node.stay_on(day).parent
        return self.root if code != self.root else None

    def _heir(self, node: Node, day: date) -> str | None:
        """The one unit here that an ended one merged into."""
        heirs = node.heirs
        return heirs[0] if day > node.ends and len(heirs) == 1 and heirs[0] in self.nodes else None

    def require_level(self, level: Level) -> None:
        """Raises UsageFault when there is no unit of this level here."""
        if any(node.unit.level == level for node in self):
            return
        top = self.nodes[self.root].unit
        own, asked = (literal(LEVEL_NAMES[each], each) for each in (top.level, level))
        raise UsageFault(
            message(
                "这个工作区是{own}“{top}”，里面没有{asked}一级的单位。",
                own=own,
                top=top.name,
                asked=asked,
            ),
            message(
                "去掉 --level 就是{top}的数；要{asked}的数，用 -C 指定{asked}的工作区。",
                top=top.name,
                asked=asked,
            ),
        )

    def children(self, code: str) -> list[Node]:
        return [n for n in self if n.parent == full_code(code)]

    def under(self, code: str) -> Iterator[Node]:
        """The unit and all below it."""
        yield self.nodes[full_code(code)]
        for child in self.children(code):
            yield from self.under(child.code)

    def expected(self, first: date, last: date) -> list[Node]:
        """The communities that exist on some day of these, whose figures are to be there."""
        return [n for n in self if n.unit.level == "community" and n.exists_within(first, last)]

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """Which units a unit came from, by padded code."""
        found: dict[str, list[str]] = {}
        for node in self.nodes.values():
            for heir in node.heirs:
                found.setdefault(heir, []).append(node.code)
        return found

    def counted_as(self, code: str, day: date) -> str:
        """Which unit an ended one is by a day: the one that it merged into, if there is one."""
        at = full_code(code)
        for _ in range(len(self.nodes)):
            heir = None if self.nodes[at].exists_on(day) else self._heir(self.nodes[at], day)
            if heir is None:
                return at
            at = heir
        return at


def build_tree(own: Unit, units: Sequence[Unit], day: date = FOR_EVER) -> UnitTree:
    """The tree of a workspace; units between that nobody listed are made from the codes.

    A unit may be listed several times, for days apart; of two for one day the first counts.
    """
    listed: dict[str, list[Unit]] = {full_code(own.code): [own]}
    for unit in units:
        if full_code(unit.code) != full_code(own.code):
            listed.setdefault(full_code(unit.code), []).append(unit)
    for entries in list(listed.values()):
        for code, made in _between(entries[0], own, listed):
            listed.setdefault(code, [made])
    root = full_code(own.code)
    nodes = {code: _node(entries, root, listed, day) for code, entries in listed.items()}
    tree = UnitTree(nodes, root, day)
    above = {code: tree.parent_on(code, day) for code in nodes}
    return UnitTree({c: replace(n, parent=above[c]) for c, n in nodes.items()}, root, day)


def _node(
    entries: Sequence[Unit], root: str, listed: Mapping[str, Sequence[Unit]], day: date
) -> Node:
    by_stay: dict[Stay, Unit] = {}
    for unit in entries:
        stay = Stay(*valid_span(unit), _parent(unit, root, listed))
        if not any(overlap(stay, other) for other in by_stay):
            by_stay[stay] = unit
    stays = tuple(sorted(by_stay, key=lambda s: s.since))
    now = Node(entries[0], None, stays).stay_on(day)
    return Node(by_stay[now], None, stays)


def overlap(one: Stay, other: Stay) -> bool:
    return one.since <= other.until and other.since <= one.until


def valid_span(unit: Unit) -> tuple[date, date]:
    """First and last day of a unit; open ends are far away."""
    return unit.valid_from or LONG_AGO, unit.valid_to or FOR_EVER


def _between(
    unit: Unit, own: Unit, listed: Mapping[str, Sequence[Unit]]
) -> Iterator[tuple[str, Unit]]:
    """The units that a code speaks of between a unit and the own one, up to the first listed."""
    if unit.parent and full_code(unit.parent) in listed:
        return
    for level in reversed(LEVELS[LEVELS.index(own.level) + 1 : LEVELS.index(unit.level)]):
        code = enclosing_code(unit.code, level)
        if code in listed:
            return
        if level_of(code) == level:  # else the code skips this level
            name = f"{LEVEL_NAMES[level]}{code[: DIGITS[level]]}"
            yield code, Unit(code=code, name=name, level=level)


def _parent(unit: Unit, root: str, listed: Mapping[str, object]) -> str | None:
    code = full_code(unit.code)
    if code == root:
        return None
    if unit.parent and full_code(unit.parent) in listed:
        return full_code(unit.parent)
    return next((c for c in enclosing_codes(code, unit.level) if c in listed), root)
