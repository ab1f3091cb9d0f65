"""What a copy suggests: what a new row of its person most likely holds, and lists of names."""

from ledgersync.model import Invalid, Value
from ledgersync.schema import LedgerSchema, TableKey, TableSchema
from ledgersync.schema.roles import Subject
from ledgersync.sync.session import Session
from ledgersync.workbook.build import NameList, Proposals
from ledgersync.workspace import Staff


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
