"""The print area after an append: one that showed the data to its end shows the new rows too.

A print area need not end with the table: that of a form ends within its empty rows, which hold
ids and formulas. What counts is that nothing stands between its end and the appended rows.
"""

import re

from ledgersync.workbook.patch.follow.formulas import Shift, shift_formula
from ledgersync.workbook.patch.scan.refs import Area, Growth
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.sheet.plan import SheetPlan

PRINT_AREA = "_xlnm.Print_Area"
_AREA = re.compile(r"!(\$[A-Z]{1,3}\$\d+:\$[A-Z]{1,3}\$\d+)")


def follow_print_area(formula: str, followed: str, home: str | None, plan: SheetPlan) -> str:
    """The print area `followed` (moved with its rows; `formula` before), with the new rows."""
    for before, after in zip(_areas(formula), _areas(followed), strict=False):
        if _shows_all(before, plan) and after.bottom < plan.appended_rows[-1]:
            grown = Growth(after.bottom, plan.appended_rows[-1], after.left, after.right)
            grows = Shift(plan.sheet.name, RowMap(), grown)
            followed = shift_formula(followed, home, grows)
    return followed


def _areas(formula: str) -> list[Area]:
    found = (Area.parse(text.replace("$", "")) for text in _AREA.findall(formula))
    return [area for area in found if area]


def _shows_all(area: Area, plan: SheetPlan) -> bool:
    """Whether a print area (before) holds the data's beginning and everything after it."""
    reach = plan.landing.reach
    if reach is None or not area.top <= reach.first <= area.bottom:
        return False
    beside = area.right < reach.left or reach.right < area.left
    return not beside and not _anything_below(area, plan)


def _anything_below(area: Area, plan: SheetPlan) -> bool:
    """Whether a value stands between an area and the appended rows, in its columns."""
    text = plan.text
    value = re.compile(rb"<" + re.escape(text.prefix) + rb"(?:v|t)(?:\s[^>]*)?>[^<]")
    at = text.at(area.bottom + 1)
    while at < text.data_end:
        end = text.end_of(at)
        new = plan.rows.row(text.number(at))
        if new is not None and new >= plan.landing.start:
            return False
        if new is not None and value.search(text.scan, at, end):
            filled = (cell for cell in text.cells(at) if value.search(cell.body))
            if any(area.left <= cell.column <= area.right for cell in filled):
                return True
        at = end
    return False
