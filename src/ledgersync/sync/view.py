"""A primary as it lies on disk: its tables, each record's id and place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledgersync.merge import Doubts, Submitted, resolve_identity
from ledgersync.model import Row, Rows, Stamp, TableData, WorkbookData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.session import Session
from ledgersync.sync.submitted import SubmittedTable, put_together
from ledgersync.workbook.build import new_record_id
from ledgersync.workbook.read import read_workbook


@dataclass(slots=True)
class TableView:
    """One table of a primary: rows by record id, and where each stands."""

    whole: SubmittedTable
    rows: Rows
    positions: dict[str, int]
    doubts: Doubts

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


def view_primary(
    session: Session, ledger: LedgerSchema, bases_of: Callable[[Stamp | None], dict[str, Rows]]
) -> PrimaryView:
    """Reads a primary and finds out which record each row is, by its id or its key.

    `bases_of` says what it held before, given its stamp.
    """
    path = session.workspace.primary(ledger)
    data = read_workbook(path, session.catalog, today=session.today)
    state, bases = session.state(ledger), bases_of(data.stamp)
    tables = {
        table_id: _view_table(whole, bases.get(table_id, {}), state[table_id])
        for table_id, whole in put_together(ledger, data.tables).items()
    }
    return PrimaryView(path, ledger, data, bases, tables)


def _view_table(whole: SubmittedTable, base: Rows, ours: Rows) -> TableView:
    if _plainly_identified(whole.records, ours):
        rows: dict[str, Row] = {s.record_id or "": s.row for s in whole.records}
        positions = {s.record_id or "": s.position for s in whole.records}
        return TableView(whole, rows, positions, Doubts())
    found = resolve_identity(
        whole.table, whole.records, base, ours, new_id=new_record_id, shadow=None
    )
    return TableView(whole, found.rows, found.positions, found.doubts)


def _plainly_identified(records: list[Submitted], ours: Rows) -> bool:
    """Every row carries its own id, all are known, and no row was touched."""
    ids = [s.record_id for s in records]
    if len(set(ids)) != len(ids):
        return False
    return all(s.record_id in ours and ours[s.record_id] == s.row for s in records)
