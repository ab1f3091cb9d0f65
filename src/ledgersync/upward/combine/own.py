"""A community's own roll-up: of a period that it closed, what it was closed with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ledgersync.messages import listed, message
from ledgersync.rollup.facts import Remark
from ledgersync.rollup.figures import Cell, Figure, RollUp, Window
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.running import Run, run
from ledgersync.rollup.sources.closed import Closed
from ledgersync.rollup.sources.collect import Collected, collect
from ledgersync.upward.combine.differences import Difference, shown_number
from ledgersync.upward.content.figures import PackedFigures, unpacked
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import full_code

_SHOWN = 5


@dataclass(frozen=True)
class ClosedFigures:
    """The figures of a closed period, and what today's rows make of it."""

    closed: Closed
    today: Run

    @cached_property
    def kept(self) -> PackedFigures:
        return unpacked(self.closed.parts["figures.json"])

    def instead_of(self, found: RollUp) -> RollUp:
        """The figures as they were, whatever definitions say since; changes are remarked."""
        by_window = {
            name: dict(self._window(name, cells)) for name, cells in found.by_window.items()
        }
        kept = replace(found, by_window=by_window)
        changed = self.changed(kept)
        return replace(kept, remarks=(*kept.remarks, *self._remarks(kept, changed)))

    def _window(self, name: Window, cells: Mapping[Cell, Figure]) -> Iterator[tuple[Cell, Figure]]:
        for cell, figure in cells.items():
            then = self.kept.get(full_code(cell[0]), cell[1], name)
            yield cell, replace(then, unit=cell[0]) if then else figure

    def changed(self, found: RollUp) -> list[Difference]:
        """Indicators that would be otherwise by the rows of today; `found` is as it was closed."""
        now = self.today.exact()
        names = {line.id: line.name for line in (*now.lines, *found.lines)}
        cells = dict.fromkeys((*found.by_window["current"], *now.by_window["current"]))
        pairs = ((cell, found.get(*cell), now.get(*cell)) for cell in cells)
        return [
            Difference(
                *(cell[0], cell[1], names[cell[1]]),
                then.value if then else None,
                after.value if after else None,
            )
            for cell, then, after in pairs
            if _said(then) != _said(after)
        ]

    def _remarks(self, found: RollUp, changed: list[Difference]) -> Iterator[Remark]:
        if not changed:
            return
        parts = [
            message(
                "{name} 关账时 {then}，现在的行 {now}",
                name=d.name,
                then=shown_number(d.package),
                now=shown_number(d.folder),
            )
            for d in changed[:_SHOWN]
        ]
        text = message(
            "{period} 已于 {day} 关账，按关账时的数；之后台账有改动（{count} 项）：{parts}",
            period=found.period.text,
            day=self.closed.closing.at[:10],
            count=len(changed),
            parts=listed(parts, "；"),
        )
        yield Remark("closed_changed", text, found.tree.nodes[found.tree.root].unit.code)


def _said(figure: Figure | None) -> tuple[object, ...]:
    """Nothing and zero of something that there was none of are alike."""
    if figure is None:
        return (None, None, None)
    return (figure.value or None, figure.numerator or None, figure.denominator or None)


@dataclass(frozen=True)
class OwnRun:
    """The run over the facts that count, and the closing they come from, if any."""

    folders: Run
    closed: ClosedFigures | None

    def exact(self) -> RollUp:
        found = self.folders.exact()
        return self.closed.instead_of(found) if self.closed else found


def own_run(workspace: Workspace, period: Period, today: date, found: Collected) -> OwnRun:
    """Of a community, from what was collected; of a closed period on the day of its closing."""
    closed = found.closed.get(full_code(workspace.unit.code))
    if closed is None:
        return OwnRun(run(workspace, period, today, collected=found), None)
    now = run(workspace, period, today, collected=collect(workspace, period, today, closed=False))
    then = run(workspace, period, closed.day, collected=found)
    return OwnRun(then, ClosedFigures(closed, now))
