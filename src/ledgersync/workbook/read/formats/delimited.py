"""The rows of a CSV text, as a careful person reads them where its quotes do not match.

A well-formed file is what the `csv` module makes of it. Where a quote is stray, left open or
escaped by a backslash, the lines are taken one by one, so that no row disappears in a cell.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from io import StringIO

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of

_MOST_LINES = 200  # of one cell
_ESCAPED = pattern_of(r"\\(\\*)\"")


@dataclass(slots=True)
class Delimited:
    """Rows of cells; `quotes` and `fields` are the rows (from 1) whose reading is a doubt."""

    rows: list[list[str]]
    quotes: list[int] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)


def read_delimited(text: str, delimiter: str) -> Delimited:
    """All rows of the text; raises csv.Error for what no program can have written."""
    csv.field_size_limit(10_000_000)
    found = _well_formed(text, delimiter)
    if found is None:
        found = _LineReader(text, delimiter).read()
    _split_at_wide_commas(found, delimiter)
    return found


def _well_formed(text: str, delimiter: str) -> Delimited | None:
    """What the csv module reads, None where its quotes do not match or a cell holds records."""
    if '"' not in text:
        return Delimited(list(csv.reader(StringIO(text, newline=""), delimiter=delimiter)))
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    width = _usual_width(rows)
    doubtful = any(_holds_records(row, delimiter, width) or _over_full(row, width) for row in rows)
    return None if doubtful else Delimited(rows)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most rows have; of several that of the upper."""
    counts = Counter(len(row) for row in rows if len(row) > 1)
    return counts.most_common(1)[0][0] if counts else 1


def _over_full(row: list[str], width: int) -> bool:
    """Too many cells, and a quote in one: `1, "x,y"`."""
    return len(row) > width and any('"' in cell for cell in row)


def _holds_records(row: list[str], delimiter: str, width: int) -> bool:
    """A cell goes on over lines that are whole rows themselves."""
    for n, cell in enumerate(row):
        lines = cell.splitlines() if "\n" in cell or "\r" in cell else []
        cuts = [line.count(delimiter) + 1 for line in lines]
        if len(cuts) > 1 and _are_rows(
            [n + cuts[0], *cuts[1:-1], cuts[-1] + len(row) - n - 1], width
        ):
            return True
    return False


def _are_rows(cells: Sequence[int], width: int) -> bool:
    """A line between is as wide as a row, or both the first and the last are."""
    return any(n >= width for n in cells[1:-1]) or (cells[0] >= width and cells[-1] >= width)


class _LineReader:
    """Takes a text line by line; a cell goes on over lines only where that makes a whole row."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = re.split(r"\r\n|\r|\n", text)
        if self._lines and not self._lines[-1]:
            self._lines.pop()
        self._delimiter = delimiter
        self._width = _usual_width([_naive(line, delimiter) for line in self._lines])

    def read(self) -> Delimited:
        found = Delimited([])
        at = 0
        while at < len(self._lines):
            cells, used, is_doubtful = self._row(at)
            found.rows.append(cells)
            if is_doubtful:
                found.quotes.append(len(found.rows))
            at += used
        return found

    def _row(self, at: int) -> tuple[list[str], int, bool]:
        """The row that begins on a line, how many lines it takes, whether it is a doubt."""
        line = self._lines[at]
        if '"' not in line:
            return _naive(line, self._delimiter), 1, False
        for cells, is_open in self._readings(line):
            if len(cells) == self._width and not is_open:
                return cells, 1, False
        over = self._over_lines(at)
        if over is not None:
            return over[0], over[1], False
        literal, _ = _split(line, self._delimiter, literal=True)
        quoted, is_open = _split(line, self._delimiter)
        if is_open or len(literal) == self._width:
            return literal, 1, len(literal) != self._width or is_open
        return quoted, 1, False

    def _readings(self, line: str) -> Iterator[tuple[list[str], bool]]:
        """One line with its quotes, and with backslashes before the quotes inside."""
        yield _split(line, self._delimiter)
        yield _split(line, self._delimiter, backslash=True)

    def _over_lines(self, at: int) -> tuple[list[str], int] | None:
        """A row whose last cell goes on below, if no line there is a row of its own."""
        text = self._lines[at]
        cuts = [text.count(self._delimiter) + 1]
        for used, line in enumerate(self._lines[at + 1 : at + _MOST_LINES], 2):
            cuts.append(line.count(self._delimiter) + 1)
            if _are_rows(cuts, max(2, self._width)):
                return None
            text += "\n" + line
            for cells, is_open in self._readings(text):
                if not is_open and len(cells) == self._width:
                    return cells, used
        return None


def _naive(line: str, delimiter: str) -> list[str]:
    return line.split(delimiter)


def _split(
    line: str, delimiter: str, *, literal: bool = False, backslash: bool = False
) -> tuple[list[str], bool]:
    """The cells of a line, and whether a quote in it stays open.

    A quote that is no end of a cell is a part of it. `literal`: a cell whose quotes would reach
    over a delimiter, or never end, is taken as it stands.
    """
    cells: list[str] = []
    at, is_open = 0, False
    while True:
        blanks = len(line[at:]) - len(line[at:].lstrip(" "))
        at += blanks if line.startswith('"', at + blanks) else 0
        cell, end = _quoted(line, at, delimiter, backslash=backslash)
        if cell is None or (literal and delimiter in cell):
            is_open |= cell is None and line.startswith('"', at) and not _pairs(line, at, delimiter)
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            cell = line[at:end]
        cells.append(cell)
        if end >= len(line):
            return cells, is_open
        at = end + len(delimiter)


def _pairs(line: str, at: int, delimiter: str) -> bool:
    """`"东风"小区`: the quotes of the cell match, though they do not enclose it."""
    end = line.find(delimiter, at)
    return line.count('"', at, len(line) if end < 0 else end) % 2 == 0


def _quoted(line: str, at: int, delimiter: str, *, backslash: bool) -> tuple[str | None, int]:
    """The content of a quoted cell and where it ends; None for a cell without (matching) quotes."""
    if not line.startswith('"', at):
        return None, at
    quote = line.find('"', at + 1)
    while quote >= 0:
        after = quote + 1
        if line.startswith('"', after) and not _ends(line, after, delimiter, quote == at + 1):
            quote = line.find('"', after + 1)
            continue
        escaped = backslash and line[quote - 1] == "\\"
        end = after + len(line[after:]) - len(line[after:].lstrip(" "))
        if not escaped and (end == len(line) or line.startswith(delimiter, end)):
            return _unescaped(line[at + 1 : quote]), end
        quote = line.find('"', after)
    return None, at


def _ends(line: str, at: int, delimiter: str, is_empty: bool) -> bool:
    """The second of two quotes ends the cell: `""` is an empty one, not an escaped quote."""
    return is_empty and (at + 1 == len(line) or line.startswith(delimiter, at + 1))


def _unescaped(content: str) -> str:
    return _ESCAPED.sub(r'\1"', content.replace('""', '"'))


def _split_at_wide_commas(found: Delimited, delimiter: str) -> None:
    """Rows typed with full-width commas by mistake get their cells, and are told."""
    width = _usual_width(found.rows)
    if delimiter != "," or width < 3:
        return
    for n, row in enumerate(found.rows, 1):
        if 0 < len(row) < width and any("，" in cell for cell in row):
            cells = [part for cell in row for part in cell.split("，")]
            if len(cells) == width:
                found.rows[n - 1] = cells
                found.fields.append(n)
