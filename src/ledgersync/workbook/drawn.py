"""The bytes of a workbook that openpyxl drew, in the order that the standard asks for.

openpyxl writes the children of a font as it holds them; the schema of the standard is a sequence,
and a strict validator, or Excel on a bad day, calls another order damaged.
"""

import io
import zipfile

from lxml import etree
from openpyxl import Workbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STYLES = "xl/styles.xml"
_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_PLACE = {f"{_MAIN}{name}": place for place, name in enumerate(_FONT)}


def workbook_bytes(book: Workbook) -> bytes:
    """The package as it is written to a file."""
    drawn = io.BytesIO()
    book.save(drawn)
    found = io.BytesIO()
    with zipfile.ZipFile(drawn) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in source.infolist():
            content = source.read(entry)
            out.writestr(entry, _in_order(content) if entry.filename == _STYLES else content)
    return found.getvalue()


def _in_order(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda child: _PLACE.get(str(child.tag), len(_FONT)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
