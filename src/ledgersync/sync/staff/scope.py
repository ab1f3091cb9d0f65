"""Which records a person sees: their scope, followed along references."""

from collections.abc import Collection, Mapping

from ledgersync.checks.scopes import Scopes, within
from ledgersync.model import Rows
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.sync.session import Session
from ledgersync.workspace import Staff, Workspace

Own = Mapping[str, Collection[str]]  # record ids by table


def scopes_of(workspace: Workspace) -> Scopes:
    """The scopes of everybody in `ledgersync.toml` who still works here."""
    staff = workspace.config.staff
    return Scopes({person.name: person.scope for person in staff if not person.left_to})


def nobodys_own(session: Session, ledger: LedgerSchema, person: Staff) -> Own:
    """The records in nobody's scope that this person put there: they stay in the own copy."""
    if not person.scope:
        return {}
    scopes = scopes_of(session.workspace)
    found: dict[str, Collection[str]] = {}
    for table in ledger.tables:
        lost = scopes.strays(table, session.journal.state.rows(ledger.id, table.id), person.name)
        author_of = session.journal.log.author_of
        mine = {r for r, field in lost.items() if author_of(r, field) == person.name}
        found[table.id] = mine
    return found


def in_scope(
    ledger: LedgerSchema,
    catalog: Catalog,
    state: Mapping[str, Rows],
    person: Staff,
    own: Own | None = None,
) -> dict[str, Rows]:
    """The rows of every table that the person works on.

    A table with the scope's fields is filtered by them; one without follows its `ref` into such
    a table of the same ledger; a table without a path to the scope is whole. `own` are records
    outside of the scope that stay with the person all the same.
    """
    if not person.scope:
        return dict(state)
    visible: dict[str, Rows] = {}
    for table in sorted(ledger.tables, key=lambda t: _depth(ledger, t)):
        visible[table.id] = _visible(ledger, catalog, table, state, visible, person, own or {})
    return {table.id: visible[table.id] for table in ledger.tables}


def _depth(ledger: LedgerSchema, table: TableSchema) -> int:
    return 1 if _parent(ledger, table) else 0


def _parent(ledger: LedgerSchema, table: TableSchema) -> tuple[str, str, str] | None:
    """Own field, parent table and its field, for a reference inside the ledger."""
    for f in table.fields:
        if f.ref:
            other, parent, target = f.ref.split(".")
            if other == ledger.id and parent != table.id:
                return f.id, parent, target
    return None


def _visible(
    ledger: LedgerSchema,
    catalog: Catalog,
    table: TableSchema,
    state: Mapping[str, Rows],
    visible: Mapping[str, Rows],
    person: Staff,
    own: Own,
) -> Rows:
    rows = state[table.id]
    if any(name in table.position for name in person.scope):
        return within(person.scope, table, rows, own.get(table.id, ()))
    link = _parent(ledger, table)
    if link is None or link[1] not in visible or not _scoped(ledger, link[1], person):
        return rows
    field, parent, target = link
    at, there = table.position[field], catalog.table(ledger.id, parent).position[target]
    seen = {row[there] for row in visible[parent].values()}
    return {r: row for r, row in rows.items() if row[at] is None or row[at] in seen}


def _scoped(ledger: LedgerSchema, table: str, person: Staff) -> bool:
    return any(name in ledger.by_id[table].position for name in person.scope)
