"""A community's own roll-up: of a period that it closed, what it was closed with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.rollup.facts import Remark
from ledgersync.rollup.figures import Cell, Figure, RollUp, Window
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.running import Run, run
from ledgersync.rollup.sources.closed import Closed
from ledgersync.rollup.sources.collect import Collected, collect
from ledgersync.upward.combine.differences import Difference, first_told
from ledgersync.upward.content.figures import PackedFigures, unpacked
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True)
class ClosedFigures:
    """The figures of a closed period, and what today's rows make of it."""

    closed: Closed
    today: Run

    @cached_property
    def kept(self) -> PackedFigures:
        return unpacked(self.closed.parts["figures.json"])

    def instead_of(self, found: RollUp) -> RollUp:
        """The figures as they were, whatever definitions say since."""
        by_window = {
            name: dict(self._window(name, cells)) for name, cells in found.by_window.items()
        }
        return replace(found, by_window=by_window)

    def _window(self, name: Window, cells: Mapping[Cell, Figure]) -> Iterator[tuple[Cell, Figure]]:
        for cell, figure in cells.items():
            then = self.kept.get(full_code(cell[0]), cell[1], name)
            yield cell, replace(then, unit=cell[0]) if then else figure

    def changed(self, found: RollUp) -> list[Difference]:
        """Indicators that would be otherwise by the rows of today; `found` is as it was closed."""
        now = self.today.exact()
        lines = {line.id: line for line in (*now.lines, *found.lines)}
        cells = dict.fromkeys((*found.by_window["current"], *now.by_window["current"]))
        pairs = ((cell, found.get(*cell), now.get(*cell)) for cell in cells)
        return [
            Difference(
                *(cell[0], cell[1], lines[cell[1]].name),
                then.value if then else None,
                after.value if after else None,
                lines[cell[1]].is_ratio,
            )
            for cell, then, after in pairs
            if not alike(then, after)
        ]

    def remarks(self, found: RollUp, hide: frozenset[str]) -> Iterator[Remark]:
        """What the rows say since; of lines to `hide` only that it changed."""
        changed = self.changed(found)
        if not changed:
            return
        text = message(
            "{period} 已于 {day} 关账，按关账时的数；之后台账有改动（{count} 项）：{parts}",
            period=found.period.text,
            day=self.closed.closing.at[:10],
            count=len(changed),
            parts=changes_told(changed, hide),
        )
        yield Remark("closed_changed", text, found.tree.nodes[found.tree.root].unit.code)


def changes_told(changed: Sequence[Difference], hide: frozenset[str]) -> Message:
    """The first few, as they were closed and as the rows are."""
    visible = [d for d in changed if d.shown[0] != d.shown[1]]
    parts = first_told(visible, hide, _since_closing)
    return listed(parts, "；")


def _since_closing(d: Difference) -> Message:
    then, now = d.shown
    return message("{name} 关账时 {then}，现在的行 {now}", name=d.name, then=then, now=now)


def alike(one: Figure | None, other: Figure | None) -> bool:
    """Nothing and zero of something that there was none of are alike."""
    return _shown(one) == _shown(other)


def _shown(figure: Figure | None) -> tuple[object, ...]:
    if figure is None:
        return (None, None, None)
    return (figure.value or None, figure.numerator or None, figure.denominator or None)


def own_run(
    workspace: Workspace, period: Period, today: date, found: Collected
) -> tuple[Run, ClosedFigures | None]:
    """Of a community, from what was collected; of a closed period on the day of its closing."""
    closed = found.closed.get(full_code(workspace.unit.code))
    if closed is None:
        return run(workspace, period, today, collected=found), None
    now = run(workspace, period, today, collected=collect(workspace, period, today, closed=False))
    then = run(workspace, period, closed.day, collected=found)
    return then, ClosedFigures(closed, now)
