"""Which package counts for a unit and period: locked, else approved, else submitted."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.journal import Journal, KeptPackage, ReviewStep
from ledgersync.rollup.handins import State
from ledgersync.rollup.units.tree import UnitTree
from ledgersync.upward.content.figures import PackedFigures, unpacked
from ledgersync.upward.content.keyed import KeySets, read_keys
from ledgersync.upward.office import Office
from ledgersync.upward.package.archive import Archive
from ledgersync.upward.states import state_of


@dataclass(frozen=True)
class Source:
    """A package whose figures count for its sender and all below it."""

    package: KeptPackage
    state: State
    archive: Archive

    @property
    def code(self) -> str:
        return self.package.unit

    @cached_property
    def figures(self) -> PackedFigures:
        return unpacked(self.archive.parts["figures.json"])

    def keys(self, part: str, key_id: str | None) -> KeySets | None:
        """The hashes of a figure, None where there are none of that key."""
        if key_id is None or self.archive.manifest.matching != key_id:
            return None
        content = self.archive.parts.get(part)
        return None if content is None else read_keys(content)


@dataclass(frozen=True)
class Sources:
    """The packages that count, by the padded code of the topmost sender; returned ones apart."""

    tops: Mapping[str, Source]
    covered: Mapping[str, Source]
    returned: Mapping[str, KeptPackage]

    @property
    def reported(self) -> frozenset[str]:
        """The communities of which the packages have figures."""
        return frozenset(
            code
            for source in self.tops.values()
            for code in source.figures.units
            if (f := source.figures.get(code, "units_missing")) is not None and f.value == 0
        )

    def __bool__(self) -> bool:
        return bool(self.tops or self.returned)


def sources_of(office: Office, period: str, tree: UnitTree) -> Sources:
    """What was received for a period. A street's own outranks its communities'."""
    found: dict[str, Source] = {}
    returned: dict[str, KeptPackage] = {}
    for code, versions in _by_unit(office.journal, period).items():
        chosen, state = chosen_version(versions, office.journal.reviews.steps(period, code))
        if chosen is None:
            returned[code] = versions[-1]
        else:
            found[code] = Source(chosen, state, office.archive(chosen))
    tops = {code: s for code, s in found.items() if not _is_inside(code, found, tree)}
    covered = {unit: s for s in tops.values() for unit in _units(s, tree)}
    for code in set(returned) & set(covered):
        del returned[code]
    return Sources(tops, covered, returned)


def chosen_version(
    versions: Sequence[KeptPackage], steps: list[ReviewStep]
) -> tuple[KeptPackage | None, State]:
    """The version that counts and its state; None where the latest was returned."""
    by_number = {p.version: p for p in versions}
    state = state_of(versions[-1], steps)
    if state == "locked":
        return by_number[steps[-1].version], state
    last_step = {step.version: step.step for step in steps if step.step in ("approve", "return")}
    approved = [n for n in by_number if last_step.get(n) == "approve"]
    if approved:
        return by_number[max(approved)], "approved"
    return (None, state) if state == "returned" else (versions[-1], "submitted")


def _by_unit(journal: Journal, period: str) -> dict[str, list[KeptPackage]]:
    found: dict[str, list[KeptPackage]] = {}
    for package in journal.packages.of_period("in", period):
        found.setdefault(package.unit, []).append(package)
    return found


def _is_inside(code: str, found: Mapping[str, Source], tree: UnitTree) -> bool:
    if code in tree.nodes:
        return any(above in found for above in tree.above(code) if above != code)
    return any(code in s.figures.units for other, s in found.items() if other != code)


def _units(source: Source, tree: UnitTree) -> Iterator[str]:
    """All that a package speaks for: what it names, and what stands below its sender here."""
    yield from source.figures.units
    if source.code in tree.nodes:
        yield from (node.code for node in tree.under(source.code))
