"""用词清单.xlsx: the unit's own words, with a drop-down for what each is read as, and read back."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workbook.drawn import holdable, workbook_bytes
from ledgersync.workbook.lists.frame import HEADER_ROW, framed, headline, lines_of, printed
from ledgersync.workbook.lists.word_lines import NONE_OF_THEM, WordLine

SHEET = "用词清单"
_HEADERS = (
    ("台账", 14), ("表", 12), ("项目", 14), ("写法", 18), ("读作", 18), ("建议", 14), ("次数", 7),
    ("谁写的", 18),
)  # fmt: skip
_MEANT = 5
_SPARE = 20  # empty lines for words that nobody has written yet
_LIST_LIMIT = 250  # characters of a drop-down


def write_word_book(path: Path, lines: Sequence[WordLine], unit: str) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet(SHEET)
    _headline(sheet, unit, sum(not line.meant for line in lines))
    for row, line in enumerate(lines, HEADER_ROW + 1):
        _write_line(sheet, row, line)
    for row in range(HEADER_ROW + 1 + len(lines), HEADER_ROW + 1 + len(lines) + _SPARE):
        _style(sheet, row, is_spare=True)
    atomic_write(path, workbook_bytes(book))


def read_word_book(path: Path) -> list[WordLine]:
    """Every line with a word in it. Raises UnreadableFile when it is no list of words."""
    rows = lines_of(
        path,
        SHEET,
        message("{path} 不是用词清单。", path=path.name),
        message("请把它移走，下次合并会另写一份。"),
    )
    found = []
    for n, cells in enumerate(rows, HEADER_ROW + 1):
        texts = [str(c).strip() if c is not None else "" for c in cells[:_MEANT]]
        if len(texts) == _MEANT and texts[3]:
            found.append(WordLine(texts[0], texts[1], texts[2], texts[3], texts[4], row=n))
    return found


def _headline(sheet: Worksheet, unit: str, count: int) -> None:
    hint = (
        "大家常写、台账还不认识的词。在“读作”一列选它是哪一项，选“不收”就不再问；保存后下次合并起"
        "都这样读，退回过的也一并收下。清空“读作”即不再这样读；也可以在下面自己添。"
    )
    title = f"{unit}用词清单（{count} 个待定）"
    headline(sheet, title, hint, _HEADERS, hint_height=34, height=24)
    printed(sheet, unit, "A")


def _write_line(sheet: Worksheet, row: int, line: WordLine) -> None:
    texts = (line.ledger, line.table, line.field, line.word, line.meant, line.proposal)
    for column, text in enumerate((*texts, line.count or None, line.staff), 1):
        cell = sheet.cell(row, column)
        cell.value = holdable(text) or None if isinstance(text, str) else text
        if cell.value and isinstance(text, str):
            cell.data_type = "s"
    _style(sheet, row)
    options = ",".join((*line.choices, NONE_OF_THEM))
    if len(options) <= _LIST_LIMIT and '"' not in options:
        offered = DataValidation(type="list", formula1=f'"{options}"', allow_blank=True)
        offered.showErrorMessage = True
        offered.errorTitle, offered.error = "读作", "请从下拉列表里选一项。"
        offered.add(f"{get_column_letter(_MEANT)}{row}")
        sheet.add_data_validation(offered)


def _style(sheet: Worksheet, row: int, *, is_spare: bool = False) -> None:
    for column in range(1, len(_HEADERS) + 1):
        cell = sheet.cell(row, column)
        framed(cell, is_open=column == _MEANT or (is_spare and column < _MEANT))
        cell.number_format = "0" if column == len(_HEADERS) - 1 else "@"
