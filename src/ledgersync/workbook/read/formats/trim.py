"""A copy of a package without the stray cells that would blow a sheet up to a million rows."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

from ledgersync.model import column_number
from ledgersync.workbook.read.formats.inflate import whole
from ledgersync.workbook.read.layout.grid import Stray

_ROW = re.compile(rb'<((?:\w+:)?)row [^>]*?\br="(\d+)"[^>]*?(?:/>|>.*?</\1row>)', re.DOTALL)
_CELL = re.compile(
    rb'<((?:\w+:)?)c [^>]*?\br="([A-Z]{1,3})\d+"(?:[^>]*?/>|[^>]*>.*?</\1c>)', re.DOTALL
)


def trimmed(content: bytes, archive: zipfile.ZipFile, strays: Mapping[str, Stray]) -> bytes:
    """The package with those sheet parts cut to their content, in memory, stored."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for member in archive.infolist():
            part = whole(content, member)
            stray = strays.get(member.filename)
            new.writestr(member.filename, _cut(part, stray) if stray else part)
    return out.getvalue()


def _cut(xml: bytes, stray: Stray) -> bytes:
    def row(match: re.Match[bytes]) -> bytes:
        if int(match[2]) > stray.row:
            return b""
        return _CELL.sub(cell, match[0])

    def cell(match: re.Match[bytes]) -> bytes:
        return b"" if column_number(match[2].decode()) > stray.column else match[0]

    return _ROW.sub(row, xml)
