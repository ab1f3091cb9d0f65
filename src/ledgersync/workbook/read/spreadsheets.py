"""Spreadsheet files as grids, through python-calamine; .xlsx packages are looked at twice."""

import gc
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import python_calamine as calamine

from ledgersync.values import CellError
from ledgersync.workbook.read.grid import Book, Grid, Merge, Visibility
from ledgersync.workbook.read.package import Package, SheetFacts, read_package, sheet_facts

_VISIBILITY: dict[str, Visibility] = {
    "Visible": "visible",
    "Hidden": "hidden",
    "VeryHidden": "very_hidden",
}
# A proposal of our own copies that no program has calculated: nobody typed anything there.
_PROPOSAL = re.compile(r"=(?:IF\()?LS_[a-z]")


def read_book(content: bytes) -> Book:
    """All worksheets of an .xlsx, .xlsm, .xlsb, .xls or .ods file.

    Raises calamine's errors for files that it does not read.
    """
    archive = zipfile.ZipFile(BytesIO(content)) if content[:2] == b"PK" else None
    package = read_package(archive) if archive else Package({}, False)
    facts = _Facts(archive, package)
    with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        grids = [_grid(book, sheet, facts) for sheet in book.sheets_metadata if _has_cells(sheet)]
    return Book(grids, package.date1904)


def _has_cells(sheet: calamine.SheetMetadata) -> bool:
    return sheet.typ == calamine.SheetTypeEnum.WorkSheet


def _grid(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, facts: "_Facts") -> Grid:
    """One sheet; its XML is scanned while calamine parses it (both release the lock)."""
    ready = facts.of(meta.name)
    sheet = book.get_sheet_by_name(meta.name)
    rows: list[list[object]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    merges = [
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    found = ready()
    for (row, column), text in found.errors.items():
        if not _PROPOSAL.match(text):
            _put(rows, row, column, CellError(text))
    visibility = _VISIBILITY[str(meta.visible).rpartition(".")[2]]
    return Grid(meta.name, rows, merges, visibility, found.formulas)


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
    """Scans sheets beside the parser."""

    def __init__(self, archive: zipfile.ZipFile | None, package: Package) -> None:
        self._archive = archive
        self._package = package

    def of(self, sheet: str) -> Callable[[], SheetFacts]:
        """Starts the scan of a sheet; calling the result waits for it."""
        part = self._package.parts.get(sheet)
        if part is None or self._archive is None:
            return SheetFacts
        found: list[SheetFacts] = []
        failed: list[BaseException] = []
        archive = self._archive

        def scan() -> None:
            try:
                found.append(sheet_facts(archive, part))
            except (zipfile.BadZipFile, OSError, ValueError) as error:
                failed.append(error)

        thread = threading.Thread(target=scan, daemon=True)
        thread.start()

        def wait() -> SheetFacts:
            thread.join()
            if failed:
                raise failed[0]
            return found[0]

        return wait


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of fresh cells make the garbage collector run for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
