"""What has to be done by a day besides visits: reviews of 低保 households, issues with a limit."""

from collections.abc import Iterator
from datetime import date

from ledgersync.checks.cross.dibao import review_due
from ledgersync.checks.cross.homes import homes
from ledgersync.checks.cross.issues import OPEN
from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import Views, text
from ledgersync.dataclass import dataclass
from ledgersync.schema import TableKey


@dataclass(frozen=True, slots=True)
class DueWork:
    """One thing to do; `name` is unmasked: whoever shows it outside a workbook masks it."""

    worker: str | None
    table: TableKey
    record: str
    name: str | None
    due: date


def due_reviews(views: Views, until: date, settings: CrossSettings) -> Iterator[DueWork]:
    """到期复核: households whose cycle since the last review runs out by a day."""
    table = views.table("dibao", "households")
    heads = dict(table.select("head_name", "grid"))
    for home in homes(views):
        due = review_due(table, home, settings) if home.active else None
        if due and due <= until:
            name, grid = heads[home.record]
            worker = settings.on_duty(settings.worker_of(text(grid)))
            yield DueWork(worker, table.key, home.record, text(name), due)


def due_issues(views: Views, until: date, settings: CrossSettings) -> Iterator[DueWork]:
    """诉求: open ones whose time limit, or whose usual number of working days, ends by a day."""
    issues = views.table("visit", "issues")
    fields = ("status", "date", "due", "closed", "description", "handler", "responsible")
    for record, (status, opened, limit, closed, what, *who) in issues.select(*fields):
        if status not in OPEN or closed is not None:
            continue
        due = limit if isinstance(limit, date) else None
        if due is None and isinstance(opened, date):
            due = settings.calendar.after(opened, settings.issue_stale_workdays).day
        if due and due <= until:
            worker = next((text(name) for name in who if name), None)
            yield DueWork(settings.on_duty(worker), issues.key, record, text(what), due)
