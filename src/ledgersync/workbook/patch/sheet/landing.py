"""Where appended rows land: below the content, or inside the sheet's table above its totals."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.follow.tables import Table
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.edits import SheetEdit
from ledgersync.workbook.patch.scan.refs import NO_GROWTH, Area, Growth, Reach
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap
from ledgersync.workbook.patch.scan.xml_scan import opening


@dataclass(frozen=True)
class Landing:
    """The plan for rows: how they move, where the new ones land, and what grows with them.

    `donor` is the row (before) whose style the new rows take; 0 when there is none. `reach` says
    which references grow, None when no rows are appended.
    """

    rows: RowMap
    start: int
    column: int
    growth: Growth
    donor: int
    reach: Reach | None = None


class Content:
    """Which rows of a sheet hold something, counting the cells that are about to be written."""

    def __init__(self, sheet: SheetText, edit: SheetEdit, removed: Collection[int]) -> None:
        self._sheet = sheet
        self._removed = frozenset(removed)
        self._edited: defaultdict[int, set[int]] = defaultdict(set)
        for (row, column), value in edit.cells.items():
            if value not in (None, ""):
                self._edited[row].add(column)
        prefix = re.escape(sheet.prefix)
        self._filled = re.compile(rb"<" + prefix + rb"(?:(?:v|t)(?:\s[^>]*)?>[^<]|f[\s/>])")

    def last_row(self) -> int:
        """The last row with content that is not removed; 0 for an empty sheet."""
        edited = max(self._edited, default=0)
        for start in self._sheet.backwards():
            if self._row_filled(start):
                number = self._sheet.number(start)
                if number not in self._removed:
                    return max(number, edited)
        return edited

    def standing_end(self, last: int) -> int:
        """The last row of the source, up to a row, with content; 0 when there is none."""
        for start in self._sheet.backwards(self._sheet.at(last + 1)):
            if self._row_filled(start):
                return self._sheet.number(start)
        return 0

    def standing_start(self) -> int:
        """The first row of the source with content; 0 for an empty sheet."""
        found = self._filled.search(self._sheet.scan, self._sheet.data_start, self._sheet.data_end)
        return self._sheet.row_around(found.start()) if found else 0

    def _row_filled(self, start: int) -> bool:
        end = self._sheet.end_of(start)
        return self._filled.search(self._sheet.scan, start, end) is not None

    def filled_in(self, row: int, left: int, right: int) -> bool:
        """Whether a row holds something in these columns."""
        if self.edited_in(row, left, right):
            return True
        return self.standing_in(row, left, right)

    def edited_in(self, row: int, left: int, right: int) -> bool:
        """Whether a cell of a row is about to be filled in these columns."""
        return any(left <= column <= right for column in self._edited.get(row, ()))

    def standing_in(self, row: int, left: int, right: int) -> bool:
        """Whether a row of the source holds something in these columns."""
        start = self._sheet.find(row)
        if start is None or not self._row_filled(start):
            return False
        cells = self._sheet.cells(start)
        return any(
            left <= cell.column <= right and self._filled.search(cell.body) for cell in cells
        )


def land(
    sheet: SheetText, edit: SheetEdit, tables: list[Table], removed: Collection[int]
) -> Landing:
    """Decides where the appended rows go and how all rows move."""
    content = Content(sheet, edit, removed)
    if not edit.append:
        return Landing(RowMap.of(removed), 0, edit.append_column or 1, NO_GROWTH, 0)
    table = tables[0] if len(tables) == 1 and edit.append_before is None else None
    if edit.append_before is not None:
        landing, end = _above(edit, edit.append_before, removed), edit.append_before - 1
    elif table:
        landing, end = _inside(edit, table, content, sheet, removed), table.last_data
    else:
        landing = _below(sheet, edit, content, removed)
        end = _below_merges(sheet, edit, content.standing_end(MAX_ROW))
    return replace(landing, reach=_reach(landing, edit, content, table, end))


def _reach(
    landing: Landing, edit: SheetEdit, content: Content, table: Table | None, end: int
) -> Reach:
    """What covers the data down to row `end` (before) reaches to the new rows."""
    width = max(len(values) for values in edit.append)
    last = landing.start + len(edit.append) - 1
    if table:
        left, right, first = landing.growth.left, landing.growth.right, table.first_data
    else:
        left, right = landing.column, landing.column + max(width, 1) - 1
        first = edit.first_row or content.standing_start() + 1
    return Reach(content.standing_end(end), end, landing.start, last, left, right, first)


def _below(
    sheet: SheetText, edit: SheetEdit, content: Content, removed: Collection[int]
) -> Landing:
    rows = RowMap.of(removed)
    donor = content.last_row()
    start = _next_row(rows, _below_merges(sheet, edit, donor), removed)
    return _landing(edit, rows, start, edit.append_column or 1, donor, start - 1, None)


def _below_merges(sheet: SheetText, edit: SheetEdit, last: int) -> int:
    """The last row, or the bottom of a merged range that would swallow appended values."""
    left = edit.append_column or 1
    right = left + max(len(values) for values in edit.append) - 1
    bottom = last
    for tag in opening(sheet.raw[sheet.data_end :], b"mergeCell"):
        area = Area.parse(tag.text(b"ref") or "")
        if area is None or not area.top <= last < area.bottom < MAX_ROW:
            continue
        if area.left <= right and left <= area.right:
            bottom = max(bottom, area.bottom)
    return bottom


def _above(edit: SheetEdit, before: int, removed: Collection[int]) -> Landing:
    rows = RowMap.of(removed, before, len(edit.append))
    donor = before - 1
    while donor in removed:
        donor -= 1
    return _landing(edit, rows, rows.opened, edit.append_column or 1, donor, rows.opened - 1, None)


def _inside(
    edit: SheetEdit,
    table: Table,
    content: Content,
    sheet: SheetText,
    removed: Collection[int],
) -> Landing:
    left, right = _columns(edit, table)
    last = _last_filled(table, content, (left, right), removed)
    last, rows = _room(edit, table, content, sheet, removed, last)
    start = _next_row(rows, last, removed)
    end = rows.span(table.first_data, table.last_data)
    data_end = end[1] if end else start - 1
    donor = max(last, table.first_data)  # an empty table has its look in its first row
    column = edit.append_column or table.area.left
    return _landing(edit, rows, start, column, donor, data_end, table.area)


def _last_filled(
    table: Table, content: Content, columns: tuple[int, int], removed: Collection[int]
) -> int:
    """The last data row of a table with content; the row above its data when it is blank."""
    for row in reversed(table.data_rows()):
        if row not in removed and content.filled_in(row, *columns):
            return row
    return table.first_data - 1


def _room(
    edit: SheetEdit,
    table: Table,
    content: Content,
    sheet: SheetText,
    removed: Collection[int],
    last: int,
) -> tuple[int, RowMap]:
    """The row to continue after, and how rows move to make room for the others.

    Blank rows of the table are used first, then blank rows directly below it; cells that the
    same edit writes there belong to the table too.
    """
    columns = _columns(edit, table)
    free = [row for row in range(last + 1, table.last_data + 1) if row not in removed]
    missing = max(0, len(edit.append) - len(free))
    if not missing:
        return last, RowMap.of(removed)
    end = table.last_data + 1
    opened = RowMap.of(removed, end, missing)
    if table.totals_rows:
        return last, opened
    below, after = range(end, end + missing), last
    while any(content.edited_in(row, *columns) for row in below):
        after = max(row for row in below if content.edited_in(row, *columns))
        below = range(after + 1, after + 1 + len(edit.append))
    if _occupied(sheet, content, range(end, below.stop), *columns):
        return last, opened
    return after, RowMap.of(removed)


def _columns(edit: SheetEdit, table: Table) -> tuple[int, int]:
    """The columns that must be free: the table's, and those the appended values reach."""
    column = edit.append_column or table.area.left
    width = max(len(values) for values in edit.append)
    return min(table.area.left, column), max(table.area.right, column + width - 1)


def _next_row(rows: RowMap, last: int, removed: Collection[int]) -> int:
    while last in removed:
        last -= 1
    return (rows.row(last) or 0) + 1


def _occupied(sheet: SheetText, content: Content, rows: range, left: int, right: int) -> bool:
    """Whether something stands directly below a table, so that rows must be opened."""
    if any(content.standing_in(row, left, right) for row in rows):
        return True
    strip = Area(rows.start, left, rows.stop - 1, right) if rows else None
    merges = opening(sheet.raw[sheet.data_end :], b"mergeCell")
    areas = (Area.parse(tag.text(b"ref") or "") for tag in merges)
    return strip is not None and any(area and area.meets(strip) for area in areas)


def _landing(
    edit: SheetEdit,
    rows: RowMap,
    start: int,
    column: int,
    donor: int,
    data_end: int,
    table: Area | None,
) -> Landing:
    width = max(len(values) for values in edit.append)
    end, right = start + len(edit.append) - 1, column + max(width, 1) - 1
    if end > MAX_ROW or right > MAX_COLUMN:
        raise refuse("sheet.full")
    if table:
        column_from, column_to = min(column, table.left), max(right, table.right)
    else:
        column_from, column_to = 1, MAX_COLUMN
    return Landing(rows, start, column, Growth(data_end, end, column_from, column_to), donor)
