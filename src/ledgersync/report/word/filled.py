"""A template with its placeholders filled."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Block, Content, Piece, Shown
from ledgersync.report.letter.words import day_words
from ledgersync.report.word.drawing import Drawing
from ledgersync.report.word.marks import APPENDIX, Element, paragraph_mark
from ledgersync.report.word.template import BODY, GAP, SOURCES

Figure = Callable[[str], Shown | None]


@dataclass
class Filled:
    """Fills one document with a content; `figure` answers for indicators by id or name."""

    document: Document
    content: Content
    figure: Figure
    sources: Callable[[Mapping[str, Shown]], Sequence[Block]]

    def draw(self) -> Drawing:
        """All placeholders; the sources come last, since they list the figures before them."""
        drawing = Drawing(self.document)
        waiting: list[Element] = []
        for number, paragraph in enumerate(list(self._paragraphs())):
            match = GAP.fullmatch(paragraph.text.strip())
            if match and match[1] == SOURCES:
                waiting.append(paragraph._p)
            elif match and (blocks := self._blocks(match[1])) is not None:
                _replace(paragraph._p, drawing.blocks(blocks))
            else:
                self._inline(drawing, paragraph, f"template.{number}")
        for element in waiting:
            _replace(element, self._appendix(drawing))
        return drawing

    def _paragraphs(self) -> Iterator[WordParagraph]:
        for element in self.document.element.body.iter(qn("w:p")):
            yield WordParagraph(element, self.document)

    def _blocks(self, name: str) -> Sequence[Block] | None:
        if name == BODY:
            return self.content.blocks
        if name in {heading.id for heading in self.content.sections()}:
            return self.content.section(name)
        return None

    def _inline(self, drawing: Drawing, paragraph: WordParagraph, name: str) -> None:
        """Words and figures within a text, in the look of the run that they begin in."""
        pieces = list(self._pieces(paragraph.text))
        runs = paragraph._p.findall(qn("w:r"))
        if GAP.search(paragraph.text):
            for run in runs:
                paragraph._p.remove(run)
            inner = list(drawing.runs(name, pieces, runs[0] if runs else None))
        else:
            inner = list(runs)
        mark = paragraph_mark(name, "".join(map(str, pieces)))
        paragraph._p.extend(drawing.marks.around(mark, inner))

    def _pieces(self, text: str) -> Iterator[Piece]:
        at = 0
        for match in GAP.finditer(text):
            if match.start() > at:
                yield text[at : match.start()]
            yield self._piece(match[1])
            at = match.end()
        if at < len(text):
            yield text[at:]

    def _piece(self, name: str) -> Piece:
        words = {
            "标题": self.content.title,
            "单位": self.content.office,
            "统计期": self.content.period.name,
            "日期": day_words(self.content.made),
        }
        return words[name] if name in words else self.figure(name) or "暂无数据"

    def _appendix(self, drawing: Drawing) -> Iterator[Element]:
        """Everything from its mark on is ours."""
        start = OxmlElement("w:p")
        start.extend(drawing.marks.around(APPENDIX, []))
        yield start
        yield from drawing.blocks(self.sources(drawing.figures))


def _replace(element: Element, others: Iterator[Element]) -> None:
    for other in list(others):
        element.addprevious(other)
    element.getparent().remove(element)
