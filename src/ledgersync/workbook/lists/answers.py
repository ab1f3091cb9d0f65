"""Workbooks that ask: lines to read, drop-downs to answer in, and the answers read back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write
from ledgersync.workbook.drawn import holdable, workbook_bytes
from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.pages import set_up_page

_HIDDEN, _LISTS = "_answers", "_lists"
_HEADER_ROW = 3
_ANSWER = "FFF2CC"
_OPEN = "F8CBAD"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its texts, what may be chosen in the answer's cell, and a key to know it again."""

    texts: tuple[str, ...]
    answer: str
    options: tuple[str, ...]
    key: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """A sheet: its headers with widths, the last of which is the answer's, and what to do."""

    name: str
    heads: tuple[tuple[str, int], ...]
    told: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back: the memo that was given along, and the answers that differ, by key."""

    memo: tuple[str, ...]
    changed: Mapping[str, str]


def write_answers(
    path: Path, title: str, memo: Sequence[str], sheets: Sequence[AnswerSheet]
) -> None:
    """The workbook with its sheets; `memo` is kept for whoever reads the answers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    hidden, listed = book.create_sheet(_HIDDEN), book.create_sheet(_LISTS)
    hidden.sheet_state = listed.sheet_state = "veryHidden"
    hidden.append(list(memo))
    lists: dict[tuple[str, ...], str] = {}
    for part in sheets:
        sheet: Worksheet = book.create_sheet(part.name)
        _headline(sheet, title, part)
        for row, line in enumerate(part.lines, _HEADER_ROW + 1):
            _write_line(sheet, row, line, [width for _, width in part.heads])
            _offer(sheet, row, len(part.heads), line.options, lists, listed)
            hidden.append([part.name, row, len(part.heads), line.key, line.answer])
    for last in (hidden, listed):
        book.move_sheet(last, len(sheets) + 1)
    book.active = next((n for n, part in enumerate(sheets) if part.lines), 0)
    atomic_write(path, workbook_bytes(book))


def read_answers(path: Path) -> Answers:
    """The answers that a person changed or gave. Raises one of `DAMAGE` when it is no such book."""
    book = load_workbook(path, data_only=True)
    memory = [list(r) for r in book[_HIDDEN].iter_rows(values_only=True)]
    memo = tuple(str(c) for c in memory[0] if c)
    return Answers(memo, dict(_changed(book, memory[1:])))


def _changed(book: Workbook, memory: Sequence[Sequence[object]]) -> Iterator[tuple[str, str]]:
    for name, row, column, key, answer in ([*line, None][:5] for line in memory if line[0]):
        value = book[str(name)].cell(int(str(row)), int(str(column))).value
        text = str(value).strip() if value is not None else ""
        if text and text != (answer or ""):
            yield str(key), text


def _headline(sheet: Worksheet, title: str, part: AnswerSheet) -> None:
    last = get_column_letter(len(part.heads))
    sheet["A1"], sheet["A2"] = f"{title}　{part.name}", part.told
    sheet["A1"].font = Font(name="微软雅黑", size=16, bold=True)
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="center")
    for line in (1, 2):
        sheet.merge_cells(f"A{line}:{last}{line}")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 30, 34
    for column, (text, width) in enumerate(part.heads, 1):
        cell = sheet.cell(_HEADER_ROW, column, text)
        cell.font = Font(name="微软雅黑", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F5496")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[_HEADER_ROW].height = 24
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    set_up_page(sheet, title, header_row=_HEADER_ROW)


def _write_line(sheet: Worksheet, row: int, line: Line, widths: Sequence[int]) -> None:
    texts = [holdable(text) for text in (*line.texts, line.answer)]
    lines = max(line_count(t, w - 1) for t, w in zip(texts, widths, strict=True))
    sheet.row_dimensions[row].height = max(18.0, height_of(lines))
    thin = Side(style="thin", color="BFBFBF")
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.value = text or None
        cell.data_type = "s" if text else cell.data_type
        cell.font = Font(name="微软雅黑", size=10)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.number_format = "@"
    if line.options:
        colour = _OPEN if line.is_open else _ANSWER
        cell.fill = PatternFill("solid", fgColor=colour)
        cell.protection = Protection(locked=False)


def _offer(
    sheet: Worksheet, row: int, column: int, options: tuple[str, ...],
    lists: dict[tuple[str, ...], str], listed: Worksheet,
) -> None:  # fmt: skip
    """A drop-down; the lists stand on a hidden sheet, each once."""
    if not options:
        return
    if options not in lists:
        at = get_column_letter(1 + len(lists))
        for n, text in enumerate(options, 1):
            listed[f"{at}{n}"] = text
        lists[options] = f"{_LISTS}!${at}$1:${at}${len(options)}"
    offered = DataValidation(type="list", formula1=f"={lists[options]}", allow_blank=True)
    offered.showErrorMessage = False
    offered.add(f"{get_column_letter(column)}{row}")
    sheet.add_data_validation(offered)
