"""Spreadsheet files as grids, through python-calamine; .xlsx packages are looked at twice."""

import struct
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING

import python_calamine as calamine

from ledgersync.values import CellError
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats import inflate, preflight
from ledgersync.workbook.read.formats.facts import (
    Cell,
    FormatDisplay,
    Kind,
    SheetFacts,
    TextDisplay,
    is_proposal,
)
from ledgersync.workbook.read.formats.inflate import DecompressionBomb
from ledgersync.workbook.read.formats.package import (
    SHARED_TEXTS,
    Package,
    read_package,
    style_codes,
)
from ledgersync.workbook.read.formats.scan import cell_formats, sheet_facts
from ledgersync.workbook.read.layout.grid import Book, Display, Grid, Merge, Stray, Visibility
from ledgersync.workbook.read.memory import give_back
from ledgersync.workbook.stamp_text import FORMULA_SHEETS

if TYPE_CHECKING:
    from ledgersync.workbook.read.formats.biff import OldBook
    from ledgersync.workbook.read.formats.large.book import LargeSheet
    from ledgersync.workbook.read.formats.ods import OpenBook
    from ledgersync.workbook.read.formats.xlsb import BinaryBook

_VISIBILITY: dict[str, Visibility] = {
    "Visible": "visible",
    "Hidden": "hidden",
    "VeryHidden": "very_hidden",
}
LARGE_XML = 4_000_000  # bytes of sheets and shared texts
_LARGE = 5_000_000  # bytes of a file whose strings take tens of megabytes
_FAILURES = (
    calamine.CalamineError,
    calamine.XmlError,
    calamine.ZipError,
    calamine.WorksheetNotFound,
)
Alarm = Callable[[], None]
Scanned = Callable[[], SheetFacts | None]  # waits for the scan of a sheet; None: it is broken
_Parsed = tuple[calamine.SheetMetadata, Scanned, calamine.CalamineSheet]
OLE = b"\xd0\xcf\x11\xe0"  # how old workbooks begin, and encrypted packages


def read_book(content: bytes, name: str, alarm: Alarm | None = None) -> Book:
    """All worksheets of an .xlsx, .xlsm, .xlsb, .xls, .et or .ods file.

    `alarm` is called at once when a member proves to be a bomb while the parser still works.
    Raises UnreadableFile.
    """
    facts = _facts(content, name, alarm)
    if isinstance(facts, _PackageFacts):
        content = facts.content
    try:
        grids = _large_grids(facts, name) or list(_grids(content, name, facts))
    except calamine.PasswordError as error:
        raise refusals.encrypted(name) from error
    except _FAILURES as error:
        book = _read_slowly(content) if content[:2] == b"PK" else None
        if book is None:
            raise refusals.damaged(name, _short(error)) from error
        grids = book.grids
    for grid in grids:
        grid.stray = facts.strays.get(grid.sheet)
    return Book(grids, facts.date1904)


def _large_grids(facts: "_Facts", name: str) -> list[Grid] | None:
    """The sheets of a large package, None of any other file."""
    if not isinstance(facts, _PackageFacts) or not facts.is_large:
        return None
    from ledgersync.workbook.read.formats.large.book import read_large  # numpy costs a little

    try:
        found = read_large(facts.content, facts.archive, facts.parts, _has_cells)
    except inflate.DecompressionBomb as error:
        raise refusals.decompression_bomb(name) from error
    return None if found is None else [_grid_of(sheet, facts) for sheet in found]


def _grid_of(sheet: "LargeSheet", facts: "_PackageFacts") -> Grid:
    meta = sheet.meta
    display = FormatDisplay(lambda kind: sheet.styled.with_codes(facts.codes(kind)))
    return Grid(
        meta.name, sheet.rows, sheet.merges, _visibility(meta), sheet.formulas, display=display
    )


def _read_slowly(content: bytes) -> Book | None:
    from ledgersync.workbook.read.formats.slow import read_slowly  # openpyxl costs a third second

    return read_slowly(content)


def _grids(content: bytes, name: str, facts: "_Facts") -> Iterator[Grid]:
    """The book is closed, and each sheet let go, before its cells are Python objects as well.

    The raw form of a sheet is scanned while calamine parses it (both release the lock).
    """
    parsed: list[_Parsed] = []
    with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        for meta in filter(_has_cells, book.sheets_metadata):
            scanned = facts.of(meta.name)
            parsed.append((meta, scanned, book.get_sheet_by_name(meta.name)))
    if len(content) > _LARGE:
        give_back()
    while parsed:
        yield _grid(*parsed.pop(0), facts.display, name)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:80] if str(error) else type(error).__name__


def _has_cells(sheet: calamine.SheetMetadata) -> bool:
    """A worksheet, unless it is one of ours that only its formulas ask (keys, lists)."""
    shown = sheet.visible == calamine.SheetVisibleEnum.Visible
    ours = sheet.name in FORMULA_SHEETS and not shown
    return sheet.typ == calamine.SheetTypeEnum.WorkSheet and not ours


def _grid(
    meta: calamine.SheetMetadata,
    scanned: Scanned,
    sheet: calamine.CalamineSheet,
    display: Callable[[str], Display | None],
    name: str,
) -> Grid:
    rows: list[list[object]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    merges = [
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    found = scanned()
    if found is None:
        raise refusals.damaged(name)
    proposals = set(filter(is_proposal, set(found.errors.values())))
    for (row, column), text in found.errors.items():
        if text not in proposals:
            _put(rows, row, column, CellError(text))
    shown = display(meta.name)
    return Grid(meta.name, rows, merges, _visibility(meta), found.formulas, display=shown)


def _visibility(meta: calamine.SheetMetadata) -> Visibility:
    return _VISIBILITY[str(meta.visible).rpartition(".")[2]]


def _put(rows: list[list[object]], row: int, column: int, cell: CellError) -> None:
    """A cell that calamine left out may lie beyond what it returned."""
    width = len(rows[0]) if rows else 0
    while len(rows) < row:
        rows.append([""] * width)
    if column > len(rows[0]):
        for cells in rows:
            cells.extend([""] * (column - len(cells)))
    if rows[row - 1][column - 1] == "":
        rows[row - 1][column - 1] = cell


class _Facts:
    """What calamine does not tell about a file's sheets; this one knows nothing."""

    date1904 = False
    strays: Mapping[str, Stray] = MappingProxyType({})

    def of(self, sheet: str) -> Scanned:  # noqa: ARG002
        """Starts the scan of a sheet."""
        return SheetFacts

    def display(self, sheet: str) -> Display | None:  # noqa: ARG002
        """What the cells of a sheet show."""
        return None


def _facts(content: bytes, name: str, alarm: Alarm | None) -> _Facts:
    if content[:2] == b"PK":
        return _package_facts(content, name, alarm)
    if content[:4] != OLE:
        return _Facts()
    from ledgersync.workbook.read.formats.biff import read_old_book

    return _ListedFacts(read_old_book(content))


def _package_facts(content: bytes, name: str, alarm: Alarm | None) -> _Facts:
    archive = _archive(content, name)
    strays = preflight.check_package(archive, content, name)
    try:
        if (facts := _other_facts(content, archive)) is not None:
            return facts
    except (inflate.Broken, SyntaxError, ValueError, struct.error) as error:
        raise refusals.damaged(name) from error
    if strays:
        from ledgersync.workbook.read.formats.trim import trimmed

        content = trimmed(content, archive, strays)
        archive = _archive(content, name)
    return _PackageFacts(content, archive, strays, name, alarm)


class _ListedFacts(_Facts):
    """Facts found beforehand: .xls, .et, .xlsb."""

    def __init__(self, book: "OldBook | BinaryBook") -> None:
        self._book = book
        self.date1904 = book.date1904

    def of(self, sheet: str) -> Scanned:
        return lambda: self._book.sheets.get(sheet) or SheetFacts()

    def display(self, sheet: str) -> Display | None:
        return FormatDisplay(lambda kind: self._book.formats(sheet, kind))


class _OpenFacts(_Facts):
    """Facts of an .ods file, which says what its cells show."""

    def __init__(self, book: "OpenBook") -> None:
        self._sheets = book.sheets
        self.date1904 = book.date1904

    def of(self, sheet: str) -> Scanned:
        found = self._sheets.get(sheet)
        return lambda: found.facts if found else SheetFacts()

    def display(self, sheet: str) -> Display | None:
        found = self._sheets.get(sheet)
        return TextDisplay(found.shown) if found else None


class _PackageFacts(_Facts):
    """Scans the sheets of a package beside the parser."""

    def __init__(
        self,
        content: bytes,
        archive: zipfile.ZipFile,
        strays: Mapping[str, Stray],
        name: str,
        alarm: Alarm | None,
    ) -> None:
        self.content = content
        self._name = name
        self._alarm = alarm
        self._members = {m.filename: m for m in archive.infolist()}
        self._package = _package(archive, name)
        self.date1904 = self._package.date1904
        parts = self._package.parts
        self.parts = parts
        self.strays = {sheet: strays[part] for sheet, part in parts.items() if part in strays}
        self.archive = archive
        self._styles: list[str] | None = None

    @property
    def is_large(self) -> bool:
        """The sheets and their texts are so long that it pays to read them by columns."""
        parts = {*self.parts.values(), SHARED_TEXTS} & self._members.keys()
        size = sum(self._members[part].file_size for part in parts)
        return not self.strays and size >= LARGE_XML

    def display(self, sheet: str) -> Display | None:
        part = self._package.parts.get(sheet, "")
        if not part.lower().endswith(".xml"):
            return None
        return FormatDisplay(lambda kind: self._formats(part, kind))

    def _formats(self, part: str, kind: Kind) -> Mapping[Cell, str]:
        """The number formats of one kind in a sheet; nothing of a broken package."""
        codes = self.codes(kind)
        if not codes:
            return {}
        try:
            return cell_formats(inflate.whole(self.content, self._members[part]), codes)
        except (SyntaxError, ValueError, inflate.Broken):
            return {}

    def codes(self, kind: Kind) -> dict[int, str]:
        """The number formats of one kind, by style; none of a broken package."""
        if self._styles is None:
            try:
                self._styles = style_codes(self.archive)
            except (zipfile.BadZipFile, SyntaxError, ValueError):
                self._styles = []
        return {n: code for n, code in enumerate(self._styles) if kind(code)}

    def of(self, sheet: str) -> Scanned:
        part = self._package.parts.get(sheet, "")
        if not part.lower().endswith(".xml"):
            return SheetFacts
        found: list[SheetFacts] = []
        bombs: list[DecompressionBomb] = []

        def scan() -> None:
            try:
                found.append(sheet_facts(self.content, self._members[part]))
            except DecompressionBomb as error:
                bombs.append(error)
                if self._alarm is not None:
                    self._alarm()
            except inflate.Broken:
                return

        thread = threading.Thread(target=scan, daemon=True)
        thread.start()

        def wait() -> SheetFacts | None:
            thread.join()
            if bombs:
                raise refusals.decompression_bomb(self._name)
            return found[0] if found else None

        return wait


def _other_facts(content: bytes, archive: zipfile.ZipFile) -> _Facts | None:
    """Those of a package of another kind; each kind is known by a part, and few are needed."""
    names = archive.namelist()
    if "content.xml" in names:
        from ledgersync.workbook.read.formats.ods import read_open_book

        open_book = read_open_book(content, archive)
        return _OpenFacts(open_book) if open_book is not None else None
    if "xl/workbook.bin" in names:
        from ledgersync.workbook.read.formats.xlsb import read_binary_book

        binary = read_binary_book(content, archive)
        return _ListedFacts(binary) if binary is not None else None
    return None


def _archive(content: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise refusals.damaged(name) from error


def _package(archive: zipfile.ZipFile, name: str) -> Package:
    try:
        return read_package(archive)
    except (zipfile.BadZipFile, SyntaxError, ValueError, EOFError) as error:
        raise refusals.damaged(name) from error
