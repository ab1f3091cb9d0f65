"""Copies for people: written anew, stamped with their base, with empty rows reserved."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgersync.journal import Copy, file_hash
from ledgersync.model import Invalid, Rows, Stamp, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.scope import in_scope
from ledgersync.sync.session import Session
from ledgersync.workbook.build import (
    NameList,
    Proposals,
    SheetRows,
    build_ledger_workbook,
    new_record_id,
)
from ledgersync.workspace import Staff
from ledgersync.workspace.place import person_folder


def issue_copies(session: Session, staff: str, ledgers: Sequence[LedgerSchema] = ()) -> list[Path]:
    """Writes `issued/<staff>/<workbook>.xlsx` for the ledgers named, or for all of them."""
    person_folder(staff)
    (session.workspace.inbox / person_folder(staff)).mkdir(parents=True, exist_ok=True)
    return [issue_one(session, staff, ledger) for ledger in ledgers or list(session.catalog)]


def issue_one(
    session: Session,
    staff: str,
    ledger: LedgerSchema,
    reserved: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """One copy under a new copy id; `reserved` record ids of an earlier copy are used first."""
    person = session.workspace.config.staff_member(staff)
    visible = in_scope(ledger, session.catalog, session.state(ledger), person)
    spare = {t.id: _reserve(session, (reserved or {}).get(t.id, ())) for t in ledger.tables}
    revision = session.journal.log.last
    stamp = Stamp(
        session.journal.workspace_id,
        ledger.id,
        ledger.version,
        revision,
        uuid.uuid4().hex,
        staff,
    )
    path = session.workspace.issued(staff, ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    _build(session, path, ledger, person, visible, spare, stamp)
    with session.journal.transaction():
        session.journal.copies.add(
            Copy(
                stamp.copy_id,
                staff,
                ledger.id,
                "issued",
                revision,
                session.now().isoformat(),
                session.workspace.relative(path),
                file_hash(path),
                {name: list(rows) for name, rows in visible.items()},
                spare,
                False,
            )
        )
    return path


def _build(
    session: Session,
    path: Path,
    ledger: LedgerSchema,
    person: Staff,
    visible: Mapping[str, Rows],
    spare: Mapping[str, Sequence[str]],
    stamp: Stamp,
) -> None:
    """Written beside and put in place, so that a crash leaves the old copy whole."""
    beside = path.with_name(f"{path.stem}.issuing.tmp")
    build_ledger_workbook(
        beside,
        ledger,
        session.catalog,
        kind="copy",
        unit=session.workspace.unit.name,
        rows={
            t.id: SheetRows(tuple(visible[t.id].items()), tuple(spare[t.id])) for t in ledger.tables
        },
        stamp=stamp,
        today=session.today,
        staff=stamp.staff,
        proposals=proposals_for(session, ledger, person),
    )
    beside.replace(path)


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
    """People in care and 低保 heads for 走访对象 (with id and address), the staff for 走访人."""
    if ledger.id != "visit":
        return {}
    people = _people(session, "care", "people", ("name", "id_number", "address"))
    people |= _people(session, "dibao", "households", ("head_name", "head_id", "address"))
    known = sorted(people.items())
    staff = [s.name for s in session.workspace.config.staff if not s.left_to]
    fills = {
        "subject_id": [person[0] for _, person in known],
        "household": [person[1] for _, person in known],
    }
    lists = {
        "subject_name": NameList([name for name, _ in known], fills),
        "visitor": NameList(staff),
    }
    return {name: names for name, names in lists.items() if names.names}


def _people(
    session: Session, ledger: str, table: str, fields: tuple[str, str, str]
) -> dict[str, tuple[Value, Value]]:
    """Id and address by name; a name that two people bear proposes nothing."""
    try:
        schema = session.catalog.table(ledger, table)
        name, number, address = (schema.position[f] for f in fields)
    except KeyError:  # a district may do without that ledger or field
        return {}
    found: dict[str, tuple[Value, Value]] = {}
    for row in session.journal.state.rows(ledger, table).values():
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
