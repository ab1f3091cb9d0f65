"""What stands around the cells of a sheet follows them: merges, filters, rules, links, breaks.

Works on the head and the tail of a worksheet part (everything but the cells). Ranges move with
their rows, shrink by what is removed, and grow with appended rows where they ended at the data.
"""

from collections.abc import Callable

from ledgersync.workbook.patch.follow.anchors import follow_anchors
from ledgersync.workbook.patch.follow.formulas import (
    Shift,
    anchored,
    relative_stays,
    shift_attributes,
    shift_formula,
)
from ledgersync.workbook.patch.scan.refs import NO_GROWTH, Area, Growth, follow_list
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.scan.xml_scan import (
    Element,
    Splices,
    Tag,
    elements,
    escape,
    inside,
    opening,
    unescape,
    whole_number,
)

_GROWING = {b"autoFilter": b"ref", b"protectedRange": b"sqref", b"ignoredError": b"sqref"}
_MOVING = {b"sortState": b"ref", b"sortCondition": b"ref", b"cellWatch": b"r", b"inputCells": b"r"}
_RULES = (b"dataValidation", b"conditionalFormatting")
_CONTAINERS = {
    b"mergeCells": (b"mergeCell",),
    b"dataValidations": (b"dataValidation",),
    b"hyperlinks": (b"hyperlink",),
    b"protectedRanges": (b"protectedRange",),
    b"ignoredErrors": (b"ignoredError",),
    b"cellWatches": (b"cellWatch",),
    b"conditionalFormattings": (b"conditionalFormatting",),
    b"sparklines": (b"sparkline",),
    b"sparklineGroup": (b"sparkline",),
    b"sparklineGroups": (b"sparkline",),
}
_FORMULAS = (b"formula", b"formula1", b"formula2", b"f")


class RangeFollower:
    """Follows the ranges in one sheet's head or tail."""

    def __init__(self, data: bytes, home: str, shift: Shift, growth: Growth) -> None:
        self._data = data
        self._home = home
        self._shift = shift
        self._rows: RowMap = shift.rows
        self._growth = growth
        self._splices = Splices()
        self._gone: list[tuple[int, int]] = []

    def run(self) -> bytes:
        """The part after all ranges followed."""
        self._grow_attributes()
        self._follow_rules()
        if self._rows.moves:
            self._move_attributes()
            self._move_merges_and_links()
            self._move_breaks()
        if self._rows.moves or self._shift.reach:
            self._move_sparklines()
            self._move_control_links()
        if self._rows.moves:
            self._drop_empty_containers()
        return self._splices.apply(self._data)

    def _grow_attributes(self) -> None:
        for tag in opening(self._data, *_GROWING):
            self._range_attribute(tag, _GROWING[tag.name], self._growth)

    def _move_attributes(self) -> None:
        for tag in opening(self._data, *_MOVING):
            self._range_attribute(tag, _MOVING[tag.name], NO_GROWTH)

    def _range_attribute(self, tag: Tag, name: bytes, growth: Growth) -> None:
        old = tag.text(name)
        if old is None:
            return
        new = follow_list(old, self._rows, growth, single_rows=tag.name == b"autoFilter")
        if not new:
            self._remove(self._element_at(tag))
        elif new != old:
            self._splices.attribute(tag, name, new)

    def _follow_rules(self) -> None:
        """Validations and conditional formats, in the main part or in an extension list."""
        for rule in elements(self._data, *_RULES):
            old, write = self._sqref(rule)
            if old is None:
                continue
            single = rule.tag.name == b"dataValidation"
            new = follow_list(old, self._rows, self._growth, single_rows=single)
            if not new:
                self._remove(rule)
                continue
            if new != old:
                write(new)
            if self._rows.moves or self._shift.reach:
                self._rule_formulas(rule, old)

    def _sqref(self, rule: Element) -> tuple[str | None, Callable[[str], None]]:
        """A rule's ranges and how to set them: an attribute, or an inner `xm:sqref`."""
        text = rule.tag.text(b"sqref")
        if text is not None:
            return text, lambda new: self._splices.attribute(rule.tag, b"sqref", new)
        inner = next(inside(self._data, rule, b"sqref"), None)
        if inner is None:
            return None, lambda _: None
        start, end = inner.inner_start, inner.inner_end
        return unescape(self._data[start:end]), lambda new: self._splices.replace(
            start, end, escape(new)
        )

    def _rule_formulas(self, rule: Element, sqref: str) -> None:
        """Relative references in a rule are read from the first row of its ranges."""
        areas = [area for item in sqref.split() if (area := Area.parse(item))]
        anchor = min(areas, default=None)
        prepare = anchored(self._rows, anchor)
        for item in inside(self._data, rule, *_FORMULAS):
            if b"<" not in self._content(item):
                formula = unescape(self._content(item))
                new = shift_formula(prepare(formula), self._home, self._shift, relative_stays)
                if new != formula:
                    self._splices.replace(item.inner_start, item.inner_end, escape(new))

    def _content(self, item: Element) -> bytes:
        return self._data[item.inner_start : item.inner_end]

    def _move_merges_and_links(self) -> None:
        for item in elements(self._data, b"mergeCell", b"hyperlink"):
            old = Area.parse(item.tag.text(b"ref") or "")
            if old is None:
                continue
            new = old.moved(self._rows)
            merge = item.tag.name == b"mergeCell"
            if new is None or (merge and (new.top, new.left) == (new.bottom, new.right)):
                self._remove(item)
            elif new != old:
                self._splices.attribute(item.tag, b"ref", str(new))

    def _move_sparklines(self) -> None:
        for line in elements(self._data, b"sparkline"):
            place = next(inside(self._data, line, b"sqref"), None)
            if place is None:
                continue
            old = unescape(self._content(place))
            new = follow_list(old, self._rows, NO_GROWTH)
            if not new:
                self._remove(line)
                continue
            if new != old:
                self._splices.replace(place.inner_start, place.inner_end, escape(new))
            for item in inside(self._data, line, b"f"):
                formula = unescape(self._content(item))
                shifted = shift_formula(formula, self._home, self._shift)
                if shifted != formula:
                    self._splices.replace(item.inner_start, item.inner_end, escape(shifted))

    def _move_control_links(self) -> None:
        for tag in opening(self._data, b"controlPr"):
            shift_attributes(self._splices, tag, self._home, self._shift)

    def _move_breaks(self) -> None:
        for outer in elements(self._data, b"rowBreaks"):
            for item in inside(self._data, outer, b"brk"):
                old = whole_number(item.tag.get(b"id"))
                span = self._rows.span(1, old) if old else None
                if old and span is None:
                    self._remove(item)
                elif span and span[1] != old:
                    self._splices.attribute(item.tag, b"id", str(span[1]))

    def _remove(self, item: Element) -> None:
        self._gone.append((item.tag.start, item.end))
        self._splices.replace(item.tag.start, item.end, b"")

    def _element_at(self, tag: Tag) -> Element:
        return next(e for e in elements(self._data, tag.name) if e.tag.start == tag.start)

    def _drop_empty_containers(self) -> None:
        """Removes a container that lost all its entries, and corrects the counts of the others."""
        for outer in elements(self._data, *_CONTAINERS):
            items = list(inside(self._data, outer, *_CONTAINERS[outer.tag.name]))
            left = [item for item in items if (item.tag.start, item.end) not in self._gone]
            if items and not left:
                self._splices.replace(outer.tag.start, outer.end, b"")
            elif len(left) < len(items) and outer.tag.span(b"count"):
                self._splices.attribute(outer.tag, b"count", str(len(left)))


def follow_ranges(data: bytes, home: str, shift: Shift, growth: Growth) -> bytes:
    """The head or tail of a worksheet part after rows moved and the data grew."""
    followed = RangeFollower(data, home, shift, growth).run()
    return follow_anchors(followed, shift.rows) if shift.rows.moves else followed


def grow_dimension(head: bytes, used: Area | None, rows: RowMap) -> bytes:
    """The head with a dimension that also covers the cells written."""
    splices = Splices()
    for tag in opening(head, b"dimension"):
        old = Area.parse(tag.text(b"ref") or "")
        moved = old.moved(rows) if old else None
        corners = [area for area in (moved, used) if area]
        if not corners:
            continue
        new = Area(
            min(area.top for area in corners),
            min(area.left for area in corners),
            max(area.bottom for area in corners),
            max(area.right for area in corners),
        )
        if new != old:
            splices.attribute(tag, b"ref", str(new))
    return splices.apply(head)
