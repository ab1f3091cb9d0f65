"""What must change in a workbook so that it shows the journal's state: cells, rows, removals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledgersync.model import Invalid, Row, Rows, TableData, Value
from ledgersync.sync.view import PrimaryView, TableView
from ledgersync.workbook.patch import CellValue, SheetEdit


@dataclass(slots=True)
class _SheetChanges:
    cells: dict[tuple[int, int], CellValue] = field(default_factory=dict)
    append: list[list[CellValue]] = field(default_factory=list)
    append_before: int | None = None
    remove: list[int] = field(default_factory=list)

    def edit(self) -> SheetEdit:
        return SheetEdit(
            cells=self.cells,
            append=self.append,
            remove_rows=sorted(self.remove),
            append_before=self.append_before,
            append_column=1 if self.append else None,
        )


def edits_for(view: PrimaryView, state: dict[str, Rows]) -> tuple[dict[str, SheetEdit], int, int]:
    """Edits by sheet, with the number of cells and of rows that they touch."""
    sheets: dict[str, _SheetChanges] = defaultdict(_SheetChanges)
    for table_id, table in view.tables.items():
        _table_edits(table, state[table_id], sheets)
    edits = {name: changes.edit() for name, changes in sheets.items()}
    cells = sum(len(c.cells) for c in sheets.values())
    rows = sum(len(c.append) + len(c.remove) for c in sheets.values())
    return edits, cells, rows


def cell_value(value: Value) -> CellValue:
    """A value as a cell takes it: `、` between choices, 是 and 否, invalid text as typed."""
    if value is True or value is False:
        return "是" if value else "否"
    if isinstance(value, Invalid):
        return value.typed
    if isinstance(value, tuple):
        return "、".join(value)
    return value


def _table_edits(table: TableView, rows: Rows, sheets: dict[str, _SheetChanges]) -> None:
    for record, row in rows.items():
        if record in table.rows:
            _changed_cells(table, record, row, sheets)
    for record in table.rows:
        if record not in rows:
            sheet, line = table.place(record) or ("", 0)
            sheets[sheet].remove.append(line)
    new = [record for record in rows if record not in table.rows]
    if new:
        part = _home(table.whole.parts)
        changes = sheets[part.sheet]
        changes.append += [_line(part, table, record, rows[record]) for record in new]
        changes.append_before = _line_below(part)


def _changed_cells(
    table: TableView, record: str, row: Row, sheets: dict[str, _SheetChanges]
) -> None:
    position = table.positions[record]
    part, index = table.whole.origins[position]
    if table.rows[record] != row:
        line = part.rows[index]
        for column in part.columns:
            at = table.schema.position[column.field]
            if table.rows[record][at] != row[at]:
                sheets[part.sheet].cells[line, column.index] = cell_value(row[at])
    if part.id_column and table.whole.records[position].record_id != record:
        sheets[part.sheet].cells[part.rows[index], part.id_column] = record


def _home(parts: Sequence[TableData]) -> TableData:
    """The sheet that new records go to: the one with the most rows."""
    return max(parts, key=lambda p: len(p.rows))


def _line(part: TableData, table: TableView, record: str, row: Row) -> list[CellValue]:
    """A whole new sheet row, from column A."""
    width = max([c.index for c in part.columns] + [part.id_column or 0])
    line: list[CellValue] = [None] * width
    for column in part.columns:
        line[column.index - 1] = cell_value(row[table.schema.position[column.field]])
    if part.id_column:
        line[part.id_column - 1] = record
    return line


def _line_below(part: TableData) -> int | None:
    """The first line of totals or notes under the records, which new ones must stay above."""
    last = max(part.rows, default=max(part.header_rows, default=0))
    below = [s.row for s in part.skipped if s.row > last and s.reason in ("total", "note")]
    if not below:
        return None
    return min(below)
