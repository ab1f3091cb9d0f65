"""Which office a workbook says it is of: 填报单位 in a caption above its tables."""

import unicodedata
from itertools import pairwise

from ledgersync.patterns import pattern_of
from ledgersync.workbook.read.layout.grid import Book, Grid

_ROWS = 12  # captions stand above the header
# What a caption says next; names may begin with, or hold, the words of the second line.
_NEXT = (
    r"(?:填报|填表|审核|报出|制表"
    r"|(?:负责|联系|统计)(?:人|员|日期|时间|电话|手机|方式|期|[^\s:]{0,4}\s*:))"
)
_NAMED = pattern_of(
    r"(?:填报|报送|上报|填表|填写)单位(?:名称)?(?:\(?盖章\)?)?\s*[::]\s*(?P<name>.*?)"
    rf"(?:\s{{2,}}|\s*{_NEXT}|\s(?:负责|联系|统计)|$)"
)
_BLANK = pattern_of(r"[_\s]*")


def office_named(book: Book) -> str | None:
    """The first name that stands behind 填报单位, in its cell or the next; None for no name."""
    for grid in book:
        for row in range(1, min(_ROWS, grid.height) + 1):
            if name := _in_row(grid, row):
                return name
    return None


def _in_row(grid: Grid, row: int) -> str | None:
    cells = [_plain(cell) for _, cell in grid.filled(row)]
    for text, beside in pairwise([*cells, ""]):
        found = _NAMED.search(text)
        if found is None:
            continue
        name = found["name"].strip() or beside.strip()
        return None if _BLANK.fullmatch(name) else name
    return None


def _plain(cell: object) -> str:
    return unicodedata.normalize("NFKC", cell) if isinstance(cell, str) else ""
