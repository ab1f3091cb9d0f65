"""A copy that lies as it was issued gets what has changed since: its cost goes by the change.

Where anything but its records, the ids and numbers of its empty rows, its day and its stamp would
be different (the ledger, lists, checks, how many rows are empty, the program that builds), there
is no patching, and a copy is built.
"""

import zipfile
from collections import defaultdict
from pathlib import Path

from ledgersync.errors import PatchRefused
from ledgersync.journal import Copy
from ledgersync.model import Rows, Stamp, column_number
from ledgersync.schema import TableSchema
from ledgersync.sync.copies.content import CopyContent, has_frame
from ledgersync.sync.session import Session
from ledgersync.values import as_cell
from ledgersync.workbook.build.layout import CAPTION, FIRST_ROW, caption
from ledgersync.workbook.hidden import first_row
from ledgersync.workbook.patch import CellValue, PatchReport, SheetEdit, patch_sheets
from ledgersync.workbook.stamp import restamping
from ledgersync.workbook.stamp_text import LIST_SHEET, STAMP_SHEET

Order = dict[str, list[str]]
"""Record ids by table, as their rows stand one below the other."""
Touched = dict[str, set[str | None]]
"""By record, which fields anything was written to; None: the record came, or went, as a whole."""


def patched_copy(
    session: Session, before: Copy, content: CopyContent, stamp: Stamp, target: Path
) -> tuple[Order, str] | None:
    """Writes `target`, the copy `before` with what has changed since.

    Returns the order of its records and the file's hash; None where a copy has to be built, and
    `target` says nothing.
    """
    if before.file is None or not has_frame(session, before, content):
        return None
    tables = content.ledger.tables
    if not all(_has_room(before, table, content.visible[table.id]) for table in tables):
        return None
    source, changed = session.workspace.root / before.file, _changed_since(session, before)
    told = caption("copy", content.unit, stamp.staff, session.today)
    edits = {t.sheet: _edit(t, before, content, changed[t.id], told) for t in tables}
    try:
        edits |= _waiting_numbers(source, before, content)
        cells, parts = restamping(source, stamp)
        edits[STAMP_SHEET] = SheetEdit(cells=cells)
        report = patch_sheets(source, target, edits, parts=parts)
    except (PatchRefused, LookupError, zipfile.BadZipFile):  # no copy of ours as it was
        return None
    order = {t.id: _order(before.records[t.id], content.visible[t.id]) for t in tables}
    landed = all(_landed(t, order[t.id], report) for t in tables)
    return (order, report.sha256) if landed else None


def _changed_since(session: Session, copy: Copy) -> defaultdict[str, Touched]:
    """What was written since the copy, by table."""
    changed: defaultdict[str, Touched] = defaultdict(dict)
    for operation in session.journal.log.operations(after=copy.revision, ledger=copy.ledger):
        fields = changed[operation.table].setdefault(operation.record, set())
        fields.add(operation.field)
    return changed


def _has_room(before: Copy, table: TableSchema, visible: Rows) -> bool:
    """New rows stand between records, whose look they take, and the empty rows."""
    there = set(before.records[table.id])
    if not there and not before.reserved[table.id]:
        return not visible  # the table's one row is empty
    stay = not there.isdisjoint(visible)
    return visible.keys() <= there or (stay and bool(before.reserved[table.id]))


def _order(before: list[str], visible: Rows) -> list[str]:
    """Records that stay, in their rows, then new ones."""
    there = set(before)
    return [r for r in before if r in visible] + [r for r in visible if r not in there]


def _edit(
    table: TableSchema, before: Copy, content: CopyContent, changed: Touched, told: str
) -> SheetEdit:
    """What is to be written on a table's sheet: the cells that changed, ids of empty rows."""
    visible = content.visible[table.id]
    lines = {record: row for row, record in enumerate(before.records[table.id], FIRST_ROW)}
    cells: dict[tuple[int, int], CellValue] = {CAPTION: told}
    for record in changed.keys() & lines.keys() & visible.keys():
        touched, shown = changed[record], zip(table.fields, visible[record], strict=True)
        for column, (field, value) in enumerate(shown, 1):
            if field.id in touched or None in touched:
                cells[lines[record], column] = as_cell(field, value)
    empty = enumerate(content.spare[table.id], FIRST_ROW + len(lines))
    for (row, record), was in zip(empty, before.reserved[table.id], strict=True):
        if record != was:
            cells[row, len(table.fields) + 2] = record
    new = [r for r in visible if r not in lines]
    return SheetEdit(
        cells=cells,
        append=[[*map(as_cell, table.fields, visible[r]), None, r] for r in new],
        remove_rows=[row for record, row in lines.items() if record not in visible],
        append_before=FIRST_ROW + len(lines) if new else None,
        append_column=1 if new else None,
        first_row=FIRST_ROW,
    )


def _waiting_numbers(source: Path, before: Copy, content: CopyContent) -> dict[str, SheetEdit]:
    """The lists of empty rows' ids and of the numbers that wait for them, where rows were used."""
    used = {
        t for t, ids in before.reserved.items() if content.numbers[t] and ids != content.spare[t]
    }
    if not used:
        return {}
    with zipfile.ZipFile(source) as package:
        heads = {text: at.removesuffix("1") for at, text in first_row(package, LIST_SHEET).items()}
    cells: dict[tuple[int, int], CellValue] = {}
    for table in used:
        column = column_number(heads[before.reserved[table][0]])
        for row, (record, number) in enumerate(content.numbers[table].items(), 1):
            cells[row, column], cells[row, column + 1] = record, number
    return {LIST_SHEET: SheetEdit(cells=cells)}


def _landed(table: TableSchema, order: list[str], report: PatchReport) -> bool:
    """New rows stand right below the others, as `order` says."""
    rows = report.sheets[table.sheet].appended_rows
    last = FIRST_ROW + len(order)
    return rows == list(range(last - len(rows), last))
