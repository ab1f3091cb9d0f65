"""What `read` shows of a list that is of two tables: each with its records, at their rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from ledgersync.model import Column, SkippedRow, TableData, UnknownColumn, WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.foreign.plan import Decisions, TablePlan
from ledgersync.workbook.foreign.sheets import SheetPlanner
from ledgersync.workbook.read.formats.files import open_book


def with_two_tables(
    data: WorkbookData, path: Path, catalog: Catalog, today: date, password: str | None = None
) -> WorkbookData:
    """The file with both tables of such lists in the place of the one that the reader saw.

    Our own copies and sheets that have nothing but known columns are as they are.
    """
    odd = {t.sheet: t.ledger for t in data.tables if t.unknown_columns and t.id_column is None}
    if data.stamp is not None or not odd:
        return data
    book = open_book(path.read_bytes(), path.name, password)
    both: dict[str, list[TableData]] = {}
    for grid in book:
        if grid.sheet in odd:
            ledger = catalog.ledgers[odd[grid.sheet]]
            planner = SheetPlanner(ledger, catalog, data.file, today, Decisions(), book.date1904)
            plan = planner.plan(grid)
            if plan is not None and len({t.table for t in plan.tables}) > 1:
                both[grid.sheet] = [_data(t) for t in plan.tables]
    return replace(data, tables=list(_replaced(data.tables, both))) if both else data


def _replaced(tables: list[TableData], both: dict[str, list[TableData]]) -> Iterator[TableData]:
    shown: set[str] = set()
    for table in tables:
        if table.sheet not in both:
            yield table
        elif table.sheet not in shown:
            shown.add(table.sheet)
            yield from both[table.sheet]


def _data(plan: TablePlan) -> TableData:
    """A table of a plan as the reader would give it."""
    known = [c for c in plan.columns if c.field]
    own = [c for c in plan.columns if not c.field]
    fields = list(dict.fromkeys(name for row in plan.rows for name in row.values))
    return TableData(
        ledger=plan.ledger,
        table=plan.table,
        sheet=plan.sheet,
        header_rows=plan.header_rows,
        columns=tuple(Column(c.field or "", c.header, c.column) for c in known),
        unknown_columns=tuple(UnknownColumn(c.header, c.column) for c in own),
        rows=[row.row for row in plan.rows],
        values={name: [row.values.get(name) for row in plan.rows] for name in fields},
        record_ids=[None] * len(plan.rows),
        extras={c.header: [row.extras.get(c.header) for row in plan.rows] for c in own},
        skipped=[
            SkippedRow(o.row, o.reason)
            for o in plan.left_out
            if o.reason != "twice" and o.reason != "other"
        ],
    )
