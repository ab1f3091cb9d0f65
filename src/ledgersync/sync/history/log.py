"""Who changed what, when, from which file: a record's changes, the latest revisions."""

import json
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal import LoggedOperation, Revision
from ledgersync.journal.years import YEAR
from ledgersync.messages import counted, message
from ledgersync.privacy import mask, mask_text
from ledgersync.schema import FieldSchema, TableKey, TableSchema
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


def record_named(session: Session, text: str) -> str:
    """The id of the record that a text names: by its id, or by a key that is nobody's own data.

    Records that are gone are looked for when none of those that are there has it. Raises
    UsageFault when none has it, or several.
    """
    if session.journal.state.table_of(text) is not None:
        return text
    found = _there(session, text) or _gone(session, text)
    if not found:
        raise _no_record(text)
    if len(found) > 1:
        raise _several(session, text, found)
    return next(iter(found))


def _there(session: Session, text: str) -> dict[str, TableKey]:
    """Records with this key, as they are now, with their tables."""
    found: dict[str, TableKey] = {}
    for ledger, table in session.catalog.tables():
        key = _own_number(table)
        if key is not None:
            rows, at = session.journal.state.rows(ledger.id, table.id), table.position[key.id]
            same = (r for r, row in rows.items() if shown(row[at]) == text)
            found |= dict.fromkeys(same, (ledger.id, table.id))
    return found


def _gone(session: Session, text: str) -> dict[str, TableKey]:
    """Records that were removed with this key."""
    found: dict[str, TableKey] = {}
    for operation in session.journal.log.operations():
        if operation.kind != "remove" or not operation.old or text not in operation.old:
            continue
        place = (operation.ledger, operation.table)
        key = _own_number(session.catalog.table(*place))
        stored = json.loads(operation.old).get(key.id) if key else None
        if key and shown(from_json(key, stored)) == text:
            found[operation.record] = place
    return found


def _own_number(table: TableSchema) -> FieldSchema | None:
    """The one field that is a table's key, if it says nothing about a person."""
    key = table.by_id[table.key[0]] if len(table.key) == 1 else None
    return key if key and key.privacy == "none" else None


def _several(session: Session, text: str, found: dict[str, TableKey]) -> UsageFault:
    named = [f"{session.catalog.table(*place).sheet} {r}" for r, place in found.items()]
    return UsageFault(
        counted("{text} 有 {n} 条记录：{named}。", n=len(found), text=mask_text(text), named=named),
        message("请写其中一条的记录号。"),
    )


def _no_record(text: str) -> UsageFault:
    return UsageFault(
        message("没有记录 {text}。", text=mask_text(text)),
        message(
            "请写业务编号（如走访编号），或工作簿隐藏的 _LS_ID 列里的记录号，"
            "ledgersync -v conflicts 和 ledgersync -v trace 也会列出。"
        ),
    )


def history_of(session: Session, record: str, *, unmask: bool = False) -> list[Event]:
    """All changes of a record in order; raises UsageFault when there never was such a record."""
    place = session.journal.state.table_of(record)
    if place is None:
        raise _no_record(record)
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
    if operation.field == YEAR:
        return _moved(operation, revision)
    field = table.by_id.get(operation.field) if operation.field else None
    return Event(
        operation.revision,
        revision.at if revision else "",
        revision.author if revision else "",
        operation.kind,
        operation.field,
        field.header if field else None,
        *sides(table, operation, unmask=unmask),
        files.get(operation.revision),
    )


def _moved(operation: LoggedOperation, revision: Revision | None) -> Event:
    """A record went into the archive of a year, or came back."""
    at, author = (revision.at, revision.author) if revision else ("", "")
    return Event(
        *(operation.revision, at, author, operation.kind, YEAR, None),
        *(operation.old, operation.new, None),
    )


def sides(
    table: TableSchema, operation: LoggedOperation, *, unmask: bool
) -> tuple[str | None, str | None]:
    """What was there before and after, as texts."""
    if operation.field == YEAR:
        return operation.old, operation.new
    field = table.by_id.get(operation.field) if operation.field else None
    return _side(table, field, operation.old, unmask), _side(table, field, operation.new, unmask)


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
