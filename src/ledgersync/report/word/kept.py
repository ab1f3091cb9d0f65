"""What a person wrote into the last summary, taken over into the new one.

A paragraph of ours whose text is not what we wrote is theirs and stays as they left it; its numbers
that are others now are marked. A paragraph that we never wrote stays behind the one before it. One
that they deleted stays away.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import field
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Shown
from ledgersync.report.word import layout
from ledgersync.report.word.marks import (
    APPENDIX,
    FIGURE,
    PARAGRAPH,
    Element,
    digest,
    mark_of,
    marked_texts,
)

_BLOCKS = (qn("w:p"), qn("w:tbl"))
_FOREIGN = (qn("r:embed"), qn("r:id"), qn("r:link"))
_QUOTED = 24
_KEPT = frozenset(map(qn, ("w:b", "w:i", "w:u", "w:strike", "w:color", "w:highlight")))


@dataclass(frozen=True, slots=True)
class Standing:
    """A block of a document: whose it is (`name` empty: a person's), what it says, what it said."""

    name: str
    digest: str
    text: str
    element: Element

    @property
    def is_changed(self) -> bool:
        return bool(self.name) and digest(self.text) != self.digest


@dataclass
class Kept:
    """What was taken over: for the appendix, and for the person who runs the report."""

    changed: list[str] = field(default_factory=list)
    added: int = 0
    outdated: list[tuple[str, str, str]] = field(default_factory=list)  # paragraph, was, is
    lost: int = 0  # pictures and the like that cannot be taken over

    def notes(self) -> Iterator[str]:
        for text in self.changed:
            yield f"“{text}”一段由人改写，照原样保留。"
        for text, was, now in self.outdated:
            yield f"“{text}”一段里的{was}，现按台账为{now}，正文没有改动，请核对。"


def standings(document: Document) -> list[Standing]:
    """The blocks of the body up to our appendix."""
    found = []
    for element in document.element.body:
        if element.tag not in _BLOCKS:
            continue
        mark = mark_of(element) or ""
        if mark.startswith(APPENDIX):
            break
        if element.tag == qn("w:tbl"):
            found.append(_table(element))
        else:
            name, _, was = mark.removeprefix(PARAGRAPH).rpartition("_")
            found.append(Standing(name, was, _text(element), element))
    return found


def _table(element: Element) -> Standing:
    """A table of ours is known by its first cell; changed where any of its cells is."""
    mark = mark_of(element)
    if mark is None:
        return Standing("", "", _text(element), element)
    name = mark.removeprefix(PARAGRAPH).rpartition("_")[0]
    written, now = [], []
    for cell in element.iter(qn("w:p")):
        own = (mark_of(cell) or "").rpartition("_")[2]
        written.append(own)
        now.append(digest(_text(cell)))
    return Standing(
        name,
        digest("|".join(written)) if written != now else digest(_text(element)),
        _text(element),
        element,
    )


def _text(element: Element) -> str:
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def figures_of(element: Element) -> dict[str, str]:
    """The figures that stand in a block, by anchor."""
    return dict(marked_texts(element, FIGURE))


@dataclass
class TakeOver:
    """Takes what is a person's from an old document into a new one."""

    new: Document
    old: Document
    written: Sequence[str] | None  # the names that the old one was written with
    figures: Mapping[str, Shown]
    kept: Kept = field(default_factory=Kept)

    def run(self) -> Kept:
        before = {s.name: s for s in standings(self.old) if s.name}
        mine = {s.name: s for s in standings(self.new) if s.name}
        for name, own in mine.items():
            if name in before and before[name].is_changed:
                self._keep(own, before[name])
        self._insert()
        for name, own in mine.items():
            if self.written is not None and name not in before and name in self.written:
                own.element.getparent().remove(own.element)
        return self.kept

    def _keep(self, own: Standing, theirs: Standing) -> None:
        """Their text in the place and the style of ours, and in our bookmark, as changed."""
        self.kept.changed.append(_short(theirs.text))
        element = self._taken(theirs.element, _style_of(own.element))
        own.element.addprevious(element)
        own.element.getparent().remove(own.element)
        for anchor, was in figures_of(theirs.element).items():
            now = self.figures.get(anchor)
            if now is not None and now.text != was:
                self.kept.outdated.append((_short(theirs.text), was, now.text))
                _highlight(element, anchor)

    def _insert(self) -> None:
        """Paragraphs of theirs, behind the one that they stood behind."""
        last: Element | None = None
        present = {s.name: s.element for s in standings(self.new) if s.name}
        for each in standings(self.old):
            if each.name in present:
                last = present[each.name]
            elif each.is_changed or (not each.name and each.text.strip()):
                element = self._taken(each.element, self._style(each.element))
                self._place(element, last)
                last = element
                self.kept.added += 1
            elif not each.name and any(True for _ in each.element.iter(qn("w:drawing"))):
                self.kept.lost += 1

    def _place(self, element: Element, last: Element | None) -> None:
        if last is None:
            self.new.element.body.insert(0, element)
        else:
            last.addnext(element)

    def _taken(self, element: Element, style: str | None) -> Element:
        """A copy without what belongs to the old document: styles, pictures, numbering."""
        copied = deepcopy(element)
        for part in list(copied.iter()):
            if any(name in part.attrib for name in _FOREIGN) or part.tag == qn("w:drawing"):
                _drop(part)
                self.kept.lost += 1
        for properties in list(copied.iter(qn("w:pPr"))):
            _drop(properties)
        for properties in list(copied.iter(qn("w:rPr"))):
            for each in list(properties):
                if each.tag not in _KEPT:
                    properties.remove(each)
        for paragraph in copied.iter(qn("w:p")):
            _set_style(paragraph, style or self._default(copied))
        return copied

    def _default(self, element: Element) -> str:
        name = layout.CELL if element.tag == qn("w:tbl") else layout.TEXT
        return str(self.new.styles[name].style_id)

    def _style(self, element: Element) -> str | None:
        """The style of the same name in the new document."""
        asked = _style_of(element)
        by_id = {s.style_id: s.name for s in self.old.styles}
        name = by_id.get(asked or "")
        found = (s.style_id for s in self.new.styles if s.name == name and name != "Normal")
        return next((str(s) for s in found), None)


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _style_of(element: Element) -> str | None:
    for style in element.iter(qn("w:pStyle")):
        return str(style.get(qn("w:val")))
    return None


def _set_style(paragraph: Element, style: str) -> None:
    properties, named = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    named.set(qn("w:val"), style)
    properties.append(named)
    paragraph.insert(0, properties)


def _highlight(element: Element, anchor: str) -> None:
    """Marks the runs of a figure in yellow."""
    inside = False
    for part in list(element.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:r"))):
        if part.tag == qn("w:bookmarkStart") and part.get(qn("w:name")) == anchor:
            inside = True
        elif part.tag == qn("w:bookmarkEnd") and inside:
            return
        elif part.tag == qn("w:r") and inside:
            mark = OxmlElement("w:highlight")
            mark.set(qn("w:val"), "yellow")
            part.get_or_add_rPr().append(mark)


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def open_document(data: bytes) -> Document:
    return docx.Document(BytesIO(data))
