"""What residents raised: open too long, solved without a call back, nobody responsible."""

from collections.abc import Iterator
from datetime import date, timedelta

from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import View, Views
from ledgersync.messages import Message, counted, message
from ledgersync.model import RecordFinding, Value

OPEN = ("待处理", "协调处置中", "已转办")
SOLVED = ("已解决", "已答复")


def issue_findings(views: Views, today: date, settings: CrossSettings) -> Iterator[RecordFinding]:
    """`cross.issue_stale` and `cross.issue_no_revisit`."""
    issues = views.table("visit", "issues")
    fields = ("status", "date", "due", "closed", "revisit")
    for record, (status, opened, due, closed, revisit) in issues.select(*fields):
        if status in OPEN and closed is None:
            yield from _stale(issues, record, opened, due, today, settings)
        elif status in SOLVED and revisit is None and issues.has("revisit"):
            yield from _no_revisit(issues, record, closed, today, settings)


def unassigned_findings(views: Views, settings: CrossSettings) -> Iterator[RecordFinding]:
    """`cross.unassigned`: people in care and open issues that nobody here is responsible for."""
    people, issues = views.table("care", "people"), views.table("visit", "issues")
    yield from _unassigned(people, ("在册", None), ("responsible",), settings)
    yield from _unassigned(issues, OPEN, ("handler", "responsible"), settings)


def _unassigned(
    table: View, states: tuple[str | None, ...], owners: tuple[str, ...], settings: CrossSettings
) -> Iterator[RecordFinding]:
    """Records in one of `states` whose owners are all empty or gone, of a table that has any."""
    at = next((name for name in owners if table.has(name)), None)
    if at is None:
        return
    for record, (status, *who) in table.select("status", *owners):
        if status in states and all(not name or name in settings.left for name in who):
            gone = next((str(name) for name in who if name), None)
            told = _nobody(gone, settings)
            yield table.finding(record, at, "cross.unassigned", told)


def _nobody(gone: str | None, settings: CrossSettings) -> Message:
    if gone is None:
        return message("还没有责任人，请指定")
    heir = settings.on_duty(gone)
    if heir is None:
        return message("责任人已离岗，请改为在岗的人")
    return message("责任人已离岗，请改为在岗的人（接手人：{heir}）", heir=heir)


def _stale(
    issues: View, record: str, opened: Value, due: Value, today: date, settings: CrossSettings
) -> Iterator[RecordFinding]:
    if isinstance(due, date) and due < today:
        late = (today - due).days
        told = counted("办理时限{due}已过{n}天，仍未办结", n=late, due=due.isoformat())
        yield issues.finding(record, "due", "cross.issue_stale", told)
    elif isinstance(opened, date):
        yield from _open_too_long(issues, record, opened, today, settings)


def _open_too_long(
    issues: View, record: str, opened: date, today: date, settings: CrossSettings
) -> Iterator[RecordFinding]:
    days = settings.issue_stale_workdays
    if opened > today:
        return
    limit = settings.calendar.after(opened, days)
    if limit.day >= today:
        return
    told = counted(
        "登记已超过{n}个工作日（{day}届满）{mark}，仍未办结",
        days,
        day=limit.day.isoformat(),
        mark=limit.mark,
    )
    yield issues.finding(record, "status", "cross.issue_stale", told)


def _no_revisit(
    issues: View, record: str, closed: Value, today: date, settings: CrossSettings
) -> Iterator[RecordFinding]:
    days = settings.revisit_days
    if not isinstance(closed, date) or closed + timedelta(days) >= today:
        return
    told = counted("办结已超过{n}天（{closed}办结），还没有回访", n=days, closed=closed.isoformat())
    yield issues.finding(record, "revisit", "cross.issue_no_revisit", told)
