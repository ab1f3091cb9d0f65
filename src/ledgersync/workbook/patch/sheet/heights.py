"""How tall a row must be for the wrapped texts that are written into it.

Rows only ever become taller. A height that the user set (`customHeight`) stays as it is.
"""

import re
from functools import cached_property

from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Tag, opening, whole_number

_CUSTOM = re.compile(rb"\scustomHeight\s*=\s*[\"'](?:1|true)[\"']")
_HEIGHT = re.compile(rb"\sht\s*=\s*[\"']([^\"']*)[\"']")
_HEAD_END = re.compile(rb"\s*/?>")
_USUAL_WIDTH, _USUAL_HEIGHT = 8.43, 15.0


class RowHeights:
    """Heights of one sheet's rows; columns and merged ranges are looked at when first needed."""

    def __init__(self, text: SheetText) -> None:
        self._text = text

    @cached_property
    def _widths(self) -> list[tuple[int, int, float]]:
        spans = []
        for tag in opening(self._text.raw[: self._text.data_start], b"col"):
            width = _number(tag, b"width")
            if width is not None:
                first, last = whole_number(tag.get(b"min")), whole_number(tag.get(b"max"))
                spans.append((first, last, width))
        return spans

    @cached_property
    def _defaults(self) -> tuple[float, float]:
        """Width and height of what has none of its own."""
        head = self._text.raw[: self._text.data_start]
        for tag in opening(head, b"sheetFormatPr"):
            width, height = _number(tag, b"defaultColWidth"), _number(tag, b"defaultRowHeight")
            return width or _USUAL_WIDTH, height or _USUAL_HEIGHT
        return _USUAL_WIDTH, _USUAL_HEIGHT

    @cached_property
    def _merged(self) -> list[Area]:
        tags = opening(self._text.raw[self._text.data_end :], b"mergeCell")
        areas = (Area.parse(tag.text(b"ref") or "") for tag in tags)
        return [area for area in areas if area]

    def lines(self, row: int | None, column: int, text: str) -> int:
        """Lines of a text in a cell; `row` is the row before, None for a new one."""
        if row and any(area.holds(row, column) for area in self._merged):
            return 1
        for first, last, width in self._widths:
            if first <= column <= last:
                return line_count(text, width)
        return line_count(text, self._defaults[0])

    def fitted(self, row: bytes, lines: int) -> bytes:
        """A row element, or its attributes, tall enough for a text of so many lines."""
        end = _HEAD_END.search(row)
        head = row[: end.start()] if end else row
        if lines < 2 or _CUSTOM.search(head):
            return row
        found = _HEIGHT.search(head)
        needed = height_of(lines)
        if needed <= (_float(found[1]) if found else self._defaults[1]):
            return row
        bare = _HEIGHT.sub(b"", head)
        return bare + b' ht="%s"' % f"{needed:g}".encode() + row[len(head) :]


def own_height(attributes: bytes) -> bytes:
    """A row's attributes for another row: without a height that was only fitted to its text."""
    return attributes if _CUSTOM.search(attributes) else _HEIGHT.sub(b"", attributes)


def _number(tag: Tag, name: bytes) -> float | None:
    text = tag.get(name)
    return None if text is None else _float(text)


def _float(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
