"""Error cells of .ods files, which calamine gives as empty texts."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from ledgersync.workbook.read.formats.inflate import whole

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
Cells = dict[tuple[int, int], str]


def error_cells(content: bytes, archive: zipfile.ZipFile) -> dict[str, Cells]:
    """Error texts by sheet and cell; empty for what is no OpenDocument spreadsheet."""
    part = next((m for m in archive.infolist() if m.filename == "content.xml"), None)
    if part is None:
        return {}
    xml = whole(content, part)
    if b'value-type="error"' not in xml:
        return {}
    found: dict[str, Cells] = {}
    for _, table in etree.iterparse(BytesIO(xml), tag=f"{_TABLE}table", resolve_entities=False):
        found[str(table.get(f"{_TABLE}name", ""))] = dict(_errors(table))
        table.clear()
    return found


def _errors(table: etree._Element) -> Iterator[tuple[tuple[int, int], str]]:
    row = 1
    for line in table.iter(f"{_TABLE}table-row"):
        column = 1
        for cell in line.iterchildren(*_CELLS):
            if cell.get(_TYPE) == "error":
                yield (row, column), "".join(map(str, cell.itertext())).strip() or "#VALUE!"
            column += int(cell.get(_COLUMNS, "1"))
        row += int(line.get(_ROWS, "1"))
