"""`due`: what is to be done within some days, per person: visits, reviews, open issues."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal

from ledgersync.checks.cross import due_issues, due_reviews, due_visits
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.privacy import mask_name, mask_text
from ledgersync.schema import TableKey
from ledgersync.sync.check import workspace_settings
from ledgersync.sync.session import Session

Kind = Literal["visit", "review", "issue"]
KINDS: dict[Kind, Message] = {
    "visit": message("应走访"),
    "review": message("到期复核"),
    "issue": message("到期诉求"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do; `name` is unmasked, `days` counts from the due day (negative: to come)."""

    kind: Kind
    worker: str | None
    table: TableKey
    record: str
    name: str | None
    due: date
    days: int

    def shown(self, *, unmask: bool = False) -> str:
        """Whom, or what, it is about, as it may be seen."""
        if not self.name or unmask:
            return self.name or ""
        return mask_text(self.name) if self.kind == "issue" else mask_name(self.name)

    def as_json(self, *, unmask: bool = False) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "staff": self.worker,
            "ledger": self.table[0],
            "table": self.table[1],
            "record": self.record,
            "name": self.shown(unmask=unmask),
            "due": self.due.isoformat(),
            "days_overdue": max(0, self.days),
        }


def due_within(session: Session, days: int, staff: str | None = None) -> list[Due]:
    """What is due by then, overdue things too; by person, the longest overdue first."""
    found = [d for d in _all(session, days) if staff is None or d.worker == staff]
    return sorted(found, key=lambda d: (d.worker or "\uffff", d.due, d.kind, d.record))


def _all(session: Session, days: int) -> Iterator[Due]:
    tables = {
        (ledger.id, table.id): session.journal.state.rows(ledger.id, table.id)
        for ledger, table in session.catalog.tables()
    }
    settings, today = workspace_settings(session.workspace), session.today
    asked = (tables, session.catalog, today + timedelta(days=days), settings)
    for visit in due_visits(*asked):
        yield _due("visit", visit.worker, visit.table, visit.record, visit.name, visit.due, today)
    for one in due_reviews(*asked):
        yield _due("review", one.worker, one.table, one.record, one.name, one.due, today)
    for one in due_issues(*asked):
        yield _due("issue", one.worker, one.table, one.record, one.name, one.due, today)


def _due(
    kind: Kind,
    worker: str | None,
    table: TableKey,
    record: str,
    name: str | None,
    due: date,
    today: date,
) -> Due:
    return Due(kind, worker, table, record, name, due, (today - due).days)
