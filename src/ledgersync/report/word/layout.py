"""The official layout (GB/T 9704-2012): page, grid, styles, page numbers.

A4 with margins of 37, 35, 28 and 26 mm leaves 156 × 225 mm for 22 lines of 28 characters of
三号 (16 pt). The grid says so, but LibreOffice gives a character two cells where it is wider than
one: our styles leave the grid, and come to the same by their own spacing.
"""

from io import BytesIO

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from ledgersync.dataclass import dataclass

BODY = 16.0  # 三号
LINE = 28.95  # points: 22 of them are the 225 mm between the margins
_GRID_LINE = 579  # twentieths of a point
_GRID_CHARACTER = -849  # in 1/4096 point: 28 characters fill 156 mm
_ROMAN = "Times New Roman"
_CLOSER = -5  # twentieths of a point between characters


@dataclass(frozen=True, slots=True)
class Look:
    """A style: its font, size in points, indent in characters, how it stands."""

    font: str
    size: float
    indent: int = 2
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    line: float = LINE
    grey: bool = False
    with_next: bool = False


TITLE, LEVEL_1, LEVEL_2, TEXT = "公文标题", "公文一级标题", "公文二级标题", "公文正文"
HINT, CAPTION, CELL, SIGNED, SOURCE = "公文提示", "公文表题", "公文表格", "公文落款", "公文附注"
_CENTER, _RIGHT, _LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.LEFT,
)
LOOKS = {
    TITLE: Look("方正小标宋简体", 22, 0, _CENTER, 35),
    LEVEL_1: Look("黑体", BODY, with_next=True),
    LEVEL_2: Look("楷体_GB2312", BODY, with_next=True),
    TEXT: Look("仿宋_GB2312", BODY),
    HINT: Look("仿宋_GB2312", BODY, grey=True),
    CAPTION: Look("黑体", 14, 0, _CENTER, with_next=True),
    CELL: Look("仿宋_GB2312", 12, 0, _CENTER, 20),
    SIGNED: Look("仿宋_GB2312", BODY, 0, _RIGHT),
    SOURCE: Look("仿宋_GB2312", 10.5, 0, _LEFT, 16),
}


def blank_document() -> Document:
    """An empty document in this layout."""
    document = docx.Document()
    _drop_old_styles(document)
    body = document.element.body
    for paragraph in list(body.iterchildren(qn("w:p"))):
        body.remove(paragraph)
    _page(document.sections[0])
    _normal(document)
    ensure_styles(document)
    _page_numbers(document)
    return document


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(
        parse_xml(
            f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{_GRID_LINE}" '
            f'w:charSpace="{_GRID_CHARACTER}"/>'
        )
    )


def _normal(document: Document) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _font(normal, "仿宋_GB2312", BODY)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for size in defaults.iter(qn("w:sz")):
        size.set(qn("w:val"), str(int(2 * BODY)))  # what Word's grid counts characters by
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-US")  # as Chinese, LibreOffice breaks numbers at line ends
        language.set(qn("w:eastAsia"), "zh-CN")
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)


def ensure_styles(document: Document) -> None:
    """Adds those of our styles that a document lacks; what an office made of them stays."""
    for name, look in LOOKS.items():
        if name not in document.styles:
            _style(document, name, look)


def _style(document: Document, name: str, look: Look) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    _font(style, look.font, look.size)
    if look.grey:
        style.font.color.rgb = RGBColor(0x80, 0x80, 0x80)
    form = style.paragraph_format
    form.alignment, form.line_spacing_rule = look.align, WD_LINE_SPACING.EXACTLY
    form.line_spacing, form.widow_control = Pt(look.line), False
    form.space_before = form.space_after = Pt(0)
    form.keep_with_next = look.with_next or None
    _off_the_grid(style, closer=look.size == BODY)
    if look.indent:
        form.first_line_indent = Pt(look.size * look.indent)
        indent = style.element.get_or_add_pPr().find(qn("w:ind"))
        indent.set(qn("w:firstLineChars"), str(100 * look.indent))


def _off_the_grid(style: ParagraphStyle, *, closer: bool) -> None:
    properties = style.element.get_or_add_pPr()
    snap = parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>')
    properties.insert_element_before(
        snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
    )
    if closer:
        spacing = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{_CLOSER}"/>')
        text = style.element.get_or_add_rPr()
        text.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")


def _font(style: ParagraphStyle, name: str, size: float) -> None:
    style.font.name, style.font.size = _ROMAN, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(kind), None)
    fonts.set(qn("w:eastAsia"), name)


def _page_numbers(document: Document) -> None:
    """`— 1 —`: on the right of odd pages and on the left of even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, _RIGHT), (section.even_page_footer, _LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        form = paragraph.paragraph_format
        side = "right_indent" if align is _RIGHT else "left_indent"
        setattr(form, side, Pt(14))
        for part in ("— ", None, " —"):
            run = paragraph.add_run(part or "")
            run.font.size, run.font.name = Pt(14), "宋体"
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
            if part is None:
                for xml in _page_field():
                    run._r.append(parse_xml(xml))


def _page_field() -> list[str]:
    space = nsdecls("w")
    return [
        f'<w:fldChar {space} w:fldCharType="begin"/>',
        f'<w:instrText {space} xml:space="preserve">PAGE</w:instrText>',
        f'<w:fldChar {space} w:fldCharType="separate"/>',
        f"<w:t {space}>1</w:t>",
        f'<w:fldChar {space} w:fldCharType="end"/>',
    ]


def _drop_old_styles(document: Document) -> None:
    """The template's second set of styles, for Word 2007, would contradict ours."""
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]


def saved(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
