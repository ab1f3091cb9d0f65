"""Figures of a period as typed rows, and the rows behind a number."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ledgersync.api.listing import Listing
from ledgersync.dataclass import dataclass
from ledgersync.report.wording import change
from ledgersync.rollup.figures import Figure, Line, RollUp
from ledgersync.rollup.traced import TracedRow

if TYPE_CHECKING:
    from ledgersync.rollup.engines import EngineName
    from ledgersync.workspace.unitcodes import Level

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One indicator of one unit; a value that is nothing is not known, not zero.

    A change is the part of what it was, of ratios the difference.
    """

    unit: str
    level: str
    indicator: str
    name: str
    measure: str
    value: Number | None
    numerator: Number | None
    denominator: Number | None
    change_previous: float | None
    change_year_before: float | None
    year_to_date: Number | None
    unit_name: str
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit, or one ledger of it, that is not in the figures, and why."""

    unit: str
    ledger: str | None
    kind: str
    reason: str


@dataclass(frozen=True)
class Figures(Listing[FigureRow]):
    """The figures of a period; `missing` says who is not in them."""

    period: str = ""
    engine: str = ""
    missing: tuple[Missing, ...] = ()
    remarks: tuple[str, ...] = ()
    kind: ClassVar[type] = FigureRow

    def attributes(self) -> dict[str, object]:
        missing = [f"{m.unit} {m.ledger or ''}：{m.reason}" for m in self.missing]
        return {"period": self.period, "engine": self.engine, "missing": missing}


@dataclass(frozen=True)
class RowsBehind(Listing[TracedRow]):
    """The rows that a figure counts, each with the file, sheet and row where it stands."""

    indicator: str = ""
    period: str = ""
    kind: ClassVar[type] = TracedRow

    def attributes(self) -> dict[str, object]:
        return {"indicator": self.indicator, "period": self.period}


def figures_of(found: RollUp, level: Level | None, engine: EngineName) -> Figures:
    """A roll-up as typed rows."""
    missing = (Missing(m.unit, m.ledger, m.kind, m.reason.zh) for m in found.missing)
    return Figures(
        tuple(_rows(found, level)),
        found.period.text,
        f"{engine.name} {engine.version}",
        tuple(missing),
        tuple(r.text.zh for r in found.remarks),
    )


def _rows(found: RollUp, level: Level | None) -> Iterator[FigureRow]:
    lines = {line.id: line for line in found.lines}
    names = {node.unit.code: node.unit.name for node in found.tree}
    for figure in found:
        if level in (None, figure.level):
            yield _row(found, figure, lines[figure.indicator], names[figure.unit])


def _row(found: RollUp, figure: Figure, line: Line, unit_name: str) -> FigureRow:
    return FigureRow(
        *(figure.unit, figure.level, line.id, line.name, line.measure),
        *(figure.value, figure.numerator, figure.denominator),
        change(found, figure.unit, line, "previous"),
        change(found, figure.unit, line, "year_before"),
        found.value(figure.unit, line.id, "year_to_date"),
        unit_name,
        figure.suppressed,
    )
