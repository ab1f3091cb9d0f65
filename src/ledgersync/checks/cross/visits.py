"""应走访未走访: who has not been called on within their cycle, and today's list per worker.

A visit belongs to a person by `subject_id`, else by name and address. What the last visit says
about the next one outranks the cycle; somebody never visited is due one cycle after enrolment.
A 低保 household has the cycle of its reviews; where nobody keeps a ledger of visits, households
are left to the rule about reviews.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import View, Views, day, text
from ledgersync.checks.cycles import Cycle, cycle_of
from ledgersync.messages import Message, counted, message
from ledgersync.model import RecordFinding, Value
from ledgersync.schema import TableKey
from ledgersync.values.text import squeeze

_WHOM = {
    "care": ("name", "id_number", "address"),
    "dibao": ("head_name", "head_id", "address"),
}
_Who = tuple[str, str]  # "" and an id number, or a name and an address


@dataclass(frozen=True, slots=True)
class Visit:
    on: date
    visitor: str | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class DueVisit:
    """Somebody to call on. `name` is unmasked: whoever shows it outside a workbook masks it."""

    worker: str | None
    table: TableKey
    record: str
    name: str | None
    due: date
    last: date | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class _Subject:
    """A person or household with a cycle of visits."""

    record: str
    name: str | None
    number: str | None
    address: str | None
    worker: str | None
    grid: str | None
    since: date | None
    cycle: Cycle


class LastVisits:
    """The last visit up to `today` by id number, or by name and address."""

    def __init__(self, visits: View, today: date) -> None:
        self._last: dict[_Who, Visit] = {}
        fields = (
            *("date", "visitor", "next_visit", "subject_id"),
            *("household", "subject_name", "host_name"),
        )
        for _, (on, visitor, next_on, number, place, *names) in visits.select(*fields):
            if isinstance(on, date) and on <= today:
                visit = Visit(on, text(visitor), day(next_on))
                for who in _visited(number, place, names):
                    self._keep_later(who, visit)

    def _keep_later(self, who: _Who, visit: Visit) -> None:
        known = self._last.get(who)
        if known is None or visit.on > known.on:
            self._last[who] = visit

    def of(self, subject: _Subject) -> Visit | None:
        return self.to(subject.name, subject.number, subject.address)

    def to(self, name: str | None, number: str | None, address: str | None) -> Visit | None:
        found = [self._last.get(("", number or ""))]
        if name and address:
            found.append(self._last.get((name, place_key(address))))
        return max((v for v in found if v), key=lambda visit: visit.on, default=None)


def _visited(number: Value, place: Value, names: list[Value]) -> set[_Who]:
    """Whom a visit was paid to: an id number, else each name with the address."""
    if isinstance(number, str):
        return {("", number)}
    if not isinstance(place, str):
        return set()
    return {(name, place_key(place)) for name in names if isinstance(name, str)}


def place_key(address: str) -> str:
    """An address as it is compared: no blanks, full-width and half-width alike."""
    return squeeze(address).upper()


def due_visits(views: Views, today: date, settings: CrossSettings) -> list[DueVisit]:
    """今日该看望: everybody due today or before; by worker, the longest overdue first."""
    visits = views.table("visit", "visits")
    if not visits.has("date"):
        return []
    last = LastVisits(visits, today)
    tables = [views.table("care", "people")]
    if visits.rows:
        tables.append(views.table("dibao", "households"))
    found = [
        due
        for table in tables
        for subject in _subjects(table)
        if (due := _due(table, subject, last.of(subject), today, settings)) is not None
    ]
    return sorted(found, key=lambda d: (d.worker or "\uffff", -d.days_overdue, d.record))


def last_visits(views: Views, key: TableKey, today: date) -> dict[str, date]:
    """The day of the last visit to each record of a table of people or households."""
    last = LastVisits(views.table("visit", "visits"), today)
    table = views.table(*key)
    fields = _WHOM.get(key[0], ())
    found = {}
    for record, (name, number, address) in table.select(*fields):
        visit = last.to(text(name), text(number), text(address))
        if visit:
            found[record] = visit.on
    return found


def visit_findings(views: Views, today: date, settings: CrossSettings) -> Iterator[RecordFinding]:
    """`cross.visit_due` where the cycle has run out before today."""
    for due in due_visits(views, today, settings):
        if due.days_overdue <= 0:
            continue
        told = counted(
            "应于{due}前走访，已超期{n}天（{last}）",
            n=due.days_overdue,
            due=due.due.isoformat(),
            last=_last(due.last),
        )
        table = views.table(*due.table)
        field = "visit_cycle" if due.table[0] == "care" else "review_cycle"
        yield table.finding(due.record, field, "cross.visit_due", told)


def _last(on: date | None) -> Message:
    return message("上次走访{on}", on=on.isoformat()) if on else message("尚无走访记录")


def _subjects(table: View) -> Iterator[_Subject]:
    if table.key[0] == "care":
        yield from _people(table)
    else:
        yield from _households(table)


def _people(table: View) -> Iterator[_Subject]:
    fields = (
        *("name", "id_number", "address", "responsible", "grid", "enrolled"),
        *("visit_cycle", "status"),
    )
    field = table.field("visit_cycle")
    for record, values in table.select(*fields):
        name, number, address, worker, grid, since, word, status = values
        cycle = cycle_of(field, word) if field else None
        if cycle and status in ("在册", None):
            yield _Subject(
                record,
                text(name),
                text(number),
                text(address),
                text(worker),
                text(grid),
                day(since),
                cycle,
            )


def _households(table: View) -> Iterator[_Subject]:
    fields = (
        *("head_name", "head_id", "address", "grid", "start_date"),
        *("review_cycle", "status"),
    )
    field = table.field("review_cycle")
    for record, values in table.select(*fields):
        name, number, address, grid, since, word, status = values
        cycle = cycle_of(field, word) if field else None
        if cycle and status == "在保":
            yield _Subject(
                record,
                text(name),
                text(number),
                text(address),
                None,
                text(grid),
                day(since),
                cycle,
            )


def _due(
    table: View, subject: _Subject, last: Visit | None, today: date, settings: CrossSettings
) -> DueVisit | None:
    days = [d for d in (last.on if last else None, subject.since) if d]
    if not days:
        return None
    due = (last.next_on if last else None) or subject.cycle.after(max(days))
    if due > today:
        return None
    worker = subject.worker or settings.worker_of(subject.grid)
    worker = settings.on_duty(worker or (last.visitor if last else None), subject.grid)
    on = last.on if last else None
    late = (today - due).days
    return DueVisit(worker, table.key, subject.record, subject.name, due, on, late)
