"""A colleague at work: opens an issued copy, types into it, saves it to the inbox.

What is typed goes into the cells as a person would leave it, right or wrong.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledgersync.model import Rows, Value
from ledgersync.schema import LedgerSchema
from ledgersync.sync.session import Session
from ledgersync.workbook.build.layout import FIRST_ROW
from ledgersync.workbook.patch import CellValue, SheetEdit, patch_sheets

Typed = str | int | float | date | None


class Desk:
    """A person's copy of one ledger on their desk, as it was issued: its rows stand in order."""

    def __init__(self, session: Session, staff: str, ledger: LedgerSchema) -> None:
        self._file = session.workspace.issued(staff, ledger)
        self._ledger = ledger
        known = session.journal.copies.current()
        copy = next(c for c in known if (c.staff, c.ledger) == (staff, ledger.id))
        shown = session.shown(ledger)
        self._rows: dict[str, Rows] = {
            name: {record: shown[name][record] for record in records}
            for name, records in copy.records.items()
        }
        self._typed_into: dict[str, int] = defaultdict(int)  # empty rows, by table
        self._cells: dict[str, dict[tuple[int, int], CellValue]] = defaultdict(dict)
        self._removed: dict[str, list[int]] = defaultdict(list)

    def count(self, table: str) -> int:
        """How many records the table shows."""
        return len(self._rows[table])

    def value(self, table: str, index: int, field: str) -> Value:
        return self._column(table, field)[index]

    def find(self, table: str, field: str, value: Value) -> int | None:
        """The first record with this value, None when there is none."""
        column = self._column(table, field)
        return column.index(value) if value in column else None

    def change(self, table: str, index: int, field: str, typed: Typed) -> None:
        """Types over one cell of a record."""
        self._put(table, FIRST_ROW + index, field, typed)

    def add(self, table: str, typed: Mapping[str, Typed]) -> None:
        """Fills in the next empty row."""
        row = FIRST_ROW + self.count(table) + self._typed_into[table]
        self._typed_into[table] += 1
        for field, value in typed.items():
            self._put(table, row, field, value)

    def remove(self, table: str, index: int) -> None:
        """Deletes the row of a record."""
        self._removed[self._ledger.by_id[table].sheet].append(FIRST_ROW + index)

    def save(self, target: Path) -> Path:
        """Saves all that was typed as `target`; the issued copy stays as it was."""
        target.parent.mkdir(parents=True, exist_ok=True)
        sheets = self._cells.keys() | self._removed.keys()
        edits = {
            name: SheetEdit(cells=self._cells[name], remove_rows=sorted(self._removed[name]))
            for name in sheets
        }
        patch_sheets(self._file, target, edits)
        return target

    def _column(self, table: str, field: str) -> list[Value]:
        place = self._ledger.by_id[table].field_ids.index(field)
        return [row[place] for row in self._rows[table].values()]

    def _put(self, table: str, row: int, field: str, typed: Typed) -> None:
        schema = self._ledger.by_id[table]
        self._cells[schema.sheet][row, schema.field_ids.index(field) + 1] = typed
