"""An annotated copy of a workbook: faulty cells coloured, with comments, and a list of them all.

What is for information only stands in the list and leaves its cell alone.

The copy is for looking at; the workbook itself stays as it is. The patcher writes it, so that all
that people put into their workbook is in the copy too; the list is then its last sheet. What the
patcher refuses is written anew with openpyxl, which drops what it does not know (the list comes
first then); a file that openpyxl cannot load either, or that is no .xlsx or .xlsm, becomes an
.xlsx with its plain cell contents. The result says which way was taken.
"""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.checks.rules import RULES
from ledgersync.errors import PatchRefused, UnreadableFile
from ledgersync.files import atomic_write
from ledgersync.model import CellAddress, Finding
from ledgersync.values import CellError
from ledgersync.workbook.drawn import workbook_bytes
from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.pages import set_up_page
from ledgersync.workbook.patch import (
    SheetContent,
    SheetEdit,
    add_sheets,
    patch_sheets,
    sheet_names,
)
from ledgersync.workbook.read.formats.files import open_book
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.sheets import FINDINGS

SHEET = "校验结果"
MARK = "-校验"
MOST_COMMENTS = 5000
_PACKAGES = (".xlsx", ".xlsm")
_HEADER_FILL = "D9E1F2"
_FILLS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
_LEVELS = {"error": "错误", "warning": "警告", "info": "提示"}
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_COLUMNS = tuple(zip(FINDINGS, (16, 10, 8, 18, 70, 38), strict=True))
_LINE = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_LOAD_FAULTS = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
)


Way = Literal["patched", "rewritten", "contents"]
"""How a copy was made: nothing lost, what openpyxl knows, the plain contents of the cells."""


def annotated_name(source: Path) -> str:
    """`低保台账.xlsx` → `低保台账-校验.xlsx`; other formats than .xlsx and .xlsm become .xlsx."""
    suffix = source.suffix.lower()
    return f"{source.stem}{MARK}{suffix if suffix in _PACKAGES else '.xlsx'}"


def annotate(source: Path, findings: Sequence[Finding], target: Path) -> Way:
    """Write the annotated copy of `source` to `target`; raises OSError.

    Raises PatchRefused when the target is open in another program.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix.lower() in _PACKAGES:
        try:
            _patch(source, findings, target)
        except PatchRefused as refusal:
            if refusal.reason == "target.open":  # somebody is looking at the last copy
                raise
        else:
            return "patched"
    return _rewrite(source, findings, target)


def _patch(source: Path, findings: Sequence[Finding], target: Path) -> None:
    names = sheet_names(source)
    title = next(t for t in _titles() if t.casefold() not in {n.casefold() for n in names})
    with TemporaryDirectory(prefix="ledgersync-") as folder:
        marked = Path(folder) / f"marked{source.suffix}"
        patch_sheets(source, marked, _edits(source, findings, set(names)))
        add_sheets(marked, target, {title: _content(findings, set(names))})


def _titles() -> Iterable[str]:
    """Names for the list; a copy that is annotated again keeps its older list."""
    yield SHEET
    yield from (f"{SHEET}{n}" for n in range(2, 1000))


def _edits(source: Path, findings: Iterable[Finding], names: set[str]) -> dict[str, SheetEdit]:
    """The marks of every sheet, worst colour first; comments as far as there may be any."""
    by_cell = _by_cell(findings, names)
    grids = _grids(source) if by_cell else {}
    by_place: dict[tuple[str, tuple[int, int]], list[Finding]] = {}
    for (name, row, column), found in by_cell.items():
        by_place.setdefault((name, _place(grids.get(name), row, column)), []).extend(found)
    marks: dict[str, dict[tuple[int, int], str]] = {}
    colours: dict[str, dict[tuple[int, int], str]] = {}
    for n, ((name, place), found) in enumerate(by_place.items()):
        marks.setdefault(name, {})[place] = _lines(found) if n < MOST_COMMENTS else ""
        colours.setdefault(name, {})[place] = f"FF{_FILLS[_worst(found)]}"
    return {name: SheetEdit(marks=texts, colours=colours[name]) for name, texts in marks.items()}


def _grids(source: Path) -> dict[str, Grid]:
    """The sheets as read, for merged ranges and the first filled cell of a row."""
    try:
        return {grid.sheet: grid for grid in open_book(source.read_bytes(), source.name)}
    except UnreadableFile:
        return {}


def _place(grid: Grid | None, row: int, column: int) -> tuple[int, int]:
    """The cell at a place, the first one of a merged range, the first filled one of a row."""
    if grid is None:
        return row, column or 1
    if not column and row <= len(grid.rows):
        filled = (c for c, raw in enumerate(grid.rows[row - 1], 1) if raw not in (None, ""))
        column = next(filled, 1)
    for area in grid.merges:
        if area.top <= row <= area.bottom and area.left <= column <= area.right:
            return area.top, area.left
    return row, column or 1


def _content(findings: Sequence[Finding], names: set[str]) -> SheetContent:
    """The sheet 校验结果 as the patcher adds it, errors first."""
    cells: dict[tuple[int, int], str] = {}
    links: dict[tuple[int, int], str] = {}
    fills: dict[tuple[int, int], str] = {}
    for column, (title, _) in enumerate(_COLUMNS, 1):
        cells[1, column], fills[1, column] = title, f"FF{_HEADER_FILL}"
    for row, finding in enumerate(_by_gravity(findings), 2):
        texts = _listed(finding)
        cells |= {(row, c): text for c, text in enumerate(texts, 1) if text}
        fills[row, 3] = f"FF{_FILLS[finding.severity]}"
        if finding.sheet in names and finding.row:
            links[row, 2] = _location(finding)
    return SheetContent(
        cells,
        {n: float(width) for n, (_, width) in enumerate(_COLUMNS, 1)},
        links=links,
        fills=fills,
        frozen=1,
        landscape=True,
    )


def _rewrite(source: Path, findings: Sequence[Finding], target: Path) -> Way:
    book, way = _load(source)
    _mark(book, findings)
    _list(book, findings, source.name)
    atomic_write(target, workbook_bytes(book))
    return way


def _load(source: Path) -> tuple[Workbook, Way]:
    if source.suffix.lower() in _PACKAGES:
        try:
            macros = source.suffix.lower() == ".xlsm"
            return load_workbook(source, keep_vba=macros), "rewritten"
        except _LOAD_FAULTS:
            pass
    return _plain(source), "contents"


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


def _by_cell(
    findings: Iterable[Finding], names: Iterable[str]
) -> dict[tuple[str, int, int], list[Finding]]:
    """What is to be marked, by sheet, row and column (0: the whole row)."""
    known, by_cell = set(names), dict[tuple[str, int, int], list[Finding]]()
    for finding in findings:
        if finding.sheet in known and finding.severity != "info" and finding.row:
            place = (str(finding.sheet), finding.row, finding.column or 0)
            by_cell.setdefault(place, []).append(finding)
    return by_cell


def _worst(found: Sequence[Finding]) -> str:
    return min((f.severity for f in found), key=_GRAVITY.__getitem__)


def _lines(found: Sequence[Finding]) -> str:
    return "\n".join(f"{_LEVELS[f.severity]}：{_plain_text(f.message.zh)}" for f in found)


def _plain_text(text: str) -> str:
    """Without characters that no workbook can hold, should somebody have typed any."""
    return ILLEGAL_CHARACTERS_RE.sub("�", text)


def _by_gravity(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: _GRAVITY[f.severity])


def _listed(finding: Finding) -> tuple[str, ...]:
    """A finding's line in the list, in the order of its columns."""
    rule = RULES.get(finding.rule)
    title = f"{rule.title.zh}（{finding.rule}）" if rule else finding.rule
    place = finding.cell or (f"第{finding.row}行" if finding.row else "")
    field = finding.message.zh.partition("〔")[2].partition("〕")[0] or (finding.field or "")
    level = _LEVELS[finding.severity]
    return finding.sheet or "", place, level, field, _plain_text(finding.message.zh), title


def _location(finding: Finding) -> str:
    at = CellAddress(finding.file, finding.sheet or "", finding.row or 1, finding.column or 1)
    name = at.sheet.replace("'", "''")
    return f"'{name}'!{at.cell}"


def _mark(book: Workbook, findings: Iterable[Finding]) -> None:
    by_cell = _by_cell(findings, book.sheetnames)
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
    cell.fill = PatternFill("solid", start_color=_FILLS[_worst(found)])
    if not comment:
        return
    before = cell.comment.text.rstrip() + "\n" if cell.comment else ""
    text = before + _lines(found)
    cell.comment = Comment(text, "LedgerSync", width=320, height=40 + 20 * text.count("\n"))


def _list(book: Workbook, findings: Sequence[Finding], source: str) -> None:
    """The sheet 校验结果, first in the workbook, errors first; an older one is replaced."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET, 0)
    sheet.append([title for title, _ in _COLUMNS])
    for finding in _by_gravity(findings):
        _list_one(sheet, finding, linked=finding.sheet in book.sheetnames)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        sheet.cell(1, n).font = Font(bold=True)
        sheet.cell(1, n).fill = PatternFill("solid", start_color=_HEADER_FILL)
        sheet.column_dimensions[sheet.cell(1, n).column_letter].width = width
    sheet.freeze_panes = "A2"
    set_up_page(sheet, source, header_row=1)
    sheet.auto_filter.ref = f"A1:F{sheet.max_row}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _list_one(sheet: Worksheet, finding: Finding, *, linked: bool) -> None:
    sheet.append(list(_listed(finding)))
    row = sheet.max_row
    lines = 1
    for column, (_, width) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(row, column)
        cell.alignment, cell.border = Alignment(wrap_text=True, vertical="center"), _GRID
        lines = max(lines, line_count(str(cell.value or ""), width))
    sheet.row_dimensions[row].height = height_of(lines)
    sheet.cell(row, 3).fill = PatternFill("solid", start_color=_FILLS[finding.severity])
    if linked and finding.row:
        cell = sheet.cell(row, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=_location(finding))
        cell.font = Font(color="0563C1", underline="single")
