"""Who works here: listed, added, leaving; open work passes on, the past keeps its name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledgersync.errors import Message, UsageFault
from ledgersync.merge import Operation, apply
from ledgersync.model import Row
from ledgersync.schema import TableSchema
from ledgersync.sync.recording import write_operations
from ledgersync.sync.session import Session
from ledgersync.workspace.config import CONFIG_NAME, toml_text
from ledgersync.workspace.place import person_folder

# Whose name passes on, in which records: (ledger, table, field, status field, statuses that end)
_DUTIES = (
    ("care", "people", "responsible", "status", ("转出", "去世", "解除")),
    ("visit", "issues", "handler", "status", ("已解决", "已答复")),
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
    return [
        Person(
            name,
            dict(listed[name].scope) if name in listed else {},
            listed[name].left_to if name in listed else None,
            held.count(name),
            sum(len(_held_by(session, duty, name)) for duty in _DUTIES),
        )
        for name in names
    ]


def add_staff(session: Session, name: str, scope: dict[str, tuple[str, ...]]) -> None:
    """Adds a person to `ledgersync.toml`; raises UsageFault when they are there already."""
    person_folder(name)
    if any(s.name == name for s in session.workspace.config.staff):
        raise UsageFault(
            Message(f"{name} 已经在人员名单里。", f"{name} is listed already."),
            Message("请直接改 ledgersync.toml 里的 [[staff]]。", "Edit [[staff]] there."),
        )
    lines = ["", "[[staff]]", f"name = {toml_text(name)}"]
    if scope:
        lines.append(f"scope = {toml_text(scope)}")
    path = session.workspace.root / CONFIG_NAME
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(lines) + "\n", "utf-8")


def leave(session: Session, name: str, successor: str, who: str) -> int:
    """Hands over what a leaver is responsible for; returns how many records passed on.

    Their copies are revoked: late files are held for a person, with the original kept.
    """
    person_folder(successor)
    passed = 0
    with session.journal.transaction():
        operations = {duty: _operations(session, duty, name, successor) for duty in _DUTIES}
        if any(operations.values()):
            revision = session.journal.log.begin("handover", who, session.now())
            for duty, found in operations.items():
                passed += len(found)
                _carry_out(session, duty, found, revision)
            session.journal.log.seal(revision)
        session.journal.copies.revoke(name)
    _note_leaving(session.workspace.root / CONFIG_NAME, name, successor)
    return passed


Duty = tuple[str, str, str, str, tuple[str, ...]]


def _table(session: Session, duty: Duty) -> TableSchema | None:
    """The duty's table, None where a district does without it or its fields."""
    ledger, table, field, status, _ = duty
    if ledger not in session.catalog.ledgers:
        return None
    schema = session.catalog.ledgers[ledger].by_id.get(table)
    return schema if schema and field in schema.by_id and status in schema.by_id else None


def _held_by(session: Session, duty: Duty, name: str) -> dict[str, Row]:
    """Open records that a person is responsible for."""
    schema = _table(session, duty)
    if schema is None:
        return {}
    ledger, table, field, status, ended = duty
    at, state = schema.position[field], schema.position[status]
    rows = session.journal.state.rows(ledger, table)
    return {r: row for r, row in rows.items() if row[at] == name and row[state] not in ended}


def _operations(session: Session, duty: Duty, name: str, successor: str) -> list[Operation]:
    held = _held_by(session, duty, name)
    return [Operation("edit", record, duty[2], name, successor) for record in held]


def _carry_out(session: Session, duty: Duty, operations: list[Operation], revision: int) -> None:
    schema = _table(session, duty)
    if schema is None or not operations:
        return
    ledger = session.catalog.ledgers[duty[0]]
    merged = apply(schema, session.journal.state.rows(duty[0], duty[1]), operations)
    write_operations(session, ledger, schema, operations, merged, revision)


def _note_leaving(path: Path, name: str, successor: str) -> None:
    """Writes `left_to` into the person's `[[staff]]` entry, adding one where there is none."""
    text = path.read_text("utf-8")
    entry = re.search(rf"(?m)^\[\[staff\]\]\s*\nname = {re.escape(toml_text(name))}[^\n]*\n", text)
    line = f"left_to = {toml_text(successor)}\n"
    if entry:
        text = text[: entry.end()] + line + text[entry.end() :]
    else:
        text = f"{text.rstrip()}\n\n[[staff]]\nname = {toml_text(name)}\n{line}"
    path.write_text(text, "utf-8")
