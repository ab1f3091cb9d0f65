"""Error cells, formulas and shown texts of .ods files, of which calamine gives the values only."""

import zipfile
from collections.abc import Iterator
from dataclasses import field
from io import BytesIO
from typing import TYPE_CHECKING

from ledgersync.dataclass import dataclass
from ledgersync.workbook.read.formats.facts import Cell, SheetFacts
from ledgersync.workbook.read.formats.inflate import whole

if TYPE_CHECKING:
    from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS = ("float", "percentage", "currency")
_MOST_REPEATED = 4096


@dataclass(slots=True)
class OpenSheet:
    """Facts of a sheet, and what its numbers show."""

    facts: SheetFacts = field(default_factory=SheetFacts)
    shown: dict[Cell, str] = field(default_factory=dict)


@dataclass(slots=True)
class OpenBook:
    sheets: dict[str, OpenSheet] = field(default_factory=dict)
    date1904: bool = False


def read_open_book(content: bytes, archive: zipfile.ZipFile) -> OpenBook | None:
    """What an OpenDocument spreadsheet says beside its values; None for what is none."""
    part = next((m for m in archive.infolist() if m.filename == "content.xml"), None)
    if part is None:
        return None
    from lxml import etree  # few files are of this kind

    found = OpenBook()
    tags = (f"{_TABLE}table", f"{_TABLE}null-date")
    xml = whole(content, part)
    for _, element in etree.iterparse(BytesIO(xml), tag=tags, resolve_entities=False):
        if str(element.tag) == tags[1]:
            found.date1904 = str(element.get(f"{_TABLE}date-value", "")).startswith("1904")
        else:
            found.sheets[str(element.get(f"{_TABLE}name", ""))] = _sheet(element)
            element.clear()
    return found


def _sheet(table: "etree._Element") -> OpenSheet:
    sheet = OpenSheet()
    for row, column, cell in _filled(table):
        kind = cell.get(f"{_OFFICE}value-type")
        if cell.get(f"{_TABLE}formula"):
            sheet.facts.note_formula(row, column)
        if cell.get(_TYPE) == "error":
            sheet.facts.errors[row, column] = _text(cell) or "#VALUE!"
        elif kind in _NUMBERS and (text := _text(cell)):
            sheet.shown[row, column] = text
    return sheet


def _filled(table: "etree._Element") -> "Iterator[tuple[int, int, etree._Element]]":
    """The cells that hold something; a repeated one as often as it stands, within reason."""
    row = 1
    for line in table.iter(f"{_TABLE}table-row"):
        column, rows = 1, int(line.get(_ROWS, "1"))
        for cell in line.iterchildren(*_CELLS):
            columns = int(cell.get(_COLUMNS, "1"))
            if len(cell) or cell.get(f"{_TABLE}formula"):
                few = rows * columns <= _MOST_REPEATED
                for r in range(rows if few else 1):
                    for c in range(columns if few else 1):
                        yield row + r, column + c, cell
            column += columns
        row += rows


def _text(cell: "etree._Element") -> str:
    return "".join(map(str, cell.itertext())).strip()
