"""Drawings, notes and controls follow the rows that they are anchored to.

Row numbers in anchors count from 0. A shape whose rows are all removed keeps its height and moves
up; what is fixed to the page does not move.
"""

import re

from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.scan.xml_scan import Element, Splices, elements, inside

_ANCHORS = (b"twoCellAnchor", b"oneCellAnchor", b"anchor")
_NOTE_ROW = re.compile(rb"(<(?:\w+:)?Row>\s*)(\d+)(\s*</)")
_VML_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)(</)")


def follow_anchors(data: bytes, rows: RowMap) -> bytes:
    """A drawing (or a sheet's tail with its controls) after rows moved."""
    splices = Splices()
    for anchor in elements(data, *_ANCHORS):
        if anchor.tag.get(b"editAs") != b"absolute":
            _follow_anchor(data, anchor, rows, splices)
    return splices.apply(data)


def _follow_anchor(data: bytes, anchor: Element, rows: RowMap, splices: Splices) -> None:
    ends = [
        next(inside(data, corner, b"row"), None) for corner in inside(data, anchor, b"from", b"to")
    ]
    found = [end for end in ends if end is not None]
    numbers = [_number(data, end) for end in found]
    if not found or any(number is None for number in numbers):
        return
    old = [number for number in numbers if number is not None]
    new = moved_corners(old, rows, anchor.tag.get(b"editAs") == b"oneCell")
    for end, before, after in zip(found, old, new, strict=True):
        if before != after:
            splices.replace(end.inner_start, end.inner_end, str(after).encode())


def _number(data: bytes, item: Element) -> int | None:
    text = data[item.inner_start : item.inner_end].strip()
    return int(text) if text.isdigit() else None


def moved_corners(corners: list[int], rows: RowMap, keep_size: bool) -> list[int]:
    """The rows (from 0) of an anchor's corners; the height is kept where no row is left."""
    new = [rows.place(corner + 1) - 1 for corner in corners]
    gone = rows.survivor(corners[0] + 1, corners[-1] + 1) is None
    if len(corners) == 2 and (gone or keep_size):
        new[1] = new[0] + corners[1] - corners[0]
    return new


def follow_vml(data: bytes, rows: RowMap) -> bytes:
    """A legacy drawing: notes follow their cell or go with it, other shapes their anchor."""
    splices = Splices()
    for shape in elements(data, b"shape"):
        text = data[shape.tag.start : shape.end]
        new = _follow_shape(text, rows)
        if new != text:
            splices.replace(shape.tag.start, shape.end, new)
    return splices.apply(data)


def _follow_shape(shape: bytes, rows: RowMap) -> bytes:
    note = _NOTE_ROW.search(shape)
    if note:
        row = rows.row(int(note[2]) + 1)
        if row is None:
            return b""
        shape = _NOTE_ROW.sub(rb"\g<1>%d\g<3>" % (row - 1), shape)
    return _VML_ANCHOR.sub(lambda match: match[1] + _vml_anchor(match[2], rows) + match[3], shape)


def _vml_anchor(text: bytes, rows: RowMap) -> bytes:
    """`left, dx, top, dy, right, dx, bottom, dy` with the rows moved."""
    parts = text.decode("ascii", "replace").split(",")
    if len(parts) != 8 or not (parts[2].strip().isdigit() and parts[6].strip().isdigit()):
        return text
    old = [int(parts[2]), int(parts[6])]
    new = moved_corners(old, rows, keep_size=True)
    if new == old:
        return text
    parts[2], parts[6] = f" {new[0]}", f" {new[1]}"
    return ",".join(parts).encode()


def follow_comments(data: bytes, rows: RowMap) -> bytes:
    """Comments and threaded comments follow their cell, or go with it."""
    return _follow_cells(data, rows, b"ref", b"comment", b"threadedComment")


def follow_single_cells(data: bytes, rows: RowMap) -> bytes:
    """Cells that are mapped to XML follow their row, or lose the mapping with it."""
    return _follow_cells(data, rows, b"r", b"singleXmlCell")


def _follow_cells(data: bytes, rows: RowMap, attribute: bytes, *names: bytes) -> bytes:
    """Elements that belong to the cell in an attribute."""
    splices = Splices()
    for item in elements(data, *names):
        area = Area.parse(item.tag.text(attribute) or "")
        if area is None:
            continue
        moved = area.moved(rows)
        if moved is None:
            splices.replace(item.tag.start, item.end, b"")
        elif moved != area:
            splices.attribute(item.tag, attribute, str(moved))
    return splices.apply(data)
