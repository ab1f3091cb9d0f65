"""A colleague at work: opens an issued copy, types into it, saves it to the inbox.

What is typed goes into the cells as a person would leave it, right or wrong.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledgersync.model import TableData, Value
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.workbook.patch import CellValue, SheetEdit, patch_sheets
from ledgersync.workbook.read import read_workbook

Typed = str | int | float | date | None


class Desk:
    """One copy of one ledger on somebody's desk."""

    def __init__(self, copy: Path, ledger: LedgerSchema, catalog: Catalog, today: date) -> None:
        self._copy = copy
        self._ledger = ledger
        data = read_workbook(copy, catalog, today=today)
        self._tables = {t.table: t for t in data.tables if t.ledger == ledger.id}
        self._cells: dict[str, dict[tuple[int, int], CellValue]] = defaultdict(dict)
        self._removed: dict[str, list[int]] = defaultdict(list)
        self._free = {name: [row for row, _ in t.reserved] for name, t in self._tables.items()}

    def count(self, table: str) -> int:
        """How many records the table shows."""
        return len(self._tables[table].rows)

    def value(self, table: str, index: int, field: str) -> Value:
        return self._tables[table].values[field][index]

    def find(self, table: str, field: str, value: Value) -> int | None:
        """The first record with this value, None when there is none."""
        column = self._tables[table].values.get(field, [])
        return next((i for i, cell in enumerate(column) if cell == value), None)

    def change(self, table: str, index: int, field: str, typed: Typed) -> None:
        """Types over one cell of a record."""
        data = self._tables[table]
        self._put(data, data.rows[index], field, typed)

    def add(self, table: str, typed: Mapping[str, Typed]) -> None:
        """Fills in the next empty row."""
        data = self._tables[table]
        row = self._free[table].pop(0)
        for field, value in typed.items():
            self._put(data, row, field, value)

    def remove(self, table: str, index: int) -> None:
        """Deletes the row of a record."""
        data = self._tables[table]
        self._removed[data.sheet].append(data.rows[index])

    def save(self, target: Path) -> Path:
        """Saves all that was typed as `target`; the issued copy stays as it was."""
        target.parent.mkdir(parents=True, exist_ok=True)
        sheets = self._cells.keys() | self._removed.keys()
        edits = {
            name: SheetEdit(cells=self._cells[name], remove_rows=sorted(self._removed[name]))
            for name in sheets
        }
        patch_sheets(self._copy, target, edits)
        return target

    def _put(self, data: TableData, row: int, field: str, typed: Typed) -> None:
        column = data.column_of(field)
        if column is not None:
            self._cells[data.sheet][row, column] = typed
