"""One spelling for the values of short lists (grids, groups), in all that the journal holds.

When the unit's lists change (a scope is written otherwise, a ledger lists a field), the state is
brought to the spelling of today as one revision, so that what was read before and what is read now
are the same; what people typed into workbooks stays there as it is.
"""

from collections.abc import Iterator

from ledgersync.merge import Operation
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.entry import entry
from ledgersync.sync.session import PROGRAM, SPELLED_BY, Session
from ledgersync.values.listed import Listing, listing_of

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


def listed_fields(table: TableSchema) -> dict[int, Listing]:
    """The fields that take their values from a list, by position."""
    found = ((i, listing_of(f)) for i, f in enumerate(table.fields))
    return {i: listing for i, listing in found if listing}


class Spelling:
    """Rows as they were stored once, spelled as they are read today."""

    def __init__(self, table: TableSchema) -> None:
        self._table, self._listed = table, listed_fields(table)
        self._spelled: dict[tuple[int, str], str] = {}

    def row(self, row: Row) -> Row:
        cells = None
        for at in self._listed:
            value = row[at]
            if isinstance(value, str) and (new := self._of(at, value)) != value:
                cells = cells or list(row)
                cells[at] = new
        return row if cells is None else tuple(cells)

    def rows(self, rows: Rows) -> Rows:
        """The very same rows where all are spelled so already."""
        if all(self._of(at, v) == v for at in self._listed for v in _texts(rows, at)):
            return rows
        return {record: self.row(row) for record, row in rows.items()}

    def cell(self, field: str, value: Row | Value) -> Row | Value:
        """A single cell of a field."""
        at = self._table.position.get(field, -1)
        if at in self._listed and isinstance(value, str):
            return self._of(at, value)
        return value

    def _of(self, at: int, value: str) -> str:
        known = self._spelled.get((at, value))
        if known is None:
            known = self._spelled[at, value] = self._listed[at].spelled(value)
        return known


def _texts(rows: Rows, at: int) -> set[str]:
    return {value for row in rows.values() if isinstance(value := row[at], str)}
