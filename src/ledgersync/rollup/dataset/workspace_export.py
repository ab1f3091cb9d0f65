"""Exporting a workspace: what lies in its folders and those of the units below, as a dataset."""

from datetime import date
from pathlib import Path

from ledgersync.messages import Message
from ledgersync.rollup.dataset.export import Export
from ledgersync.rollup.dataset.layout import FOLDER, MANIFEST
from ledgersync.rollup.dataset.manifest import Manifest
from ledgersync.rollup.dataset.pseudonyms import matching_key
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sources.collect import Collected, collect
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.unitcodes import full_code

_YEARS = 3  # of which the state at every month's end is exported, where no period is asked for
Missing = list[tuple[str, Message]]


def export_workspace(
    workspace: Workspace, folder: Path, *, period: str | None = None, plain: bool = False
) -> tuple[Path, Manifest, Missing]:
    """Writes `folder/facts` (`folder` itself where it is called so) and says who is missing."""
    statements, today = checked_statements(workspace.catalog, workspace.state), clock.today()
    closing = workspace.config.rules.period_end_day
    asked = parse_period(period or "this-month", today, closing)
    found = collect(workspace, asked, today, None if period else month_ends(today, closing))
    target = folder if folder.name == FOLDER else folder / FOLDER
    export = Export(
        target,
        statements,
        today,
        clock.now(),
        None if plain else matching_key(workspace.keys, workspace.state / "keys"),
        asked.text if period else None,
        private=workspace.is_private(target) or target.is_relative_to(workspace.state),
    )
    manifest = export.write(found)
    return target / MANIFEST, manifest, _missing(found)


def month_ends(today: date, closing_day: int | None) -> frozenset[date]:
    """The last days of the months of three years, up to yesterday."""
    months = Period(12 * (today.year - _YEARS + 1), 12 * today.year + today.month - 1, closing_day)
    days = {months.opening, *(last for _, last in months.month_ends())}
    return frozenset(day for day in days if day < today)


def _missing(found: Collected) -> Missing:
    names = {node.code: node.unit.name for node in found.tree}
    return [(names.get(full_code(m.unit), m.unit), m.reason) for m in found.missing]
