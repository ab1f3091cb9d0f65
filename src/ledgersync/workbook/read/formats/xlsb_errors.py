"""Error cells of .xlsb files, which calamine gives as empty texts.

[MS-XLSB] 2.1.4 record, 2.4.304 BrtBundleSh, 2.4.738 BrtRowHdr, 2.4.317 BrtCellError,
2.4.684 BrtFmlaError.
"""

import struct
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree

from ledgersync.workbook.read.formats.biff import ERROR_TEXTS, Cells
from ledgersync.workbook.read.formats.inflate import whole

_WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156


def error_cells(content: bytes, archive: zipfile.ZipFile) -> dict[str, Cells]:
    """Error texts by sheet and cell; empty for what is no .xlsb workbook."""
    members = {m.filename: m for m in archive.infolist()}
    if _WORKBOOK not in members or _RELATIONS not in members:
        return {}
    links = ElementTree.fromstring(whole(content, members[_RELATIONS]))
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found: dict[str, Cells] = {}
    for relation, name in _sheets(whole(content, members[_WORKBOOK])):
        part = normpath(join("xl", targets.get(relation, ""))).lstrip("/")
        if part in members:
            found[name] = dict(_errors(whole(content, members[part])))
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


def _errors(stream: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = 0
    for kind, body in records(stream):
        if kind == _ROW and len(body) >= 4:
            (row,) = struct.unpack_from("<I", body)
        if kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) >= 9:
            (column,) = struct.unpack_from("<I", body)
            yield (row + 1, column + 1), ERROR_TEXTS.get(body[8], "#VALUE!")
