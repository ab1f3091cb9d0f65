"""应走访未走访: who has not been called on within their cycle, and today's list per worker.

A visit belongs to a person by `subject_id`, else by name and address. What the last visit says
about the next one outranks the cycle; somebody never visited is due one cycle after enrolment.
A 低保 household has the cycle of its reviews; where nobody keeps a ledger of visits, households
are left to the rule about reviews.
"""

from collections.abc import Iterator
from datetime import date

from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import View, Views, day, text
from ledgersync.checks.cycles import Cycle, cycle_of
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted, message
from ledgersync.model import RecordFinding, Value
from ledgersync.schema import TableKey
from ledgersync.schema.roles import Register, Subject
from ledgersync.values.text import squeeze

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

    def __init__(self, views: Views, today: date) -> None:
        self._last: dict[_Who, Visit] = {}
        self.are_kept, self.are_there = False, False
        for key, register in views.catalog.registers():
            visits = views.table(*key)
            if visits.has(register.date):
                self.are_kept = True
                self._read(visits, register, today)

    def _read(self, visits: View, names: Register, today: date) -> None:
        self.are_there |= bool(visits.rows)
        fields = (names.date, names.visitor or "", names.next or "", names.id_number, names.address)
        for _, values in visits.select(*fields, *names.names):
            on, visitor, next_on, number, place, *who_else = values
            if isinstance(on, date) and on <= today:
                visit = Visit(on, text(visitor), day(next_on))
                for who in _visited(number, place, who_else):
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
    last = LastVisits(views, today)
    if not last.are_kept:
        return []
    found = [
        due
        for key, role in views.catalog.subjects()
        if last.are_there or not role.if_visited
        for subject in _subjects(views.table(*key), role)
        if (due := _due(views.table(*key), subject, last.of(subject), today, settings)) is not None
    ]
    return sorted(found, key=lambda d: (d.worker or "\uffff", -d.days_overdue, d.record))


def last_visits(views: Views, key: TableKey, today: date) -> dict[str, date]:
    """The day of the last visit to each record of a table of people or households."""
    last, role = LastVisits(views, today), dict(views.catalog.subjects()).get(key)
    found: dict[str, date] = {}
    if role is None:
        return found
    for record, who in views.table(*key).select(role.name, role.id_number, role.address):
        visit = last.to(*map(text, who))
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
        cycle = dict(views.catalog.subjects())[due.table].cycle
        yield table.finding(due.record, cycle, "cross.visit_due", told)


def _last(on: date | None) -> Message:
    return message("上次走访{on}", on=on.isoformat()) if on else message("尚无走访记录")


def _subjects(table: View, role: Subject) -> Iterator[_Subject]:
    """Those who are to be visited, with a cycle that is understood."""
    fields = (role.name, role.id_number, role.address, role.worker or "", role.grid or "")
    field, states = table.field(role.cycle), (*role.active, *((None,) if role.or_blank else ()))
    for record, values in table.select(*fields, role.since, role.cycle, role.status):
        *who, since, word, status = values
        cycle = cycle_of(field, word) if field else None
        if cycle and status in states:
            name, number, address, worker, grid = map(text, who)
            yield _Subject(record, name, number, address, worker, grid, day(since), cycle)


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
