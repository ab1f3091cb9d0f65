"""Where the headers on a sheet are: blocks of one to three rows, wherever they start.

A row is an anchor when enough of its cells are known headers; rows above and below belong to it
when merged cells tie them together or, where nothing is merged, when they fill its gaps.
"""

from collections.abc import Iterable, Iterator

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.values.text import trim
from ledgersync.workbook.read.layout import wording
from ledgersync.workbook.read.layout.grid import NEAR_TOP, Grid, Merge
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex

MAX_DEPTH = 3
_GROUP = pattern_of(r"^.{0,8}(?:信息|情况|内容|资料|数据)$")


@dataclass(frozen=True, slots=True)
class Block:
    """One header: its rows, its columns from left to right (those with a text)."""

    top: int
    bottom: int
    columns: tuple[HeaderColumn, ...]

    @property
    def left(self) -> int:
        return self.columns[0].index

    @property
    def right(self) -> int:
        return self.columns[-1].index

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(range(self.top, self.bottom + 1))


class Merges:
    """Merged ranges of the rows near headers, by cell."""

    def __init__(self, merges: Iterable[Merge], rows: set[int]) -> None:
        self.at: dict[tuple[int, int], Merge] = {}
        for merge in merges:
            if merge.height > 200 or merge.width > 1000:
                merge = Merge(
                    merge.top,
                    merge.left,
                    min(merge.bottom, merge.top + 200),
                    min(merge.right, merge.left + 1000),
                )
            for row in range(merge.top, merge.bottom + 1):
                if row in rows:
                    for column in range(merge.left, merge.right + 1):
                        self.at[row, column] = merge

    def in_row(self, row: int, columns: range) -> list[Merge]:
        found = (self.at.get((row, c)) for c in columns)
        return list(dict.fromkeys(m for m in found if m is not None))


def find_blocks(grid: Grid, index: HeaderIndex) -> list[Block]:
    """All headers of the sheet, from the top down."""
    anchors = _anchors(grid, index)
    near = {row + d for row in anchors for d in range(-MAX_DEPTH, MAX_DEPTH + 1)}
    merges = Merges(grid.merges, near)
    blocks: list[Block] = []
    for run in _runs(grid, merges, anchors):
        floor = blocks[-1].bottom if blocks else 0
        if run[0] > floor:
            blocks.append(_block(grid, index, merges, run, floor))
    return blocks


def _runs(grid: Grid, merges: Merges, anchors: list[int]) -> list[tuple[int, int]]:
    """Neighbouring anchors are one header, unless the lower repeats the columns of the upper."""
    runs: list[tuple[int, int]] = []
    for row in anchors:
        last = runs[-1] if runs else (-9, -9)
        near = row - last[0] < MAX_DEPTH and _are_headings(grid, last[1] + 1, row)
        if near and not _repeats(grid, merges, last[1], row):
            runs[-1] = (last[0], row)
        else:
            runs.append((row, row))
    return runs


def _are_headings(grid: Grid, start: int, stop: int) -> bool:
    """The rows between two anchors, if any, hold short texts only, and some."""
    between = [grid.filled(row) for row in range(start, stop)]
    return all(cells and all(_is_heading(c) for _, c in cells) for cells in between)


def _repeats(grid: Grid, merges: Merges, upper: int, row: int) -> bool:
    """Both rows fill the same columns, and no parent spans any."""
    above, here = dict(grid.filled(upper)), dict(grid.filled(row))
    spanning = {m.left for m in merges.in_row(upper, range(1, grid.width + 1)) if m.width > 1}
    shared = [c for c in above if c in here and c not in spanning]
    return len(shared) >= 3 and len(shared) * 2 > len(here)


def _anchors(grid: Grid, index: HeaderIndex) -> list[int]:
    """Rows that look like a header by themselves."""
    found = []
    for row in _candidates(grid, index):
        cells = grid.filled(row)
        hits = sum(1 for _, c in cells if index.knows(c))
        if (hits >= 3 and hits * 4 >= len(cells)) or (hits == 2 and len(cells) <= 3):
            found.append(row)
    return found


def _candidates(grid: Grid, index: HeaderIndex) -> Iterator[int]:
    """The first rows, and below them every row that holds two or more header texts."""
    yield from range(1, min(grid.height, NEAR_TOP) + 1)
    if grid.height <= NEAR_TOP:
        return
    counts: dict[int, int] = {}
    for column, cells in enumerate(grid.columns, 1):
        known = _known_texts(grid.words(column), index)
        if known:
            for row, cell in enumerate(cells[NEAR_TOP:], NEAR_TOP + 1):
                if cell in known:
                    counts[row] = counts.get(row, 0) + 1
    yield from (row for row, n in sorted(counts.items()) if n >= 2)


def _known_texts(texts: list[str], index: HeaderIndex) -> set[str]:
    endings = index.endings
    return {t for t in texts if t[-1] in endings and len(t) <= 60 and index.knows(t)}


def _block(
    grid: Grid, index: HeaderIndex, merges: Merges, run: tuple[int, int], floor: int
) -> Block:
    top, bottom = _tied_by_merges(grid, merges, run, floor)
    if bottom - top + 1 < MAX_DEPTH and _leaves_below(grid, merges, bottom):
        bottom += 1
    while bottom - top + 1 < MAX_DEPTH:
        above = _parents_top(grid, merges, top, index, bottom - MAX_DEPTH + 1)
        if above is None or above <= floor:
            break
        top = above
    return Block(top, bottom, tuple(_columns(grid, merges, top, bottom)))


def _parents_top(
    grid: Grid, merges: Merges, row: int, index: HeaderIndex, highest: int
) -> int | None:
    """The first row of the parents directly above `row`; their merges may be two rows high."""
    tops = [m.top for m in merges.in_row(row - 1, range(1, grid.width + 1))]
    top = min([row - 1, *tops])
    if top < max(1, highest) or not _is_parent(grid, merges, top, row, index):
        return None
    return top


def _tied_by_merges(
    grid: Grid, merges: Merges, run: tuple[int, int], floor: int
) -> tuple[int, int]:
    """The rows that vertical merges through the header tie to its anchors."""
    columns = range(1, grid.width + 1)
    top, bottom = run
    while True:
        tied = [
            m
            for row in range(top, bottom + 1)
            for m in merges.in_row(row, columns)
            if 1 < m.height <= MAX_DEPTH and m.top > floor and trim(str(grid.cell(m.top, m.left)))
        ]
        new_top = min([top, *(m.top for m in tied)])
        new_bottom = max([bottom, *(m.bottom for m in tied)])
        if (new_top, new_bottom) == (top, bottom) or new_bottom - new_top >= MAX_DEPTH:
            return top, bottom
        top, bottom = new_top, new_bottom


def _leaves_below(grid: Grid, merges: Merges, row: int) -> bool:
    """The row below holds the leaves of this row's horizontal parents, and nothing else."""
    parents = [
        m
        for m in merges.in_row(row, range(1, grid.width + 1))
        if m.width > 1 and m.bottom == row and grid.cell(m.top, m.left) != ""
    ]
    below = grid.filled(row + 1)
    if not below or not all(_is_heading(c) for _, c in below):
        return False
    above = dict(grid.filled(row))
    if parents:
        under = [any(m.left <= c <= m.right for m in parents) for c, _ in below]
        return any(under) and all(
            u or c not in above for u, (c, _) in zip(under, below, strict=True)
        )
    gaps = [c for c, _ in below if c not in above]
    firsts = [c for c, _ in below if c in above and c + 1 in gaps]
    return len(gaps) >= 1 and len(gaps) + len(firsts) == len(below) and min(above) < min(gaps)


def _is_heading(raw: object) -> bool:
    """A short text without figures, brackets around it, or a colon: not a record, not a hint."""
    if not isinstance(raw, str) or wording.is_hint(raw) or wording.is_total(raw):
        return False
    text = trim(raw)
    return len(text) <= 20 and not any(c.isdigit() for c in text[2:]) and ":" not in text


def _is_parent(grid: Grid, merges: Merges, top: int, row: int, index: HeaderIndex) -> bool:
    """Row `top`, above the header row `row`, holds parents: texts over a part of the columns."""
    above, here = grid.filled(top), dict(grid.filled(row))
    texts = [c for _, c in above]
    if not above or not here or any(_says_something(t) for t in texts):
        return False
    wide = [m for m in merges.in_row(top, range(1, grid.width + 1)) if m.width > 1]
    if len(above) == 1:
        titled = any(grid.filled(r) for r in range(max(1, top - 5), top))
        return _is_lone_parent(above[0], wide, here, index, titled)
    if wide:
        return all(isinstance(t, str) and not wording.names_a_register(t) for t in texts)
    fills = [c for c, _ in above if c not in here]
    known = sum(1 for t in texts if index.knows(t))
    return bool(fills) and known * 2 >= len(above)


def _is_lone_parent(
    cell: tuple[int, object],
    wide: list[Merge],
    here: dict[int, object],
    index: HeaderIndex,
    titled: bool,
) -> bool:
    """A single text above is a title, unless it says what it groups and a title stands above it,
    or it is merged over a part of the columns only."""
    column, text = cell
    merge = next((m for m in wide if m.left == column), None)
    if merge is None:
        return False
    if titled and _GROUP.search(trim(str(text))):
        return True
    if merge.width * 2 > max(here) - min(here) + 1:
        return False
    return index.knows(text) or column > min(here)


def _says_something(raw: object) -> bool:
    if not isinstance(raw, str):
        return True
    return wording.is_caption(raw) or wording.is_note(raw) or wording.is_total(raw)


def _columns(grid: Grid, merges: Merges, top: int, bottom: int) -> Iterator[HeaderColumn]:
    for column in range(1, grid.width + 1):
        parts: list[str] = []
        spans: list[int] = []
        seen: set[tuple[int, int]] = set()
        for row in range(top, bottom + 1):
            text, at, span = _text_at(grid, merges, row, column, row < bottom)
            if text and at not in seen:
                seen.add(at)
                parts.append(text)
                spans.append(span)
        if parts and _has_own_text(grid, merges, top, bottom, column):
            yield HeaderColumn(column, tuple(parts), tuple(spans))


def _text_at(
    grid: Grid, merges: Merges, row: int, column: int, may_lean: bool
) -> tuple[str, tuple[int, int], int]:
    """The text over a cell, where it stands, how many columns it spans."""
    merge = merges.at.get((row, column))
    if merge is not None:
        text = grid.cell(merge.top, merge.left)
        return _as_text(text), (merge.top, merge.left), merge.width
    text = _as_text(grid.cell(row, column))
    if text or not may_lean or not _as_text(grid.cell(row + 1, column)):
        return text, (row, column), 1
    return _leaning(grid, merges, row, column)


def _leaning(grid: Grid, merges: Merges, row: int, column: int) -> tuple[str, tuple[int, int], int]:
    """Without merged cells: the parent to the left whose own lower cell is a leaf, too."""
    at = column - 1
    while at > 0 and not _as_text(grid.cell(row, at)) and _as_text(grid.cell(row + 1, at)):
        at -= 1
    text = _as_text(grid.cell(row, at))
    if not text or (row, at) in merges.at or not _as_text(grid.cell(row + 1, at)):
        return "", (row, column), 1
    return text, (row, at), 2


def _has_own_text(grid: Grid, merges: Merges, top: int, bottom: int, column: int) -> bool:
    """Not only a wide parent above an empty cell."""
    for row in range(top, bottom + 1):
        merge = merges.at.get((row, column))
        if merge is None and _as_text(grid.cell(row, column)):
            return True
        if merge is not None and (
            merge.width == 1 or merge.left == column or merge.bottom == bottom
        ):
            return True
    return False


def _as_text(raw: object) -> str:
    if isinstance(raw, str):
        return trim(raw)
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else trim(str(raw))
