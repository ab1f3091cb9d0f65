"""Rows of a sheet under their numbers after, as a stream of pieces of the source.

Rows that keep their place are views of the source. The others are renumbered a block at a time:
where rows and cells are written as spreadsheet programs write them, a row's number stands in its
tag and in the address of each of its cells and nowhere else, and all of them are replaced at
once. A row for which that does not hold (it is counted) is taken apart.
"""

import re
from collections.abc import Iterator
from itertools import compress, repeat
from operator import lt

from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.row_map import MAX_ROW, RowMap

Piece = bytes | memoryview
_ADDRESS = rb"(?:c|row)\s(?:[^>]*?\s)?r\s*=\s*[\"']\s*\$?[A-Za-z]*\$?)\d+"
_ASIDE = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_ROW_NUMBER = re.compile(rb"\sr\s*=")
_BLOCK = 1 << 20


class MovingRows:
    """The rows of one sheet as they move; about `block` bytes of the source are taken at once."""

    def __init__(self, text: SheetText, rows: RowMap, block: int = _BLOCK) -> None:
        self._text = text
        self._block = block
        self._rows = rows
        self._breaks = rows.breaks()
        self._last = 0  # row of the block before
        prefix = text.prefix
        self._tag = b"<" + prefix + b"row"
        self._any_cell = b"<" + prefix + b"c"
        self._usual_cell = b"<" + prefix + b'c r="'
        pattern = _ASIDE + rb"|(<" + re.escape(prefix) + _ADDRESS
        self._address = re.compile(pattern, re.DOTALL)

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """A stretch of the source from the start of one row, or of the data, to that of another."""
        still = min(max(self._text.at(self._breaks[0]), start), stop) if self._breaks else stop
        if start < still:
            yield self._text.part(start, still)
        while still < stop:
            end = self._text.scan.find(self._tag, still + self._block, stop)
            end = stop if end == -1 else end
            self._require_later(still, end)
            yield self.moved(still, end)
            still = end

    def _require_later(self, start: int, end: int) -> None:
        """Blocks come in order; within them `_require_order` looks."""
        last, text = self._last, self._text
        self._last = text.number(next(text.backwards(end)))
        if not last < text.number(start) <= self._last:
            raise refuse("sheet.rows_out_of_order", text.where)

    def moved(self, start: int, stop: int) -> bytes:
        """Whole rows of the source under their numbers after, without those that go."""
        if self._text.scan is self._text.raw:
            usual = self._usual(bytes(self._text.part(start, stop)))
            if usual is not None:
                return usual
        return b"".join(self._one_by_one(start, stop))

    def _usual(self, block: bytes) -> bytes | None:
        """The same for rows whose number is the first thing in their tag; None for others."""
        rows = block.split(self._tag)[1:]
        if not all(map(bytes.startswith, rows, repeat(b' r="'))):
            return None
        try:
            numbers = [int(row[4 : row.index(b'"', 4)]) for row in rows]
        except ValueError:
            return None
        self._require_order(numbers)
        return self._tag.join([b"", *self._renumbered(rows, numbers, b"'" in block)])

    def _require_order(self, numbers: list[int]) -> None:
        rising = all(map(lt, numbers, numbers[1:]))
        if not rising or not 1 <= numbers[0] <= numbers[-1] <= MAX_ROW:
            raise refuse("sheet.rows_out_of_order", self._text.where)

    def _renumbered(self, rows: list[bytes], numbers: list[int], quotes: bool) -> list[bytes]:
        """Rows without the start of their tag; `quotes`: addresses may stand in single ones."""
        after = self._rows.after(numbers)
        if None in after:
            stays = [number is not None for number in after]
            rows, numbers = list(compress(rows, stays)), list(compress(numbers, stays))
        new = [number for number in after if number is not None]
        old_ends, new_ends = ([b'%d"' % number for number in side] for side in (numbers, new))
        moved = list(map(bytes.replace, rows, old_ends, new_ends))
        for index in self._odd(rows, old_ends, quotes):
            moved[index] = self._taken_apart(self._tag + rows[index], new[index])[len(self._tag) :]
        return moved

    def _odd(self, rows: list[bytes], ends: list[bytes], quotes: bool) -> Iterator[int]:
        """Indexes of the rows whose number stands elsewhere too, or not in every cell."""
        found = map(bytes.count, rows, ends)
        usual = list(map(bytes.count, rows, repeat(self._usual_cell)))
        cells = map(bytes.count, rows, repeat(self._any_cell)) if quotes else usual
        for index, counts in enumerate(zip(found, usual, cells, strict=True)):
            if not counts[0] - 1 == counts[1] == counts[2]:
                yield index

    def _one_by_one(self, start: int, stop: int) -> Iterator[bytes]:
        """The same for rows in any spelling: other quotes, other order, no numbers at all."""
        while start < stop:
            after = self._rows.row(self._text.number(start))
            if after is not None:
                yield self._taken_apart(self._text.fragment(start), after)
            start = self._text.end_of(start)

    def _taken_apart(self, row: bytes, number: int) -> bytes:
        """A row element with its number and its cells' addresses changed, wherever they stand."""
        new = b"%d" % number
        moved = self._address.sub(lambda match: match[1] + new if match[1] else match[0], row)
        if _ROW_NUMBER.search(row, 0, row.index(b">")):
            return moved
        return self._tag + b' r="' + new + b'"' + moved[len(self._tag) :]
