"""The raw XML of a sheet, for what calamine does not tell.

calamine gives an empty text for error cells and for formulas that were never calculated; both
must be seen. The XML is looked through piece by piece as it inflates and kept nowhere; only a
sheet whose formulas are not where programs put them, or with comments, is parsed as a tree.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from ledgersync.model import column_number
from ledgersync.workbook.read.formats.facts import SheetFacts
from ledgersync.workbook.read.formats.inflate import DecompressionBomb, pieces, whole

if TYPE_CHECKING:
    from lxml import etree

_DECLARATION = 100  # bytes, at the most: some programs put its values in single quotes
_LONGEST_CELL = 1 << 20  # bytes of XML: 32,767 characters, each of them escaped
_CLOSE = re.compile(rb"</c>|:c>")
_PLAIN_HEAD = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="\d+")?>')
_HEAD = re.compile(
    rb'<(?:\w+:)?c(?=\s)[^>]*?\sr\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\'](?:\s[^>]*)?>\s*'
)
_TYPE = re.compile(rb'\bt\s*=\s*["\'](\w+)["\']')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_NAMELESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\sr\s*=)")


class _Unusual(Exception):
    """A cell is not written as programs do: without its place, or with something around `f`."""


class _Writing(NamedTuple):
    """How a producer writes: what ends a cell, what tells an error, a formula with its value.

    The groups of `formula` are its text, the value, and what only a formula has that is neither;
    `no_value` is what stands behind one that was never calculated.
    """

    ends: tuple[bytes, ...]
    errors: tuple[bytes, ...]
    formula: re.Pattern[bytes]
    no_value: re.Pattern[bytes]


def sheet_facts(content: bytes, member: zipfile.ZipInfo) -> SheetFacts:
    """Error cells and formulas of a sheet part; raises Broken, and DecompressionBomb for a bomb."""
    facts = SheetFacts()
    try:
        for writing, xml in _whole_cells(content, member):
            if _holds_comments(xml):
                raise _Unusual
            _note_formulas(facts, xml, writing)
            _note_errors(facts, xml, writing)
    except _Unusual:
        facts = SheetFacts()
        for row, column, cell in cells_in_order(whole(content, member)):
            _note_element(facts, row, column, cell)
    return facts


def _whole_cells(content: bytes, member: zipfile.ZipInfo) -> Iterator[tuple[_Writing, bytes]]:
    """A sheet's XML in pieces that end where a cell does, and how it is written."""
    rest, size, plain = b"", 0, True
    for piece in pieces(content, member):
        size += len(piece)
        if size > member.file_size:
            raise DecompressionBomb
        xml, is_first = rest + piece, size == len(piece)
        plain = is_plain(piece) if is_first else plain
        plain = plain and not _has_single_quotes(xml, _DECLARATION if is_first else 0)
        writing = _writing(plain)
        found = ((xml.rfind(end), len(end)) for end in writing.ends)
        cut = max((at + length for at, length in found if at >= 0), default=0)
        yield writing, xml[:cut]
        rest = xml[max(cut, len(xml) - _LONGEST_CELL) :]


def _holds_comments(xml: bytes) -> bool:
    """A comment, or text that is not escaped (CDATA); one sign is found sooner than two."""
    at = xml.find(b"!")
    while at >= 0:
        if xml[at - 1 : at + 2] in (b"<!-", b"<!["):
            return True
        at = xml.find(b"!", at + 1)
    return False


@cache
def _writing(plain: bool) -> _Writing:
    name = b"" if plain else rb"(?:\w+:)?"
    formula = re.compile(
        rb"<%(n)sf(?:(?:\s[^>]*?)?(?:/>|>([^<]*)</%(n)sf>)\s*"
        rb"(?:<%(n)sv(?:\s[^>]*)?>([^<]*)</)?|([\s/>]))" % {b"n": name}
    )
    no_value = re.compile(rb"</|<%(n)s(?:is\b|v(?:\s[^>]*)?/>)" % {b"n": name})
    if plain:
        return _Writing((b"</c>",), (b't="e"',), formula, no_value)
    return _Writing((b"</c>", b":c>"), (b'"e"', b"'e'"), formula, no_value)


def is_plain(head: bytes) -> bool:
    """The sheet is written as most programs do: no prefixes, no single quotes."""
    return b"<worksheet" in head[:4096] and b"='" not in head[_DECLARATION:65536]


def _has_single_quotes(xml: bytes, start: int) -> bool:
    """Around a value; one sign is found sooner than two."""
    return xml.find(b"'", start) >= 0 and xml.find(b"='", start) >= 0


def _note_formulas(facts: SheetFacts, xml: bytes, writing: _Writing) -> None:
    """Formulas stand directly behind the start of their cell, and values behind them."""
    for found in writing.formula.finditer(xml):
        at = found.start()
        start = max(0, xml.rfind(b"<", 0, at))
        cell = _PLAIN_HEAD.fullmatch(xml, start, at) or _HEAD.fullmatch(xml, start, at)
        text, value, unusual = found.groups()
        if cell is None or unusual:
            raise _Unusual
        if value is None and not writing.no_value.match(xml, found.end()):
            raise _Unusual
        row, column = int(cell[2]), _number(cell[1])
        facts.note_formula(row, column)
        if not value:
            kind = None if cell.re is _PLAIN_HEAD else _TYPE.search(cell[0])
            if kind is None or kind[1] not in (b"str", b"e"):
                facts.errors[row, column] = _formula(text or b"")


def _note_errors(facts: SheetFacts, xml: bytes, writing: _Writing) -> None:
    for sign in writing.errors:
        at = xml.find(sign)
        while at >= 0:
            start, end = xml.rfind(b"<", 0, at), xml.find(b">", at) + 1
            if end and xml.find(b">", start, at) < 0:  # within a tag, not in a text
                _note_error(facts, xml, start, end)
            at = xml.find(sign, at + 3)


def _note_error(facts: SheetFacts, xml: bytes, start: int, end: int) -> None:
    """An error cell whose head stands there; other elements have types, too."""
    head = xml[start:end]
    kind = _TYPE.search(head)
    if head.endswith(b"/>") or not re.match(rb"<(?:\w+:)?c\s", head) or not kind:
        return
    if kind[1] != b"e":
        return
    cell = _HEAD.fullmatch(head)
    if cell is None:
        raise _Unusual
    close = _CLOSE.search(xml, end)
    value = _VALUE.search(xml, end, close.start() if close else len(xml))
    facts.errors[int(cell[2]), _number(cell[1])] = text_of(value[1]) if value else "#N/A"


@lru_cache(maxsize=64)
def _formula(text: bytes) -> str:
    return "=" + text_of(text)


@cache
def _number(letters: bytes) -> int:
    return column_number(letters.decode())


def text_of(raw: bytes) -> str:
    """A text as it stands in XML, without its escapes."""
    text = raw.decode("utf-8", "replace")
    if "&#" in text:
        from html import unescape  # a regular expression and two thousand names that XML has not

        return unescape(text)
    for entity, sign in _ENTITIES if "&" in text else ():
        text = text.replace(entity, sign)
    return text


def cells_in_order(xml: bytes) -> "Iterator[tuple[int, int, etree._Element]]":
    """Row, column and element of every cell, wherever it says or does not say where it stands."""
    from lxml import etree  # few sheets need it

    row = column = 0
    events = etree.iterparse(
        BytesIO(xml),
        events=("start", "end"),
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
    )
    for event, element in events:
        tag = str(element.tag).rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(str(element.get("r") or row + 1)), 0
        elif event == "end" and tag == "c":
            column = _column_of(element) or column + 1
            yield row, column, element
        elif event == "end" and tag == "row":
            element.clear()


def _column_of(cell: "etree._Element") -> int:
    letters = re.match(r"[A-Za-z]+", str(cell.get("r") or ""))
    return column_number(letters[0]) if letters else 0


def _note_element(facts: SheetFacts, row: int, column: int, cell: "etree._Element") -> None:
    parts = {str(part.tag).rpartition("}")[2]: part.text or "" for part in cell}
    if "f" in parts:
        facts.note_formula(row, column)
    if cell.get("t") == "e":
        facts.errors[row, column] = parts.get("v") or "#N/A"
    elif "f" in parts and not parts.get("v") and cell.get("t") != "str":
        facts.errors[row, column] = f"={parts['f']}"


def cell_formats(xml: bytes, codes: Mapping[int, str]) -> dict[tuple[int, int], str]:
    """The number formats of the cells that have one of these styles, by row and column."""
    if not codes:
        return {}
    if _has_nameless_cells(xml) or not is_plain(xml):
        styled = ((r, c, int(str(cell.get("s") or 0))) for r, c, cell in cells_in_order(xml))
        return {(r, c): codes[style] for r, c, style in styled if style in codes}
    numbers = b"|".join(str(style).encode() for style in sorted(codes, reverse=True))
    cells = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*? s="(' + numbers + rb')"')
    return {
        (int(row), column_number(column.decode())): codes[int(style)]
        for column, row, style in cells.findall(xml)
    }


def has_plain_cells(xml: bytes) -> bool:
    """All cells say first where they stand, as most programs write them."""
    return xml.count(b"<c ") == xml.count(b'<c r="') and b"<c>" not in xml and b":c " not in xml


def _has_nameless_cells(xml: bytes) -> bool:
    """Some cells do not say where they stand: they follow one another."""
    return not has_plain_cells(xml) and _NAMELESS.search(xml) is not None
