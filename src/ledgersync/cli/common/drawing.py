"""Tables drawn for a terminal, of texts that are broken into lines already.

As rich draws them, without its console and renderer, which take longer to import than a small
command runs.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest

import click
from rich.cells import cell_len

from ledgersync.cli.common.wrapping import wrapped

BETWEEN = 3  # columns of a terminal between two of a table
_USUAL = 80
_UNSEEN = re.compile("[\x07\x08\x0b-\r]")  # that move the cursor, or ring

Lines = Sequence[str]


def terminal_width() -> int:
    """Columns of the terminal, by `COLUMNS`, else of whatever stream is one."""
    told = os.environ.get("COLUMNS", "")
    spare = int(sys.platform == "win32")  # where the last one is written to, a line may break
    if told.isdecimal():
        return int(told) - spare
    if _is_clever():
        for stream in (0, 1, 2):
            with suppress(OSError, ValueError):
                if width := os.get_terminal_size(stream).columns:
                    return width - spare
    return _USUAL - spare


def _is_clever() -> bool:
    """The terminal knows more than letters."""
    return os.environ.get("TERM", "").casefold() not in ("dumb", "unknown")


def drawn(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    ruled: bool,
    plain: bool = False,
) -> Iterator[str]:
    """The lines of a table, headers in bold; `plain` draws with ASCII alone."""
    bar, thick, head, rule = (" | ", " | ", "-+-", "-+-") if plain else (" │ ", " ┃ ", "━╇━", "─┼─")
    top = [wrapped(_clean(header), width) for header, width in zip(headers, widths, strict=True)]
    most = max(map(len, top), default=0)
    low = [[*[""] * (most - len(lines)), *lines] for lines in top]  # headers stand on the rule
    for line in _beside(low, widths, thick):
        yield click.style(line, bold=True) if _is_clever() else line
    yield head.join(head[0] * width for width in widths)
    for n, row in enumerate(rows):
        if ruled and n:
            yield rule.join(rule[0] * width for width in widths)
        cells = [wrapped(_clean(text), width) for text, width in zip(row, widths, strict=True)]
        yield from _beside(cells, widths, bar)


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text.expandtabs())


def _beside(cells: Sequence[Lines], widths: Sequence[int], bar: str) -> Iterator[str]:
    """Cells of one row, each of several lines, beside each other."""
    for line in zip_longest(*cells, fillvalue=""):
        yield bar.join(_filled(text, width) for text, width in zip(line, widths, strict=True))


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
