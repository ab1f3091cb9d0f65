"""A small package in place of a large one: what calamine reads of it holds for both.

It has the workbook, the styles and everything else of the large package, but only those cells and
shared texts that are not read here: what they become is calamine's own answer.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import python_calamine as calamine

from ledgersync.workbook.read.formats.inflate import DecompressionBomb, checked_pieces
from ledgersync.workbook.read.formats.large.tags import Unusual
from ledgersync.workbook.read.formats.package import SHARED_TEXTS

_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet {_NAMESPACE}><sheetData>'
_SHEET_END = "</sheetData></worksheet>"
_TEXTS = f'<?xml version="1.0" encoding="UTF-8"?>\n<sst {_NAMESPACE}>'
_LAST = 20221.0  # stands in the last cell: all others have been read


class Probe:
    """A package whose sheets are empty."""

    def __init__(
        self, content: bytes, members: Iterable[zipfile.ZipInfo], parts: Mapping[str, str]
    ) -> None:
        """`parts` are the sheets' parts by their names. Raises Unusual, Broken."""
        skipped = {*parts.values(), SHARED_TEXTS}
        self._parts, self._sheet = parts, ""
        needed = (m for m in members if m.filename not in skipped and _is_needed(m.filename))
        try:
            self._kept = {m.filename: b"".join(checked_pieces(content, m)) for m in needed}
        except DecompressionBomb:
            raise Unusual from None

    def metadata(self) -> list[calamine.SheetMetadata]:
        with self._book({}, ()) as book:
            found = book.sheets_metadata
        sheets = (meta.name for meta in found if meta.typ == calamine.SheetTypeEnum.WorkSheet)
        self._sheet = next((name for name in sheets if name in self._parts), "")
        return found

    def values(self, cells: Sequence[bytes], texts: Sequence[str]) -> list[object]:
        """What cells hold (each from behind its place), and then what shared texts are."""
        ours = (b't="s"><v>%d</v></c>' % n for n in range(len(texts)))
        if not (cells or texts):
            return []
        rows = [*cells, *(b" " + c for c in ours), b"><v>%d</v></c>" % _LAST]
        xml = b"".join(
            b'<row r="%d"><c r="A%d"%b</row>' % (n, n, cell) for n, cell in enumerate(rows, 1)
        )
        content = _SHEET.encode() + xml + _SHEET_END.encode()
        with self._book({self._parts[self._sheet]: content}, texts) as book:
            found = book.get_sheet_by_name(self._sheet).to_python(skip_empty_area=False)
        if len(found) != len(rows) or found[-1][0] != _LAST:
            raise Unusual
        return [row[0] for row in found[:-1]]

    def _book(self, sheets: Mapping[str, bytes], texts: Iterable[str]) -> calamine.CalamineWorkbook:
        entries = "".join(f"<si>{text}</si>" for text in texts)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
            for name, content in self._kept.items():
                new.writestr(name, content)
            new.writestr(SHARED_TEXTS, f"{_TEXTS}{entries}</sst>")
            for part in self._parts.values():
                new.writestr(part, sheets.get(part) or _SHEET + _SHEET_END)
        return calamine.CalamineWorkbook.from_filelike(BytesIO(out.getvalue()))


def _is_needed(name: str) -> bool:
    """Workbook, styles, relations: nothing of pictures, themes, comments or tables."""
    folder, _, last = name.rpartition("/")
    if last == "calcChain.xml":
        return False
    return folder in ("", "_rels", "xl", "xl/_rels") and name.endswith((".xml", ".rels"))
