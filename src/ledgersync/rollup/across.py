"""`check` in an office above: what only the ledgers of several units together show.

Persons are compared by keyed hashes whose key lives as long as the check: the office's own folders
hold the ledgers, and no message names anybody.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ledgersync.checks.cross import (
    benefit_hashes,
    duplicate_activities,
    shared_benefit_findings,
    shared_hashes,
)
from ledgersync.dataclass import dataclass
from ledgersync.facts.reader import PartReader, Wanted
from ledgersync.model import RecordFinding
from ledgersync.rollup.sources.collect import Places
from ledgersync.rollup.units.folders import Claim
from ledgersync.sync.check import Books, CheckedFile, CheckReport, check_workspace, in_order
from ledgersync.workspace import Workspace

LEDGERS = ("dibao", "volunteer")  # those that a rule across units compares


@dataclass(frozen=True)
class _Unit:
    """A unit's name as messages have it, and its workbooks that are compared."""

    name: str
    books: Books


def check_office(workspace: Workspace, today: date) -> CheckReport:
    """The findings of an office's own primaries and, above a community, across its units."""
    report = check_workspace(workspace, today)
    if workspace.unit.level != "community":
        report.add(check_across(workspace, today))
    return report


def check_across(workspace: Workspace, today: date) -> CheckReport:
    """The findings across the units below, each at its cell; files that could not be read."""
    report = CheckReport()
    units = list(_units(workspace, today, report))
    for unit, found in zip(units, _findings(units, workspace), strict=True):
        report.files += _files(workspace.root, unit, found)
    return report


def _units(workspace: Workspace, today: date, report: CheckReport) -> Iterator[_Unit]:
    """The units that have a folder of their own, from the top of the tree."""
    places, parts = Places.of(workspace, today), PartReader.of(workspace, today)
    for node in places.tree:
        claim = places.folders.claims.get(node.code)
        if claim is not None and claim.depth:
            books = Books(workspace.catalog, today)
            books.take(_primaries(parts, claim), parts, report)
            yield _Unit(node.unit.name, books)


def _primaries(parts: PartReader, claim: Claim) -> Iterator[Wanted]:
    known = parts.catalog.ledgers
    for ledger in LEDGERS:
        if ledger in known:
            yield from parts.primaries(claim.folder, known[ledger])[:1]


def _findings(units: Sequence[_Unit], workspace: Workspace) -> Iterator[list[RecordFinding]]:
    """By unit, in their order."""
    catalog, key = workspace.catalog, secrets.token_bytes(32)
    rows = [unit.books.rows() for unit in units]
    own = [benefit_hashes(tables, catalog, key) for tables in rows]
    names = _apart(unit.name for unit in units)
    shared = shared_hashes(dict(zip(names, own, strict=True)))
    activities = duplicate_activities(dict(zip(names, rows, strict=True)), catalog)
    for name, claims in zip(names, own, strict=True):
        yield [
            *shared_benefit_findings(claims, shared, name),
            *(finding for unit, finding in activities if unit == name),
        ]


def _apart(names: Iterable[str]) -> list[str]:
    """Two units of one name stay two."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return found


def _files(root: Path, unit: _Unit, found: Sequence[RecordFinding]) -> Iterator[CheckedFile]:
    placed = unit.books.placed(found)
    for book in unit.books.books:
        name = book.path.relative_to(root).as_posix()
        told = [replace(finding, file=name) for where, finding in placed if where is book]
        if told:
            yield CheckedFile(book.path, name, book.records, tuple(in_order(book, told)))
