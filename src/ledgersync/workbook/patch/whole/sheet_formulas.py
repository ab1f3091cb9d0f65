"""The formulas of all sheets after rows of one moved, or its data grew.

Only what can change is looked at: a formula that holds no row number at or below the first row
that moves reads as before. What changes is noted beside the sheet's bytes (`SheetText.rewrites`).
"""

import re
from collections.abc import Iterator

from ledgersync.workbook.patch.follow.formulas import Shift, Stays, shift_formula, telling
from ledgersync.workbook.patch.follow.shared_formulas import (
    Formula,
    formulas_with_attributes,
    unshare,
    unshare_changing,
)
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import escape, opening, unescape
from ledgersync.workbook.patch.sheet.plan import SheetPlan

_FORMULA = re.compile(
    rb"<((?:[^\s/>:<!?]+:)?(?:f|formula|formula1|formula2))((?:\s[^>]*)?)>([^<]+)</"
)


def follow_formulas(package: Package, plan: SheetPlan, plans: list[SheetPlan]) -> None:
    """Rewrites the formulas of all sheets for the moved rows and the grown data of one."""
    edited = {other.sheet.member for other in plans}
    for other in plans:
        whole = other is not plan
        other.text = with_formulas(other.text, other.sheet.name, plan.shift, whole)
    for sheet in package.sheets:
        if sheet.kind == "worksheet" and sheet.member and sheet.member not in edited:
            _follow_other_sheet(package, sheet.member, sheet.name, plan.shift)


def _follow_other_sheet(package: Package, member: str, name: str, shift: Shift) -> None:
    data = package.read(member)
    if not _may_name(data, shift.sheet) or not _FORMULA.search(data):
        return
    text = with_formulas(SheetText(data, name), name, shift, whole=True)
    package.replace(member, text.whole)


def _may_name(data: bytes, sheet: str) -> bool:
    """Whether a part can hold the name of a sheet; in doubt it can."""
    name = sheet.encode()
    if any(sign in name for sign in b"&<>'\"") or b"&#" in data:
        return True
    if sheet.casefold() == sheet.upper():  # nothing in it has two cases
        return name in data
    return not sheet.isascii() or name.lower() in data.lower()


def with_formulas(text: SheetText, home: str, shift: Shift, whole: bool) -> SheetText:
    """A sheet part with its cells' formulas shifted; `whole` includes those around the cells."""
    if not whole and not text.has_formulas:
        return text
    text = _unshared(text, home, shift, whole)
    tells = telling(shift)
    for match in _formulas(text, whole):
        start, end = match.span(3)
        raw = text.rewrites.at(start) or match[3]
        if not tells.search(raw):
            continue
        old = unescape(raw)
        new = shift_formula(old, home, shift, None if whole else _own(text, match.start(), shift))
        if new != old:
            text.rewrites.put(start, end, escape(new))
    if not whole and shift.rows.moves:
        _move_blocks(text, shift)
    return text


def _formulas(text: SheetText, whole: bool) -> Iterator[re.Match[bytes]]:
    """The formulas that can hold a reference, in cells, and where `whole` says so behind them."""
    for start in text.formulas:
        if match := _FORMULA.match(text.raw, start, text.data_end):
            yield match
    if whole:
        yield from _FORMULA.finditer(text.raw, text.data_end)


def _unshared(text: SheetText, home: str, shift: Shift, whole: bool) -> SheetText:
    """The part without the shared formulas whose members part ways."""
    if not any(b"shared" in match[1] for match in text.formula_tags()):
        return text
    text = SheetText(text.whole, home) if text.rewrites else text

    def changes(formula: Formula, old: str) -> bool:
        stays = None if whole else _own(text, formula.start, shift)
        return shift_formula(old, home, shift, stays) != old

    if not shift.rows.moves:
        new = unshare_changing(text, changes)
    elif _may_name(text.raw, shift.sheet):
        new = unshare(text, formulas_with_attributes(text))
    else:
        return text
    return SheetText(new, home) if new != text.raw else text


def _own(text: SheetText, position: int, shift: Shift) -> Stays | None:
    """A range that ends with the row of its formula, or is one group's, stays that row's own."""
    reach = shift.reach
    return reach and (lambda area: reach.runs(area, text.row_around(position)))


def _move_blocks(text: SheetText, shift: Shift) -> None:
    """The ranges of array formulas and data tables go along with their rows."""
    for match in text.formula_tags():
        tag = next(opening(text.raw[match.start() : match.end()], b"f"))
        area = Area.parse(tag.text(b"ref") or "")
        moved = area.moved(shift.rows) if area else None
        span = tag.span(b"ref")
        if moved and span:
            start = match.start()
            text.rewrites.put(start + span[0], start + span[1], escape(str(moved)))
