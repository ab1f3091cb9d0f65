"""Columns beside a table: which one is free, and hiding it.

To hide one, the `cols` of the worksheet's head gain or change one entry.
"""

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from ledgersync.model import column_number
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.xml_scan import (
    Splices,
    Tag,
    elements,
    first,
    opening,
    whole_number,
)

_WIDTH = b"24"
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)\d+[\"'](?:[^>/]|/(?!>))*>\s*<(?!/)")


def hide_columns(head: bytes, columns: Iterable[int]) -> bytes:
    """The head of a worksheet part in which these columns are hidden."""
    for column in sorted(columns):
        head = _hide(head, column)
    return head


def _hide(head: bytes, column: int) -> bytes:
    cols = next(elements(head, b"cols"), None)
    if cols is None:
        data = first(head, b"sheetData")
        at = data.start if data else len(head)
        p = data.prefix if data else b""
        new = b"<%scols>%s</%scols>" % (p, _entry(p, column), p)
        return head[:at] + new + head[at:]
    entries = list(opening(head[: cols.end], b"col"))
    splices, entry = Splices(), _entry(cols.tag.prefix, column)
    for tag in entries:
        low, high = whole_number(tag.get(b"min")), whole_number(tag.get(b"max"))
        if low <= column <= high:
            parts = [_part(tag, low, column - 1), entry, _part(tag, column + 1, high)]
            splices.replace(tag.start, tag.end, b"".join(parts))
            return splices.apply(head)
    behind = (tag.start for tag in entries if whole_number(tag.get(b"min")) > column)
    splices.insert(next(behind, cols.inner_end), entry)
    return splices.apply(head)


def _entry(prefix: bytes, column: int) -> bytes:
    text = b'<%scol min="%d" max="%d" width="%s" hidden="1" customWidth="1"/>'
    return text % (prefix, column, column, _WIDTH)


def _part(tag: Tag, low: int, high: int) -> bytes:
    """The same entry for a part of its columns; nothing where no column is left."""
    if low > high:
        return b""
    attrs = tag.attrs.rstrip(b"/ ")
    for name, value in ((b"min", low), (b"max", high)):
        old = b'%s="%s"' % (name, tag.get(name) or b"")
        attrs = attrs.replace(old, b'%s="%d"' % (name, value))
    return b"<" + tag.prefix + tag.name + attrs + b"/>"


def last_column(path: Path, sheet: str) -> int:
    """The last column in which a cell of a sheet holds something; 0 for an empty sheet."""
    with closing(ZipSource(path)) as source:
        package = Package(source)
        text = SheetText(source.read(package.sheet(sheet).member), sheet)
    found = set(_FILLED.findall(text.raw, text.data_start, text.data_end))
    return max((column_number(letters.decode()) for letters in found), default=0)
