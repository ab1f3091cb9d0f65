"""Error cells, formulas and number formats of .xls and .et files (BIFF8).

calamine gives empty texts for errors, and says nothing of formulas and formats.
[MS-XLS] 2.4.24 BoolErr, 2.4.126 Format, 2.4.127 Formula, 2.4.353 XF, 2.5.198 cached results.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import field
from io import BytesIO

from ledgersync.dataclass import dataclass
from ledgersync.workbook.read.formats.facts import Cell, Kind, SheetFacts
from ledgersync.workbook.read.formats.number_formats import format_code

_BOUNDSHEET, _BOF, _FORMULA, _BOOLERR, _DATEMODE = 0x0085, 0x0809, 0x0006, 0x0205, 0x0022
_FORMAT, _XF, _NUMBER, _RK, _MULRK, _LABEL_SST = 0x041E, 0x00E0, 0x0203, 0x027E, 0x00BD, 0x00FD
_STYLED = frozenset({_FORMULA, _NUMBER, _RK, _LABEL_SST})
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass(slots=True)
class OldBook:
    """What a BIFF8 workbook says beside its values; empty for what is none."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    date1904: bool = False
    stream: bytes = b""

    def formats(self, sheet: str, kind: Kind) -> Mapping[Cell, str]:
        """The number formats of one kind, by cell."""
        codes = {n: c for n, c in enumerate(_style_codes(self.stream)) if kind(c)}
        return dict(_cell_formats(self.stream, sheet, codes)) if codes else {}


def read_old_book(content: bytes) -> OldBook:
    stream = _workbook_stream(content)
    found = OldBook({name: SheetFacts() for _, name in _sheets(stream)}, stream=stream)
    for sheet, kind, body in _records_by_sheet(stream):
        if kind == _DATEMODE:
            found.date1904 = body[:1] == b"\1"
        if sheet not in found.sheets or kind not in (_FORMULA, _BOOLERR):
            continue
        row, column = struct.unpack_from("<HH", body)
        if kind == _FORMULA:
            found.sheets[sheet].note_formula(row + 1, column + 1)
        error = _error(kind, body)
        if error is not None:
            found.sheets[sheet].errors[row + 1, column + 1] = error
    return found


def has_workbook(content: bytes) -> bool:
    """An OLE file with a workbook inside, not an encrypted package or a document."""
    return bool(_workbook_stream(content))


def _workbook_stream(content: bytes) -> bytes:
    import olefile

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


def _records_by_sheet(stream: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Whole records with the name of their sheet, empty before the first."""
    starts = dict(_sheets(stream))
    sheet = ""
    for at, kind, body in _records(stream):
        if kind == _BOF:
            sheet = starts.get(at, "")
        if kind not in (_FORMULA, _BOOLERR) or len(body) >= 4:
            yield sheet, kind, body


def _sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    """Where each sheet's records begin, and its name."""
    for at, kind, body in _records(stream):
        if kind == _BOUNDSHEET and len(body) >= 8:
            yield struct.unpack_from("<I", body)[0], _text(body, 7, body[6])
        if kind == _BOF and at > 0:
            return


def _text(body: bytes, flags: int, length: int) -> str:
    """A text whose characters follow its flags: Latin, or two bytes each."""
    wide = body[flags] & 1 if flags < len(body) else 0
    text = body[flags + 1 : flags + 1 + length * (2 if wide else 1)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


def _error(kind: int, body: bytes) -> str | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        return ERROR_TEXTS.get(body[6], "#VALUE!")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return ERROR_TEXTS.get(body[8], "#VALUE!")
    return None


def _style_codes(stream: bytes) -> list[str]:
    """The number format of each cell style, in the order of their numbers."""
    custom: dict[int, str] = {}
    styles: list[int] = []
    for at, kind, body in _records(stream):
        if kind == _BOF and at > 0:
            break
        if kind == _FORMAT and len(body) >= 5:
            number, length = struct.unpack_from("<HH", body)
            custom[number] = _text(body, 4, length)
        if kind == _XF and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return [format_code(number, custom) for number in styles]


def _cell_formats(
    stream: bytes, sheet: str, codes: Mapping[int, str]
) -> Iterator[tuple[Cell, str]]:
    for name, kind, body in _records_by_sheet(stream):
        if name != sheet or len(body) < 6:
            continue
        if kind in _STYLED:
            row, column, style = struct.unpack_from("<HHH", body)
            if style in codes:
                yield (row + 1, column + 1), codes[style]
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                (style,) = struct.unpack_from("<H", body, 4 + 6 * n)
                if style in codes:
                    yield (row + 1, first + 1 + n), codes[style]
