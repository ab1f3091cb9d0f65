"""What a workspace may set for the rules across ledgers."""

from collections.abc import Mapping
from dataclasses import field

from ledgersync.checks.cycles import Cycle
from ledgersync.checks.scopes import Scopes
from ledgersync.checks.workdays import WorkCalendar
from ledgersync.dataclass import dataclass
from ledgersync.values.listed import listing_like
from ledgersync.values.text import bare_name


@dataclass(frozen=True)
class CrossSettings:
    """`review_cycle` holds where a household has none; `grid_workers` says who visits where.

    `left` says who took over from somebody who left.

    A household without a cycle is reviewed every year at least (最低生活保障审核确认办法 第31条).
    """

    issue_stale_workdays: int = 15
    revisit_days: int = 30
    review_cycle: Cycle | None = Cycle(months=12)  # frozen
    grid_workers: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    scopes: Scopes | None = None

    def worker_of(self, grid: str | None) -> str | None:
        """Who visits in a grid, however the row or the settings spell it."""
        if not grid or grid in self.grid_workers:
            return self.grid_workers.get(grid or "")
        return self.grid_workers.get(listing_like(self.grid_workers).spelled(grid))

    def on_duty(self, worker: str | None, grid: str | None = None) -> str | None:
        """Who does a person's work now: themselves, or whoever took over from them.

        Of two people of one name, it is the one whose grid it is.
        """
        walker = self.worker_of(grid) if worker and grid else None
        if worker and walker and bare_name(worker) == worker == bare_name(walker):
            worker = walker
        for _ in range(len(self.left)):
            worker = self.left.get(worker, worker) if worker else None
        return worker
