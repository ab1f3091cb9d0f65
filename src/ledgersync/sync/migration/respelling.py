"""One spelling for the values of short lists (grids, groups), in all that the journal holds.

When the unit's lists change (a scope is written otherwise, a ledger lists a field), the state is
brought to the spelling of today as one revision, so that what was read before and what is read now
are the same; what people typed into workbooks stays there as it is.
"""

from collections.abc import Iterator

from ledgersync.merge import Operation
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.spelling import listed_fields
from ledgersync.sync.revision.entry import entry
from ledgersync.sync.session import PROGRAM, SPELLED_BY, Session

_KIND = "handover"


def respell(session: Session) -> None:
    """Brings every value of a list to its spelling of today."""
    with session.journal.transaction():
        with entry(session, _KIND, PROGRAM) as made:
            for ledger, table in session.catalog.tables():
                operations = list(_operations(session, ledger, table))
                if operations:
                    made.change(ledger, table, operations)
        session.journal.set_meta(SPELLED_BY, session.workspace.catalog.lists)


def _operations(session: Session, ledger: LedgerSchema, table: TableSchema) -> Iterator[Operation]:
    for at, listing in listed_fields(table).items():
        name = table.field_ids[at]
        for record, row in session.journal.state.rows(ledger.id, table.id).items():
            value = row[at]
            if isinstance(value, str) and (new := listing.spelled(value)) != value:
                yield Operation("edit", record, name, value, new)
