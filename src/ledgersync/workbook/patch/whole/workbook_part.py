"""The workbook part and the calculation chain after a patch.

Names over the data grow and move, print areas and filter names with them; the workbook is asked
to calculate when it is opened.
"""

from dataclasses import replace

from ledgersync.workbook.patch.follow.filters import FILTER_NAME, widen_filter_name
from ledgersync.workbook.patch.follow.formulas import Shift, relative_stays, shift_formula, telling
from ledgersync.workbook.patch.package.parts import Package, sheet_tags
from ledgersync.workbook.patch.scan.refs import cell_name, parse_cell
from ledgersync.workbook.patch.scan.xml_scan import (
    Element,
    Splices,
    Tag,
    elements,
    escape,
    first,
    opening,
    tags,
    unescape,
)
from ledgersync.workbook.patch.sheet.plan import SheetPlan
from ledgersync.workbook.patch.whole.print_area import PRINT_AREA, follow_print_area

_AFTER_CALC = (
    b"oleSize",
    b"customWorkbookViews",
    b"pivotCaches",
    b"smartTagPr",
    b"smartTagTypes",
    b"webPublishing",
    b"fileRecoveryPr",
    b"webPublishObjects",
    b"extLst",
    b"AlternateContent",
)


def is_1904(workbook: bytes) -> bool:
    """Whether the workbook counts days from 1904."""
    tag = first(workbook, b"workbookPr")
    return tag is not None and tag.get(b"date1904") in (b"1", b"true")


def follow_workbook(package: Package, plans: list[SheetPlan]) -> None:
    """Plans the workbook part: defined names and full calculation on load."""
    data = _follow_names(package.read(package.workbook), plans)
    package.replace(package.workbook, _calculate_on_load(data))


class _Following:
    """How names follow one planned sheet."""

    def __init__(self, plan: SheetPlan) -> None:
        self._plan = plan
        growth = plan.landing.growth
        self._frames = Shift(plan.sheet.name, plan.rows, growth if growth.active else None)
        self._shift = replace(self._frames, reach=plan.landing.reach)
        moves = plan.rows.moves or growth.active or self._shift.reach is not None
        self._tells = telling(self._shift) if moves else None
        self.active = moves or bool(plan.edit.new_columns)

    def concerns(self, name: Element, text: bytes) -> bool:
        """Whether a name with this text may change."""
        return b"_xlnm." in name.tag.attrs or bool(self._tells and self._tells.search(text))

    def followed(self, text: bytes, title: str, home: str | None) -> bytes:
        """The text of a name, `home` the sheet it is local to."""
        own = title in (PRINT_AREA, FILTER_NAME) and home == self._plan.sheet.name
        old = unescape(text)
        # a filter's name agrees with the sheet's filter
        how = self._frames if title.startswith("_xlnm.") else self._shift
        new = shift_formula(old, home, how, relative_stays)
        if own and title == PRINT_AREA:
            new = follow_print_area(old, new, home, self._plan)
        if own and title == FILTER_NAME:
            new = widen_filter_name(new, self._plan.edit.new_columns)
        return escape(new) if new != old else text


def _follow_names(data: bytes, plans: list[SheetPlan]) -> bytes:
    active = [following for following in map(_Following, plans) if following.active]
    if not active:
        return data
    names = [tag.text(b"name") for tag in sheet_tags(data)]
    splices = Splices()
    for name in elements(data, b"definedName"):
        old = new = data[name.inner_start : name.inner_end]
        for following in active:
            if following.concerns(name, new):
                title, home = name.tag.text(b"name") or "", _scope(name.tag, names)
                new = following.followed(new, title, home)
        if new != old:
            splices.replace(name.inner_start, name.inner_end, new)
    return splices.apply(data)


def _scope(tag: Tag, names: list[str | None]) -> str | None:
    """The sheet a name is local to."""
    index = tag.get(b"localSheetId")
    return names[int(index)] if index and index.isdigit() and int(index) < len(names) else None


def _calculate_on_load(data: bytes) -> bytes:
    splices = Splices()
    tag = first(data, b"calcPr")
    if tag is None:
        at, prefix = _calc_place(data)
        splices.insert(at, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix)
    elif tag.get(b"fullCalcOnLoad") not in (b"1", b"true"):
        splices.attribute(tag, b"fullCalcOnLoad", "1")
    return splices.apply(data)


def _calc_place(data: bytes) -> tuple[int, bytes]:
    """Where calcPr belongs, by the order of the schema, and the prefix of the part."""
    depth, prefix = 0, b""
    for tag in tags(data):
        if tag.closing:
            depth -= 1
            if depth == 0:
                return tag.start, prefix
            continue
        if depth == 0:
            prefix = tag.prefix
        elif depth == 1 and tag.name in _AFTER_CALC and b"sheets" in data[: tag.start]:
            return tag.start, prefix
        depth += 0 if tag.empty else 1
    return len(data), prefix


def follow_calc_chain(package: Package, plans: list[SheetPlan]) -> None:
    """Takes overwritten and removed formulas out of the calculation chain, and moves the rest."""
    chains = package.related(package.workbook, "calcChain")
    if not chains or not any(plan.rows.moves or plan.lost_formulas for plan in plans):
        return
    for member in chains:
        data = _follow_chain(package.read(member), {p.sheet.sheet_id: p for p in plans})
        if first(data, b"c") is None:
            package.drop(package.workbook, member)
        else:
            package.replace(member, data)


def _follow_chain(data: bytes, plans: dict[str, SheetPlan]) -> bytes:
    """An entry without `i` belongs to the sheet of the entry before it."""
    splices, sheet, written = Splices(), "", ""
    for tag in opening(data, b"c"):
        own = tag.text(b"i")
        sheet = own or sheet
        plan = plans.get(sheet)
        place = parse_cell(tag.text(b"r") or "")
        row = plan.rows.row(place[0]) if plan and place else None
        if plan and place and (row is None or place in plan.lost_formulas):
            splices.replace(tag.start, tag.end, b"")
            continue
        if own is None and written != sheet:
            splices.attribute(tag, b"i", sheet)
        written = sheet
        if place and row is not None and row != place[0]:
            splices.attribute(tag, b"r", cell_name(row, place[1]))
    return splices.apply(data)
