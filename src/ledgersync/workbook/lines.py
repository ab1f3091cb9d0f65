"""How much room a text takes in a cell: widths in characters, lines, heights in points.

A row's height must stand in the file: not every program fits rows to their text when it opens one.
"""

import math
from functools import lru_cache

LINE_HEIGHT = 16.5  # in points, of a line in a cell
MOST_LINES = 24  # a spreadsheet's row has 409 points at most
_EDGES = 2.0  # of a column's width, what no text is drawn on


def units(text: str) -> float:
    """Width in characters, Chinese ones counting double."""
    return sum(2.0 if ord(c) > 0x2E7F else 1.1 for c in text)  # a little more than they need


def short_for(width: float) -> int:
    """So many characters, of whatever kind, stand in one line of a column of this width."""
    return int(max(2.0, width - _EDGES) / 2)


@lru_cache(maxsize=4096)
def line_count(text: str, width: float) -> int:
    """Lines that a text takes in a column of this width."""
    if len(text) <= short_for(width) and "\n" not in text:
        return 1
    room = max(2.0, width - _EDGES)
    return sum(max(1, math.ceil(units(line) / room)) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """The height of a row with so many lines."""
    return min(lines, MOST_LINES) * LINE_HEIGHT + 1.5
