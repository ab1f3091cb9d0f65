"""A Python value as the XML of one cell, and back for the read-back check.

Text is written inline, so that the shared strings stay as they are; ids and long digit strings
are always text. Dates are serials in the workbook's date system.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from lxml import etree

from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.edits import CellValue
from ledgersync.workbook.patch.scan.refs import cell_name, parse_cell
from ledgersync.workbook.patch.scan.xml_scan import escape

Kind = Literal["blank", "bool", "number", "date", "datetime", "text", "digits", "kept", "formula"]
MAX_TEXT = 32_767
_EXACT_DIGITS = 15
_LONG_DIGITS = re.compile(r"\d{12,}[\dXx]?", re.ASCII)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):(?=[A-Za-z])")
_PARSER = etree.XMLParser(resolve_entities=False, remove_comments=True)
_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LEAP_BUG_END = datetime(1900, 3, 1)


class Content(NamedTuple):
    """What a cell will hold: its XML type, the text inside, and the kind for its style."""

    kind: Kind
    text: str

    def xml(self, prefix: bytes, address: bytes, style: int) -> bytes:
        """The whole cell element."""
        head = b"<" + prefix + b"c" + address + (b' s="%d"' % style if style else b"")
        body = escape(self.text).replace(b"&quot;", b'"')
        if self.kind in ("blank", "kept"):
            return head + b"/>"
        close = b"</" + prefix + b"c>"
        if self.kind in ("text", "digits"):
            opened = b' t="inlineStr"><%sis><%st xml:space="preserve">' % (prefix, prefix)
            return head + opened + body + b"</%st></%sis>" % (prefix, prefix) + close
        if self.kind == "formula":
            return head + b"><%sf>" % prefix + body + b"</%sf>" % prefix + close
        kind = b' t="b"' if self.kind == "bool" else b""
        return head + kind + b"><%sv>" % prefix + body + b"</%sv>" % prefix + close


class Transplant(NamedTuple):
    """A cell taken over as it stands: its attributes but the address, and what is inside."""

    attributes: bytes
    body: bytes
    kind: Literal["moved"] = "moved"

    def at(self, prefix: bytes, address: bytes) -> bytes:
        """The cell at another address; its own style stays."""
        head = b"<" + prefix + b"c" + address + self.attributes
        return head + b">" + self.body + b"</" + prefix + b"c>"


BLANK = Content("blank", "")
KEPT = Content("kept", "")
"""What a cell holds stays; only its style changes."""


def content(value: CellValue, date1904: bool, where: str = "") -> Content:
    """The content for a value; what a cell cannot hold is refused, never bent."""
    if value is None or value == "":
        return BLANK
    if isinstance(value, bool):
        return Content("bool", str(int(value)))
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, (int, float, Decimal)):
        return _number(value, where)
    if isinstance(value, datetime):
        return _date(value, "datetime", date1904, where)
    if isinstance(value, date):
        return _date(datetime.combine(value, time()), "date", date1904, where)
    raise refuse("value.unsupported", where)


def _text(value: str, where: str) -> Content:
    try:
        units = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError as error:
        raise refuse("value.characters", where) from error
    if units > MAX_TEXT:
        raise refuse("value.too_long", where)
    kind: Kind = "digits" if _LONG_DIGITS.fullmatch(value) else "text"
    guarded = _LOOKS_ESCAPED.sub("_x005F_", value) if "_x" in value else value
    if not guarded.isprintable():
        guarded = _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", guarded)
    return Content(kind, guarded)


def _number(value: int | float | Decimal, where: str) -> Content:
    """A number; whole ones beyond 15 digits become text, since a cell would lose digits."""
    if not math.isfinite(value):
        raise refuse("value.not_finite", where)
    if isinstance(value, float):
        return Content("number", repr(value))
    if value == int(value) and len(str(abs(int(value)))) > _EXACT_DIGITS:
        return Content("digits", str(int(value)))
    return Content("number", str(value) if isinstance(value, int) else _plain(value))


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text not in ("", "-0") else "0"


def _date(value: datetime, kind: Kind, date1904: bool, where: str) -> Content:
    """A serial; days before the sheet's date system begins are written as ISO text."""
    if value.tzinfo is not None:
        raise refuse("value.unsupported", where)
    days = serial(value, date1904)
    if days is None:
        return Content("text", value.date().isoformat() if kind == "date" else str(value))
    return Content(kind, repr(int(days) if days == int(days) else days))


def serial(value: datetime, date1904: bool) -> float | None:
    """Days since the epoch; None for days that the date system does not have."""
    if date1904:
        delta = value - _EPOCH_1904
    else:
        shift = timedelta(days=1) if value < _LEAP_BUG_END else timedelta()
        delta = value - _EPOCH_1900 - shift
    days = delta.days + (delta.seconds + delta.microseconds / 1e6) / 86_400
    return days if days >= (0 if date1904 else 1) else None


class Read(NamedTuple):
    """A cell as read back: its text and whether it is text, a number, a bool or nothing."""

    kind: Literal["blank", "bool", "number", "text", "other"]
    text: str


def read_rows(
    fragments: Mapping[int, bytes], wanted: Mapping[int, Collection[int]]
) -> dict[tuple[int, int], Read]:
    """Parses wanted cells of row elements with an XML parser, however they were written."""
    root = _parsed(b"".join(fragments.values()))
    found: dict[tuple[int, int], Read] = {}
    for number, row in zip(fragments, root, strict=True):
        if int(row.get("r", number)) != number:
            continue
        for column, cell in _numbered_cells(row, number, wanted[number]):
            found[number, column] = _read_cell(cell)
    return found


def _parsed(rows: bytes) -> etree._Element:
    """The rows under one root; the prefixes that their part declares are looked for if need be."""
    try:
        return etree.fromstring(b"<any>%s</any>" % rows, _PARSER)
    except etree.XMLSyntaxError:
        prefixes = set(_PREFIX.findall(rows)) - {b"xml", b"xmlns"}
        declared = b"".join(b' xmlns:%s="urn:any"' % prefix for prefix in prefixes)
        return etree.fromstring(b"<any%s>%s</any>" % (declared, rows), _PARSER)


def _numbered_cells(
    row: etree._Element, number: int, columns: Collection[int]
) -> Iterator[tuple[int, etree._Element]]:
    """The row's cells in these columns; a cell without address stands behind the one before."""
    names = {cell_name(number, column): column for column in columns}
    last: int | None = 0  # None: the name of the cell before says it, should it be asked for
    name: str | None = None
    for cell in row:
        before, name = name, cell.get("r")
        if name is not None:
            last = names.get(name)
        else:
            place = parse_cell(before) if last is None and before else None
            last = (place[1] if place else last or 0) + 1
        if last is not None and last in columns:
            yield last, cell


def _read_cell(cell: etree._Element) -> Read:
    kind = cell.get("t", "n")
    value = formula = None
    for part in cell:
        name = str(part.tag).rpartition("}")[2]
        if name == "v":
            value = part.text
        elif name == "f":
            formula = part
    if formula is not None:
        return Read("other", value or "")
    if kind == "inlineStr":
        text = "".join(node.text or "" for node in cell.iter("{*}t"))
        if "_x" in text:
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return Read("text", text)
    if value is None:
        return Read("blank", "")
    if kind == "b":
        return Read("bool", value)
    return Read("number" if kind == "n" else "other", value)


def agrees(wanted: CellValue, content: Content | Transplant, got: Read) -> bool:
    """Whether a cell read back holds the value that was wanted."""
    if isinstance(content, Transplant):
        return got.kind != "blank"
    if content.kind == "kept":
        return True
    if content.kind == "blank":
        return got.kind == "blank"
    if content.kind == "formula":
        return got.kind == "other"
    if content.kind == "bool":
        return got == Read("bool", "1" if wanted else "0")
    if content.kind in ("text", "digits"):
        expected = wanted if isinstance(wanted, str) else content.text
        return got.kind == "text" and got.text == expected
    return got.kind == "number" and float(got.text) == float(content.text)


def address(row: int, column: int) -> bytes:
    """The `r` attribute of a cell."""
    return b' r="%s"' % cell_name(row, column).encode()
