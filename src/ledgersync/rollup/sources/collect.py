"""Gets the facts of a unit and of all units below it, and says which are missing and why.

Every unit counts once: of several folders for it one at most (`folders.py`), and no workbook that
is another unit's (`provenance.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.facts.reader import PartReader
from ledgersync.messages import Message, message
from ledgersync.rollup.facts import MissingUnit, Remark, UnitFacts
from ledgersync.rollup.figures import window_periods
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sources.closed import Closed, Closings
from ledgersync.rollup.sources.primary_rows import PrimarySource, Received
from ledgersync.rollup.units.folders import Claim, UnitFolders, find_claims
from ledgersync.rollup.units.listing import UnitList
from ledgersync.rollup.units.provenance import Provenance
from ledgersync.rollup.units.tree import Node, UnitTree
from ledgersync.sync.own_parts import bring_parts
from ledgersync.workspace import Workspace


@dataclass(frozen=True)
class Collected:
    """The tree of units, the facts of those that have any, who is missing, what was doubted."""

    tree: UnitTree
    facts: tuple[UnitFacts, ...]
    missing: tuple[MissingUnit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    closed: Mapping[str, Closed] = field(default_factory=dict)  # by padded code
    closings: Mapping[str, Closings] = field(default_factory=dict)  # of any period, by padded code


@dataclass(frozen=True)
class Places:
    """The units of a workspace and their folders, before anything of theirs is read."""

    tree: UnitTree
    folders: UnitFolders
    remarks: tuple[Remark, ...]

    @classmethod
    def of(cls, workspace: Workspace, day: date) -> "Places":
        claims = list(find_claims(workspace))
        every = UnitList.of([c.workspace for c in claims if c.workspace])
        folders = UnitFolders(workspace.root)
        folders.settle(claims, every.units)
        kept = [c.workspace for c in folders.claims.values() if c.workspace]
        listed = UnitList.of(kept)
        tree = listed.tree(workspace.unit, day)
        return cls(tree, folders, (*folders.remarks, *listed.remarks(tree)))

    def unlisted(self) -> Iterator[Claim]:
        """Folders of units that no configuration knows."""
        known = self.tree.nodes
        return (claim for code, claim in self.folders.claims.items() if code not in known)


@dataclass
class Collection:
    """Reads the folders of the units that are expected from a first to a last day.

    A period that a unit has closed is what it was closed with; None: as everything is today.
    """

    places: Places
    source: PrimarySource
    first: date
    last: date
    period: Period | None = None
    received: dict[str, Received] = field(default_factory=dict)
    missing: list[MissingUnit] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    closed: dict[str, Closed] = field(default_factory=dict)
    closings: dict[str, Closings] = field(default_factory=dict)

    def collect(self) -> Collected:
        tree = self.places.tree
        self._say_ambiguous()
        self.source.ahead(self._folders())
        for node in tree:
            self._take(node)
        self._sort_out()
        for claim in self.places.unlisted():
            if claim.workspace or claim.holds_workbooks():  # else packages of it lie there
                self.remarks.append(Remark("unlisted_unit", _unlisted(claim), None))
        self.source.parts.forget_others()
        remarks = (*self.places.remarks, *self.remarks)
        facts, missing = tuple(self._facts()), tuple(self.missing)
        return Collected(tree, facts, missing, remarks, self.closed, self.closings)

    def _folders(self) -> Iterator[Path]:
        """Of the units whose ledgers are here."""
        claims = (self.places.folders.claims.get(node.code) for node in self.places.tree)
        return (c.folder for c in claims if c is not None and (c.folder / "primary").is_dir())

    def _take(self, node: Node) -> None:
        claim = self.places.folders.claims.get(node.code)
        if claim is None or not (claim.folder / "primary").is_dir():
            self._miss(node, claim)
            return
        try:
            found = self._closed(node, claim) or self.source.receive(node.unit, claim.folder)
        except UnreadableFile as error:
            self.missing.append(MissingUnit(node.unit.code, error.message, None, "unreadable"))
            return
        if node.unit.level == "community":
            self.missing += found.missing
            self.remarks += found.remarks
        self.received[node.code] = found

    def _closed(self, node: Node, claim: Claim) -> Received | None:
        """What the unit closed the period with, whatever lies in its folder now."""
        if self.period is None or claim.workspace is None:
            return None
        closings = Closings.of(claim.workspace)
        if closings.steps:
            self.closings[node.code] = closings
        found = closings.closed(self.period)
        if found is None:
            return None
        self.closed[node.code] = found
        facts = found.facts(node.unit, self.source.parts.catalog)
        return Received(facts, found.missing(node.unit), [], [])

    def _say_ambiguous(self) -> None:
        """Units with several folders that differ; a unit that nobody lists is only remarked."""
        nodes = self.places.tree.nodes
        for missing in self.places.folders.missing:
            if missing.unit in nodes:
                self.missing.append(replace(missing, unit=nodes[missing.unit].unit.code))
            else:
                self.remarks.append(Remark("duplicate_folder", missing.reason, None))

    def _miss(self, node: Node, claim: Claim | None) -> None:
        expected = node in self.places.tree.expected(self.first, self.last)
        ambiguous = any(m.unit == node.code for m in self.places.folders.missing)
        if expected and not ambiguous and not self._is_gone(node):
            self.missing.append(MissingUnit(node.unit.code, _absent(claim)))

    def _is_gone(self, node: Node) -> bool:
        """It merged into another unit, whose folder may hold its rows."""
        heir = self.places.tree.counted_as(node.code, self.last)
        return heir != node.code and heir in self.places.folders.claims

    def _sort_out(self) -> None:
        """Workbooks of other units do not count, whatever folder they lie in."""
        identities = [i for found in self.received.values() for i in found.identities]
        own = {code: c.identity for code, c in self.places.folders.claims.items() if c.identity}
        provenance = Provenance(self.places.tree, identities, own)
        foreign = {one.place: missing for one, missing in provenance.foreign()}
        for (unit, ledger), missing in foreign.items():
            self.received[unit].without(ledger)
            self.missing = [m for m in self.missing if (m.unit, m.ledger) != (unit, ledger)]
            self.missing.append(replace(missing, unit=self.places.tree.nodes[unit].unit.code))
        self.remarks += provenance.remarks()

    def _facts(self) -> Iterator[UnitFacts]:
        """An office's own ledgers count only where it keeps any."""
        for code, found in self.received.items():
            is_community = self.places.tree.nodes[code].unit.level == "community"
            if found.facts.tables if is_community else any(found.facts.tables.values()):
                yield found.facts


def _absent(claim: Claim | None) -> Message:
    if claim is not None and claim.holds_workbooks():
        return message("没有收到该单位的台账（文件夹里有工作簿，但不在 primary 里）")
    return message("没有收到该单位的台账")


def _unlisted(claim: Claim) -> Message:
    path = f"units/{claim.folder.name}"
    return message(
        "{path} 的单位不在 ledgersync.toml 的 [[unit]] 里，没有计入。请补上这个单位，或移走文件夹",
        path=path,
    )


def units_of(workspace: Workspace, today: date) -> UnitTree:
    """The tree of a workspace's units; no ledger is read for it."""
    return Places.of(workspace, today).tree


def collect(
    workspace: Workspace,
    period: Period,
    today: date,
    past: frozenset[date] | None = None,
    *,
    closed: bool = True,
) -> Collected:
    """The facts for a period from a workspace and the units below it.

    `past` are the days whose state is asked of the journals, the period's own where not given;
    with `closed` a period that a unit has closed is what it was closed with.
    """
    last = min(period.last, today)
    places = Places.of(workspace, last)
    days = {day for p in window_periods(period).values() for day in (p.last, p.opening)}
    asked = frozenset(day for day in days if day < today) if past is None else past
    bring_parts(workspace)
    source = PrimarySource(PartReader.of(workspace, today), asked)
    kept = period if closed and past is None else None
    return Collection(places, source, min(period.first, last), last, kept).collect()
