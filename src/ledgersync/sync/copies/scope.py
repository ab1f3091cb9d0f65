"""Which records a person sees: their scope, followed along references."""

from collections.abc import Mapping

from ledgersync.model import Rows
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.workspace import Staff


def in_scope(
    ledger: LedgerSchema, catalog: Catalog, state: Mapping[str, Rows], person: Staff
) -> dict[str, Rows]:
    """The rows of every table that the person works on.

    A table with the scope's fields is filtered by them; one without follows its `ref` into such
    a table of the same ledger; a table without a path to the scope is whole.
    """
    if not person.scope:
        return dict(state)
    visible: dict[str, Rows] = {}
    for table in sorted(ledger.tables, key=lambda t: _depth(ledger, t)):
        visible[table.id] = _visible(ledger, catalog, table, state, visible, person)
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
) -> Rows:
    rows = state[table.id]
    if any(name in table.position for name in person.scope):
        return {r: row for r, row in rows.items() if matches(table, row, person)}
    link = _parent(ledger, table)
    if link is None or link[1] not in visible or not _scoped(ledger, link[1], person):
        return rows
    own, parent, target = link
    at, there = table.position[own], catalog.table(ledger.id, parent).position[target]
    seen = {row[there] for row in visible[parent].values()}
    return {r: row for r, row in rows.items() if row[at] is None or row[at] in seen}


def matches(table: TableSchema, row: tuple[object, ...], person: Staff) -> bool:
    """The row's scope fields hold one of the person's values, or nothing at all."""
    for name, values in person.scope.items():
        at = table.position.get(name)
        if at is not None and row[at] is not None and row[at] not in values:
            return False
    return True


def _scoped(ledger: LedgerSchema, table: str, person: Staff) -> bool:
    return any(name in ledger.by_id[table].position for name in person.scope)
