"""Error cells of .xls and .et files (BIFF8), which calamine gives as empty texts.

[MS-XLS] 2.4.24 BoolErr, 2.4.127 Formula, 2.5.198 cached formula results.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

import olefile

OLE = b"\xd0\xcf\x11\xe0"
_BOUNDSHEET, _BOF, _FORMULA, _BOOLERR = 0x0085, 0x0809, 0x0006, 0x0205
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
Cells = dict[tuple[int, int], str]


def error_cells(content: bytes) -> dict[str, Cells]:
    """Error texts by sheet and cell; empty for what is no BIFF8 workbook."""
    stream = _workbook_stream(content)
    starts = dict(_sheets(stream))
    found: dict[str, Cells] = {name: {} for name in starts.values()}
    sheet = ""
    for at, kind, body in _records(stream):
        if kind == _BOF:
            sheet = starts.get(at, "")
        error = _error(kind, body)
        if error is not None and sheet in found:
            row, column = struct.unpack_from("<HH", body)
            found[sheet][row + 1, column + 1] = error
    return found


def has_workbook(content: bytes) -> bool:
    """An OLE file with a workbook inside, not an encrypted package or a document."""
    return bool(_workbook_stream(content))


def _workbook_stream(content: bytes) -> bytes:
    try:
        with olefile.OleFileIO(BytesIO(content)) as ole:
            for name in ("Workbook", "Book"):
                if ole.exists(name):
                    return bytes(ole.openstream(name).read())
    except (OSError, ValueError, IndexError, struct.error):
        return b""
    return b""


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    """Where each sheet's records begin, and its name."""
    for at, kind, body in _records(stream):
        if kind == _BOUNDSHEET and len(body) >= 8:
            offset, length, wide = *struct.unpack_from("<I2xB", body), body[7] & 1
            text = body[8 : 8 + length * (2 if wide else 1)]
            yield offset, text.decode("utf-16-le" if wide else "latin-1", "replace")
        if kind == _BOF and at > 0:
            return


def _error(kind: int, body: bytes) -> str | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        return ERROR_TEXTS.get(body[6], "#VALUE!")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return ERROR_TEXTS.get(body[8], "#VALUE!")
    return None
