"""Figures that jump against what the same unit reported for earlier periods of the same length."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledgersync.checks.cross import FigureFinding, outlier_finding
from ledgersync.dataclass import dataclass
from ledgersync.rollup.figures import Cell, RollUp
from ledgersync.rollup.period.months import Period

_MOST = 12  # earlier periods: older ones say little of today
History = Mapping[Period, Mapping[Cell, float | None]]


@dataclass(frozen=True, slots=True)
class Jump:
    """`cross.outlier` at a unit's figure."""

    unit: str
    finding: FigureFinding

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "indicator": self.finding.indicator,
            "rule": self.finding.rule,
            "severity": self.finding.severity,
            "message": self.finding.message.zh,
        }


def jumps(found: RollUp, history: History, today: date) -> list[Jump]:
    """What should be looked at before it goes up; nothing while the period is running.

    Figures by choice (人员类别, 诉求类别) are left out: small ones jump every month.
    """
    return list(_jumps(found, history)) if found.period.state(today) == "over" else []


def _jumps(found: RollUp, history: History) -> Iterator[Jump]:
    earlier = _earlier(found.period, history)
    for figure in found:
        line = found.line(figure.indicator)
        if line.member is not None or figure.value is None:
            continue
        before = [figures.get((figure.unit, figure.indicator)) for figures in earlier]
        finding = outlier_finding(line.id, line.name, before, float(figure.value))
        if finding is not None:
            yield Jump(figure.unit, finding)


def _earlier(period: Period, history: History) -> list[Mapping[Cell, float | None]]:
    """The newest of the periods that ended before this one and are as long."""
    alike = [p for p in history if p.length == period.length and p.stop < period.start]
    alike.sort(key=lambda p: p.stop)
    return [history[p] for p in alike[-_MOST:]]
