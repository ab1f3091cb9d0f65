"""A sheet part as it inflates: the cells of its rows, piece by piece, and what stands behind."""

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ledgersync.model import column_number
from ledgersync.workbook.read.formats.facts import Cell
from ledgersync.workbook.read.formats.inflate import checked_pieces
from ledgersync.workbook.read.formats.large.cells import Cells, Found, Gathered, cells_of
from ledgersync.workbook.read.formats.large.escapes import without_numbers
from ledgersync.workbook.read.formats.large.tags import PAD, Unusual
from ledgersync.workbook.read.formats.scan import is_plain
from ledgersync.workbook.read.layout.grid import Merge

_PIECE = 1 << 20  # bytes looked at together
_MOST_OTHERS = 20_000  # values that calamine is asked for; more of them it reads as well itself
_LONGEST_ROW = 1 << 22
_MOST_BEHIND = 1 << 23  # bytes behind the rows: rules, merged ranges
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})"/>')
_OTHER_CODE = re.compile(rb"<\?xml [^>]*encoding=(?![\"'](?:UTF|utf)-8[\"'])")
_DIMENSION = re.compile(
    rb'<dimension ref="[A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?"(?: ?/|></dimension)>'
)
_START, _ROW_END, _END, _NO_ROWS = b"<sheetData>", b"</row>", b"</sheetData>", b"<sheetData/>"


class Sheet(NamedTuple):
    """What a sheet part says; of its errors not those that are proposals of ours."""

    cells: Cells
    formulas: dict[int, set[int]]
    errors: dict[Cell, str]
    merges: list[Merge]


def read_sheet(content: bytes, member: zipfile.ZipInfo, gathered: Gathered) -> Sheet:
    """Raises Unusual, Broken, and DecompressionBomb for a part longer than its entry declares."""
    part = _Part(checked_pieces(content, member))
    found: list[Found] = []
    for rows in part.rows():
        last = found[-1].last if found else 0
        rows = without_numbers(rows)
        found.append(cells_of(rows + PAD, len(rows), gathered, last))
        if len(gathered.others) > _MOST_OTHERS:
            raise Unusual
    cells = Cells.joined([piece.cells for piece in found])
    errors = {at: text for piece in found for at, text in piece.errors.items()}
    return Sheet(cells, _formulas(found), errors, _merges(part.behind))


class _Part:
    """The XML of a sheet; what stands behind its rows is known when they have been read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.behind = b""

    def rows(self) -> Iterator[bytes]:
        """Whole rows, some at a time."""
        rest = self._from_first_row()
        while rest is not None:
            end = _after_rows(rest, len(rest))
            stop = rest.find(_END, end)
            if stop >= 0:
                yield from _blocks(rest, stop)
                self._look_behind(rest[stop:])
                return
            yield from _blocks(rest, end)
            rest = rest[end:] + self._next()
            if len(rest) - end > _LONGEST_ROW + (1 << 22):
                raise Unusual

    def _from_first_row(self) -> bytes | None:
        """What is known yet behind the head of the sheet, None of one without rows."""
        xml = self._next()
        at = xml.find(b"<sheetData")
        head, start = xml[:at], xml[at : at + len(_NO_ROWS)]
        if at < 0 or not is_plain(xml) or b"<!" in head or _OTHER_CODE.match(head):
            raise Unusual
        if head.count(b"<dimension") != len(_DIMENSION.findall(head)) or b"mergeCell" in head:
            raise Unusual
        if start == _NO_ROWS:
            self._look_behind(xml[at:])
            return None
        if not start.startswith(_START):
            raise Unusual
        return xml[at + len(_START) :]

    def _next(self) -> bytes:
        piece = next(self._pieces, b"")
        if not piece:
            raise Unusual
        return piece

    def _look_behind(self, behind: bytes) -> None:
        for piece in self._pieces:
            behind += piece
            if len(behind) > _MOST_BEHIND:
                raise Unusual
        if b"<!" in behind:
            raise Unusual
        self.behind = behind


def _after_rows(xml: bytes, limit: int) -> int:
    at = xml.rfind(_ROW_END, 0, limit)
    return at + len(_ROW_END) if at >= 0 else 0


def _blocks(xml: bytes, end: int) -> Iterator[bytes]:
    """The rows up to `end`, in blocks of some size."""
    start = 0
    while end - start > _PIECE:
        stop = xml.rfind(_ROW_END, start, start + _PIECE)
        stop = (stop if stop >= 0 else xml.find(_ROW_END, start, end)) + len(_ROW_END)
        if stop <= start:
            break
        yield xml[start:stop]
        start = stop
    if start < end:
        yield xml[start:end]


def _formulas(found: list[Found]) -> dict[int, set[int]]:
    """The rows with a formula, by column."""
    if not found:
        return {}
    rows = np.concatenate([piece.formulas[0] for piece in found])
    columns = np.concatenate([piece.formulas[1] for piece in found])
    return {int(c): set(rows[columns == c].tolist()) for c in np.unique(columns)}


def _merges(xml: bytes) -> list[Merge]:
    """Merged ranges, all of which stand in one list."""
    listed = xml.partition(b"extLst")[0].partition(b"<mergeCells")[2].partition(b"</mergeCells>")[0]
    found = _MERGE.findall(listed)
    if xml.count(b"mergeCell") != len(found) + 2 * bool(found):
        raise Unusual
    return [
        Merge(int(top), column_number(left.decode()), int(bottom), column_number(right.decode()))
        for left, top, right, bottom in found
    ]
