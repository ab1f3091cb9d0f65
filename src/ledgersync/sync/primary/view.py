"""A primary as it lies on disk: its tables, each record's id and place."""

from collections.abc import Callable
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.merge import Submitted, Unresolved, resolve_identity
from ledgersync.model import Rows, Stamp, TableData, WorkbookData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.extras import learn_columns
from ledgersync.sync.model.submission import SubmittedTable, put_together
from ledgersync.sync.session import Session
from ledgersync.workbook.build import new_record_id


@dataclass(slots=True)
class TableView:
    """One table of a primary: rows by record id, and where each stands."""

    whole: SubmittedTable
    rows: Rows
    positions: dict[str, int]
    unresolved: Unresolved

    @property
    def schema(self) -> TableSchema:
        return self.whole.table

    def place(self, record: str) -> tuple[str, int] | None:
        """Sheet and row of a record, None when it is not in the file."""
        position = self.positions.get(record)
        return None if position is None else self.whole.place(position)

    def part(self, record: str) -> TableData:
        return self.whole.origins[self.positions[record]][0]


@dataclass(slots=True)
class PrimaryView:
    """A primary workbook as read just now."""

    path: Path
    ledger: LedgerSchema
    data: WorkbookData
    bases: dict[str, Rows]
    tables: dict[str, TableView]
    changes: int = 0
    faults: int = 0  # cells typed by hand that break a rule; they stay
    is_unknown: bool = False  # its stamp is of a revision that this journal never had


def view_primary(
    session: Session,
    ledger: LedgerSchema,
    bases_of: Callable[[Stamp | None], dict[str, Rows]],
    *,
    learn: bool = False,
) -> PrimaryView:
    """Reads a primary and finds out which record each row is, by its id or its key.

    `bases_of` says what it held before, given its stamp. `learn` registers the columns that
    people added to it; the view's `ledger` has them.
    """
    path = session.workspace.primary(ledger)
    data = session.readings.read(path)
    session.offices[ledger.id] = data.office
    if learn:
        learn_columns(session, ledger, data.tables)
    ledger = session.catalog.ledgers[ledger.id]
    state, bases = session.state(ledger), bases_of(data.stamp)
    tables = {
        table_id: _view_table(whole, bases.get(table_id, {}), state[table_id])
        for table_id, whole in put_together(ledger, data.tables, formulas=True).items()
    }
    return PrimaryView(path, ledger, data, bases, tables)


def _view_table(whole: SubmittedTable, base: Rows, ours: Rows) -> TableView:
    found = _plainly_identified(whole, base)
    if found is None:
        who = resolve_identity(
            whole.table, whole.records, base, ours, new_id=new_record_id, last_submission=None
        )
        found = TableView(whole, who.rows, who.positions, who.unresolved)
    for part in whole.parts:
        part.values = {}  # the rows hold all that is wanted; a large primary is not kept twice
    return found


def _plainly_identified(whole: SubmittedTable, base: Rows) -> TableView | None:
    """Every row carries its own id and is as the base has it: then the base's rows stand for it."""
    rows: Rows = {}
    for record in whole.records:
        known = base.get(record.record_id or "")
        if known is None or known != record.row:
            return None
        rows[record.record_id or ""] = known
    if len(rows) != len(whole.records):
        return None
    whole.records = [Submitted(n, record, row) for n, (record, row) in enumerate(rows.items())]
    return TableView(whole, rows, {record: n for n, record in enumerate(rows)}, Unresolved())
