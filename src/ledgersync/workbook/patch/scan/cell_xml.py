"""A Python value as the XML of one cell; `read_back` reads it for the check.

Text is written inline, so that the shared strings stay as they are; ids and long digit strings
are always text. Dates are serials in the workbook's date system.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.edits import CellValue
from ledgersync.workbook.patch.scan.refs import cell_name

Kind = Literal["blank", "bool", "number", "date", "datetime", "text", "digits", "kept", "formula"]
MAX_TEXT = 32_767
_EXACT_DIGITS = 15
_LONG_DIGITS = re.compile(r"\d{12,}[\dXx]?", re.ASCII)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LEAP_BUG_END = datetime(1900, 3, 1)


def content_xml(text: str) -> bytes:
    """A text as what stands inside an element."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode()


class Content(NamedTuple):
    """What a cell will hold: its XML type, the text inside, and the kind for its style."""

    kind: Kind
    text: str

    def xml(self, prefix: bytes, address: bytes, style: int) -> bytes:
        """The whole cell element."""
        head = b"<" + prefix + b"c" + address + (b' s="%d"' % style if style else b"")
        body = content_xml(self.text)
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
    plain = value.isprintable()  # no half of a pair among its signs
    if not plain or 2 * len(value) > MAX_TEXT:
        _check_length(value, where)
    is_long = len(value) >= 12 and _LONG_DIGITS.fullmatch(value)
    guarded = _LOOKS_ESCAPED.sub("_x005F_", value) if "_x" in value else value
    if not plain:
        guarded = _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", guarded)
    return Content("digits" if is_long else "text", guarded)


def _check_length(value: str, where: str) -> None:
    try:
        units = len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError as error:
        raise refuse("value.characters", where) from error
    if units > MAX_TEXT:
        raise refuse("value.too_long", where)


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


def address(row: int, column: int) -> bytes:
    """The `r` attribute of a cell."""
    return b' r="%s"' % cell_name(row, column).encode()
