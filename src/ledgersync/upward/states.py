"""Where a unit's period stands: 未报 → 已报 → 退回 / 审核通过 → 锁定."""

from ledgersync.journal import Journal, KeptPackage, ReviewStep
from ledgersync.rollup.handins import State

_AFTER: dict[str, State] = {
    "approve": "approved",
    "return": "returned",
    "lock": "locked",
    "unlock": "approved",
}


def state_of(last: KeptPackage | None, steps: list[ReviewStep]) -> State:
    """The state after the last package and step; a new version is to be reviewed anew."""
    if last is None:
        return "missing"
    if not steps:
        return "submitted"
    step = steps[-1]
    if step.version < last.version and step.step != "lock":
        return "submitted"
    return _AFTER[step.step]


def is_locked(journal: Journal, unit: str, period: str) -> bool:
    """Whether a unit's (padded code) figures of a period may not change any more."""
    steps = journal.reviews.steps(period, unit)
    return bool(steps) and steps[-1].step == "lock"
