"""The summary workbooks of a roll-up as files, one per level."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write
from ledgersync.report.content import Annex, Shown
from ledgersync.report.unchanged import Unchanged, drawn_from
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.units.tree import LEVEL_NAMES
from ledgersync.schema import Catalog
from ledgersync.workspace.place import keep_private
from ledgersync.workspace.unitcodes import LEVELS, Level


@dataclass(frozen=True)
class Built:
    """A finished workbook: its name and bytes, and every figure of it by its cell."""

    name: str
    data: bytes
    figures: Mapping[str, Shown]


def build_summaries(
    found: RollUp,
    reported: date,
    catalog: Catalog,
    level: str | None = None,
    whose: str = "",
    annex: Annex | None = None,
) -> Iterator[Built]:
    """One workbook per level that has units, or for one level; `whose` stands in their names."""
    from ledgersync.report.summary import Summary

    for each in _levels(found, level):
        summary = Summary(found, catalog, each, reported, annex)
        yield Built(_name(found, each, whose), summary.data(), summary.figures)


def write_summaries(
    found: RollUp,
    folder: Path,
    reported: date,
    *,
    catalog: Catalog,
    level: str | None = None,
    kept: Path | None = None,
) -> list[Path]:
    """Writes one workbook per level that has units (or for one level); returns their paths.

    What `kept` knows as written before from the same figures stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unchanged, source = Unchanged(kept), drawn_from(_compared(found), reported, list(catalog))
    written = []
    for each in _levels(found, level):
        path = folder / _name(found, each)
        if not unchanged.stands(path, source):
            from ledgersync.report.summary import Summary  # what draws is slow to import

            atomic_write(path, Summary(found, catalog, each, reported).data())
            keep_private(path)
            unchanged.remember(path, source)
        written.append(path)
    return written


def _compared(found: RollUp) -> list[object]:
    """All that is counted; what a line means stands in the ledgers."""
    lines = [(line.id, line.name, line.member, line.defined.ledger) for line in found.lines]
    return [lines, *(getattr(found, f.name) for f in fields(found) if f.name != "lines")]


def _levels(found: RollUp, level: str | None) -> list[Level]:
    present = {node.unit.level for node in found.tree}
    return [each for each in LEVELS if each in present and level in (None, each)]


def _name(found: RollUp, level: Level, whose: str = "") -> str:
    return f"汇总表-{LEVEL_NAMES[level]}{whose}-{found.period.text}.xlsx"
