"""A worksheet part as bytes: where its rows and cells stand, without building a tree."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import islice, pairwise
from typing import NamedTuple

from ledgersync.model import column_number
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.row_map import MAX_ROW
from ledgersync.workbook.patch.scan.xml_scan import Rewrites, mask, require_utf8

_DATA = re.compile(rb"<((?:[^\s/>:<!?\"']+:)?)sheetData(?=[\s/>])[^>]*?(/?)>")
_REF = re.compile(rb"\sr\s*=\s*[\"']\$?([A-Za-z]+)\$?(\d+)[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_ROW_NUMBER = rb"(?=\s)[^>]*?\sr\s*=\s*[\"']\s*(\d+)"
_INDEX_ALWAYS = 8 << 20
_SAMPLES = 64
_RARE = 64
_CUSTOM = re.compile(rb"\scustomFormat\s*=\s*[\"'](?:1|true)[\"']")


class Cell(NamedTuple):
    """One cell element in a row fragment; positions are within that fragment."""

    column: int
    start: int
    end: int
    attrs: bytes
    body: bytes

    @property
    def style(self) -> int | None:
        match = _STYLE.search(self.attrs)
        return int(match[1]) if match else None


class RowFragment:
    """One row element with what stands behind it, up to the next row."""

    def __init__(self, data: bytes, prefix: bytes, where: str) -> None:
        self.data = data
        self._prefix = prefix
        self._where = where
        self._scan = mask(data) if b"<!" in data or b"<?" in data else data
        self.head = self._scan[: self._scan.index(b">") + 1]

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells in their order, refused when that is not clear."""
        return list(self._read_cells())

    @property
    def end(self) -> int:
        """Where the last cell ends."""
        return len(self.head) if self.empty else self._scan.rfind(b"</" + self._prefix + b"row")

    @property
    def empty(self) -> bool:
        """Whether the row is a single, self-closed tag."""
        return self.head.endswith(b"/>")

    def _read_cells(self) -> Iterator[Cell]:
        last = 0
        for match in _cell_pattern(self._prefix).finditer(self._scan, len(self.head)):
            named = _REF.search(match[1])
            column = column_number(named[1].decode()) if named else last + 1
            if column <= last:
                raise refuse("sheet.cells_out_of_order", self._where)
            last = column
            body = self.data[slice(*match.span(2))]  # nothing where the cell is one tag
            yield Cell(column, match.start(), match.end(), match[1], body)

    def changed(self, edits: list[tuple[int, int, bytes]]) -> bytes:
        """The row with stretches replaced; a self-closed row is opened for new cells."""
        pieces, position = [], 0
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self.data[position:start], new]
            position = end
        rest = self.data[position:]
        if not self.empty:
            return b"".join(pieces) + rest
        cells = b"".join(new for _, _, new in edits)
        if not cells:
            return self.data
        closed = b"</" + self._prefix + b"row>"
        return self.head[:-2].rstrip() + b">" + cells + closed + self.data[self.end :]


@cache
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(rb"<" + p + rb"c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + p + rb"c\s*>)", re.S)


class SheetText:
    """A worksheet part cut into head, rows and tail; `scan` has comments and CDATA blanked.

    `raw` stays as it was read. What formulas will read instead is collected in `rewrites`, so
    that a large part is not kept twice; `part` and `fragment` show it.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        self.raw = require_utf8(data, where)
        found = _DATA.search(data)
        if found is None:
            raise refuse("sheet.no_data", where)
        self.prefix = found[1]
        if found[2]:
            self._open_empty(found)
        self.data_start = found.end() - (1 if found[2] else 0)
        self.data_end = self.raw.rfind(b"</" + self.prefix + b"sheetData")
        if self.data_end < self.data_start:
            raise refuse("xml.malformed", where)
        self.scan = self._masked()
        self._tag = b"<" + self.prefix + b"row"
        self._row = re.compile(re.escape(self._tag) + rb"(?=[\s/>])[^>]*>")
        self._numbered = re.compile(re.escape(self._tag) + _ROW_NUMBER)
        self._known: dict[int, int] = {}
        self.rewrites = Rewrites()

    def _open_empty(self, found: re.Match[bytes]) -> None:
        """Turns `<sheetData/>` into a pair of tags."""
        opened = found[0][:-2].rstrip() + b">"
        padding = b" " * (len(found[0]) - 1 - len(opened))
        closed = b"</" + self.prefix + b"sheetData>"
        self.raw = (
            self.raw[: found.start()]
            + opened[:-1]
            + padding
            + b">"
            + closed
            + (self.raw[found.end() :])
        )

    def _masked(self) -> bytes:
        start, end = self.data_start, self.data_end
        scan = self.raw
        if self._holds(b"!", b"<!") or self._holds(b"?", b"<?"):
            scan = self.raw[:start] + mask(self.raw[start:end]) + self.raw[end:]
        declared = b"markup-compatibility" in scan[:start]
        if declared and scan.find(b":AlternateContent", start, end) != -1:
            raise refuse("sheet.alternate_content", self.where)
        return scan

    def _holds(self, rare: bytes, mark: bytes) -> bool:
        """Whether `mark` stands among the cells; its rare byte, the last one, is looked for first.

        A single byte is found many times faster than two.
        """
        place, end, lead = self.data_start, self.data_end, len(mark) - 1
        for _ in range(_RARE):
            place = self.raw.find(rare, place, end)
            if place == -1:
                return False
            if self.raw.startswith(mark, max(place - lead, self.data_start)):
                return True
            place += 1
        return self.raw.find(mark, max(place - lead, self.data_start), end) != -1

    @cached_property
    def starts(self) -> Sequence[int]:
        """Where each row element starts; building this index reads the whole sheet."""
        starts, find = array("q"), self.scan.find
        tag, end = self._tag, self.data_end
        position = find(tag, self.data_start, end)
        while position != -1:
            starts.append(position)
            position = find(tag, position + len(tag), end)
        return starts

    @cached_property
    def numbers(self) -> Sequence[int]:
        """Each row element's number, in order, else the sheet is refused."""
        numbers, last = array("l"), 0
        for start in self.starts:
            number = self._written_number(start) or last + 1
            if not last < number <= MAX_ROW:
                raise refuse("sheet.rows_out_of_order", self.where)
            numbers.append(number)
            last = number
        return numbers

    @cached_property
    def _indexed(self) -> bool:
        """Whether rows are found by the index: always in small sheets, and where one has no number.

        In large sheets rows are looked up in the text, once samples are in order.
        """
        if self.data_end - self.data_start <= _INDEX_ALWAYS:
            return True
        step = (self.data_end - self.data_start) // _SAMPLES
        places = list(range(self.data_start, self.data_end, step))
        starts = [self.scan.find(self._tag, place, self.data_end) for place in places]
        starts = sorted({*starts, *islice(self.backwards(), _SAMPLES)} - {-1})
        found = [self._written_number(start) or 0 for start in starts]
        return any(later <= earlier for earlier, later in pairwise([0, *found]))

    def _written_number(self, start: int) -> int | None:
        found = self._numbered.match(self.scan, start, self.data_end)
        return int(found[1]) if found else None

    def number(self, start: int) -> int:
        """The number of the row element that starts there."""
        if self._indexed:
            return self.numbers[bisect_left(self.starts, start)]
        return self._written_number(start) or self.numbers[bisect_left(self.starts, start)]

    def at(self, number: int) -> int:
        """Where the first row element with at least this number starts; the data's end if none."""
        if number not in self._known:
            self._known[number] = self._look_up(number)
        return self._known[number]

    def _look_up(self, number: int) -> int:
        if not self._indexed:
            start = self._search(number)
            if start == self.data_end or self._written_number(start) == number:
                return start
        index = bisect_left(self.numbers, number)
        return self.starts[index] if index < len(self.starts) else self.data_end

    def _search(self, number: int) -> int:
        """By interpolation, since rows are about as long as others; each second step halves."""
        low, high, best = self.data_start, self.data_end, self.data_end
        below, above, halve = 0, self._last_number + 1, False
        if number >= above:
            return self.data_end
        while low < high:
            share = (number - below) / (above - below) if below < number < above else 0.5
            middle = low + int((high - low) * (0.5 if halve else share))
            start = self.scan.find(self._tag, middle, high + len(self._tag) - 1)
            found = (self._written_number(start) or 0) if start != -1 else 0
            if found == number:
                return start
            if start == -1:
                high = middle
            elif found < number:
                low, below = start + 1, found
            else:
                best, high, above = start, middle, found
            halve = not halve
        return best

    @cached_property
    def _last_number(self) -> int:
        last = next(self.backwards(), None)
        return 0 if last is None else self._written_number(last) or 0

    def find(self, number: int) -> int | None:
        """Where the row element with this number starts."""
        start = self.at(number)
        return start if start < self.data_end and self.number(start) == number else None

    def backwards(self, end: int | None = None) -> Iterator[int]:
        """Where the row elements before a position start, from the last to the first."""
        end = self.data_end if end is None else end
        start = self.scan.rfind(self._tag, self.data_start, end)
        while start != -1:
            yield start
            start = self.scan.rfind(self._tag, self.data_start, start)

    def end_of(self, start: int) -> int:
        """Where the next row element starts."""
        end = self.scan.find(self._tag, start + len(self._tag), self.data_end)
        return end if end != -1 else self.data_end

    def fragment(self, start: int) -> bytes:
        """The bytes of a row element, up to the next one, as they will be written."""
        return bytes(self.part(start, self.end_of(start)))

    def part(self, start: int, stop: int) -> bytes | memoryview:
        """A stretch as it will be written; a view of the source where nothing is rewritten."""
        return self.rewrites.apply(self.raw, start, stop)

    @property
    def whole(self) -> bytes:
        """All of the part, as it will be written."""
        return bytes(self.part(0, len(self.raw)))

    @property
    def head(self) -> bytes:
        """What stands in front of the rows, as it will be written."""
        return bytes(self.part(0, self.data_start))

    @property
    def tail(self) -> bytes:
        """What stands behind the rows, as it will be written."""
        return bytes(self.part(self.data_end, len(self.raw)))

    def row_tag(self, start: int) -> bytes:
        """The row's opening tag."""
        match = self._row.match(self.scan, start)
        if match is None:
            raise refuse("xml.malformed", self.where)
        return match[0]

    def row(self, start: int) -> RowFragment:
        """A row with its cells, refused when their order is not clear."""
        where = f"{self.where} {self.number(start)}"
        return RowFragment(self.fragment(start), self.prefix, where)

    def cells(self, start: int) -> list[Cell]:
        """The cells of a row; positions count from the row's start."""
        return self.row(start).cells

    def row_style(self, start: int) -> int | None:
        """The row's own style, where it has one."""
        head = self.row_tag(start)
        match = _STYLE.search(head)
        return int(match[1]) if match and _CUSTOM.search(head) else None

    def row_around(self, position: int) -> int:
        """The number of the row that holds a position."""
        return self.number(self.scan.rfind(self._tag, self.data_start, position))

    def formula_tags(self) -> Iterator[re.Match[bytes]]:
        """Formula elements that carry attributes (shared, array, data table)."""
        pattern = re.compile(rb"<" + re.escape(self.prefix) + rb"f\s([^>]*)>")
        found = (pattern.match(self.scan, start) for start in self.formulas)
        return (match for match in found if match)

    @cached_property
    def formulas(self) -> Sequence[int]:
        """Where the formula elements start that carry attributes, or a digit: any reference does.

        The others are names alone, of which our own checks consist, one in every row.
        """
        if not self.has_formulas:
            return ()
        digit = rb"[^<\d]*+\d"
        opened = rb"<" + re.escape(self.prefix) + rb"f(?:\s|>" + digit + rb")"
        found = re.compile(opened).finditer(self.scan, self.data_start, self.data_end)
        return array("q", (match.start() for match in found))

    @cached_property
    def has_formulas(self) -> bool:
        """Whether any cell holds a formula."""
        return self._holds(b"f", b"<" + self.prefix + b"f")
