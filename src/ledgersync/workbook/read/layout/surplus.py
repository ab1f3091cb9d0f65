"""CSV rows with more cells than the header: a comma in a text was taken for a separator.

The cells are joined again so that as many others as possible are values of their columns; of
several ways as good, in an address, else as far left as can be. It is told in any case.
"""

from collections.abc import Sequence

from ledgersync.model import Invalid
from ledgersync.values.text import is_blank
from ledgersync.workbook.read.layout.evidence import Evidence
from ledgersync.workbook.read.layout.grid import Grid

_TEXTS = frozenset({"text", "name"})


def join_surplus(grid: Grid, row: int, header_row: int, evidence: Evidence) -> bool:
    """Whether the cells of a row were joined; the row is left as it is where no way is better."""
    width = grid.widths[header_row - 1]
    cells = grid.rows[row - 1]
    more = _used(cells, grid.widths[row - 1]) - width
    if more <= 0:
        return False
    plain = list(cells[: width + more])
    ways = [
        (_fit(_joined(plain, at, more), evidence), field.privacy == "address", -at)
        for at in range(width)
        if (field := evidence.fields.get(at + 1)) is not None and field.type in _TEXTS
    ]
    score, _, at = max(ways, default=(-1, False, 0))
    if score < _fit(plain, evidence):
        return False
    grid.replace_row(row, _joined(plain, -at, more))
    return True


def _joined(cells: Sequence[object], at: int, more: int) -> list[object]:
    """The cells from `at` on made one with the `more` behind it."""
    return [*cells[:at], ",".join(map(str, cells[at : at + more + 1])), *cells[at + more + 1 :]]


def _used(cells: Sequence[object], width: int) -> int:
    """The number of cells without blank ones at the end."""
    while width and is_blank(cells[width - 1]):
        width -= 1
    return width


def _fit(cells: Sequence[object], evidence: Evidence) -> int:
    """How many cells are values of their columns, less those that are not."""
    score = 0
    for column, field in evidence.fields.items():
        raw = cells[column - 1] if column <= len(cells) else ""
        if field.type in _TEXTS or is_blank(raw):
            continue
        score += -1 if isinstance(evidence.parsers[column](raw).value, Invalid) else 1
    return score
