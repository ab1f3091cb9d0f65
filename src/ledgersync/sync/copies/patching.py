"""A copy that lies as it was issued gets what has changed since: its cost goes by the change.

Where anything but its records, its day and its stamp would be different (the ledger, lists,
checks, reserved rows, the program that builds), there is no patching, and a copy is built.
"""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from ledgersync.errors import PatchRefused
from ledgersync.journal import Copy
from ledgersync.model import Rows, Stamp
from ledgersync.schema import TableSchema
from ledgersync.sync.copies.content import CopyContent, has_frame
from ledgersync.sync.session import Session
from ledgersync.values import as_cell
from ledgersync.workbook.build.layout import CAPTION, FIRST_ROW, caption
from ledgersync.workbook.patch import CellValue, PatchReport, SheetEdit, patch_sheets
from ledgersync.workbook.stamp import restamping
from ledgersync.workbook.stamp_text import STAMP_SHEET

Order = dict[str, list[str]]
"""Record ids by table, as their rows stand one below the other."""


def patched_copy(
    session: Session, before: Copy, content: CopyContent, stamp: Stamp, target: Path
) -> Order | None:
    """Writes `target`, the copy `before` with what has changed since; the order of its records.

    None where a copy has to be built; `target` says nothing then.
    """
    if before.file is None or not has_frame(session, before, content):
        return None
    tables = content.ledger.tables
    if not all(_has_room(before, table, content.visible[table.id]) for table in tables):
        return None
    source, changed = session.workspace.root / before.file, _changed_since(session, before)
    told = caption("copy", content.unit, stamp.staff, session.today)
    edits = {t.sheet: _edit(t, before, content.visible[t.id], changed[t.id], told) for t in tables}
    try:
        cells, parts = restamping(source, stamp)
        edits[STAMP_SHEET] = SheetEdit(cells=cells)
        report = patch_sheets(source, target, edits, parts=parts)
    except PatchRefused:
        return None
    order = {t.id: _order(before.records[t.id], content.visible[t.id]) for t in tables}
    return order if all(_landed(t, order[t.id], report) for t in tables) else None


def _changed_since(session: Session, copy: Copy) -> defaultdict[str, set[str]]:
    """The records of which anything was written since the copy, by table."""
    changed: defaultdict[str, set[str]] = defaultdict(set)
    for operation in session.journal.log.operations(after=copy.revision, ledger=copy.ledger):
        changed[operation.table].add(operation.record)
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
    table: TableSchema, before: Copy, visible: Rows, changed: Collection[str], told: str
) -> SheetEdit:
    """What is to be written on a table's sheet: whole rows of what changed."""
    lines = {record: row for row, record in enumerate(before.records[table.id], FIRST_ROW)}
    cells: dict[tuple[int, int], CellValue] = {CAPTION: told}
    for record in changed & lines.keys() & visible.keys():
        for column, (field, value) in enumerate(zip(table.fields, visible[record], strict=True), 1):
            cells[lines[record], column] = as_cell(field, value)
    new = [r for r in visible if r not in lines]
    return SheetEdit(
        cells=cells,
        append=[[*map(as_cell, table.fields, visible[r]), None, r] for r in new],
        remove_rows=[row for record, row in lines.items() if record not in visible],
        append_before=FIRST_ROW + len(lines) if new else None,
        append_column=1 if new else None,
        first_row=FIRST_ROW,
    )


def _landed(table: TableSchema, order: list[str], report: PatchReport) -> bool:
    """New rows stand right below the others, as `order` says."""
    rows = report.sheets[table.sheet].appended_rows
    last = FIRST_ROW + len(order)
    return rows == list(range(last - len(rows), last))
