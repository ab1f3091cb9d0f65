"""Written rows read back: what the cells hold, whoever wrote the rows around them.

A row that consists of cells as this program and XlsxWriter write them is taken apart by a regular
expression, which is four times as fast as a tree of it; a parser reads every other row, and all
rows' own tags.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

from lxml import etree

from ledgersync.model import column_number
from ledgersync.workbook.patch.scan.cell_xml import Content, Transplant
from ledgersync.workbook.patch.scan.edits import CellValue
from ledgersync.workbook.patch.scan.refs import cell_name, parse_cell

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):(?=[A-Za-z])")
_PARSER = etree.XMLParser(resolve_entities=False, remove_comments=True)
_ROW = re.compile(r"(<row(?: [^<>]*)?(?<!/))>(.*)</row>[ \t\r\n]*", re.DOTALL)
_TEXT = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"  # a parser gives these signs back as they are
_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="[0-9]+")?(?: t="([A-Za-z]+)")?'
    rf'(?:/>|>(?:(<f>{_TEXT}</f>)?(?:<v>({_TEXT})</v>)?|<is><t xml:space="preserve">({_TEXT})'
    r"</t></is>)</c>))"
)
Cells = list[tuple[str, ...]]


class Read(NamedTuple):
    """A cell as read back: its text and whether it is text, a number, a bool or nothing."""

    kind: Literal["blank", "bool", "number", "text", "other"]
    text: str


def read_rows(
    fragments: Mapping[int, bytes], wanted: Mapping[int, Collection[int]]
) -> dict[tuple[int, int], Read]:
    """What the wanted cells of row elements hold, however they were written."""
    plain: dict[int, Cells] = {}
    parsed: list[bytes] = []
    for number, data in fragments.items():
        tag, cells = _at_a_glance(data)
        if cells is not None:
            plain[number] = cells
        parsed.append(tag)
    found: dict[tuple[int, int], Read] = {}
    for number, row in zip(fragments, _parsed(b"".join(parsed)), strict=True):
        if int(row.get("r", number)) != number:
            continue
        if number in plain:
            found.update(_plain_cells(plain[number], number, wanted[number]))
            continue
        for column, cell in _numbered_cells(row, number, wanted[number]):
            found[number, column] = _read_cell(cell)
    return found


def _at_a_glance(row: bytes) -> tuple[bytes, Cells | None]:
    """The row's own element and its cells; the whole row and None where a parser is needed."""
    try:
        match = _ROW.fullmatch(row.decode())
    except UnicodeDecodeError:
        return row, None
    cells = _CELL.findall(match[2]) if match else []
    if match is None or sum(len(cell[0]) for cell in cells) != len(match[2]):
        return row, None
    return f"{match[1]}/>".encode(), cells


def _plain_cells(
    cells: Cells, number: int, columns: Collection[int]
) -> Iterator[tuple[tuple[int, int], Read]]:
    """The wanted ones of a row's cells that were read at a glance."""
    own = str(number)
    for _, letters, row, kind, formula, value, text in cells:
        column = column_number(letters)
        if row == own and column in columns:
            yield (number, column), _read(kind or "n", bool(formula), value, text)


def _parsed(rows: bytes) -> etree._Element:
    """The rows under one root; the prefixes that their part declares are looked for if need be."""
    try:
        return etree.fromstring(b"<any>%s</any>" % rows, _PARSER)
    except etree.XMLSyntaxError:
        prefixes = set(_PREFIX.findall(rows)) - {b"xml", b"xmlns"}
        declared = b"".join(b' xmlns:%s="urn:any"' % prefix for prefix in prefixes)
        return etree.fromstring(b"<any%s>%s</any>" % (declared, rows), _PARSER)


def _numbered_cells(
    row: etree._Element, number: int, columns: Collection[int]
) -> Iterator[tuple[int, etree._Element]]:
    """The row's cells in these columns; a cell without address stands behind the one before."""
    names = {cell_name(number, column): column for column in columns}
    last: int | None = 0  # None: the name of the cell before says it, should it be asked for
    name: str | None = None
    for cell in row:
        before, name = name, cell.get("r")
        if name is not None:
            last = names.get(name)
        else:
            place = parse_cell(before) if last is None and before else None
            last = (place[1] if place else last or 0) + 1
        if last is not None and last in columns:
            yield last, cell


def _read_cell(cell: etree._Element) -> Read:
    value, formula = "", False
    for part in cell:
        name = str(part.tag).rpartition("}")[2]
        if name == "v":
            value = part.text or ""
        elif name == "f":
            formula = True
    kind = cell.get("t", "n")
    is_text = kind == "inlineStr" and not formula
    text = "".join(node.text or "" for node in cell.iter("{*}t")) if is_text else ""
    return _read(kind, formula, value, text)


def _read(kind: str, formula: bool, value: str, text: str) -> Read:
    """What a cell of this type holds that has this value or this text of its own."""
    if formula:
        return Read("other", value)
    if kind == "inlineStr":
        return Read("text", _ESCAPED.sub(_sign, text) if "_x" in text else text)
    if not value:
        return Read("blank", "")
    if kind == "b":
        return Read("bool", value)
    return Read("number" if kind == "n" else "other", value)


def _sign(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def agrees(wanted: CellValue, content: Content | Transplant, got: Read) -> bool:
    """Whether a cell read back holds the value that was wanted."""
    if isinstance(content, Transplant):
        return got.kind != "blank"
    if content.kind == "kept":
        return True
    if content.kind == "blank":
        return got.kind == "blank"
    if content.kind == "formula":
        return got.kind == "other"
    if content.kind == "bool":
        return got == Read("bool", "1" if wanted else "0")
    if content.kind in ("text", "digits"):
        expected = wanted if isinstance(wanted, str) else content.text
        return got.kind == "text" and got.text == expected
    return got.kind == "number" and float(got.text) == float(content.text)
