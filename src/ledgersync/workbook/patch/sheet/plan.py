"""Turns an edit of one sheet into a plan: cell contents at their new places, or a refusal.

Everything that can be refused is found here, before a byte is written.
"""

import re
from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import NamedTuple

from ledgersync.dataclass import dataclass
from ledgersync.errors import PatchRefused
from ledgersync.workbook.patch.follow.formulas import Shift
from ledgersync.workbook.patch.follow.shared_formulas import (
    Formula,
    blocks,
    formulas_with_attributes,
    masters,
    rehome,
    unshare,
)
from ledgersync.workbook.patch.follow.tables import Table, tables_of
from ledgersync.workbook.patch.package.parts import Package, Sheet
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.cell_xml import BLANK, KEPT, Content, Transplant, content
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.edits import CellValue, SheetEdit
from ledgersync.workbook.patch.scan.refs import Area, cell_name
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap
from ledgersync.workbook.patch.scan.xml_scan import opening, tags
from ledgersync.workbook.patch.sheet.calculated import check_columns
from ledgersync.workbook.patch.sheet.landing import Landing, land
from ledgersync.workbook.patch.sheet.merged import without_merges

_ADDRESS = re.compile(rb"\sr\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class Write(NamedTuple):
    """What one cell will hold, and the value it was asked to hold."""

    value: CellValue
    content: Content | Transplant


@dataclass
class SheetPlan:
    """One sheet's part and what will stand in it; `writes` is keyed by rows and columns after."""

    sheet: Sheet
    text: SheetText
    edit: SheetEdit
    landing: Landing
    tables: list[Table]
    writes: dict[int, dict[int, Write]] = field(default_factory=dict)
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    colours: dict[tuple[int, int], str] = field(default_factory=dict)
    cleared: set[int] = field(default_factory=set)
    checks: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> RowMap:
        return self.landing.rows

    @property
    def shift(self) -> Shift:
        """How references to this sheet change."""
        return Shift(self.sheet.name, self.rows, reach=self.landing.reach)

    @property
    def appended_rows(self) -> list[int]:
        start = self.landing.start
        return list(range(start, start + len(self.edit.append)))

    @cached_property
    def lost_formulas(self) -> set[tuple[int, int]]:
        """The places (before) of the plain formulas that are overwritten; found when asked for."""
        return _lost_formulas(self)

    def used(self) -> Area | None:
        """The rectangle of all cells written."""
        columns = [column for row in self.writes.values() for column in row]
        if not columns:
            return None
        return Area(min(self.writes), min(columns), max(self.writes), max(columns))


def plan_sheet(package: Package, name: str, edit: SheetEdit, date1904: bool) -> SheetPlan:
    """Plans the edit of one sheet."""
    sheet = package.sheet(name)
    _check_addresses(name, edit)
    tables = tables_of(package, sheet.member)
    text = SheetText(without_merges(package.source.read(sheet.member), edit.unmerge), name)
    removed, cleared = _removals(name, edit, tables)
    formulas = formulas_with_attributes(text, members=False)
    landing = land(text, edit, tables, removed)
    plan = SheetPlan(sheet, text, edit, landing, tables, cleared=cleared)
    if edit.append and len(tables) == 1:
        plan.checks = check_columns(package.read(tables[0].member), tables[0])
    _add_writes(plan, cleared, date1904)
    _rescue_merged(plan)
    _add_marks(plan)
    _check_blocks(plan, formulas)
    _settle_shared(plan, formulas)
    return plan


def _check_addresses(name: str, edit: SheetEdit) -> None:
    places = [*edit.cells, *edit.marks, *((row, 1) for row in edit.remove_rows)]
    if edit.append_before is not None:
        places.append((edit.append_before, 1))
    if edit.append_column is not None:
        places.append((1, edit.append_column))
    for row, column in places:
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise refuse("edit.address", name)
    removed = set(edit.remove_rows)
    if any(row in removed for row, _ in (*edit.cells, *edit.marks)):
        raise refuse("edit.contradiction", name)


def _removals(name: str, edit: SheetEdit, tables: list[Table]) -> tuple[set[int], set[int]]:
    """Rows to remove, and rows only to clear: a table keeps one data row."""
    removed, cleared = set(edit.remove_rows), set[int]()
    for table in tables:
        if removed & table.fixed_rows():
            raise refuse("rows.table_header", name)
        data = table.data_rows()
        if data and all(row in removed for row in data):
            removed.discard(table.first_data)
            cleared.add(table.first_data)
    return removed, cleared


def _add_writes(plan: SheetPlan, cleared: set[int], date1904: bool) -> None:
    for row in cleared:
        start = plan.text.find(row)
        for cell in plan.text.cells(start) if start is not None else []:
            _put(plan, plan.rows.row(row) or row, cell.column, Write(None, BLANK))
    for (row, column), value in plan.edit.cells.items():
        new_row = plan.rows.row(row) or row
        _put(plan, new_row, column, _write(plan, row, column, value, date1904))
    for row, values in zip(plan.appended_rows, plan.edit.append, strict=True):
        plan.writes.setdefault(row, {})
        for column, value in enumerate(values, plan.landing.column):
            _put(plan, row, column, _write(plan, row, column, value, date1904))
        _add_checks(plan, row)


def _write(plan: SheetPlan, row: int, column: int, value: CellValue, date1904: bool) -> Write:
    try:
        return Write(value, content(value, date1904))
    except PatchRefused as refusal:
        where = f"{plan.sheet.name}!{cell_name(row, column)}"
        raise refuse(refusal.reason, where) from refusal


def _add_checks(plan: SheetPlan, row: int) -> None:
    """An appended row of a table with a check column is checked like the others."""
    for column, formula in plan.checks.items():
        given = plan.writes[row].get(column)
        if given is None or given.content == BLANK:
            _put(plan, row, column, Write(None, Content("formula", formula)))


def _add_marks(plan: SheetPlan) -> None:
    """Marked cells keep what they hold, or what is written into them."""
    for (row, column), text in plan.edit.marks.items():
        new_row = plan.rows.row(row) or row
        plan.marks[new_row, column] = text
        if (row, column) in plan.edit.colours:
            plan.colours[new_row, column] = plan.edit.colours[row, column]
        if column not in plan.writes.get(new_row, {}):
            _put(plan, new_row, column, Write(None, KEPT))


def _put(plan: SheetPlan, row: int, column: int, write: Write) -> None:
    plan.writes.setdefault(row, {})[column] = write


def _rescue_merged(plan: SheetPlan) -> None:
    """What a merged range shows stands in its first row: it moves on when that row goes."""
    if not plan.rows.removed:
        return
    for tag in opening(plan.text.raw[plan.text.data_end :], b"mergeCell"):
        area = Area.parse(tag.text(b"ref") or "")
        if area is None or plan.rows.row(area.top) is not None:
            continue
        heir = plan.rows.survivor(area.top, area.bottom)
        start = plan.text.find(area.top)
        row = plan.rows.row(heir) if heir is not None else None
        if row is None or start is None or area.left in plan.writes.get(row, {}):
            continue
        for cell in plan.text.cells(start):
            if cell.column == area.left and cell.body and b"f" not in _tag_names(cell.body):
                kept = _ADDRESS.sub(b"", cell.attrs)
                _put(plan, row, area.left, Write(None, Transplant(kept, cell.body)))


def _tag_names(body: bytes) -> set[bytes]:
    return {tag.name for tag in tags(body)}


def _targets(plan: SheetPlan) -> Iterator[tuple[int, int]]:
    """The places (before) of all existing cells that are overwritten."""
    for row, cells in plan.writes.items():
        old = plan.rows.old_row(row)
        if old is not None:
            yield from (
                (old, column) for column, write in cells.items() if write.content is not KEPT
            )


def _check_blocks(plan: SheetPlan, formulas: list[Formula]) -> None:
    areas = blocks(formulas)
    if not areas:
        return
    for row, column in _targets(plan):
        for kind, area in areas:
            if area.holds(row, column):
                reason = "cell.array_formula" if kind == "array" else "cell.data_table"
                raise refuse(reason, f"{plan.sheet.name}!{cell_name(row, column)}")
    for _, area in areas:
        if plan.rows.moves and _cut(area, plan.rows):
            raise refuse("rows.array_formula", plan.sheet.name)


def _cut(area: Area, rows: RowMap) -> bool:
    """Whether moving rows changes a block's height."""
    moved = area.moved(rows)
    return moved is not None and moved.bottom - moved.top != area.bottom - area.top


def _lost_formulas(plan: SheetPlan) -> set[tuple[int, int]]:
    if not plan.text.has_formulas:
        return set()
    tag = b"<" + plan.text.prefix + b"f"
    lost = set()
    wanted = set(_targets(plan))
    for row in {row for row, _ in wanted}:
        start = plan.text.find(row)
        for cell in plan.text.cells(start) if start is not None else []:
            if (row, cell.column) in wanted and tag in cell.body:
                lost.add((row, cell.column))
    return lost


def _settle_shared(plan: SheetPlan, formulas: list[Formula]) -> None:
    """Rewrites the part so that no shared formula depends on a cell that goes or moves."""
    if plan.rows.moves and any(formula.kind == "shared" for formula in formulas):
        settled = unshare(plan.text, formulas_with_attributes(plan.text))
    elif (leading := masters(formulas)) and plan.lost_formulas & leading:
        settled = rehome(plan.text, formulas_with_attributes(plan.text), plan.lost_formulas)
    else:
        return
    if settled != plan.text.raw:
        plan.text = SheetText(settled, plan.sheet.name)
