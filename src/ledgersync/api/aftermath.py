"""What follows a change of the state that the layers below know nothing of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledgersync.files import atomic_write

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ledgersync.plugin.snapshot import Figure
    from ledgersync.rollup.caveats.jumps import History
    from ledgersync.rollup.figures import RollUp
    from ledgersync.sync.session import Session
    from ledgersync.workspace import Workspace

_PERIODS_KEPT = 24


def refresh_snapshot(workspace: Workspace) -> None:
    """Writes the spreadsheet functions' snapshot anew."""
    from ledgersync.sync.opening import open_session

    with open_session(workspace, "snapshot", write=False) as session:
        write_snapshot_of(session)


def write_snapshot_of(session: Session) -> None:
    """Writes the snapshot of an open session, with the figures of the last roll-ups."""
    from ledgersync.plugin.publish import publish

    publish(session, kept_figures(session.workspace))


def keep_figures(workspace: Workspace, found: RollUp) -> None:
    """Remembers a period's figures for `LS_FIGURE`; the oldest periods go."""
    periods = _read(_figures_file(workspace))
    periods.pop(found.period.text, None)
    periods[found.period.text] = [
        [f.indicator, f.unit, None if f.value is None else float(f.value), f.suppressed]
        for f in found
    ]
    while len(periods) > _PERIODS_KEPT:
        del periods[next(iter(periods))]
    path = _figures_file(workspace)
    atomic_write(path, json.dumps(periods), private=True)


def kept_figures(workspace: Workspace) -> tuple[Figure, ...]:
    """The figures that roll-ups left here."""
    from ledgersync.plugin.snapshot import Figure

    return tuple(
        Figure(indicator, period, unit, value, suppressed)
        for period, figures in _read(_figures_file(workspace)).items()
        for indicator, unit, value, suppressed in figures
    )


def kept_history(workspace: Workspace, today: date) -> History:
    """What earlier roll-ups here said, by period, then unit and indicator."""
    from ledgersync.rollup.running import period_of

    return {
        period_of(workspace, text, today): {(unit, line): value for line, unit, value, _ in figures}
        for text, figures in _read(_figures_file(workspace)).items()
    }


def _figures_file(workspace: Workspace) -> Path:
    return workspace.state / "figures.json"


def _read(path: Path) -> dict[str, list[Any]]:
    try:
        found: dict[str, list[Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
