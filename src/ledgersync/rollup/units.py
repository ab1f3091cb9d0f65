"""Which unit belongs to which: codes, levels, the tree from community to district, mergers.

Codes are the 12-digit statistical ones: 6 digits county, 9 street, 12 community. A configuration
may write the short forms; here all are compared padded with zeros.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from ledgersync.errors import UsageFault
from ledgersync.messages import literal, message
from ledgersync.workspace.config import Unit

Level = Literal["community", "street", "district"]
LEVELS: tuple[Level, ...] = ("district", "street", "community")
LEVEL_NAMES: dict[str, str] = {"district": "区", "street": "街道", "community": "社区"}
_DIGITS = {"district": 6, "street": 9, "community": 12}


def full_code(code: str) -> str:
    """`360702` → `360702000000`."""
    return code.ljust(12, "0")


def level_of(code: str) -> Level:
    """The level that a code itself speaks of."""
    text = full_code(code)
    if text[9:] != "000":
        return "community"
    return "street" if text[6:9] != "000" else "district"


def enclosing_code(code: str, level: Level) -> str:
    """The code of the street or district around a unit, as its own digits say."""
    return full_code(full_code(code)[: _DIGITS[level]])


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in the tree; `parent` is a padded code, None at the top."""

    unit: Unit
    parent: str | None

    @property
    def code(self) -> str:
        return full_code(self.unit.code)


@dataclass(frozen=True)
class UnitTree:
    """All units by padded code, the own unit at the top."""

    nodes: dict[str, Node]
    root: str

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

    def above(self, code: str) -> Iterator[str]:
        """The unit itself, then what encloses it, up to the top."""
        at: str | None = full_code(code)
        seen: set[str] = set()
        while at is not None and at in self.nodes and at not in seen:
            seen.add(at)
            yield at
            at = self.nodes[at].parent

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

    def expected(self, day: date) -> list[Node]:
        """The communities that exist on that day, whose figures are to be there."""
        return [n for n in self if n.unit.level == "community" and exists_on(n.unit, day)]

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """Which units a unit came from, by padded code."""
        found: dict[str, list[str]] = {}
        for node in self.nodes.values():
            for heir in node.unit.succeeded_by:
                found.setdefault(full_code(heir), []).append(node.code)
        return found

    def counted_as(self, code: str, day: date) -> str:
        """Where a unit's rows are counted: a unit merged by `day` counts as its one successor."""
        at = full_code(code)
        for _ in range(len(self.nodes)):
            unit = self.nodes[at].unit
            heirs = [full_code(h) for h in unit.succeeded_by]
            if exists_on(unit, day) or len(heirs) != 1 or heirs[0] not in self.nodes:
                return at
            at = heirs[0]
        return at


def exists_on(unit: Unit, day: date) -> bool:
    since, until = valid_span(unit)
    return since <= day <= until


def valid_span(unit: Unit) -> tuple[date, date]:
    """First and last day of a unit; open ends are far away."""
    since = date.fromisoformat(unit.valid_from) if unit.valid_from else date(1900, 1, 1)
    until = date.fromisoformat(unit.valid_to) if unit.valid_to else date(9999, 12, 31)
    return since, until


def build_tree(own: Unit, units: Sequence[Unit]) -> UnitTree:
    """The tree of a workspace; streets that nobody listed are made from the codes."""
    listed = {full_code(u.code): u for u in (*units, own)}
    for unit in list(listed.values()):
        for code, made in _streets_between(unit, own, listed):
            listed.setdefault(code, made)
    root = full_code(own.code)
    nodes = {code: Node(unit, _parent(unit, root, listed)) for code, unit in listed.items()}
    return UnitTree(nodes, root)


def _streets_between(unit: Unit, own: Unit, listed: dict[str, Unit]) -> Iterable[tuple[str, Unit]]:
    if own.level != "district" or unit.level != "community":
        return []
    if unit.parent and full_code(unit.parent) in listed:
        return []
    code = enclosing_code(unit.code, "street")
    name = f"街道{code[:9]}"
    return [(code, Unit(code=code, name=name, level="street", parent=own.code))]


def _parent(unit: Unit, root: str, listed: dict[str, Unit]) -> str | None:
    code = full_code(unit.code)
    if code == root:
        return None
    if unit.parent and full_code(unit.parent) in listed:
        return full_code(unit.parent)
    above: list[Level] = ["street", "district"] if unit.level == "community" else ["district"]
    for level in above:
        around = enclosing_code(code, level)
        if around in listed and around != code:
            return around
    return root
