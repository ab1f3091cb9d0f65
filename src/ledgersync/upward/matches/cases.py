"""An office above: what the newest packages of two units share, as cases with a number."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from ledgersync.dataclass import dataclass
from ledgersync.journal import KeptPackage
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.sources.collect import Collected
from ledgersync.upward.matches.hashes import (
    PART,
    Kind,
    UnitHashes,
    hashed,
    read_hashes,
    rows_of,
)
from ledgersync.upward.office import Office
from ledgersync.upward.package.archive import Archive
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that stands in several units (padded codes)."""

    number: str
    kind: Kind
    key: bytes
    units: tuple[str, ...]


def unit_hashes(office: Office, collected: Collected | None, key: Pseudonyms) -> UnitHashes:
    """Of every unit below: from the newest package, else from its folder."""
    found: UnitHashes = {}
    for archive in newest_packages(office):
        if archive.manifest.matching == key.key_id and PART in archive.parts:
            for unit, hashes in read_hashes(archive.parts[PART], _units_in(archive)).items():
                found.setdefault(unit, set()).update(hashes)
    sent = set(found)
    for facts in collected.facts if collected else ():
        code = full_code(facts.unit.code)
        if code not in sent:
            catalog = office.workspace.catalog
            found[code] = set(hashed(rows_of(facts, catalog), catalog, key))
    return found


def newest_packages(office: Office) -> Iterator[Archive]:
    """The last accepted package of each unit, by the end of what it is about."""
    newest: dict[str, KeptPackage] = {}
    for package in office.journal.packages.all("in"):
        known = newest.get(package.unit, package)
        newest[package.unit] = max(known, package, key=_made)
    for package in sorted(newest.values(), key=_made):
        yield office.archive(package)


def _made(package: KeptPackage) -> tuple[str, str]:
    return package.made, package.sha256


def _units_in(archive: Archive) -> frozenset[str]:
    return frozenset(str(unit[0]) for unit in archive.document("figures.json")["units"])


def cases_of(office: Office, units: UnitHashes, key: Pseudonyms) -> list[Case]:
    """What stands in more than one unit, by number."""
    standing: dict[tuple[Kind, bytes], list[str]] = {}
    for unit in sorted(units):
        for one in units[unit]:
            standing.setdefault(one, []).append(unit)
    secret = key.key + office.journal.workspace_id.encode()
    return sorted(
        (
            Case(case_number(secret, kind, digest), kind, digest, tuple(codes))
            for (kind, digest), codes in standing.items()
            if len(codes) > 1
        ),
        key=lambda case: (case.kind, case.number),
    )


def case_number(secret: bytes, kind: Kind, digest: bytes) -> str:
    """`123-456-789`: the same for the same thing, whenever it is asked, and nobody's hash."""
    hashed_again = hmac.new(secret, kind.encode() + digest, hashlib.sha256).digest()
    digits = f"{int.from_bytes(hashed_again[:8], 'big') % 10**9:09d}"
    return "-".join(digits[n : n + 3] for n in (0, 3, 6))


def concerning(cases: Iterable[Case], units: Iterable[str]) -> list[Case]:
    """The cases that some of these units are part of."""
    mine = set(units)
    return [case for case in cases if mine & set(case.units)]
