"""Who has reported, and when last: workbooks received, packages, a unit's own workspace below."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.rollup.units.folders import find_claims
from ledgersync.rollup.units.tree import Node
from ledgersync.sync.session import Session
from ledgersync.upward.keys.trust import TrustBook
from ledgersync.upward.office import Office
from ledgersync.upward.units.taking import last_received
from ledgersync.workspace import Unit, Workspace, clock
from ledgersync.workspace.unitcodes import enclosing_code, full_code

_LISTED = "units.listed:"  # in the journal's meta, by padded code: since when a unit is known


@dataclass(frozen=True, slots=True)
class Report:
    """A unit and when something of it came last; `expected`: it is a community of today."""

    unit: Unit
    parent: str
    last: str | None
    since: str | None
    expected: bool

    def is_missing(self, month: str) -> bool:
        """Nothing came this month (`2022-06`)."""
        return self.expected and (self.last is None or self.last[:7] < month)

    def as_json(self) -> dict[str, Any]:
        unit = {k: v for k, v in self.unit.as_json().items() if v is not None}
        unit["succeeded_by"] = list(self.unit.succeeded_by)
        return {**unit, "last": self.last, "since": self.since, "expected": self.expected}


def reports_of(session: Session) -> list[Report]:
    """Every unit below, from the top down."""
    tree = Office(session).tree
    received = {full_code(c): at for c, at in last_received(session).items()}
    for code, at in _seen_below(session):
        received[code] = max(at, received.get(code, ""))
    expected = {n.code for n in tree.expected(session.today, session.today)}
    return [
        Report(
            node.unit,
            _name(tree.nodes.get(node.parent or "")),
            received.get(node.code),
            session.journal.meta(_LISTED + node.code),
            node.code in expected,
        )
        for node in tree
        if node.code != tree.root
    ]


def has_units(workspace: Workspace) -> bool:
    """Whether somebody is listed below an office, or believed to be."""
    own, level = full_code(workspace.unit.code), workspace.unit.level
    believed = (keys.code for keys in TrustBook(workspace.keys))
    return bool(workspace.config.units) or any(
        code != own and enclosing_code(code, level) == own for code in believed
    )


def missing_units(session: Session) -> list[Report]:
    """Communities of which nothing came this month."""
    month = f"{session.today:%Y-%m}"
    return [r for r in reports_of(session) if r.is_missing(month)]


def note_listed(session: Session, codes: list[str]) -> None:
    """Units are known from now on."""
    now = session.now().isoformat()
    for code in codes:
        if session.journal.meta(_LISTED + code) is None:
            session.journal.set_meta(_LISTED + code, now)


def _seen_below(session: Session) -> Iterator[tuple[str, str]]:
    """When a folder below was last written, and when a package came."""
    for claim in find_claims(session.workspace):
        primary = claim.folder / "primary"
        if claim.depth and claim.code and primary.is_dir():
            times = [f.stat().st_mtime for f in primary.iterdir() if f.is_file()]
            if times:
                yield claim.code, clock.local(max(times)).isoformat()
    for unit, at in session.journal.packages.last_received():
        yield unit, _in_zone(at)


def _in_zone(at: str) -> str:
    return datetime.fromisoformat(at).isoformat()


def _name(node: Node | None) -> str:
    return node.unit.name if node else ""
