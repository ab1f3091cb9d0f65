"""Writes a sheet part as a stream of pieces: untouched stretches are views of the source.

Nothing is joined into a second copy of the part; how rows move is `moving`.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile, islice
from typing import NamedTuple

from ledgersync.dataclass import dataclass
from ledgersync.model import column_letters
from ledgersync.workbook.patch.package.styles import Styles
from ledgersync.workbook.patch.scan.cell_xml import (
    BLANK,
    Content,
    Kind,
    Transplant,
    address,
    content_xml,
)
from ledgersync.workbook.patch.scan.data import Cell, RowFragment, SheetText
from ledgersync.workbook.patch.scan.refs import grow_spans
from ledgersync.workbook.patch.scan.xml_scan import opening, whole_number
from ledgersync.workbook.patch.sheet.heights import RowHeights, own_height
from ledgersync.workbook.patch.sheet.moving import MovingRows, Piece
from ledgersync.workbook.patch.sheet.plan import SheetPlan, Write

_SPANS = re.compile(rb"(<[^>]*?\sspans\s*=\s*[\"'])([^\"'>]*)")
_KEPT_ROW_ATTRIBUTES = re.compile(
    rb"\s(?:s|customFormat|ht|customHeight)\s*=\s*(?:\"[^\"]*\"|'[^']*')"
)
_STYLE = re.compile(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_DATE_LOOKBACK = 50
_ROW, _TEXT = b"\x01", "\x02"  # stand for a row's number and a text; neither is in any XML
MARK_COLOUR = "FFFFC000"
"""The fill of a marked cell (ARGB), unless the edit names another."""


@dataclass(frozen=True)
class Donor:
    """The row whose look the appended rows take."""

    attributes: bytes
    styles: dict[int, int]
    row_style: int | None


class Look(NamedTuple):
    """A cell in any appended row: what stands before its row's number, around and after its text.

    Nothing is opened where such a cell is left out.
    """

    opened: bytes
    styled: bytes
    holds: bool
    closed: bytes
    wraps: bool

    def inside(self, text: str) -> bytes:
        return content_xml(text) if self.holds else b""


class SheetWriter:
    """Streams one planned sheet; `styles` grows with the styles that the values need."""

    _lines: int  # of the tallest wrapped text in the row that is being rendered

    def __init__(self, plan: SheetPlan, styles: Styles) -> None:
        self._plan = plan
        self._text: SheetText = plan.text
        self._styles = styles
        self._moving = MovingRows(plan.text, plan.rows)
        self._date_styles: dict[int, int | None] = {}
        self._columns = _column_styles(plan.text)
        self._heights = RowHeights(plan.text)
        self._donor = self._read_donor()
        self._blanks = {column: Write(None, BLANK) for column in self._donor.styles}
        self._looks: dict[tuple[int, Kind], Look] = {}
        self._appended = set(plan.appended_rows)
        self.spans: dict[int, tuple[int, int]] = {}
        self.head = b""
        self.tail = b""

    def render_rows(self) -> dict[int, bytes]:
        """The touched rows by their number after, rendered; needs no output yet."""
        return {row: self._touched(row, cells) for row, cells in sorted(self._plan.writes.items())}

    def pieces(self, rendered: dict[int, bytes]) -> Iterator[Piece]:
        """The whole part: head, rows, tail; notes in `spans` where the touched rows came to lie."""
        position = 0
        for row, piece in self._numbered_pieces(rendered):
            if row:
                self.spans[row] = (position, position + len(piece))
            position += len(piece)
            yield piece

    def _numbered_pieces(self, rendered: dict[int, bytes]) -> Iterator[tuple[int, Piece]]:
        """The pieces in order; touched rows with their number, all else with 0."""
        yield 0, self.head
        position = self._text.data_start
        for row in sorted(rendered):
            stop, own = self._stop_before(row)
            yield from ((0, piece) for piece in self._moving.pieces(position, stop))
            yield row, rendered[row]
            position = self._text.end_of(stop) if own else stop
        yield from ((0, piece) for piece in self._moving.pieces(position, self._text.data_end))
        yield 0, self.tail

    def _stop_before(self, row: int) -> tuple[int, bool]:
        """Where the source is left for a new row, and whether an element there is that row."""
        old = self._plan.rows.old_row(row)
        if old is None:
            return self._text.at(self._plan.rows.before), False
        start = self._text.at(old)
        return start, self._text.find(old) is not None

    def _touched(self, row: int, cells: dict[int, Write]) -> bytes:
        """A row with its written cells, new or changed."""
        old = self._plan.rows.old_row(row)
        start = None if old is None else self._text.find(old)
        if start is None:
            return self._new_row(row, cells)
        fragment = self._text.fragment(start)
        if old != row:
            fragment = self._moving.moved(start, self._text.end_of(start))
        return self._changed_row(start, row, fragment, cells)

    def _new_row(self, row: int, cells: dict[int, Write]) -> bytes:
        prefix = self._text.prefix
        attributes = b""
        if row in self._appended:
            attributes = self._donor.attributes
            cells = self._with_donor(cells)
        self._lines = 1
        if row in self._appended and not self._plan.marks:
            body = self._appended_cells(row, cells)
        else:
            rendered = [self._cell(row, column, cells[column], None) for column in sorted(cells)]
            body = b"".join(rendered)
        attributes = self._heights.fitted(attributes, self._lines)
        if not body and row not in self._appended:
            return b""
        head = b'<%srow r="%d"%s>' % (prefix, row, attributes)
        return head + body + b"</%srow>" % prefix

    def _appended_cells(self, row: int, cells: dict[int, Write]) -> bytes:
        """The cells of an appended row, which look alike in every such row."""
        digits, looks, rendered = str(row).encode(), self._looks, list[bytes]()
        old = self._plan.rows.old_row(row)
        for column in sorted(cells):
            held = cells[column].content
            if isinstance(held, Transplant):
                rendered.append(self._cell(row, column, cells[column], None))
                continue
            look = looks.get((column, held.kind)) or self._look(row, column, held.kind)
            if look.wraps:
                self._lines = max(self._lines, self._heights.lines(old, column, held.text))
            if look.opened:
                rendered += (look.opened, digits, look.styled, look.inside(held.text), look.closed)
        return b"".join(rendered)

    def _look(self, row: int, column: int, kind: Kind) -> "Look":
        """How a value of this kind is written in this column of an appended row."""
        base = self._base_style(row, column, None, None)
        style = self._styles.fitting(base, kind, self._column_date(column, kind, base))
        place = b' r="%s%s"' % (column_letters(column).encode(), _ROW)
        written = Content(kind, _TEXT).xml(self._text.prefix, place, style)
        opened, _, rest = written.partition(_ROW)
        styled, held, closed = rest.partition(_TEXT.encode())
        if kind == "blank" and not base:
            opened = b""
        wraps = kind == "text" and self._styles.wraps(style)
        look = self._looks[column, kind] = Look(opened, styled, bool(held), closed, wraps)
        return look

    def _changed_row(self, start: int, row: int, fragment: bytes, cells: dict[int, Write]) -> bytes:
        """An existing row: its written cells are replaced in place or slipped in between."""
        if row in self._appended:
            cells = self._with_donor(cells)
        local = RowFragment(fragment, self._text.prefix, self._text.where)
        existing = {cell.column: cell for cell in local.cells}
        row_style = self._text.row_style(start)
        edits, columns = [], []
        self._lines = 1
        for column in sorted(cells):
            cell = existing.get(column)
            new = self._cell(row, column, cells[column], cell, row_style)
            if cell is not None:
                edits.append((cell.start, cell.end, new))
            elif new:
                at = next((c.start for c in local.cells if c.column > column), local.end)
                edits.append((at, at, new))
                columns.append(column)
        return self._heights.fitted(_widened(local.changed(edits), columns), self._lines)

    def _with_donor(self, cells: dict[int, Write]) -> dict[int, Write]:
        """The cells of an appended row with blank, styled ones where only the donor has any."""
        return {**self._blanks, **cells}

    def _cell(
        self,
        row: int,
        column: int,
        write: Write,
        cell: Cell | None,
        row_style: int | None = None,
    ) -> bytes:
        if isinstance(write.content, Transplant):
            return write.content.at(self._text.prefix, address(row, column))
        base = self._base_style(row, column, cell, row_style)
        kind = write.content.kind
        marked = (row, column) in self._plan.marks
        styled = marked or bool(row in self._appended and base)
        if kind == "blank" and cell is None and not styled:
            return b""
        style = self._styles.fitting(base, kind, self._column_date(column, kind, base))
        if kind == "text" and self._styles.wraps(style):
            old = self._plan.rows.old_row(row)
            self._lines = max(self._lines, self._heights.lines(old, column, write.content.text))
        if marked:
            colour = self._plan.colours.get((row, column), MARK_COLOUR)
            style = self._styles.variant(style, None, self._styles.fill(colour))
        if kind == "kept" and cell is not None:
            return _restyled(cell, self._text.prefix, style)
        return write.content.xml(self._text.prefix, address(row, column), style)

    def _base_style(self, row: int, column: int, cell: Cell | None, row_style: int | None) -> int:
        """The style before the value's kind is looked at: own, donor's, row's, column's."""
        if row in self._appended and self._plan.landing.donor:
            if column in self._donor.styles:
                return self._donor.styles[column]
            row_style = self._donor.row_style
        elif cell is not None:
            return cell.style or 0
        return row_style if row_style is not None else self._columns.get(column, 0)

    def _column_date(self, column: int, kind: Kind, style: int) -> int | None:
        """A date style used in the column, for a date whose own style shows none."""
        if kind not in ("date", "datetime") or self._styles.is_date(style):
            return None
        if column not in self._date_styles:
            self._date_styles[column] = self._find_date_style(column)
        return self._date_styles[column]

    def _find_date_style(self, column: int) -> int | None:
        for cells in self._last_rows:
            for cell in cells:
                if cell.column == column and cell.style and self._styles.is_date(cell.style):
                    return cell.style
        return None

    @cached_property
    def _last_rows(self) -> list[list[Cell]]:
        """The cells of the last rows with content, upwards."""
        donor = self._plan.landing.donor
        starts = self._text.backwards()
        if donor:
            starts = dropwhile(lambda start: self._text.number(start) > donor, starts)
        return [self._text.cells(start) for start in islice(starts, _DATE_LOOKBACK)]

    def _read_donor(self) -> Donor:
        row = self._plan.landing.donor
        start = self._text.find(row) if row else None
        if start is None:
            return Donor(b"", {}, None)
        attributes = b"".join(_KEPT_ROW_ATTRIBUTES.findall(self._text.row_tag(start)))
        styles = {cell.column: cell.style or 0 for cell in self._text.cells(start)}
        return Donor(own_height(attributes), styles, self._text.row_style(start))


def _restyled(cell: Cell, prefix: bytes, style: int) -> bytes:
    """A cell with another style and all else as it is."""
    attributes = _STYLE.sub(b"", cell.attrs).rstrip().removesuffix(b"/")
    head = b'<%sc%s s="%d"' % (prefix, attributes, style)
    return head + b">" + cell.body + b"</%sc>" % prefix if cell.body else head + b"/>"


def _widened(row: bytes, columns: list[int]) -> bytes:
    """A row whose `spans` hint covers its new cells."""
    found = _SPANS.match(row) if columns else None
    if found is None:
        return row
    spans = grow_spans(found[2].decode(), columns).encode()
    return found[1] + spans + row[found.end() :]


def _column_styles(text: SheetText) -> "ColumnStyles":
    spans = []
    for tag in opening(text.raw[: text.data_start], b"col"):
        style = whole_number(tag.get(b"style"))
        if style:
            spans.append((whole_number(tag.get(b"min")), whole_number(tag.get(b"max")), style))
    return ColumnStyles(spans)


@dataclass(frozen=True)
class ColumnStyles:
    """The styles of whole columns."""

    spans: list[tuple[int, int, int]]

    def get(self, column: int, default: int) -> int:
        for first, last, style in self.spans:
            if first <= column <= last:
                return style
        return default
