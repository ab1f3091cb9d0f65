"""The headers of a foreign sheet: known ones first, else the row that looks most like one."""

from collections.abc import Sequence

from ledgersync.dataclass import dataclass
from ledgersync.values.text import is_blank, typed
from ledgersync.workbook.read.layout.blocks import Block, find_blocks
from ledgersync.workbook.read.layout.choose import segments
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex

_NEAR_TOP = 15
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Head:
    """A header, the last row below it that is its own, and the columns it reaches to."""

    block: Block
    last: int
    right: int
    is_first: bool = True


def heads_of(grid: Grid, index: HeaderIndex) -> list[Head]:
    """Every header of the sheet, lists that stand beside each other apart."""
    known = [b for b in find_blocks(grid, index) if len(b.columns) > 1]
    blocks = [b for n, b in enumerate(known) if not (known[n + 1 :] and _is_form(grid, index, b))]
    blocks = blocks or _likely(grid)
    found: list[Head] = []
    for n, block in enumerate(blocks):
        last = _above(grid, blocks[n + 1].top) if n + 1 < len(blocks) else grid.height
        parts = _beside(block)
        for i, part in enumerate(parts):
            right = parts[i + 1].left - 1 if i + 1 < len(parts) else grid.width
            found.append(Head(part, last, right, i == 0))
    return found


def _is_form(grid: Grid, index: HeaderIndex, block: Block) -> bool:
    """Labels with their answers in one row, above the header of the list: 姓名, 王秀英, 电话, …"""
    cells = [raw for _, raw in grid.filled(block.bottom)]
    labels, answers = cells[::2], cells[1::2]
    return (
        block.top == block.bottom
        and len(answers) > 1
        and all(map(index.knows, labels))
        and not any(map(index.knows, answers))
    )


def _above(grid: Grid, top: int) -> int:
    """The last row before a later header that is no title of it."""
    row = top - 1
    while row > 1 and len(grid.filled(row)) == 1 and len(grid.filled(row - 1)) < _LEAST:
        row -= 1
    return row - 1 if len(grid.filled(row)) == 1 else row


def _beside(block: Block) -> list[Block]:
    """Lists beside each other: a gap, a second serial number, or the same headers again."""
    parts = [p for p in segments(block) if len(p.columns) >= _LEAST]
    if len(parts) > 1:
        return parts
    keys = [c.key for c in block.columns]
    for times in (2, 3, 4):
        size, rest = divmod(len(keys), times)
        if not rest and size >= _LEAST and keys == keys[:size] * times:
            cuts = range(0, len(keys), size)
            return [Block(block.top, block.bottom, block.columns[c : c + size]) for c in cuts]
    return [block]


def _likely(grid: Grid) -> list[Block]:
    """Where no header is known: the fullest row of short texts above fuller rows of values."""
    best: tuple[int, int] = (0, 0)
    for row in range(1, min(grid.height, _NEAR_TOP) + 1):
        texts = [c for _, c in grid.filled(row) if _is_heading(c)]
        if len(texts) == len(grid.filled(row)) and _below(grid, row) and len(texts) > best[0]:
            best = (len(texts), row)
    count, row = best
    if count < _LEAST:
        return []
    columns = tuple(HeaderColumn(c, (typed(raw),), (1,)) for c, raw in grid.filled(row))
    return [Block(row, row, columns)]


def _is_heading(raw: object) -> bool:
    return isinstance(raw, str) and 1 < len(raw.strip()) <= 20 and not any(map(str.isdigit, raw))


def _below(grid: Grid, row: int) -> bool:
    return any(len(grid.filled(r)) > 1 for r in range(row + 1, min(grid.height, row + 3) + 1))


def cells_below(grid: Grid, head: Head, column: int) -> Sequence[object]:
    """The cells of a column under its header."""
    return [grid.cell(row, column) for row in range(head.block.bottom + 1, head.last + 1)]


def samples_of(cells: Sequence[object]) -> tuple[str, ...]:
    """Three different texts of a column."""
    return tuple(dict.fromkeys(typed(c).strip() for c in cells if not is_blank(c)))[:3]
