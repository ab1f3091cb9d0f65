"""Tables of pieces on a sheet: texts wrap, figures are numbers with their links."""

from collections.abc import Iterator, Sequence

from ledgersync.report.cells import FigureCell, shown_cell
from ledgersync.report.content import Piece, Shown, Table
from ledgersync.report.sheets import Page
from ledgersync.rollup.figures import RollUp
from ledgersync.workbook.lines import units as width_of

Rows = list[list[Piece]]


def draw(page: Page, table: Table, found: RollUp, *, heading: bool = True) -> int:
    """The table over all columns of the page; returns the row of its first line."""
    heads, rows = table.heads, table.rows
    spans = _spans(page, [heads, *rows])
    if heading:
        page.heading(table.title)
    page.spread(heads, spans, header=True)
    first = page.row
    for row in rows:
        page.spread([_cell(piece, found) for piece in row], spans)
    return first


def _cell(piece: Piece, found: RollUp) -> str | FigureCell:
    return shown_cell(piece, found.line(piece.indicator)) if isinstance(piece, Shown) else piece


def _spans(page: Page, rows: Sequence[Sequence[Piece]]) -> list[int]:
    """How many columns of the page each column takes: who needs most gets what is left."""
    widths = page.widths
    count = len(rows[0])
    if count >= len(widths):
        return [1] * count
    needs = [max(width_of(str(row[n])) for row in rows) for n in range(count)]
    spans = [1] * count
    for _ in range(len(widths) - count):
        rooms = list(_rooms(widths, spans))
        spans[max(range(count), key=lambda n: needs[n] / rooms[n])] += 1
    return spans


def _rooms(widths: Sequence[float], spans: Sequence[int]) -> Iterator[float]:
    at = 0
    for span in spans:
        yield sum(widths[at : at + span])
        at += span
