"""What follows in other parts of the package when rows of a sheet move or its data grows."""

import re

from ledgersync.workbook.patch.follow.anchors import (
    follow_anchors,
    follow_comments,
    follow_single_cells,
    follow_vml,
)
from ledgersync.workbook.patch.follow.formulas import Shift, Stays, shift_attributes, shift_formula
from ledgersync.workbook.patch.follow.shared_formulas import (
    Formula,
    formulas_with_attributes,
    unshare,
    unshare_changing,
)
from ledgersync.workbook.patch.follow.tables import follow_table, widen_table
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Splices, escape, opening, unescape
from ledgersync.workbook.patch.sheet.plan import SheetPlan

_FORMULA = re.compile(
    rb"<((?:[^\s/>:<!?]+:)?(?:f|formula|formula1|formula2))((?:\s[^>]*)?)>([^<]+)</"
)
# Names alone, of which our own checks consist, are no references; `&#65;1` might be one.
_ANY_REFERENCE = re.compile(rb"(?<![A-Za-z0-9_.])\$?[A-Za-z]{1,3}\$?\d|\d:|&#")
_REFERENCE = re.compile(
    rb"<(?:[^\s/>:<!?]+:)?(?:f|calculatedColumnFormula|totalsRowFormula|FmlaLink|FmlaRange"
    rb"|FmlaGroup|FmlaTxbx)(?:\s[^>]*)?>([^<]+)</"
)
_ROWS_IN_PATTERN = 20


def follow_package(package: Package, plans: list[SheetPlan]) -> None:
    """Plans every other part that must follow the planned sheets."""
    for plan in plans:
        if plan.rows.moves:
            if package.related(package.workbook, "revisionHeaders"):
                raise refuse("rows.shared_workbook", plan.sheet.name)
            _follow_anchored(package, plan)
            _follow_pivots(package, plan)
        if plan.rows.moves or plan.landing.reach:
            _follow_formulas(package, plan, plans)
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


def _follow_formulas(package: Package, plan: SheetPlan, plans: list[SheetPlan]) -> None:
    """Rewrites the formulas of all sheets for the moved rows and the grown data of one."""
    edited = {other.sheet.member for other in plans}
    for other in plans:
        whole = other is not plan
        new = shift_sheet_formulas(other.text, other.sheet.name, plan.shift, whole)
        if new != other.text.raw:
            other.text = SheetText(new, other.sheet.name)
    for sheet in package.sheets:
        if sheet.kind == "worksheet" and sheet.member and sheet.member not in edited:
            _follow_other_sheet(package, sheet.member, sheet.name, plan.shift)


def _follow_other_sheet(package: Package, member: str, name: str, shift: Shift) -> None:
    data = package.read(member)
    if not (shift.rows.moves or _may_name(data, shift.sheet)) or not _FORMULA.search(data):
        return
    text = SheetText(data, name)
    package.replace(member, shift_sheet_formulas(text, name, shift, whole=True))


def _may_name(data: bytes, sheet: str) -> bool:
    """Whether a part can hold the name of a sheet; in doubt it can."""
    name = sheet.encode()
    if any(sign in name for sign in b"&<>'\"") or b"&#" in data:
        return True
    return re.search(re.escape(name), data, re.IGNORECASE) is not None


def shift_sheet_formulas(text: SheetText, home: str, shift: Shift, whole: bool) -> bytes:
    """A sheet part with its cells' formulas shifted; `whole` includes those around the cells."""
    if not whole and not text.has_formulas:
        return text.raw
    unshared = _unshared(text, home, shift, whole)
    if unshared != text.raw:
        text = SheetText(unshared, home)
    end = len(text.raw) if whole else text.data_end
    splices, telling = Splices(), _telling(shift)
    for match in _FORMULA.finditer(text.raw, text.data_start, end):
        if not telling.search(match[3]):
            continue
        old = unescape(match[3])
        new = shift_formula(old, home, shift, None if whole else _own(text, match.start(), shift))
        if new != old:
            splices.replace(match.start(3), match.end(3), escape(new))
    if not whole and shift.rows.moves:
        _move_blocks(text, splices, shift)
    return splices.apply(text.raw) if splices else text.raw


def _telling(shift: Shift) -> re.Pattern[bytes]:
    """What a formula must hold to be changed: a reference, or the row at which the data ends."""
    reach = shift.reach
    if shift.rows.moves or reach is None:
        return _ANY_REFERENCE
    if reach.high - reach.low > _ROWS_IN_PATTERN:
        return re.compile(b":")
    ends = b"|".join(b"%d" % row for row in range(reach.low, reach.high + 1))
    return re.compile(rb"(?<!\d)(?:" + ends + rb")(?!\d)")


def _unshared(text: SheetText, home: str, shift: Shift, whole: bool) -> bytes:
    """The part without the shared formulas whose members part ways."""
    if shift.rows.moves:
        formulas = formulas_with_attributes(text)
        shared = any(formula.kind == "shared" for formula in formulas)
        named = shared and _may_name(text.raw, shift.sheet)
        return unshare(text, formulas) if named else text.raw

    def changes(formula: Formula, old: str) -> bool:
        stays = None if whole else _own(text, formula.start, shift)
        return shift_formula(old, home, shift, stays) != old

    return unshare_changing(text, changes)


def _own(text: SheetText, position: int, shift: Shift) -> Stays | None:
    """A range that ends with the row of its formula, or is one group's, stays that row's own."""
    reach = shift.reach
    return reach and (lambda area: reach.runs(area, text.row_around(position)))


def _move_blocks(text: SheetText, splices: Splices, shift: Shift) -> None:
    """The ranges of array formulas and data tables go along with their rows."""
    for match in text.formula_tags():
        tag = next(opening(text.raw[match.start() : match.end()], b"f"))
        area = Area.parse(tag.text(b"ref") or "")
        moved = area.moved(shift.rows) if area else None
        span = tag.span(b"ref")
        if moved and span:
            start = match.start()
            splices.replace(start + span[0], start + span[1], escape(str(moved)))
