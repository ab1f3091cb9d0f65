"""The raw XML of an .xlsx package, for what calamine does not tell.

calamine gives an empty text for error cells and for formulas that were never calculated; both
must be seen. Only sheets that hold such cells are looked at twice.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree

from lxml import etree

from ledgersync.model import column_number
from ledgersync.workbook.read.formats.facts import SheetFacts
from ledgersync.workbook.read.formats.inflate import Broken, pieces, whole
from ledgersync.workbook.read.formats.number_formats import format_code

_CLOSE = re.compile(rb"</c>|:c>")
_REF = re.compile(rb'\br\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\']')
_TYPE = re.compile(rb'\bt\s*=\s*["\'](\w+)["\']')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)</")
_NAMELESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\sr\s*=)")


class DecompressionBomb(Broken):
    """A member inflates to more than its entry declares."""


@dataclass(frozen=True, slots=True)
class Package:
    """Where the sheets of an .xlsx package are, by sheet name."""

    parts: dict[str, str]
    date1904: bool


def read_package(archive: zipfile.ZipFile) -> Package:
    """Sheet parts and date system; an empty Package when workbook.xml is not where it should be."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _workbook_part(archive, names)
    if workbook is None:
        return Package({}, False)
    root = ElementTree.fromstring(archive.read(workbook))
    folder, _, name = workbook.rpartition("/")
    relations = _relations(archive, names, join(folder, "_rels", f"{name}.rels"))
    parts: dict[str, str] = {}
    date1904 = False
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            date1904 = element.get("date1904", "0").lower() in ("1", "true")
        if tag == "sheet":
            target = relations.get(_relation_id(element))
            path = names.get(_target(folder, target)) if target else None
            if path:
                parts[element.get("name", "")] = path
    return Package(parts, date1904)


def _workbook_part(archive: zipfile.ZipFile, names: dict[str, str]) -> str | None:
    root = _relations(archive, names, "_rels/.rels", by_type="officeDocument")
    for target in [*root.values(), "xl/workbook.xml"]:
        found = names.get(target.lstrip("/").lower())
        if found:
            return found
    return None


def _relations(
    archive: zipfile.ZipFile, names: dict[str, str], part: str, by_type: str = ""
) -> dict[str, str]:
    found = names.get(part.lower())
    if found is None:
        return {}
    root = ElementTree.fromstring(archive.read(found))
    return {
        r.get("Id", ""): r.get("Target", "").replace("\\", "/")
        for r in root
        if r.get("Type", "").endswith(by_type)
    }


def _relation_id(element: ElementTree.Element) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")


def sheet_facts(content: bytes, member: zipfile.ZipInfo) -> SheetFacts:
    """Error cells and formulas of a sheet part; raises Broken, and DecompressionBomb for a bomb."""
    if not _worth_reading(content, member):
        return SheetFacts()
    facts = SheetFacts()
    xml = whole(content, member)
    if _has_nameless_cells(xml):
        for row, column, cell in cells_in_order(xml):
            _note_element(facts, row, column, cell)
        return facts
    for start in _interesting(xml):
        _note_cell(facts, xml, start)
    return facts


def _has_nameless_cells(xml: bytes) -> bool:
    """Some cells do not say where they stand: they follow one another."""
    if xml.count(b"<c ") == xml.count(b'<c r="') and b"<c>" not in xml and b":c " not in xml:
        return False
    return _NAMELESS.search(xml) is not None


def cells_in_order(xml: bytes) -> Iterator[tuple[int, int, etree._Element]]:
    """Row, column and element of every cell, wherever it says or does not say where it stands."""
    row = column = 0
    events = etree.iterparse(BytesIO(xml), events=("start", "end"), resolve_entities=False)
    for event, element in events:
        tag = str(element.tag).rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(str(element.get("r") or row + 1)), 0
        elif event == "end" and tag == "c":
            column = _column_of(element) or column + 1
            yield row, column, element
        elif event == "end" and tag == "row":
            element.clear()


def _column_of(cell: etree._Element) -> int:
    letters = re.match(r"[A-Za-z]+", str(cell.get("r") or ""))
    return column_number(letters[0]) if letters else 0


def _note_element(facts: SheetFacts, row: int, column: int, cell: etree._Element) -> None:
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
    if _has_nameless_cells(xml) or not _is_plain(xml):
        styled = ((r, c, int(str(cell.get("s") or 0))) for r, c, cell in cells_in_order(xml))
        return {(r, c): codes[style] for r, c, style in styled if style in codes}
    numbers = b"|".join(str(style).encode() for style in sorted(codes, reverse=True))
    cells = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*? s="(' + numbers + rb')"')
    return {
        (int(row), column_number(column.decode())): codes[int(style)]
        for column, row, style in cells.findall(xml)
    }


def style_codes(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style, in the order of their numbers."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _workbook_part(archive, names) or ""
    folder, _, name = workbook.rpartition("/")
    links = _relations(archive, names, join(folder, "_rels", f"{name}.rels"), by_type="/styles")
    part = next((names.get(_target(folder, t)) for t in links.values()), None)
    if part is None:
        return []
    custom: dict[int, str] = {}
    styles: list[str] = []
    for element in ElementTree.fromstring(archive.read(part)):
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmts":
            custom |= {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in element}
        if tag == "cellXfs":
            styles = [format_code(int(xf.get("numFmtId", "0")), custom) for xf in element]
    return styles


def _target(folder: str, target: str) -> str:
    return normpath(join(folder, target)).lstrip("/").lower()


def _worth_reading(content: bytes, member: zipfile.ZipInfo) -> bool:
    """The sheet holds an error cell or a formula somewhere; read in pieces, kept nowhere."""
    tail, size, found = b"", 0, False
    needles: tuple[bytes, ...] = ()
    for piece in pieces(content, member):
        size += len(piece)
        if size > member.file_size:
            raise DecompressionBomb
        needles = needles or _needles(piece)
        text = tail + piece
        found = found or any(needle in text for needle in needles)
        tail = text[-8:]
    return found


def _is_plain(head: bytes) -> bool:
    """The sheet is written as most programs do: no prefixes, no single quotes."""
    return b"<worksheet" in head[:4096] and b"='" not in head[100:65536]


def _needles(head: bytes) -> tuple[bytes, ...]:
    """What tells an error or a formula, in the writing of this producer."""
    return (b't="e"', b"</f>") if _is_plain(head) else (b'"e"', b"'e'", b"</f>", b":f>")


def _interesting(xml: bytes) -> Iterator[int]:
    """Where the cells with an error or a formula begin."""
    last, plain = -1, _is_plain(xml)
    signs: tuple[bytes, ...] = (b't="e"', b"<f>", b"<f ", b"<f/>")
    for sign in signs if plain else (b'"e"', b"'e'", b"<f>", b"<f ", b"<f/>", b":f>", b":f "):
        at = xml.find(sign)
        while at >= 0:
            floor = max(0, at - 4096)
            start = xml.rfind(b"<c ", floor, at)
            if not plain:
                start = max(start, xml.rfind(b":c ", floor, at))
            if start >= 0 and start != last:
                last = start
                yield start
            at = xml.find(sign, at + 3)


def _note_cell(facts: SheetFacts, xml: bytes, start: int) -> None:
    head_end = xml.find(b">", start)
    head = xml[start:head_end]
    ref = _REF.search(head)
    if ref is None or head.endswith(b"/"):
        return
    row, column = int(ref[2]), column_number(ref[1].decode())
    body = xml[head_end + 1 : _end(xml, head_end)]
    kind = _TYPE.search(head)
    value = _VALUE.search(body)
    is_formula = b"<f" in body or b":f" in body
    if is_formula:
        facts.note_formula(row, column)
    if kind and kind[1] == b"e":
        facts.errors[row, column] = _text(value[1]) if value else "#N/A"
    elif is_formula and not (value and value[1]) and not (kind and kind[1] == b"str"):
        formula = _FORMULA.search(body)
        facts.errors[row, column] = "=" + (_text(formula[1]) if formula else "")


def _end(xml: bytes, head_end: int) -> int:
    """Where the cell ends; one search for both writings, which stops at the first."""
    found = _CLOSE.search(xml, head_end)
    return found.start() if found else head_end


def _text(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))
