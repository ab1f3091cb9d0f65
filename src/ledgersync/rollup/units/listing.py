"""The units that configurations list, put together; where they contradict each other.

What the office above says of a unit outranks what a street or the unit says of itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.rollup.facts import Remark
from ledgersync.rollup.units.tree import Stay, UnitTree, build_tree, overlap, valid_span
from ledgersync.workspace import Unit, Workspace
from ledgersync.workspace.unitcodes import enclosing_code, full_code


@dataclass(frozen=True, slots=True)
class Claim:
    """Which parent a unit has, as the configuration of an office says."""

    unit: Unit
    stay: Stay
    office: Unit


@dataclass
class UnitList:
    """Entries by padded code, as the topmost office that lists a unit has them."""

    entries: dict[str, list[Unit]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    doubles: list[tuple[Unit, Unit]] = field(default_factory=list)

    @classmethod
    def of(cls, workspaces: Iterable[Workspace]) -> "UnitList":
        """From the top down."""
        found = cls()
        for workspace in workspaces:
            found._take(workspace)
        return found

    @property
    def units(self) -> dict[str, Unit]:
        """The first entry of each."""
        return {code: entries[0] for code, entries in self.entries.items()}

    def _take(self, workspace: Workspace) -> None:
        own = workspace.unit
        self._note([own])
        if own.parent:
            self._say(own, own.parent, own)
        for code, entries in _grouped(workspace.config.units).items():
            if code != full_code(own.code):
                self._note(self._apart(entries))
            for unit in entries:
                if parent := unit.parent or (own.code if own.level == "street" else None):
                    self._say(unit, parent, own)

    def _note(self, entries: Sequence[Unit]) -> None:
        code = full_code(entries[0].code)
        known = self.entries.get(code)
        if known is None:
            self.entries[code] = list(entries)
        elif len(known) == 1 and len(entries) == 1:
            self.entries[code] = [_filled(known[0], entries[0])]
        else:
            self.entries[code] = [_sized(unit, entries[0]) for unit in known]

    def _apart(self, entries: Sequence[Unit]) -> list[Unit]:
        """Of two entries for one day the first counts."""
        kept: list[Unit] = []
        for unit in entries:
            doubled = [
                k
                for k in kept
                if overlap(Stay(*valid_span(k), None), Stay(*valid_span(unit), None))
            ]
            if doubled:
                self.doubles.append((doubled[0], unit))
            else:
                kept.append(unit)
        return kept

    def _say(self, unit: Unit, parent: str, office: Unit) -> None:
        self.claims.append(Claim(unit, Stay(*valid_span(unit), full_code(parent)), office))

    def tree(self, own: Unit, day: date) -> UnitTree:
        """The tree; a unit of quite another place that nobody above lists is not in it."""
        listed = {full_code(s.unit.code) for s in self.claims if s.unit is not s.office}
        units = [
            unit
            for code, entries in self.entries.items()
            if code in listed or enclosing_code(code, own.level) == full_code(own.code)
            for unit in entries
        ]
        own_entry = self.entries[full_code(own.code)][0]
        return build_tree(own_entry, units, day)

    def remarks(self, tree: UnitTree) -> Iterator[Remark]:
        for first, second in self.doubles:
            yield Remark("duplicate_unit", _double(first, second), first.code)
        told: set[tuple[str, str | None]] = set()
        for claim in self.claims:
            code = full_code(claim.unit.code)
            if self._differs(claim, tree) and (code, claim.stay.parent) not in told:
                told.add((code, claim.stay.parent))
                yield Remark("parents_differ", _parents(claim, tree), claim.unit.code)

    def _differs(self, claim: Claim, tree: UnitTree) -> bool:
        node = tree.nodes.get(full_code(claim.unit.code))
        if node is None or claim.stay.parent not in tree.nodes or node.code == tree.root:
            return False
        return any(
            stay.parent != claim.stay.parent for stay in node.stays if overlap(stay, claim.stay)
        )


def _grouped(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(full_code(unit.code), []).append(unit)
    return found


def _filled(known: Unit, other: Unit) -> Unit:
    """The known unit with what it does not say taken from the other."""
    more = {k: v for k, v in other.as_data().items() if not getattr(known, k)}
    return known.changed(**more)


def _sized(known: Unit, other: Unit) -> Unit:
    """One that is listed several times learns no days from the other, only how large it is."""
    names = ("households", "residents")
    more = {n: getattr(other, n) for n in names if getattr(known, n) is None}
    return known.changed(**more)


def _double(first: Unit, second: Unit) -> Message:
    return message(
        "ledgersync.toml 里代码 {code} 写了两次（{name}、{name2}），日子重叠，只计第一个。"
        "请改正代码；先后属于两个上级的，写明 valid_to 和 valid_from",
        code=first.code,
        name=first.name,
        name2=second.name,
    )


def _parents(claim: Claim, tree: UnitTree) -> Message:
    node = tree.nodes[full_code(claim.unit.code)]
    stays = [s for s in node.stays if overlap(s, claim.stay) and s.parent != claim.stay.parent]
    counted, other = (
        tree.nodes[p].unit.name for p in (str(stays[0].parent), str(claim.stay.parent))
    )
    name, office = node.unit.name, claim.office.name
    return message(
        "{name}的上级，{office}的 ledgersync.toml 里是{other}，这里按{counted}计："
        "两级的数会对不上。是调整的，请写两段 [[unit]]，写明 valid_to 和 valid_from",
        name=name,
        office=office,
        other=other,
        counted=counted,
    )
