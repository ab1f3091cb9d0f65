"""Copies for people: written anew, stamped with their base, with empty rows reserved."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledgersync.files import (
    file_hash,
    open_elsewhere,
    put_in_place,
    refused,
    sync_file,
    temporary_beside,
)
from ledgersync.journal import Copy
from ledgersync.model import Invalid, Rows, Stamp, Value
from ledgersync.schema import LedgerSchema, TableKey, TableSchema
from ledgersync.schema.roles import Subject
from ledgersync.sync.columns.extras import shown_ledger
from ledgersync.sync.copies.rescue import rescue
from ledgersync.sync.revision.numbers import reserve_numbers
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.staff.scope import in_scope, nobodys_own
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.build import (
    NameList,
    Proposals,
    SheetRows,
    ledger_workbook,
    new_record_id,
)
from ledgersync.workspace import Staff
from ledgersync.workspace.place import person_folder


def issue_copies(session: Session, staff: str, ledgers: Sequence[LedgerSchema] = ()) -> list[Path]:
    """Writes `issued/<staff>/<workbook>.xlsx` for the ledgers named, or for all of them."""
    staff = same_person(session, staff)
    person_folder(staff)
    (session.workspace.inbox / person_folder(staff)).mkdir(parents=True, exist_ok=True)
    return [issue_one(session, staff, ledger) for ledger in ledgers or list(session.catalog)]


def issue_one(
    session: Session,
    staff: str,
    ledger: LedgerSchema,
    reserved: Mapping[str, Sequence[str]] | None = None,
    only_over: str | None = None,
) -> Path:
    """One copy under a new copy id; `reserved` record ids of an earlier copy are used first.

    With `only_over` it replaces a file with that hash and no other. Raises PatchRefused when the
    file there is open, or changed just now.
    """
    ledger = session.catalog.ledgers[ledger.id]
    content = _content_for(session, staff, ledger, reserved or {})
    stamp = stamp_now(session, ledger, uuid.uuid4().hex, staff)  # a new copy id
    path = session.workspace.issued(staff, ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as beside:
        beside.write_bytes(_built(session, content, stamp))
        sync_file(beside)
        copy = _copy_of(session, stamp, content, path, file_hash(beside))
        _place(session, copy, beside, path, only_over)
    return path


@dataclass(frozen=True, slots=True)
class _Content:
    """What a person's copy shows: the records in their scope, and ids for the empty rows."""

    ledger: LedgerSchema  # with those of the columns that people added that hold something here
    person: Staff
    visible: Mapping[str, Rows]
    spare: dict[str, list[str]]
    numbers: Mapping[str, Mapping[str, str]]  # of the empty rows, by table


def _content_for(
    session: Session, staff: str, ledger: LedgerSchema, reserved: Mapping[str, Sequence[str]]
) -> _Content:
    person = session.workspace.config.staff_member(staff)
    own = nobodys_own(session, ledger, person)
    visible = in_scope(ledger, session.catalog, session.shown(ledger), person, own)
    ledger, visible = shown_ledger(ledger, visible)
    spare = {t.id: _reserve(session, reserved.get(t.id, ())) for t in ledger.tables}
    numbers = {t.id: reserve_numbers(session, ledger, t, spare[t.id]) for t in ledger.tables}
    return _Content(ledger, person, visible, spare, numbers)


def _copy_of(session: Session, stamp: Stamp, content: _Content, path: Path, sha256: str) -> Copy:
    """The copy as the journal knows it."""
    return Copy(
        stamp.copy_id,
        stamp.staff or "",
        stamp.ledger,
        "issued",
        stamp.revision,
        session.now().isoformat(),
        session.workspace.relative(path),
        sha256,
        {name: list(rows) for name, rows in content.visible.items()},
        content.spare,
        revoked=False,
        placed=False,
    )


def _place(session: Session, copy: Copy, beside: Path, path: Path, only_over: str | None) -> None:
    """First the journal knows the copy, then its file is put in place, then that is noted.

    So whatever a crash leaves in `issued/`, the journal knows it by its stamp.
    """
    if open_elsewhere(path) is not None:
        raise refused("target.open", path.name)
    with session.journal.transaction():
        session.journal.copies.add(copy)
    there = only_over
    if there is None and path.exists():
        there = file_hash(path)
        rescue(session, copy.staff, path, "换发前")
    put_in_place(beside, path, there)
    session.journal.copies.place(copy.id)


def _built(session: Session, content: _Content, stamp: Stamp) -> bytes:
    ledger, visible, spare = content.ledger, content.visible, content.spare
    return ledger_workbook(
        ledger,
        session.catalog,
        kind="copy",
        unit=session.workspace.unit.name,
        rows={
            t.id: SheetRows(tuple(visible[t.id].items()), tuple(spare[t.id]), content.numbers[t.id])
            for t in ledger.tables
        },
        stamp=stamp,
        today=session.today,
        staff=stamp.staff,
        proposals=proposals_for(session, ledger, content.person),
    )


def _reserve(session: Session, known: Sequence[str]) -> list[str]:
    """Record ids for empty rows: unused ones of the copy before, then new ones."""
    wanted = session.workspace.config.rules.reserved_rows
    kept = list(known)[:wanted]
    return kept + [new_record_id() for _ in range(wanted - len(kept))]


def proposals_for(session: Session, ledger: LedgerSchema, person: Staff) -> dict[str, Proposals]:
    """What a copy suggests per table: what a new row most likely holds, and lists of names."""
    names = names_for(session, ledger)
    return {
        table.id: Proposals(
            defaults_for(table, person), {n: v for n, v in names.items() if n in table.position}
        )
        for table in ledger.tables
    }


def names_for(session: Session, ledger: LedgerSchema) -> dict[str, NameList]:
    """For a register of visits: those to be visited (with id and address), and the staff."""
    role = next((t.visits for t in ledger.tables if t.visits), None)
    if role is None:
        return {}
    people: dict[str, tuple[Value, Value]] = {}
    for key, subject in session.catalog.subjects():
        people |= _people(session, key, subject)
    known = sorted(people.items())
    staff = [s.name for s in session.workspace.config.staff if not s.left_to]
    fills = {
        role.id_number: [person[0] for _, person in known],
        role.address: [person[1] for _, person in known],
    }
    lists = {role.names[0]: NameList([name for name, _ in known], fills)}
    if role.visitor:
        lists[role.visitor] = NameList(staff)
    return {name: names for name, names in lists.items() if names.names}


def _people(session: Session, key: TableKey, role: Subject) -> dict[str, tuple[Value, Value]]:
    """Id and address by name; a name that two people bear proposes nothing."""
    schema = session.catalog.table(*key)
    name, number, address = (schema.position[f] for f in (role.name, role.id_number, role.address))
    found: dict[str, tuple[Value, Value]] = {}
    for row in session.journal.state.rows(*key).values():
        who = row[name]
        if isinstance(who, str):
            found[who] = (None, None) if who in found else (_plain(row[number]), row[address])
    return found


def _plain(value: Value) -> Value:
    return None if isinstance(value, Invalid) else value


def defaults_for(table: TableSchema, person: Staff) -> dict[str, Value]:
    """What a new row of this person most likely holds: the one grid, the visitor's name."""
    values: dict[str, Value] = {
        name: options[0]
        for name, options in person.scope.items()
        if name in table.position and len(options) == 1
    }
    if table.id == "visits" and "visitor" in table.position:
        values["visitor"] = person.name
    return values
