"""The summary workbooks of a roll-up as files, one per level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledgersync.files import atomic_write
from ledgersync.report.content import Annex, Shown
from ledgersync.report.summary import Summary
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.units.tree import LEVEL_NAMES, LEVELS
from ledgersync.schema import Catalog
from ledgersync.workspace.place import keep_private


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
    present = {node.unit.level for node in found.tree}
    for each in LEVELS:
        if each in present and level in (None, each):
            summary = Summary(found, catalog, each, reported, annex)
            name = f"汇总表-{LEVEL_NAMES[each]}{whose}-{found.period.text}.xlsx"
            yield Built(name, summary.data(), summary.figures)


def write_summaries(
    found: RollUp, folder: Path, reported: date, *, catalog: Catalog, level: str | None = None
) -> list[Path]:
    """Writes one workbook per level that has units (or for one level); returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for built in build_summaries(found, reported, catalog, level):
        path = folder / built.name
        atomic_write(path, built.data)
        keep_private(path)
        written.append(path)
    return written
