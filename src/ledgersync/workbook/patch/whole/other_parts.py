"""What follows in other parts of the package when rows of a sheet move or its data grows."""

import re

from ledgersync.workbook.patch.follow.anchors import (
    follow_anchors,
    follow_comments,
    follow_single_cells,
    follow_vml,
)
from ledgersync.workbook.patch.follow.formulas import Shift, shift_attributes, shift_formula
from ledgersync.workbook.patch.follow.tables import follow_table, widen_table
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Splices, escape, opening, unescape
from ledgersync.workbook.patch.sheet.plan import SheetPlan
from ledgersync.workbook.patch.whole.sheet_formulas import follow_formulas

_REFERENCE = re.compile(rb"(?<![A-Za-z0-9_.])\$?[A-Za-z]{1,3}\$?\d|\d:|&#")
_REFERENCE = re.compile(
    rb"<(?:[^\s/>:<!?]+:)?(?:f|calculatedColumnFormula|totalsRowFormula|FmlaLink|FmlaRange"
    rb"|FmlaGroup|FmlaTxbx)(?:\s[^>]*)?>([^<]+)</"
)


def follow_package(package: Package, plans: list[SheetPlan]) -> None:
    """Plans every other part that must follow the planned sheets."""
    for plan in plans:
        if plan.rows.moves:
            if package.related(package.workbook, "revisionHeaders"):
                raise refuse("rows.shared_workbook", plan.sheet.name)
            _follow_anchored(package, plan)
            _follow_pivots(package, plan)
        if plan.rows.moves or plan.landing.reach:
            follow_formulas(package, plan, plans)
            _follow_references(package, plan.shift)
        if plan.rows.moves or plan.landing.growth.active:
            _follow_tables(package, plan)
        if plan.edit.new_columns:
            _widen_tables(package, plan)


def _follow_tables(package: Package, plan: SheetPlan) -> None:
    for table in plan.tables:
        data = package.read(table.member)
        followed = follow_table(data, table, plan.rows, plan.landing.growth)
        package.replace(table.member, followed)


def _widen_tables(package: Package, plan: SheetPlan) -> None:
    for table in plan.tables:
        row, cells = table.area.top, plan.edit.cells
        headers = {c: str(cells[row, c]) for c in plan.edit.new_columns if (row, c) in cells}
        data = package.read(table.member)
        package.replace(table.member, widen_table(data, table, headers))


def _follow_anchored(package: Package, plan: SheetPlan) -> None:
    """Drawings, notes, comments and single XML cells of the moved sheet."""
    rows, member = plan.rows, plan.sheet.member
    for part in package.related(member, "drawing"):
        package.replace(part, follow_anchors(package.read(part), rows))
    for part in package.related(member, "vmlDrawing"):
        package.replace(part, follow_vml(package.read(part), rows))
    for part in package.related(member, "comments", "threadedComment"):
        package.replace(part, follow_comments(package.read(part), rows))
    for part in package.related(member, "tableSingleCells"):
        package.replace(part, follow_single_cells(package.read(part), rows))


def _follow_pivots(package: Package, plan: SheetPlan) -> None:
    """Pivot tables on the sheet move as a whole; pivots over its data read the moved range."""
    for member in package.related(plan.sheet.member, "pivotTable"):
        package.replace(member, _moved_table(package.read(member), plan))
    for member in package.related(package.workbook, "pivotCacheDefinition"):
        data, splices = package.read(member), Splices()
        for tag in opening(data, b"worksheetSource"):
            area = Area.parse(tag.text(b"ref") or "")
            here = (tag.text(b"sheet") or "").casefold() == plan.sheet.name.casefold()
            if area and here and (moved := area.moved(plan.rows)):
                splices.attribute(tag, b"ref", str(moved))
        package.replace(member, splices.apply(data))


def _moved_table(data: bytes, plan: SheetPlan) -> bytes:
    """A pivot table at its new place; one that would be cut is refused."""
    splices = Splices()
    for tag in opening(data, b"location"):
        area = Area.parse(tag.text(b"ref") or "")
        if area is None:
            continue
        moved = area.moved(plan.rows)
        if moved is None or moved.bottom - moved.top != area.bottom - area.top:
            raise refuse("rows.pivot", plan.sheet.name)
        splices.attribute(tag, b"ref", str(moved))
    return splices.apply(data)


def _follow_references(package: Package, shift: Shift) -> None:
    """Charts, shapes, controls and table formulas anywhere that refer to the moved sheet."""
    for sheet in package.sheets:
        if not sheet.member:
            continue
        parts = {*package.related(sheet.member, "table", "ctrlProp", "vmlDrawing")}
        for drawing in package.related(sheet.member, "drawing"):
            parts |= {drawing, *package.related(drawing, "chart", "chartEx")}
        for part in parts:
            package.replace(part, _shift_part(package.read(part), sheet.name, shift))


def _shift_part(data: bytes, home: str, shift: Shift) -> bytes:
    splices = Splices()
    for match in _REFERENCE.finditer(data):
        old = unescape(match[1])
        new = shift_formula(old, home, shift)
        if new != old:
            splices.replace(match.start(1), match.end(1), escape(new))
    for tag in opening(data, b"formControlPr", b"sp", b"graphicFrame"):
        shift_attributes(splices, tag, home, shift)
    return splices.apply(data)
