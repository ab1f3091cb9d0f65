"""Texts broken into lines of a terminal: between words and Chinese characters, never inside one.

A number, a date, a file name, a short text in quotes is a word; a closing mark stays with the word
before it, an opening one with the word after it.
"""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_CLOSING = "，。；：、！？）】〕》”’…%‰,.;:!?)]}"
_OPENING = "（【〔《“‘([{"
_DAY = r"(?:\d+[年月日时分])+"
_QUOTED = r'"[^"\n]{0,20}"'
_PLAIN = rf'[^\s{_WIDE}“”‘’…"]+'
_WORD = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:(?:{_DAY}|{_QUOTED}|{_PLAIN})+|\S)[{re.escape(_CLOSING)}]*|\s+"
)


def words_of(text: str) -> Iterator[str]:
    """The text in pieces that stay whole, and the spaces between them."""
    return (match[0] for match in _WORD.finditer(text))


def widest_word(text: str) -> int:
    """Columns of a terminal that the text needs at the least."""
    return max((cell_len(word) for word in words_of(text) if not word.isspace()), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text; a word is longer than `width` only where it has to be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in words_of(paragraph):
            if line and cell_len(line + word.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            if line or not word.isspace():
                line += word
        lines.append(line.rstrip())
    return lines


_SHORT = (8, 4, 0)  # texts up to this width stay on one line, as long as the table has room


def widths_of(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """The widths of a table's columns, header and cells of each; None where no words fit."""
    whole = [max(cell_len(n) for text in column for n in text.split("\n")) for column in columns]
    for short in _SHORT:
        least = [max(_least(text, short) for text in column) for column in columns]
        widths = fitted(least, whole, room)
        if widths is not None:
            return widths
    return None


def _least(text: str, short: int) -> int:
    lines = text.split("\n")
    return max(n if (n := cell_len(line)) <= short else widest_word(line) for line in lines)


def fitted(least: Sequence[int], whole: Sequence[int], room: int) -> list[int] | None:
    """The widths of a table's columns in `room`; None where even their words do not fit.

    `least` and `whole` are the columns' longest words and longest texts.
    """
    left = room - sum(least)
    if left < 0:
        return None
    wanted = [w - n for w, n in zip(whole, least, strict=True)]
    if sum(wanted) <= left:
        return list(whole)
    widths = [n + left * w // sum(wanted) for n, w in zip(least, wanted, strict=True)]
    for at in sorted(range(len(widths)), key=lambda i: widths[i] - whole[i]):
        widths[at] += min(room - sum(widths), whole[at] - widths[at])
    return widths
