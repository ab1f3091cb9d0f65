"""重复享受: one person in two 低保 households, inside a community and, by keyed hashes, across.

Across communities only HMAC-SHA-256 values under the district's key are compared, so that no
identity number leaves the community that keeps it. The key has to stay secret: without it the few
possible numbers cannot be tried out one by one.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping

from ledgersync.checks.cross.homes import homes
from ledgersync.checks.cross.views import View, Views
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.model import RecordFinding, Rows
from ledgersync.schema import Catalog, TableKey

RULE = "cross.duplicate_benefit"


@dataclass(frozen=True, slots=True)
class Claim:
    """A person that a household is paid for, and the record that says so."""

    person: str
    household: str
    table: str
    record: str


def duplicate_benefits(views: Views) -> Iterator[RecordFinding]:
    """People in two households of this community, at each of their records."""
    by_person: dict[str, list[Claim]] = {}
    for claim in claims(views):
        by_person.setdefault(claim.person, []).append(claim)
    told = message("此人同时在两户低保中享受，请核对")
    for found in by_person.values():
        if len({claim.household for claim in found}) > 1:
            yield from (_finding(views, claim, told) for claim in found)


def claims(views: Views) -> Iterator[Claim]:
    """Everybody that is paid for; the head alone where no members are listed."""
    for home in homes(views):
        if not home.active:
            continue
        if not home.members and home.head:
            yield Claim(home.head, home.record, "households", home.record)
        for member in home.members:
            if member.person and member.benefits:
                yield Claim(member.person, home.record, "members", member.record)


def benefit_hashes(
    tables: Mapping[TableKey, Rows], catalog: Catalog, key: bytes
) -> dict[str, tuple[Claim, ...]]:
    """Keyed hash of everybody that is paid for → their records; only the hashes may leave."""
    found: dict[str, tuple[Claim, ...]] = {}
    for claim in claims(Views(tables, catalog)):
        digest = hmac.new(key, claim.person.encode(), hashlib.sha256).hexdigest()
        found[digest] = (*found.get(digest, ()), claim)
    return found


def shared_hashes(by_unit: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    """The hashes that several units handed in, with those units in order."""
    units: dict[str, list[str]] = {}
    for unit in sorted(by_unit):
        for digest in set(by_unit[unit]):
            units.setdefault(digest, []).append(unit)
    return {digest: tuple(found) for digest, found in units.items() if len(found) > 1}


def shared_benefit_findings(
    own: Mapping[str, tuple[Claim, ...]], shared: Mapping[str, tuple[str, ...]], unit: str
) -> list[RecordFinding]:
    """What a community is told: which of its records stand in which other units too."""
    found: list[RecordFinding] = []
    for digest in own.keys() & shared.keys():
        others = [name for name in shared[digest] if name != unit]
        told = message("此人在{others}也享受低保，请与对方核对", others=others)
        for claim in own[digest] if others else ():
            found.append(
                RecordFinding(
                    *("dibao", claim.table, claim.record, _field(claim)), RULE, "warning", told
                )
            )
    return sorted(found, key=lambda f: (f.table, f.record))


def _field(claim: Claim) -> str:
    return "head_id" if claim.table == "households" else "member_id"


def _finding(views: Views, claim: Claim, message: Message) -> RecordFinding:
    view: View = views.table("dibao", claim.table)
    return view.finding(claim.record, _field(claim), RULE, message)
