"""Templates: a document with `{{names}}`, ours or an office's; what may stand in the braces.

A name alone in its paragraph may be a section, `正文`, `数据来源`; within a text it is a word
(`标题`, `单位`, `统计期`, `日期`) or an indicator, by id or Chinese name.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile, UsageFault
from ledgersync.messages import Message, literal, message
from ledgersync.report.word import layout

GAP = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BODY, SOURCES = "正文", "数据来源"
WORDS = ("标题", "单位", "统计期", "日期")
_SHOWN = 30  # characters of a paragraph that a message quotes


@dataclass(frozen=True, slots=True)
class Names:
    """What a template may ask for."""

    sections: frozenset[str]
    indicators: frozenset[str]

    @property
    def blocks(self) -> frozenset[str]:
        return self.sections | {BODY, SOURCES}


def own_template() -> Document:
    """The template that is used where an office gives none; also what it may begin with."""
    document = layout.blank_document()
    for text, style in (
        ("{{标题}}", layout.TITLE),
        ("", layout.TEXT),
        ("{{正文}}", layout.TEXT),
        ("", layout.TEXT),
        ("{{单位}}", layout.SIGNED),
        ("{{日期}}", layout.SIGNED),
        ("附：数据来源", layout.LEVEL_1),
        ("{{数据来源}}", layout.SOURCE),
    ):
        document.add_paragraph(text, style=style)
    document.paragraphs[-2].paragraph_format.page_break_before = True
    return document


def load_template(path: Path, names: Names) -> Document:
    """An office's template.

    Raises UnreadableFile where it is no document, UsageFault naming the placeholders that are
    none and the paragraphs they stand in.
    """
    try:
        document = docx.Document(BytesIO(path.read_bytes()))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(
            message("模板 {path} 打不开，不是 Word 文档（.docx）。", path=path),
            message("请在 Word 或 WPS 里另存为 .docx；起草可用 ledgersync template 工作总结。"),
        ) from error
    wrong = list(_wrong(document, names))
    if wrong:
        raise UsageFault(
            message("模板 {path} 里有不认识的占位符：{wrong}。", path=path, wrong=wrong),
            message(
                "可用：标题、单位、统计期、日期、正文、数据来源、各部分的名称、指标的名称或 id。"
            ),
        )
    layout.ensure_styles(document)
    return document


def _wrong(document: Document, names: Names) -> Iterator[Message]:
    for number, paragraph in enumerate(all_paragraphs(document), 1):
        text = paragraph.text
        alone = GAP.fullmatch(text.strip()) is not None
        for match in GAP.finditer(text):
            if not _is_known(match[1], names, alone=alone):
                yield _named(number, match[0], text)
        if "{{" in GAP.sub("", text) or "}}" in GAP.sub("", text):
            yield _named(number, literal("{{ }}", "{{ }}"), text)


def _is_known(name: str, names: Names, *, alone: bool) -> bool:
    return name in WORDS or name in names.indicators or (alone and name in names.blocks)


def _named(number: int, gap: str | Message, text: str) -> Message:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return message("第 {n} 段“{text}”里的 {gap}", n=number, text=shown, gap=gap)


def all_paragraphs(document: Document) -> Iterator[Paragraph]:
    """Of the body, in tables too."""
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)
