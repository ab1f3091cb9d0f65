"""Closed periods inside a longer one: it is counted from today's rows, and says where they differ.

Rates, states and different people of months do not add up to those of a quarter, so that a quarter
is not put together from closed months (`docs/decisions/0111-closed-months-in-a-quarter.md`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.journal import Closing
from ledgersync.messages import message
from ledgersync.rollup.course import Course, course
from ledgersync.rollup.facts import Remark
from ledgersync.rollup.figures import Line, RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.running import Run
from ledgersync.rollup.sources.closed import Closings
from ledgersync.upward.combine.differences import Difference
from ledgersync.upward.combine.own import alike, changes_told
from ledgersync.upward.content.figures import unpacked


@dataclass(frozen=True)
class ClosedInside:
    """A closed period of a unit (code as configured) and what today's rows make of it."""

    unit: str
    closing: Closing
    changed: list[Difference] = field(default_factory=list)

    def remark(self, found: RollUp, hide: frozenset[str]) -> Remark:
        text = message(
            "{name} {closed} 已于 {day} 关账；之后台账有改动（{count} 项），"
            "{period} 和本年累计按现在的行计：{parts}",
            name=found.tree.find(self.unit).unit.name,
            closed=self.closing.period,
            day=self.closing.at[:10],
            count=len(self.changed),
            period=found.period.text,
            parts=changes_told(self.changed, hide),
        )
        return Remark("closed_inside", text, self.unit)


def changed_inside(
    run: Run, lines: Sequence[Line], closings: Mapping[str, Closings]
) -> list[ClosedInside]:
    """The periods inside this one, or this year so far, that its rows say otherwise than closed."""
    periods = {
        code: {c: p for c in known.steps if (p := _inside(c, run.request.period, run)) is not None}
        for code, known in closings.items()
        if code in run.engine.kept
    }
    every = sorted({p for found in periods.values() for p in found.values()}, key=_order)
    wanted = {line.id for line in lines if not line.defined.indicator.overwritten}
    now = course(run.engine, run.request, every, lambda line: line.id in wanted)
    found = [
        ClosedInside(unit, closing, list(changed))
        for code, steps in periods.items()
        for closing, period in steps.items()
        for unit in [run.request.tree.nodes[code].unit.code]
        for changed in [_changed(closings[code], code, unit, period, lines, now)]
    ]
    return [one for one in found if one.changed]


def _changed(
    known: Closings, code: str, unit: str, period: Period, lines: Sequence[Line], now: Course
) -> list[Difference]:
    try:
        closed = known.closed(period)
    except LedgerSyncError:  # `verify` tells of an archive that is not what it was
        return []
    if closed is None:
        return []
    kept = unpacked(closed.parts["figures.json"])
    return [
        Difference(unit, line.id, line.name, then.value, after.value, line.is_ratio)
        for line in lines
        if (then := kept.get(code, line.id)) and (after := now.get(unit, line.id, period))
        if not alike(then, after)
    ]


def _inside(closing: Closing, asked: Period, run: Run) -> Period | None:
    """The closed period, where it is a part of what is asked about."""
    found = parse_period(closing.period, run.request.today, asked.closing_day)
    spans = (asked, asked.year_to_date())
    is_part = any(span.start <= found.start and found.stop <= span.stop for span in spans)
    return found if is_part and found != asked else None


def _order(period: Period) -> tuple[int, int]:
    return period.stop, -period.start


def remarks_inside(
    found: RollUp, changed: Sequence[ClosedInside], hide: frozenset[str]
) -> Iterator[Remark]:
    return (one.remark(found, hide) for one in changed)
