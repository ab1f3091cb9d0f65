"""An annotated copy of a workbook: faulty cells coloured, with comments, and a list of them all.

What is for information only stands in the list and leaves its cell alone.

The copy is for looking at; the workbook itself stays as it is. It is written with openpyxl, which
may drop what it does not know. A file that openpyxl cannot load, or that is no .xlsx or .xlsm,
becomes an .xlsx with its plain cell contents.
"""

import os
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.checks.rules import RULES
from ledgersync.errors import UnreadableFile
from ledgersync.model import CellAddress, Finding
from ledgersync.values import CellError
from ledgersync.workbook.read.files import open_book

SHEET = "校验结果"
MARK = "-校验"
MOST_COMMENTS = 5000
_FILLS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
_LEVELS = {"error": "错误", "warning": "警告", "info": "提示"}
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_COLUMNS = (("工作表", 16), ("单元格", 10), ("级别", 8), ("字段", 18), ("问题", 70), ("规则", 38))
_LOAD_FAULTS = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
)


def annotated_name(source: Path) -> str:
    """`低保台账.xlsx` → `低保台账-校验.xlsx`; other formats than .xlsx and .xlsm become .xlsx."""
    suffix = source.suffix.lower()
    return f"{source.stem}{MARK}{suffix if suffix in ('.xlsx', '.xlsm') else '.xlsx'}"


def annotate(source: Path, findings: Sequence[Finding], target: Path) -> None:
    """Write the annotated copy of `source` to `target`; raises OSError."""
    book = _load(source)
    _mark(book, findings)
    _list(book, findings)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".~{target.name}.{os.getpid()}.tmp")
    try:
        book.save(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _load(source: Path) -> Workbook:
    if source.suffix.lower() in (".xlsx", ".xlsm"):
        try:
            return load_workbook(source, keep_vba=source.suffix.lower() == ".xlsm")
        except _LOAD_FAULTS:
            pass
    return _plain(source)


def _plain(source: Path) -> Workbook:
    """The cell contents alone, sheet by sheet; an encrypted file's stay in that file."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    try:
        grids = list(open_book(source.read_bytes(), source.name))
    except UnreadableFile:
        grids = []
    for grid in grids:
        sheet = book.create_sheet(grid.sheet)
        for r, cells in enumerate(grid.rows, 1):
            for c, raw in enumerate(cells, 1):
                _put(sheet, r, c, raw.text if isinstance(raw, CellError) else raw)
    return book


def _put(sheet: Worksheet, row: int, column: int, raw: object) -> None:
    if raw in (None, ""):
        return
    cell = sheet.cell(row, column)
    cell.value = raw  # type: ignore[assignment]
    if isinstance(raw, str):
        cell.data_type = "s"  # text that begins with = stays text
        cell.number_format = "@"


def _mark(book: Workbook, findings: Iterable[Finding]) -> None:
    by_cell: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        marked = finding.sheet in book.sheetnames and finding.severity != "info"
        if marked and finding.row:
            place = (str(finding.sheet), finding.row, finding.column or 0)
            by_cell.setdefault(place, []).append(finding)
    for n, ((name, row, column), found) in enumerate(by_cell.items()):
        sheet = book[name]
        if isinstance(sheet, Worksheet):
            _mark_cell(_cell(sheet, row, column), found, comment=n < MOST_COMMENTS)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place, the first one of a merged range, the first filled one of a row."""
    if not column:
        filled = (c.column for c in sheet[row] if c.value is not None)
        column = next(filled, 1)
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    area = next(a for a in sheet.merged_cells.ranges if cell.coordinate in a)
    first = sheet.cell(area.min_row, area.min_col)
    assert isinstance(first, Cell)
    return first


def _mark_cell(cell: Cell, found: Sequence[Finding], *, comment: bool) -> None:
    worst = min((f.severity for f in found), key=_GRAVITY.__getitem__)
    cell.fill = PatternFill("solid", start_color=_FILLS[worst])
    if not comment:
        return
    lines = [f"{_LEVELS[f.severity]}：{f.message.zh}" for f in found]
    before = cell.comment.text.rstrip() + "\n" if cell.comment else ""
    text = before + "\n".join(lines)
    cell.comment = Comment(text, "LedgerSync", width=320, height=40 + 20 * text.count("\n"))


def _list(book: Workbook, findings: Sequence[Finding]) -> None:
    """The sheet 校验结果, first in the workbook, errors first; an older one is replaced."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET, 0)
    sheet.append([title for title, _ in _COLUMNS])
    for finding in sorted(findings, key=lambda f: _GRAVITY[f.severity]):
        _list_one(sheet, finding, linked=finding.sheet in book.sheetnames)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        sheet.cell(1, n).font = Font(bold=True)
        sheet.cell(1, n).fill = PatternFill("solid", start_color="D9E1F2")
        sheet.column_dimensions[sheet.cell(1, n).column_letter].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.auto_filter.ref = f"A1:F{sheet.max_row}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _list_one(sheet: Worksheet, finding: Finding, *, linked: bool) -> None:
    rule = RULES.get(finding.rule)
    title = f"{rule.title.zh}（{finding.rule}）" if rule else finding.rule
    place = finding.cell or (f"第{finding.row}行" if finding.row else "")
    level = _LEVELS[finding.severity]
    field = finding.message.zh.partition("〔")[2].partition("〕")[0] or (finding.field or "")
    sheet.append([finding.sheet, place, level, field, finding.message.zh, title])
    row = sheet.max_row
    sheet.cell(row, 3).fill = PatternFill("solid", start_color=_FILLS[finding.severity])
    sheet.cell(row, 5).alignment = Alignment(wrap_text=True, vertical="top")
    if linked and finding.row:
        _link(sheet.cell(row, 2), finding)


def _link(cell: Cell | MergedCell, finding: Finding) -> None:
    at = CellAddress(finding.file, finding.sheet or "", finding.row or 1, finding.column or 1)
    name = at.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{at.cell}")
    cell.font = Font(color="0563C1", underline="single")
