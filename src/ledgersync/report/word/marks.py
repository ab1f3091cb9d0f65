"""Bookmarks: where each figure stands, and which paragraph is which.

Their names survive Word, WPS and LibreOffice; content controls do not (LibreOffice 7.4 doubles the
text of a control around a paragraph). A paragraph's name ends with a digest of what we wrote into
it, so that what a person changed shows.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

FIGURE, PARAGRAPH, APPENDIX = "_LS_", "_LSP_", "_LSA_"
_LONGEST = 26
_PLAIN = re.compile(r"[^A-Za-z0-9]+")
Element = Any  # lxml's, which python-docx does not type


def slug(name: str) -> str:
    """A name of letters, digits and lines; where that loses something, with a digest of it."""
    plain = _PLAIN.sub("_", name).strip("_")
    if len(plain) <= _LONGEST and name.isascii():
        return plain
    return f"{plain[: _LONGEST - 9].strip('_')}_{digest(name)}".strip("_")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def paragraph_mark(name: str, text: str) -> str:
    return f"{PARAGRAPH}{slug(name)}_{digest(text)}"


def figure_mark(name: str, number: int) -> str:
    return f"{FIGURE}{slug(name)}_{number}"


class Marks:
    """Puts bookmarks around runs, each with a number of its own."""

    def __init__(self, first: int = 1) -> None:
        self._next = first

    def around(self, name: str, elements: Iterable[Element]) -> Iterator[Element]:
        number, self._next = self._next, self._next + 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(number))
        start.set(qn("w:name"), name)
        yield start
        yield from elements
        yield end


def marked_texts(root: Element, prefix: str) -> Iterator[tuple[str, str]]:
    """Every bookmark of a kind with the text that it encloses, in the document's order."""
    started: dict[str, tuple[str, list[str]]] = {}
    for element in root.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:t")):
        if element.tag == qn("w:t"):
            for _, parts in started.values():
                parts.append(element.text or "")
        elif element.tag == qn("w:bookmarkStart"):
            name = element.get(qn("w:name")) or ""
            if name.startswith(prefix):
                started[element.get(qn("w:id"))] = (name, [])
        elif (number := element.get(qn("w:id"))) in started:
            name, parts = started.pop(number)
            yield name, "".join(parts)


def mark_of(paragraph: Element) -> str | None:
    """The name of a paragraph of ours, None for one of a person's."""
    for start in paragraph.iter(qn("w:bookmarkStart")):
        name = start.get(qn("w:name")) or ""
        if name.startswith((PARAGRAPH, APPENDIX)):
            return str(name)
    return None
