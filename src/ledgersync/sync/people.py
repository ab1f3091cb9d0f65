"""Who works here: listed, added; what each is responsible for."""

from dataclasses import dataclass
from typing import Any

from ledgersync.errors import Message, UsageFault
from ledgersync.model import Row
from ledgersync.schema import TableSchema
from ledgersync.sync.session import Session
from ledgersync.workspace import Staff, Workspace
from ledgersync.workspace.place import person_folder
from ledgersync.workspace.roster import change_staff

GRID = "grid"


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose name stands for a record that is still to be dealt with, in which table."""

    ledger: str
    table: str
    field: str
    status: str
    ended: tuple[str, ...]


DUTIES = (
    Duty("care", "people", "responsible", "status", ("转出", "去世", "解除")),
    Duty("visit", "issues", "handler", "status", ("已解决", "已答复")),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff and what they hold."""

    name: str
    scope: dict[str, tuple[str, ...]]
    left_to: str | None
    copies: int
    duties: int

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "scope": {k: list(v) for k, v in self.scope.items()},
            "left_to": self.left_to,
            "copies": self.copies,
            "duties": self.duties,
        }


def list_staff(session: Session) -> list[Person]:
    """Everybody in `ledgersync.toml` and everybody who holds a copy."""
    listed = {s.name: s for s in session.workspace.config.staff}
    held = [copy.staff for copy in session.journal.copies.current()]
    names = [*listed, *(n for n in dict.fromkeys(held) if n not in listed)]
    return [_person(session, listed.get(n, Staff(name=n)), held.count(n)) for n in names]


def _person(session: Session, staff: Staff, copies: int) -> Person:
    duties = sum(len(held_by(session, duty, staff.name)) for duty in DUTIES)
    return Person(staff.name, dict(staff.scope), staff.left_to, copies, duties)


def add_staff(session: Session, name: str, scope: dict[str, tuple[str, ...]]) -> None:
    """Adds a person to `ledgersync.toml`; raises UsageFault when they are there already."""
    if any(s.name == person_folder(name) for s in session.workspace.config.staff):
        raise UsageFault(
            Message(f"{name} 已经在人员名单里。", f"{name} is listed already."),
            Message("请直接改 ledgersync.toml 里的 [[staff]]。", "Edit [[staff]] there."),
        )
    change_people(session, {name: {"scope": scope} if scope else {}})


def change_people(session: Session, changes: dict[str, dict[str, Any]]) -> None:
    """Writes `[[staff]]` and goes on with what it says now."""
    change_staff(session.workspace.root, changes)
    session.workspace = Workspace.open(session.workspace.root)


def table_of(session: Session, duty: Duty) -> TableSchema | None:
    """The duty's table, None where a district does without it or its fields."""
    if duty.ledger not in session.catalog.ledgers:
        return None
    schema = session.catalog.ledgers[duty.ledger].by_id.get(duty.table)
    return schema if schema and {duty.field, duty.status} <= set(schema.by_id) else None


def held_by(session: Session, duty: Duty, name: str) -> dict[str, Row]:
    """Open records that a person is responsible for."""
    schema = table_of(session, duty)
    if schema is None:
        return {}
    at, state = schema.position[duty.field], schema.position[duty.status]
    rows = session.journal.state.rows(duty.ledger, duty.table)
    return {r: row for r, row in rows.items() if row[at] == name and row[state] not in duty.ended}
