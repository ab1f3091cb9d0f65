"""`工作总结….docx`: the template filled, a person's text kept, every figure at its bookmark."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path

from docx.document import Document

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Content, Piece, Shown
from ledgersync.report.reading import Reading
from ledgersync.report.word import layout
from ledgersync.report.word.filled import Filled
from ledgersync.report.word.kept import Kept, TakeOver, open_document, standings
from ledgersync.report.word.marks import FIGURE, marked_texts
from ledgersync.report.word.sources import sources
from ledgersync.report.word.template import Names, load_template, own_template


@dataclass(frozen=True)
class Written:
    """A finished document: its bytes, the figures that stand in it by anchor, what was kept."""

    data: bytes
    figures: Mapping[str, Shown]
    names: tuple[str, ...]
    kept: Kept


@dataclass(frozen=True)
class Letter:
    """What a document is made of; `before` is the last one, `written` its paragraphs' names."""

    content: Content
    reading: Reading
    template: Path | None = None
    before: bytes | None = None
    written: Sequence[str] | None = None
    notes: Sequence[tuple[Piece, ...]] = field(default=())

    def write(self) -> Written:
        """Twice where a person's text is kept: the appendix says what was."""
        kept = Kept()
        if self.before is not None:
            document, figures = self._filled(())
            kept = self._take_over(document, figures)
        document, figures = self._filled([(note,) for note in kept.notes()])
        names = tuple(s.name for s in standings(document) if s.name)
        if self.before is not None:
            self._take_over(document, figures)
        _say_whose(document, self.content)
        return Written(layout.saved(document), _standing(document, figures), names, kept)

    def _filled(self, notes: Sequence[tuple[Piece, ...]]) -> tuple[Document, Mapping[str, Shown]]:
        document = self._document()
        remarks = (*self.content.notes, *self.notes, *notes)
        filled = Filled(
            document,
            self.content,
            self._figure,
            lambda figures: list(sources(self.reading, figures, remarks)),
        )
        return document, filled.draw().figures

    def _document(self) -> Document:
        return load_template(self.template, self.known()) if self.template else own_template()

    def known(self) -> Names:
        """What a template may ask for."""
        lines = self.reading.found.lines
        return Names(
            frozenset(heading.id for heading in self.content.sections()),
            frozenset(name for x in lines for name in (x.id, x.name)),
        )

    def _figure(self, name: str) -> Shown | None:
        lines = self.reading.found.lines
        found = next((x.id for x in lines if name in (x.id, x.name)), None)
        return self.reading.shown(found) if found else None

    def _take_over(self, document: Document, figures: Mapping[str, Shown]) -> Kept:
        assert self.before is not None
        return TakeOver(document, open_document(self.before), self.written, figures).run()


def _standing(document: Document, figures: Mapping[str, Shown]) -> dict[str, Shown]:
    """The figures that the document shows as we know them; what a person changed is theirs."""
    texts = marked_texts(document.element.body, FIGURE)
    return {a: figures[a] for a, text in texts if a in figures and figures[a].text == text}


def _say_whose(document: Document, content: Content) -> None:
    """The properties name the office, no user."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = content.office
    properties.title, properties.comments = content.title, ""
    made = datetime(content.made.year, content.made.month, content.made.day)
    properties.created = properties.modified = made
    properties.keywords = properties.subject = properties.category = ""
