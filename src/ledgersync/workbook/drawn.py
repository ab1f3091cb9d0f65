"""The bytes of a workbook that openpyxl drew, in the order that the standard asks for.

openpyxl writes the children of a font as it holds them; the schema of the standard is a sequence,
and a strict validator, or Excel on a bad day, calls another order damaged.
"""

import io
import zipfile
from collections.abc import Mapping

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ledgersync.workbook.patch.package.zipcopy import ZipTarget

Cached = Mapping[str, Mapping[str, object]]  # sheet → cell → number
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STYLES = "xl/styles.xml"
_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_PLACE = {f"{_MAIN}{name}": place for place, name in enumerate(_FONT)}


def workbook_bytes(book: Workbook, cached: Cached | None = None) -> bytes:
    """The package as it is written to a file; `cached` are the values of formulas, by sheet and
    cell, for programs that show what is stored instead of computing it."""
    values = {
        f"xl/worksheets/sheet{n}.xml": cached[sheet.title]
        for n, sheet in enumerate(book.worksheets, 1)
        if cached and sheet.title in cached
    }
    drawn, found = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(drawn, "w", zipfile.ZIP_STORED)).save()
    target = ZipTarget(found)
    with zipfile.ZipFile(drawn) as source:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == _STYLES:
                content = _in_order(content)
            elif entry.filename in values:
                content = _with_values(content, values[entry.filename])
            target.write([content], entry.filename)
    target.finish(b"")
    return found.getvalue()


def holdable(text: str) -> str:
    """A text without the control characters that no cell can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def keep_texts(sheet: Worksheet) -> None:
    """What people wrote is no formula, whatever it begins with; for sheets without formulas."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"


def _in_order(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda child: _PLACE.get(str(child.tag), len(_FONT)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_values(sheet: bytes, values: Mapping[str, object]) -> bytes:
    root = etree.fromstring(sheet)
    for cell in root.iter(f"{_MAIN}c"):
        place = cell.get("r")
        if place and place in values:
            stored = cell.find(f"{_MAIN}v")
            if stored is None:
                stored = etree.SubElement(cell, f"{_MAIN}v")
            stored.text = str(values[place])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
