"""Help pages in Chinese: columns are counted as a terminal shows them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import click


def columns(text: str) -> int:
    """How many columns a text takes on a terminal: most Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class HelpFormatter(click.HelpFormatter):
    """Lists whose second column starts at one place, though characters differ in width."""

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        start = min(max((columns(term) for term, _ in rows), default=0), col_max) + col_spacing
        before, width = " " * self.current_indent, max(self.width - start - 2, 10)
        for term, text in rows:
            gap = start - columns(term)
            first, *rest = [*wrapped(text, width)] or [""]
            if gap < col_spacing:
                self.write(f"{before}{term}\n")
                term, gap = "", start
            self.write(f"{before}{term}{' ' * gap}{first}".rstrip() + "\n")
            for line in rest:
                self.write(f"{before}{' ' * start}{line}\n")


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at blanks and between Chinese characters."""
    line = ""
    for word in _words(" ".join(text.split())):
        if line and columns(line) + columns(word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word
    if line:
        yield line.rstrip()


# never at the beginning of a line, never at its end
_CLOSING, _OPENING = "，。、；：！？）》」』”’…％", "（《「『“‘"


def _words(text: str) -> Iterator[str]:
    """What must stay together: words with the blank behind, characters with their marks."""
    word = ""
    for c in text:
        wide = columns(c) == 2 or c in _OPENING
        if word and word[-1] not in _OPENING and c not in _CLOSING and (wide or _breaks(word[-1])):
            yield word
            word = ""
        word += c
    if word:
        yield word


def _breaks(last: str) -> bool:
    return last == " " or columns(last) == 2 or last in _CLOSING


class Context(click.Context):
    formatter_class = HelpFormatter
