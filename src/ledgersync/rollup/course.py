"""The course of the figures: month by month up to a period's end, of facts that are loaded.

All months are windows of one question to the engine, so that twelve cost little more than one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import cast

from ledgersync.dataclass import dataclass
from ledgersync.rollup.assembly import Assembly, Request
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.figures import Figure, Line, Window
from ledgersync.rollup.period.months import Period

MONTHS = 12
Place = tuple[str, str, str]  # unit code as configured, line id, month


@dataclass(frozen=True)
class Course:
    """The figures of every unit in each of some months; a month that lies ahead is none of them."""

    months: tuple[Period, ...] = ()
    figures: Mapping[Place, Figure] = field(default_factory=dict)

    def get(self, unit: str, line: str, month: Period) -> Figure | None:
        return self.figures.get((unit, line, month.text))

    def known(self, unit: str, line: str) -> bool:
        """Whether anything is known of a figure's course."""
        found = (self.get(unit, line, month) for month in self.months)
        return any(f is not None and f.value is not None for f in found)


@dataclass(frozen=True)
class MonthEngine(Engine):
    """An engine whose windows are months, numbered from the first; the last one is `current`."""

    months: tuple[Period, ...] = ()

    @cached_property
    def periods(self) -> Mapping[Window, Period]:
        named = {**{m.text: m for m in self.months}, "current": self.months[-1]}
        return cast("Mapping[Window, Period]", named)


def months_up_to(request: Request, count: int = MONTHS) -> tuple[Period, ...]:
    """The last months of the period, those before it included; none that has not begun."""
    stop, day = request.period.stop, request.period.closing_day
    every = (Period(m, m, day) for m in range(stop - count + 1, stop + 1))
    return tuple(m for m in every if m.state(request.today) != "ahead")


def course(
    engine: Engine, request: Request, months: Sequence[Period], wanted: Callable[[Line], bool]
) -> Course:
    """The months' figures of the lines that are wanted; the engine is as before afterwards."""
    if not months:
        return Course()
    asked = MonthEngine(
        engine.store, engine.tree, months[-1], engine.today, engine.reported, tuple(months)
    )
    asked.prepare()
    try:
        return Course(tuple(months), dict(_figures(Assembly(asked, request), months, wanted)))
    finally:
        engine.prepare(request.submissions)


def _figures(
    assembly: Assembly, months: Sequence[Period], wanted: Callable[[Line], bool]
) -> Iterator[tuple[Place, Figure]]:
    lines = [line for line in assembly.lines if wanted(line)]
    for window, month in enumerate(months):
        for node in assembly.request.tree:
            for line in lines:
                figure = assembly.figure(node, line, window)
                if figure is not None:
                    yield (node.unit.code, line.id, month.text), figure
