"""单位×指标: every figure of every unit, indicators down and units across."""

from collections.abc import Iterable, Sequence

from ledgersync.report.cells import FigureCell
from ledgersync.report.groups import Topic
from ledgersync.report.sheets import LINE, Page
from ledgersync.rollup.figures import Line

PIVOT = "单位×指标"
ACROSS = 10  # units on a landscape page
_TOGETHER = 3  # lines under a heading


def widths(units: int) -> tuple[float, ...]:
    """Of the columns, for so many units beside each other."""
    return (32.0, 9.0, *[12.5] * min(units, ACROSS))


def draw_pivot(
    page: Page,
    topics: Iterable[Topic],
    names: Sequence[str],
    cells: Sequence[Sequence[FigureCell]],
    lines: Sequence[Line],
) -> None:
    """`cells` by line, then by unit; 合计 is the first unit. More units than fit go beneath."""
    at = {line.id: number for number, line in enumerate(lines)}
    every = list(topics)
    for start in range(0, len(names), ACROSS):
        some = slice(start, start + ACROSS)
        if start:
            page.skip()
        page.keep_together(36 + LINE * _TOGETHER)
        page.header(("指标", "计量单位", *names[some]), 36)
        if not start:
            page.repeat(page.row - 1)
            page.sheet.freeze_panes = f"C{page.row}"
        for topic in every:
            for group in topic.groups:
                page.band(f"{topic.name}　{group.heading}")
                for line in group.lines:
                    page.line((line.name, line.measure), cells[at[line.id]][some])
