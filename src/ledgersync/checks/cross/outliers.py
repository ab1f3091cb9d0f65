"""A figure that jumps against the unit's own history: median and median absolute deviation.

The modified z-score of Iglewicz and Hoaglin (1993), beyond 3.5 in either direction. Where more
than half of the history is one number, its deviation is 0 and the mean deviation stands in.
"""

from collections.abc import Sequence
from statistics import fmean, median

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.model import Severity

LEAST_HISTORY = 4
THRESHOLD = 3.5
_LEAST_JUMP = 0.1  # of the median: smaller steps are no jump, however steady the history


@dataclass(frozen=True, slots=True)
class Outlier:
    """`score` is the modified z-score, infinite against a history that never changed."""

    value: float
    middle: float
    score: float


@dataclass(frozen=True, slots=True)
class FigureFinding:
    """A finding about a figure; it has no record, since a figure is counted from many."""

    indicator: str
    rule: str
    severity: Severity
    message: Message


def outlier(history: Sequence[float | None], value: float | None) -> Outlier | None:
    """The jump of `value` against earlier figures, None where there is none or nothing to say.

    Missing periods are left out; at least four figures are needed.
    """
    known = [float(h) for h in history if h is not None]
    if value is None or len(known) < LEAST_HISTORY:
        return None
    middle = median(known)
    jump = abs(value - middle)
    if jump <= max(1.0, _LEAST_JUMP * abs(middle)):
        return None
    score = _score(known, middle, jump)
    return Outlier(value, middle, score) if score > THRESHOLD else None


def _score(known: list[float], middle: float, jump: float) -> float:
    deviations = [abs(h - middle) for h in known]
    spread = median(deviations) / 0.6745 or fmean(deviations) * 1.2533
    return jump / spread if spread else float("inf")


def outlier_finding(
    indicator: str, name: str, history: Sequence[float | None], value: float | None
) -> FigureFinding | None:
    """`cross.outlier` for an indicator, with its Chinese name in the message."""
    found = outlier(history, value)
    if found is None:
        return None
    up = found.value > found.middle
    told = message(
        "“{name}”本期为{found_value:g}，比历史中位数{middle:g}{up}，请核实后上报",
        name=name,
        found_value=found.value,
        middle=found.middle,
        up=message("突增") if up else message("突降"),
    )
    return FigureFinding(indicator, "cross.outlier", "warning", told)
