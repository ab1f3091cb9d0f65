"""One file from its bytes to `WorkbookData`, in this process."""

import hashlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

from ledgersync.collector import without_collector
from ledgersync.errors import os_reason
from ledgersync.filenames import readable
from ledgersync.messages import message
from ledgersync.model import Finding, Stamp, TableData, WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.properties import last_saved
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats.files import open_book
from ledgersync.workbook.read.formats.spreadsheets import Alarm
from ledgersync.workbook.read.layout.choose import Chooser
from ledgersync.workbook.read.layout.grid import Book
from ledgersync.workbook.read.layout.headers import HeaderIndex
from ledgersync.workbook.read.layout.office import office_named
from ledgersync.workbook.read.layout.sheets import SheetReader
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workbook.stamp_text import STAMP_SHEET, stamp_in


def read_here(
    path: Path,
    catalog: Catalog,
    *,
    today: date,
    password: str | None = None,
    mappings: Mapping[str, str] | None = None,
    alarm: Alarm | None = None,
) -> WorkbookData:
    """Read a file in this process; raises UnreadableFile."""
    content, name = _content(path), readable(path.name)
    with without_collector():
        book = open_book(content, name, password, alarm)
        tables, findings = tables_of(book, name, catalog, today, mappings)
        stamp = read_stamp(BytesIO(content)) if content[:2] == b"PK" else None
        office = office_named(book)
    return WorkbookData(
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        stamp=stamp or _stamp_of(book),
        tables=tables,
        findings=findings,
        office=office,
        saved=last_saved(content),
        merges={grid.sheet: [(*merge,) for merge in grid.merges] for grid in book},
    )


def _stamp_of(book: Book) -> Stamp | None:
    """The stamp in the sheet that every format keeps."""
    sheets = (grid for grid in book if grid.sheet == STAMP_SHEET)
    return next(
        (stamp_in((row[0], row[1]) for row in grid.rows if len(row) > 1) for grid in sheets), None
    )


def _content(path: Path) -> bytes:
    name = readable(path.name)
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refusals.missing(name) from error
    except OSError as error:
        raise refusals.refused(
            message("打不开 {path}：{error}。", path=name, error=os_reason(error)),
        ) from error


def tables_of(
    book: Book, name: str, catalog: Catalog, today: date, mappings: Mapping[str, str] | None = None
) -> tuple[list[TableData], list[Finding]]:
    """The tables and layout findings of all sheets, in the order of the sheets."""
    index = HeaderIndex(catalog, mappings)
    reader = SheetReader(name, index, Chooser(catalog, index), today, book.date1904)
    tables: list[TableData] = []
    findings: list[Finding] = []
    for grid in book:
        found, notes = reader.read(grid)
        tables += found
        findings += notes
    return tables, findings
