"""Error cells, formulas and number formats of .xlsb files.

calamine gives empty texts for errors, and says nothing of formulas and formats.
[MS-XLSB] 2.1.4 record, 2.4.304 BrtBundleSh, 2.4.738 BrtRowHdr, 2.4.317 BrtCellError,
2.4.684 BrtFmlaError, 2.4.657 BrtFmt, 2.4.823 BrtXF, 2.4.822 BrtWbProp, 2.5.9 Cell.
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import field
from posixpath import join, normpath
from xml.etree import ElementTree

from ledgersync.dataclass import dataclass
from ledgersync.workbook.read.formats.biff import ERROR_TEXTS
from ledgersync.workbook.read.formats.facts import Cell, Kind, SheetFacts
from ledgersync.workbook.read.formats.inflate import whole
from ledgersync.workbook.read.formats.number_formats import format_code

_WORKBOOK, _STYLES = "xl/workbook.bin", "xl/styles.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_FORMULAS, _CELLS = range(8, 12), range(1, 12)
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END, _WORKBOOK_PROPERTIES = 44, 47, 617, 618, 153


@dataclass(slots=True)
class BinaryBook:
    """What a binary workbook says beside its values; `parts` are its sheets' records."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    date1904: bool = False
    parts: dict[str, bytes] = field(default_factory=dict)
    styles: bytes = b""

    def formats(self, sheet: str, kind: Kind) -> Mapping[Cell, str]:
        """The number formats of one kind, by cell."""
        codes = {n: c for n, c in enumerate(_style_codes(self.styles)) if kind(c)}
        return dict(_cell_formats(self.parts.get(sheet, b""), codes)) if codes else {}


def read_binary_book(content: bytes, archive: zipfile.ZipFile) -> BinaryBook | None:
    """Facts by sheet; None for what is no .xlsb workbook."""
    members = {m.filename: m for m in archive.infolist()}
    if _WORKBOOK not in members or _RELATIONS not in members:
        return None
    links = ElementTree.fromstring(whole(content, members[_RELATIONS]))
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = BinaryBook()
    if _STYLES in members:
        found.styles = whole(content, members[_STYLES])
    workbook = whole(content, members[_WORKBOOK])
    found.date1904 = any(
        k == _WORKBOOK_PROPERTIES and b[:1] and b[0] & 1 for k, b in records(workbook)
    )
    for relation, name in _sheets(workbook):
        part = normpath(join("xl", targets.get(relation, ""))).lstrip("/")
        if part in members:
            found.parts[name] = whole(content, members[part])
            found.sheets[name] = _facts(found.parts[name])
    return found


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Record ids and bodies; ids take one or two bytes, lengths up to four."""
    at, end = 0, len(stream)
    while at < end:
        kind, at = _varint(stream, at, 2)
        length, at = _varint(stream, at, 4)
        yield kind, stream[at : at + length]
        at += length


def _varint(stream: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for n in range(most):
        if at >= len(stream):
            break
        byte = stream[at]
        at += 1
        number |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:
            break
    return number, at


def _sheets(stream: bytes) -> Iterator[tuple[str, str]]:
    for kind, body in records(stream):
        if kind == _SHEET and len(body) > 12:
            relation, at = _wide(body, 8)
            yield relation, _wide(body, at)[0]


def _wide(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _cells(stream: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Row, column, kind of record and its body."""
    row = 0
    for kind, body in records(stream):
        if kind == _ROW and len(body) >= 4:
            (row,) = struct.unpack_from("<I", body)
        if kind in _CELLS and len(body) >= 8:
            yield row + 1, struct.unpack_from("<I", body)[0] + 1, kind, body


def _facts(stream: bytes) -> SheetFacts:
    facts = SheetFacts()
    for row, column, kind, body in _cells(stream):
        if kind in _FORMULAS:
            facts.note_formula(row, column)
        if kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) >= 9:
            facts.errors[row, column] = ERROR_TEXTS.get(body[8], "#VALUE!")
    return facts


def _style_codes(stream: bytes) -> list[str]:
    """The number format of each cell style, in the order of their numbers."""
    custom: dict[int, str] = {}
    styles: list[int] = []
    is_of_cells = False
    for kind, body in records(stream):
        if kind == _FORMAT and len(body) >= 6:
            custom[struct.unpack_from("<H", body)[0]] = _wide(body, 2)[0]
        is_of_cells = kind == _STYLES_BEGIN or (is_of_cells and kind != _STYLES_END)
        if kind == _STYLE and is_of_cells and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return [format_code(number, custom) for number in styles]


def _cell_formats(stream: bytes, codes: Mapping[int, str]) -> Iterator[tuple[Cell, str]]:
    for row, column, _, body in _cells(stream):
        style = int.from_bytes(body[4:7], "little")
        if style in codes:
            yield (row, column), codes[style]
