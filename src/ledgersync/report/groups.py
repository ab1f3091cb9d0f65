"""How figures are grouped into tables: by ledger, topic and, where they mix, by 户 and 人."""

from collections.abc import Iterable, Iterator

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import COMMON
from ledgersync.rollup.figures import Line, RollUp
from ledgersync.schema import Catalog

_APART = ("户", "人")
_PART = 4  # lines of a parted group that may stand alone


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand in one table, under one heading."""

    heading: str
    lines: tuple[Line, ...]

    @property
    def is_family(self) -> bool:
        """Whether it is the split of a figure by category."""
        return all(line.member is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Topic:
    """A ledger's figures, or those of none (`基本情况`)."""

    id: str
    name: str
    groups: tuple[Group, ...]

    def plain(self) -> tuple[Group, ...]:
        return tuple(g for g in self.groups if not g.is_family)

    def families(self) -> tuple[Group, ...]:
        return tuple(g for g in self.groups if g.is_family)


def topics(found: RollUp, catalog: Catalog) -> list[Topic]:
    """The ledgers that have figures, in the catalog's order, then what belongs to none."""
    named = [(ledger.id, ledger.name) for ledger in catalog] + [(COMMON, "综合")]
    by_ledger = {name: [x for x in found.lines if x.defined.ledger == name] for name, _ in named}
    return [
        Topic(name, title, tuple(_groups(by_ledger[name])))
        for name, title in named
        if by_ledger[name]
    ]


def _groups(lines: Iterable[Line]) -> Iterator[Group]:
    by_topic: dict[str, list[Line]] = {}
    for line in lines:
        by_topic.setdefault(line.defined.indicator.topic or "指标", []).append(line)
    for heading, found in by_topic.items():
        yield from _apart(heading, found)


def _apart(heading: str, lines: list[Line]) -> Iterator[Group]:
    """户 and 人 never stand in one table."""
    if not set(_APART) <= {line.measure for line in lines}:
        yield Group(heading, tuple(lines))
        return
    for measure in _APART:
        yield Group(f"{heading}（{measure}）", tuple(x for x in lines if x.measure == measure))
    rest = tuple(line for line in lines if line.measure not in _APART)
    if rest:
        yield Group(heading, rest)


def side_by_side(groups: Iterable[Group], width: int) -> Iterator[list[Group]]:
    """Groups that stand beside each other in one table of `width` lines.

    A group stays whole where it fits into a table; longer ones fill what is left of one.
    """
    table: list[Group] = []
    for group in groups:
        rest = group.lines
        while rest:
            room = width - sum(len(part.lines) for part in table)
            fits = len(rest) <= room or (len(group.lines) > width and room >= _PART)
            if fits:
                table.append(Group(group.heading, rest[:room]))
                rest = rest[room:]
            if rest or not fits:
                yield table
                table = []
    if table:
        yield table
