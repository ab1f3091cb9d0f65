"""The page that every generated workbook is printed on: A4, its margins and its foot."""

from collections.abc import Sequence

PAPER = 9  # A4 in a workbook's page set-up
SIDES, TOP, BOTTOM, FOOTER = 0.3, 0.5, 0.65, 0.3  # margins in inches
_SHORT, _LONG = 8.27, 11.69  # inches
PAGE_NUMBERS = "第 &P 页，共 &N 页"
_LONGEST = 90  # header and footer together have 255 characters


def foot(text: str) -> str:
    """A text for the foot of a page, where `&` begins a command."""
    return text.replace("\n", " ")[:_LONGEST].replace("&", "&&")


A3, _A3_LONG = 8, 16.54  # in a workbook's page set-up; inches


def scale_of(widths: Sequence[float], *, portrait: bool = False, paper: int = PAPER) -> float:
    """How far columns of these widths shrink (below 1) to fit across one page."""
    landscape = _A3_LONG if paper == A3 else _LONG
    across = (_SHORT if portrait else landscape) - 2 * SIDES
    return across * 96 / sum(7 * width + 5 for width in widths)


def points_down(*, portrait: bool = False) -> float:
    """The height of a page's body, unscaled."""
    return ((_LONG if portrait else _SHORT) - TOP - BOTTOM) * 72
