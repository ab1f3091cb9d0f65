"""Where every record stands in a primary as it was last written, so that it need not be read.

A file whose hash is that of the last write shows the state of that revision; only the places are
not in the state. They are kept per ledger and carried along by what each patch reports.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, repeat
from typing import Any

from ledgersync.merge import Unresolved, submitted
from ledgersync.model import Column, Rows, SkippedRow, TableData, WorkbookData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.model.submission import SubmittedTable
from ledgersync.sync.primary.difference import Difference, free_rows
from ledgersync.sync.primary.view import PrimaryView, TableView
from ledgersync.sync.session import Session
from ledgersync.workbook.build.layout import HEADER_ROW
from ledgersync.workbook.patch import PatchReport, SheetReport
from ledgersync.workbook.patch.scan.row_map import KEEP

Merges = dict[str, list[tuple[int, int, int, int]]]
_UNCHANGED = SheetReport([], 1, KEEP)


def remember_layout(
    session: Session,
    ledger: LedgerSchema,
    view: PrimaryView,
    found: Difference,
    report: PatchReport | None,
    sha256: str,
) -> None:
    """Keeps where everything stands after a write; nothing where the sheets themselves changed.

    Nor where a row is no record for certain: the next write looks at it again.
    """
    changed = found.wider or found.restored or found.homeless or found.again
    if changed or not all(map(_is_plain, view.tables.values())):
        session.journal.writes.forget_layout(ledger.id)
        return
    sheets = report.sheets if report else {}
    parts = [
        _as_json(part)
        for table in view.tables.values()
        for part in _parts_after(table, session.shown(ledger)[table.schema.id], found, sheets)
    ]
    layout = [_fields(ledger), parts, found.merges]
    session.journal.writes.keep_layout(ledger.id, sha256, layout)


def remember_empty(session: Session, ledger: LedgerSchema, sha256: str) -> None:
    """The same of a primary that was just built, and has no records."""
    parts = [_as_json(_built_part(ledger, table)) for table in ledger.tables]
    session.journal.writes.keep_layout(ledger.id, sha256, [_fields(ledger), parts])


def _built_part(ledger: LedgerSchema, table: TableSchema) -> TableData:
    columns = tuple(Column(f.id, f.header, at) for at, f in enumerate(table.fields, 1))
    ids = len(columns) + 2  # behind the column of checks
    return TableData(ledger.id, table.id, table.sheet, (HEADER_ROW,), columns, id_column=ids)


def _fields(ledger: LedgerSchema) -> list[list[str]]:
    """The fields by which a file was read; with others its columns may mean something else."""
    return [list(table.field_ids) for table in ledger.tables]


def _is_plain(table: TableView) -> bool:
    sheets = [part.sheet for part in table.whole.parts]
    known = len(table.positions) == len(table.whole.origins) and table.unresolved == Unresolved()
    return known and len(set(sheets)) == len(sheets)


def _parts_after(
    table: TableView, state: Rows, found: Difference, sheets: dict[str, SheetReport]
) -> list[TableData]:
    """The parts of a table with the rows and records they have after the patch."""
    records: dict[int, list[str]] = {id(part): [""] * len(part.rows) for part in table.whole.parts}
    places = map(table.whole.origins.__getitem__, table.positions.values())
    for record, (part, index) in zip(table.positions, places, strict=True):
        records[id(part)][index] = record
    return [
        _part_after(part, records[id(part)], state, found, sheets.get(part.sheet, _UNCHANGED))
        for part in table.whole.parts
    ]


def _part_after(
    part: TableData, records: list[str], state: Rows, found: Difference, report: SheetReport
) -> TableData:
    after = report.row_after
    kept = [
        (row, record)
        for row, record in zip(report.rows_after(part.rows), records, strict=True)
        if row is not None and record in state
    ]
    taken = set[int]()
    table, places = found.placed.get(part.sheet, ("", []))
    if table == part.table:
        taken = {row for row, _ in places}
        kept += [(row, record) for old, record in places if (row := after(old)) is not None]
        kept += zip(report.appended_rows, found.appended[part.sheet][1], strict=True)
    free = [row for old in free_rows(part) if old not in taken and (row := after(old)) is not None]
    return replace(
        part,
        header_rows=tuple(row for old in part.header_rows if (row := after(old)) is not None),
        rows=[row for row, _ in kept],
        record_ids=[record for _, record in kept],
        reserved=[(row, "") for row in free],
        skipped=[
            SkippedRow(row, s.reason)
            for s in part.skipped
            if s.reason in ("total", "note") and (row := after(s.row)) is not None
        ],
    )


def remembered_view(session: Session, ledger: LedgerSchema, sha256: str) -> PrimaryView | None:
    """The primary as reading it would show it; None when that is not known for certain."""
    known = session.journal.writes.primary(ledger.id)
    if known is None or known.sha256 != sha256:
        return None
    if session.journal.copies.has_last_saved(ledger.id):
        return None
    remembered = _remembered_parts(session, ledger, sha256)
    if remembered is None:
        return None
    parts, merges = remembered
    tables: dict[str, TableView] = {}
    for table in ledger.tables:
        mine = [part for part in parts if part.table == table.id]
        shown = session.shown_at(ledger.id, table.id, known.revision)
        if shown.keys() != {record for part in mine for record in part.record_ids}:
            return None
        if mine:
            tables[table.id] = _table_view(SubmittedTable(table, parts=mine), shown)
    path = session.workspace.primary(ledger)
    data = WorkbookData(path.name, sha256, None, parts, merges=merges)
    return PrimaryView(path, ledger, data, {}, tables)


def _remembered_parts(
    session: Session, ledger: LedgerSchema, sha256: str
) -> tuple[list[TableData], Merges] | None:
    """What stands where, by today's fields; None of what nobody remembers, or is damaged.

    And the merged ranges by sheet, where none of them reaches down to a record.
    """
    try:
        stored = session.journal.writes.layout(ledger.id, sha256)
        if stored is None or stored[0] != _fields(ledger):
            return None
        merges = stored[2] if len(stored) > 2 else {}
        return [_from_json(ledger, cells) for cells in stored[1]], merges
    except (zlib.error, ValueError, TypeError, LookupError):
        return None


def _table_view(whole: SubmittedTable, shown: Rows) -> TableView:
    for part in whole.parts:
        whole.origins += zip(repeat(part), range(len(part.rows)))
    order = [record or "" for part in whole.parts for record in part.record_ids]
    rows = dict(zip(order, map(shown.__getitem__, order), strict=True))
    whole.records = submitted(order, rows.values())
    return TableView(whole, rows, dict(zip(order, count(), strict=False)), Unresolved())


def _as_json(part: TableData) -> list[Any]:
    return [
        part.table,
        part.sheet,
        part.header_rows,
        [(c.field, c.header, c.index) for c in part.columns],
        part.id_column,
        _as_ranges(part.rows),
        part.record_ids,
        [(s.row, s.reason) for s in part.skipped],
        sorted(part.ticked),
        _as_ranges(free_rows(part)),
    ]


def _from_json(ledger: LedgerSchema, cells: Sequence[Any]) -> TableData:
    table, sheet, header_rows, columns, id_column, rows, records, skipped, ticked, free = cells
    return TableData(
        ledger.id,
        table,
        sheet,
        tuple(header_rows),
        tuple(Column(*c) for c in columns),
        rows=_from_ranges(rows),
        record_ids=records,
        skipped=[SkippedRow(*s) for s in skipped],
        id_column=id_column,
        ticked=set(ticked),
        reserved=[(row, "") for row in _from_ranges(free)],
    )


def _as_ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring rows: the first, and how many."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and sum(runs[-1]) == row:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((row, 1))
    return runs


def _from_ranges(runs: Sequence[Sequence[int]]) -> list[int]:
    return [row for first, count in runs for row in range(first, first + count)]
