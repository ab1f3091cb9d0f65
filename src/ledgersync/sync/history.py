"""Who changed what, when, from which file: a record's changes, the latest revisions."""

import json
from dataclasses import dataclass
from typing import Any

from ledgersync.errors import Message, UsageFault
from ledgersync.journal import LoggedOperation, Revision
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.sync.session import Session
from ledgersync.values import from_json, shown


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a record, masked; `file` is where it came from, if from a file."""

    revision: int
    at: str
    author: str
    kind: str
    field: str | None
    header: str | None
    old: str | None
    new: str | None
    file: str | None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "header"}


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision: who, when, from which file, and how much it changed."""

    revision: int
    at: str
    author: str
    kind: str
    file: str | None
    ledgers: tuple[str, ...]
    rows_added: int
    rows_removed: int
    cells: int
    undoes: int | None
    undone_by: int | None

    def as_json(self) -> dict[str, Any]:
        line = {name: getattr(self, name) for name in self.__slots__}
        return {**line, "ledgers": list(self.ledgers)}


def latest_revisions(session: Session, limit: int) -> list[RevisionLine]:
    """The latest revisions, the newest first."""
    revisions = session.journal.log.latest(limit)
    if not revisions:
        return []
    since = revisions[-1].id
    files = {s.revision: s.file for s in session.journal.submissions.since(since) if s.revision}
    undone = session.journal.log.undone()
    tallies = {ledger.id: session.journal.log.tally(ledger.id, since) for ledger in session.catalog}
    return [_revision_line(r, files.get(r.id), undone.get(r.id), tallies) for r in revisions]


def _revision_line(
    revision: Revision,
    file: str | None,
    undone_by: int | None,
    tallies: dict[str, dict[int, dict[str, int]]],
) -> RevisionLine:
    found = {name: t[revision.id] for name, t in tallies.items() if revision.id in t}
    added, removed, cells = (
        sum(counts.get(kind, 0) for counts in found.values()) for kind in ("add", "remove", "edit")
    )
    return RevisionLine(
        revision.id,
        revision.at,
        revision.author,
        revision.kind,
        file,
        tuple(found),
        added,
        removed,
        cells,
        revision.undoes,
        undone_by,
    )


def history_of(session: Session, record: str, *, unmask: bool = False) -> list[Event]:
    """All changes of a record in order; raises UsageFault when there never was such a record."""
    place = session.journal.state.table_of(record)
    if place is None:
        raise UsageFault(
            Message(f"没有记录 {record}。", f"There is no record {record}."),
            Message(
                "记录号在工作簿隐藏的 _LS_ID 列里，"
                "ledgersync -v conflicts 和 ledgersync -v trace 也会列出。",
                "Record ids stand in the hidden column _LS_ID; ledgersync -v conflicts and "
                "ledgersync -v trace show them.",
            ),
        )
    table = session.catalog.table(*place)
    files = _files(session)
    return [
        _event(session, table, operation, files, unmask)
        for operation in session.journal.log.of_record(record)
    ]


def _files(session: Session) -> dict[int, str]:
    return {s.revision: s.file for s in session.journal.submissions.since(0) if s.revision}


def _event(
    session: Session,
    table: TableSchema,
    operation: LoggedOperation,
    files: dict[int, str],
    unmask: bool,
) -> Event:
    revision = session.journal.log.revision(operation.revision)
    field = table.by_id.get(operation.field) if operation.field else None
    return Event(
        operation.revision,
        revision.at if revision else "",
        revision.author if revision else "",
        operation.kind,
        operation.field,
        field.header if field else None,
        _side(table, field, operation.old, unmask),
        _side(table, field, operation.new, unmask),
        files.get(operation.revision),
    )


def _side(
    table: TableSchema, field: FieldSchema | None, text: str | None, unmask: bool
) -> str | None:
    if text is None:
        return None
    data = json.loads(text)
    if field is not None:
        return masked(field, data, unmask)
    known = [(f, data[f.id]) for f in table.fields if f.id in data]
    return "；".join(f"{f.header}：{masked(f, cell, unmask)}" for f, cell in known)


def masked(field: FieldSchema, stored: Any, unmask: bool = False) -> str:
    """A stored value as text, masked as its field wants it."""
    text = shown(from_json(field, stored))
    return text if unmask else mask(field.privacy, text)
