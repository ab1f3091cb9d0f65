"""One file from its bytes to `WorkbookData`, in this process."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledgersync.model import Finding, TableData, WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.read.choose import Chooser
from ledgersync.workbook.read.grid import Book
from ledgersync.workbook.read.headers import HeaderIndex
from ledgersync.workbook.read.sheets import SheetReader
from ledgersync.workbook.read.spreadsheets import read_book, without_collector
from ledgersync.workbook.stamp import read_stamp


def read_here(
    path: Path,
    catalog: Catalog,
    today: date,
    password: str | None = None,  # noqa: ARG001
    mappings: Mapping[str, str] | None = None,
) -> WorkbookData:
    """Read a file without a child process; raises UnreadableFile."""
    content = path.read_bytes()
    with without_collector():
        tables, findings = tables_of(read_book(content), path.name, catalog, today, mappings)
    return WorkbookData(
        file=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        stamp=read_stamp(path),
        tables=tables,
        findings=findings,
    )


def tables_of(
    book: Book, name: str, catalog: Catalog, today: date, mappings: Mapping[str, str] | None = None
) -> tuple[list[TableData], list[Finding]]:
    """The tables and layout findings of all sheets, in the order of the sheets."""
    index = HeaderIndex(catalog, mappings)
    reader = SheetReader(name, index, Chooser(catalog, index), today, book.date1904)
    tables: list[TableData] = []
    findings: list[Finding] = []
    for grid in book:
        found, said = reader.read(grid)
        tables += found
        findings += said
    return tables, findings
