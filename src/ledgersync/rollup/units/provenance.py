"""Whose workbook lies in a unit's folder: no unit's rows are counted under another, or twice.

What speaks for a unit, the surest first: the stamp (the unit's code, or the workspace that the
unit's other workbooks come from), then 填报单位. Two workbooks with the same records are one, and
count where it is said whose it is, else nowhere. Pure.
"""

import heapq
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import combinations

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import MARK
from ledgersync.facts.part import PLACED, Part
from ledgersync.messages import Message, message
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.rollup.units.tree import UnitTree
from ledgersync.workspace.unitcodes import full_code

_SKETCH = 256  # so many records stand for all when workbooks are compared
_ALIKE = 0.5  # of the records of the shorter one
_FEWEST = 5  # records without an id that make two workbooks one

Place = tuple[str, str]  # padded unit code, ledger id


@dataclass(frozen=True, slots=True)
class Identity:
    """What a primary says of itself, and a sample of its records (by id, else by content)."""

    unit: str
    ledger: str
    file: str
    sha256: str = ""
    stamped_unit: str | None = None
    workspace: str | None = None
    office: str | None = None
    ids: frozenset[int] = frozenset()
    contents: frozenset[int] = frozenset()

    @property
    def place(self) -> Place:
        return self.unit, self.ledger


def identify(unit: str, part: Part) -> Identity:
    """The identity of a workbook that lies in the folder of `unit` (padded code)."""
    tables = part.tables.values()
    records = (r for table in tables for r in table.column("_record").to_pylist())
    return Identity(
        unit,
        part.ledger,
        part.file,
        part.sha256,
        stamped_unit=full_code(part.unit) if part.unit else None,
        workspace=part.workspace,
        office=part.office,
        ids=_sample(hash(r) for r in records if PLACED not in r),
        contents=_sample(m for table in tables for m in table.column(MARK).to_pylist()),
    )


def _sample(marks: Iterable[int]) -> frozenset[int]:
    """The same records of the same workbook, however many more it has."""
    return frozenset(heapq.nsmallest(_SKETCH, set(marks)))


@dataclass(frozen=True)
class Provenance:
    """All workbooks of a tree; `workspaces` are the ids of the units' own workspaces, by code."""

    tree: UnitTree
    identities: Sequence[Identity]
    workspaces: Mapping[str, str] = field(default_factory=dict)

    def foreign(self) -> Iterator[tuple[Identity, MissingUnit]]:
        """The workbooks that are not their unit's, or nobody knows whose."""
        for one in self.identities:
            whose = self.owner(one)
            if whose and not self._related(one.unit, whose):
                yield one, MissingUnit(one.unit, self._belongs(one, whose), one.ledger, "foreign")
        for one, other in self._shared():
            text = self._same(one, other)
            yield one, MissingUnit(one.unit, text, one.ledger, "foreign")

    def remarks(self) -> Iterator[Remark]:
        """Offices named in workbooks that are their unit's all the same."""
        for one in self.identities:
            named = self._by_name.get(_squeezed(one.office or ""))
            if named and self.owner(one) == one.unit and not self._related(one.unit, named):
                yield Remark("another_office", self._named(one), one.unit, one.ledger)

    def owner(self, one: Identity) -> str | None:
        """The unit (padded code) whose workbook it is; None where nothing says so."""
        if one.stamped_unit in self.tree.nodes:
            return one.stamped_unit
        whose = self._homes.get(one.workspace or "")
        return whose or one.stamped_unit or self._by_name.get(_squeezed(one.office or ""))

    @cached_property
    def _homes(self) -> dict[str, str]:
        """The unit of each workspace: it is the unit's own, and no other unit has more of it."""
        by_unit: dict[str, Counter[str]] = {}
        by_workspace: dict[str, Counter[str]] = {}
        for one in self.identities:
            if one.workspace:
                by_unit.setdefault(one.unit, Counter())[one.workspace] += 1
                by_workspace.setdefault(one.workspace, Counter())[one.unit] += 1
        own = {unit: most for unit, found in by_unit.items() if (most := _only_most(found))}
        own |= self.workspaces
        held = Counter(own.values())
        named = {w: unit for unit, w in self.workspaces.items() if held[w] == 1}
        voted = {w: most for w, found in by_workspace.items() if (most := _only_most(found))}
        return {w: unit for w, unit in voted.items() if own.get(unit) == w} | named

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Communities by name and by code, where only one bears it."""
        nodes = [n for n in self.tree if n.unit.level == "community"]
        names = Counter(_squeezed(n.unit.name) for n in nodes)
        found = {
            _squeezed(n.unit.name): n.code for n in nodes if names[_squeezed(n.unit.name)] == 1
        }
        return found | {n.code: n.code for n in nodes}

    def _related(self, one: str, other: str) -> bool:
        """The same unit, one around the other, or one that the other came from."""
        if one in self.tree.above(other) or other in self.tree.above(one):
            return True
        return self._descends(one, other) or self._descends(other, one)

    def _descends(self, old: str, heir: str) -> bool:
        seen, at = {old}, [old]
        while at:
            at = [h for c in at if c in self.tree.nodes for h in self.tree.nodes[c].heirs]
            at = [h for h in at if h not in seen]
            seen.update(at)
        return heir in seen

    def _shared(self) -> Iterator[tuple[Identity, Identity]]:
        """Workbooks with the same records as another's that has no better claim to them."""
        for one, other in combinations(self.identities, 2):
            if one.ledger != other.ledger or self._related(one.unit, other.unit):
                continue
            if not alike(one, other):
                continue
            mine = self.owner(one) == one.unit, self.owner(other) == other.unit
            if mine != (True, False) and self.owner(one) in (None, one.unit):
                yield one, other
            if mine != (False, True) and self.owner(other) in (None, other.unit):
                yield other, one

    def _belongs(self, one: Identity, whose: str) -> Message:
        name = self._name(whose)
        return message(
            "{file} 是{name}的工作簿（{evidence}），没有计入，也没有代替。请放到该单位的文件夹，"
            "或放回本单位自己的",
            file=one.file,
            name=name,
            evidence=self._evidence(one),
        )

    def _evidence(self, one: Identity) -> Message:
        if one.stamped_unit or one.workspace in self._homes:
            return message("看文件里的印记")
        return message("填报单位写的是{office}", office=one.office or "")

    def _same(self, one: Identity, other: Identity) -> Message:
        name = self._name(other.unit)
        return message(
            "{file} 与{name}的是同一份工作簿，不知是谁的，没有计入。请放回各单位自己的",
            file=one.file,
            name=name,
        )

    def _named(self, one: Identity) -> Message:
        return message(
            "{file} 里填报单位写的是{office}，印记却是本单位的：仍按本单位计入，请改正",
            file=one.file,
            office=one.office or "",
        )

    def _name(self, code: str) -> str:
        if code not in self.tree.nodes:
            return code
        unit = self.tree.nodes[code].unit
        return f"{unit.name}（{unit.code}）"


def alike(one: Identity, other: Identity) -> bool:
    """Whether two workbooks hold the same records."""
    if one.contents and one.sha256 and one.sha256 == other.sha256:
        return True
    return _overlap(one.ids, other.ids, 1) or _overlap(one.contents, other.contents, _FEWEST)


def _overlap(one: frozenset[int], other: frozenset[int], fewest: int) -> bool:
    shared = len(one & other)
    return shared >= max(fewest, _ALIKE * min(len(one), len(other)))


def _only_most(counts: Counter[str]) -> str | None:
    (most, count), *rest = counts.most_common(2)
    return most if not rest or rest[0][1] < count else None


def _squeezed(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
