"""接收预览.xlsx: what taking over would do, with drop-downs wherever a person may say otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.errors import UnreadableFile
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workbook.broken import DAMAGE
from ledgersync.workbook.drawn import workbook_bytes
from ledgersync.workbook.pages import set_up_page

BOOK_NAME = "接收预览.xlsx"
QUESTIONS, COLUMNS, ROWS = "要回答的", "各列", "各行"
_HIDDEN, _LISTS = "_adopt", "_lists"
KEPT, NOT_TAKEN = "保留为本单位自己的列", "这一列不收"
TAKE, LEAVE, EMPTY = "收", "不收", "（空着）"
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


@dataclass(slots=True)
class AdoptBook:
    """The workbook's content: lines of the three sheets, and what `--with` needs to go on."""

    title: str
    ledger: str
    files: tuple[str, ...]
    questions: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands in a preview that was given back: the answers that differ, by key."""

    ledger: str
    files: tuple[str, ...]
    changed: Mapping[str, str]


_SHEETS = {
    QUESTIONS: (
        (("工作表", 18), ("问题", 62), ("回答", 28)),
        "黄色格子从下拉列表里选，或直接写；橙色的必须回答。改好保存，再 adopt --with 这个文件。",
    ),
    COLUMNS: (
        (("文件", 18), ("工作表", 14), ("列", 5), ("表头", 18), ("样例一", 16), ("样例二", 16),
         ("样例三", 16), ("把握", 8), ("收作", 30)),
        "每一列收作台账的哪一项；不对的在“收作”里改选。“把握”不到九成的，请看一眼样例。",
    ),
    ROWS: (
        (("文件", 18), ("工作表", 14), ("去向", 46), ("收不收", 12)),
        "每张工作表的行收到哪里、哪些行不收、为什么。整张表不要的，在“收不收”里选“不收”。",
    ),
}  # fmt: skip


def write_adopt_book(path: Path, content: AdoptBook) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    hidden = Workbook.create_sheet(book, _HIDDEN)
    listed = Workbook.create_sheet(book, _LISTS)
    hidden.sheet_state = listed.sheet_state = "veryHidden"
    hidden.append([content.ledger, *content.files])
    parts = ((QUESTIONS, content.questions), (COLUMNS, content.columns), (ROWS, content.rows))
    lists: dict[tuple[str, ...], str] = {}
    for name, lines in parts:
        sheet: Worksheet = book.create_sheet(name)
        _headline(sheet, content.title, name)
        for row, line in enumerate(lines, _HEADER_ROW + 1):
            _write_line(sheet, row, line)
            _offer(sheet, row, len(line.texts) + 1, line.options, lists, listed)
            hidden.append([name, row, line.key, line.answer])
    for last in (hidden, listed):
        book.move_sheet(last, len(parts) + 1)
    book.active = 0 if content.questions else 1
    atomic_write(path, workbook_bytes(book))


def read_adopt_book(path: Path) -> Answers:
    """The answers that a person changed or gave. Raises UnreadableFile when it is none of ours."""
    try:
        book = load_workbook(path, data_only=True)
        memory = [list(r) for r in book[_HIDDEN].iter_rows(values_only=True)]
        changed = dict(_changed(book, memory[1:]))
        first = [str(c) for c in memory[0] if c]
    except DAMAGE as error:
        raise UnreadableFile(
            message("{path} 不是接收预览。", path=path.name),
            message("请用 ledgersync adopt 台账 文件 --preview 重新生成一份。"),
        ) from error
    return Answers(first[0], tuple(first[1:]), changed)


def _changed(book: Workbook, memory: Sequence[Sequence[object]]) -> Iterator[tuple[str, str]]:
    for name, row, key, answer in (line[:4] for line in memory if line[0] in _SHEETS):
        sheet, column = book[str(name)], len(_SHEETS[str(name)][0])
        value = sheet.cell(int(str(row)), column).value
        said = str(value).strip() if value is not None else ""
        if said and said != (answer or ""):
            yield str(key), said


def _headline(sheet: Worksheet, title: str, name: str) -> None:
    heads, told = _SHEETS[name]
    last = get_column_letter(len(heads))
    sheet["A1"], sheet["A2"] = f"{title}　{name}", told
    sheet["A1"].font = Font(name="微软雅黑", size=16, bold=True)
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="center")
    for line in (1, 2):
        sheet.merge_cells(f"A{line}:{last}{line}")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 30, 34
    for column, (text, width) in enumerate(heads, 1):
        cell = sheet.cell(_HEADER_ROW, column, text)
        cell.font = Font(name="微软雅黑", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F5496")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[_HEADER_ROW].height = 24
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    set_up_page(sheet, title, header_row=_HEADER_ROW)


def _write_line(sheet: Worksheet, row: int, line: Line) -> None:
    thin = Side(style="thin", color="BFBFBF")
    for column, text in enumerate((*line.texts, line.answer), 1):
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
