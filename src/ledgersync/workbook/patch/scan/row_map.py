"""Where rows and ranges go when rows are removed or inserted."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice, pairwise
from operator import lt

from ledgersync.dataclass import dataclass

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384


@dataclass(frozen=True)
class RowMap:
    """Rows before → rows after: `removed` close up, `count` rows open above row `before`."""

    removed: tuple[int, ...] = ()
    before: int = MAX_ROW + 1
    count: int = 0

    @classmethod
    def of(cls, removed: Iterable[int], before: int | None = None, count: int = 0) -> "RowMap":
        ordered = tuple(sorted(set(removed)))
        return cls(ordered, before or MAX_ROW + 1, count if before else 0)

    @property
    def moves(self) -> bool:
        """Whether any row changes its place or goes."""
        return bool(self.removed or self.count)

    def row(self, row: int) -> int | None:
        """The row's number after; None when it is removed. The sheet's last row stays last."""
        at = bisect_left(self.removed, row)
        return None if self.removed[at : at + 1] == (row,) else self.place(row)

    def after(self, rows: Sequence[int]) -> list[int | None]:
        """`row` of each; of rising ones many at once, since between two breaks all move alike."""
        if not rows or not all(map(lt, rows, islice(rows, 1, None))):
            return [self.row(row) for row in rows]
        breaks = self.breaks()
        low, high = bisect_right(breaks, rows[0]), bisect_right(breaks, rows[-1])
        after: list[int | None] = []
        for begin, end in pairwise([rows[0], *breaks[low:high], rows[-1] + 1]):
            alike = rows[len(after) : bisect_left(rows, end, len(after))]
            place = self.row(begin)
            by = None if place is None else place - begin
            after += [None] * len(alike) if by is None else [row + by for row in alike]
        return after

    def old_row(self, row: int) -> int | None:
        """The row's number before; None when the row is a new one."""
        opened = self.opened
        if opened <= row < opened + self.count:
            return None
        kept = row - self.count if row >= opened else row
        return kept + bisect_right(self._gaps, kept)

    @cached_property
    def _gaps(self) -> list[int]:
        """Per removed row, the number after of the row that takes its place."""
        return [row - index for index, row in enumerate(self.removed)]

    @property
    def opened(self) -> int:
        """The number after of the first inserted row."""
        return self.before - bisect_left(self.removed, self.before)

    def place(self, row: int) -> int:
        """The row's number after, or that of the next row kept when it is removed."""
        if row >= MAX_ROW:
            return MAX_ROW
        moved = row - bisect_left(self.removed, row)
        return moved + (self.count if row >= self.before else 0)

    def span(self, top: int, bottom: int) -> tuple[int, int] | None:
        """A range of rows after, shrunk by what was removed; None when nothing of it is left."""
        start = self.survivor(top, bottom)
        if start is None:
            return None
        while (end := self.row(bottom)) is None:
            bottom -= 1
        return self.place(start), end

    def survivor(self, top: int, bottom: int) -> int | None:
        """The first row (before) of a range that is kept."""
        at = bisect_left(self.removed, top)
        row = top
        while at < len(self.removed) and self.removed[at] == row and row <= bottom:
            row += 1
            at += 1
        return row if row <= bottom else None

    def breaks(self) -> list[int]:
        """Rows (before) at which the distance moved can change, the last of all among them."""
        return self._breaks

    @cached_property
    def _breaks(self) -> list[int]:
        points = set(self.removed) | {row + 1 for row in self.removed}
        if self.count:
            points.add(self.before)
        if points:
            points.add(MAX_ROW)
        return sorted(points)


KEEP = RowMap()
