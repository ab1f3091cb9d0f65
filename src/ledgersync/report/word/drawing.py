"""Blocks as paragraphs and tables of a document, every figure in a bookmark."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import field

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Blank, Block, Heading, Paragraph, Piece, Shown, Table
from ledgersync.report.word import layout
from ledgersync.report.word.marks import Element, Marks, figure_mark, paragraph_mark

_STYLES = {1: layout.LEVEL_1, 2: layout.LEVEL_2}
_WIDTH = 8844  # twentieths of a point: 156 mm
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass
class Drawing:
    """Draws for one document, and remembers which figure stands at which anchor."""

    document: Document
    marks: Marks = field(default_factory=Marks)
    figures: dict[str, Shown] = field(default_factory=dict)

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Element]:
        for block in blocks:
            if isinstance(block, Table):
                yield from self.table(block)
            else:
                yield self.block(block)

    def block(self, block: Heading | Paragraph | Blank) -> Element:
        if isinstance(block, Heading):
            return self.paragraph(block.id, (block.text,), _STYLES[block.level])
        if isinstance(block, Blank):
            return self.paragraph(block.id, (block.hint,), layout.HINT)
        return self.paragraph(block.id, block.pieces, layout.TEXT)

    def paragraph(self, name: str, pieces: Sequence[Piece], style: str) -> Element:
        """A paragraph with its own bookmark around those of its figures.

        The bookmark ends before the last run: behind a mark that hangs over the edge of the page
        it would cost LibreOffice an empty line.
        """
        element = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        styled = OxmlElement("w:pStyle")
        styled.set(qn("w:val"), self.document.styles[style].style_id)
        properties.append(styled)
        element.append(properties)
        text = "".join(map(str, pieces))
        inner = list(self.runs(name, pieces))
        last = inner[-1:] if len(inner) > 1 and inner[-1].tag == qn("w:r") else []
        marked = inner[: len(inner) - len(last)]
        element.extend(self.marks.around(paragraph_mark(name, text), marked))
        element.extend(last)
        return element

    def runs(
        self, name: str, pieces: Sequence[Piece], like: Element | None = None
    ) -> Iterator[Element]:
        """A run per piece, with the properties of `like`."""
        number = 0
        for piece in pieces:
            run = _run(str(piece), like)
            if isinstance(piece, Shown):
                number += 1
                anchor = figure_mark(name, number)
                self.figures[anchor] = piece
                yield from self.marks.around(anchor, [run])
            else:
                yield run

    def table(self, table: Table) -> Iterator[Element]:
        """A caption, the table with its header on every page, and a line after it."""
        yield self.paragraph(f"{table.id}.caption", (table.title,), layout.CAPTION)
        element = _table(len(table.heads), table.wide)
        for number, row in enumerate((table.heads, *table.rows)):
            element.append(self._row(table.id, number, row))
        yield element

    def _row(self, name: str, number: int, pieces: Sequence[Piece]) -> Element:
        row = OxmlElement("w:tr")
        kind = "<w:cantSplit/><w:tblHeader/>" if number == 0 else "<w:cantSplit/>"
        row.append(parse_xml(f"<w:trPr {nsdecls('w')}>{kind}</w:trPr>"))
        for column, piece in enumerate(pieces):
            cell = parse_xml(
                f'<w:tc {nsdecls("w")}><w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:tc>'
            )
            place = f"{name}.r{number}c{column}"
            cell.append(self.paragraph(place, (piece,), layout.CELL))
            row.append(cell)
        return row


def _run(text: str, like: Element | None = None) -> Element:
    run = OxmlElement("w:r")
    properties = like.find(qn("w:rPr")) if like is not None else None
    if properties is not None:
        run.append(deepcopy(properties))
    shown = OxmlElement("w:t")
    shown.set(qn("xml:space"), "preserve")
    shown.text = text
    run.append(shown)
    return run


def _table(columns: int, wide: int) -> Element:
    """As wide as the text; one column has 1¾ of the room of the others (for “-6.2个百分点”)."""
    part = _WIDTH * 4 // (4 * columns + 3)
    widths = (part * 7 // 4 if n == wide else part for n in range(columns))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )
