"""冲突清单.xlsx: conflicts handed to people as a workbook with drop-downs, and read back."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workbook.drawn import holdable, workbook_bytes
from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.lists.conflict_lines import ConflictLine, Decision
from ledgersync.workbook.lists.frame import HEADER_ROW, framed, headline, lines_of, printed

SHEET = "冲突清单"
OURS, THEIRS, BASE, OTHER = "保留主台账", "采用提交", "恢复原值", "另填"
_CHOICES = (OURS, THEIRS, BASE, OTHER)
_HEADERS = (
    ("编号", 6),
    ("台账", 11),
    ("表", 10),
    ("记录", 20),
    ("项目", 13),
    ("类型", 13),
    ("原值", 22),
    ("主台账现值", 22),
    ("主台账填写人", 10),
    ("提交的值", 22),
    ("提交人", 10),
    ("时间", 12),
    ("裁定", 12),
    ("另填的值", 20),
    ("说明", 26),
)
_DECISION, _VALUE = 13, 14


def write_conflict_workbook(path: Path, lines: Sequence[ConflictLine], unit: str) -> None:
    """A list with a drop-down per conflict; what was decided already stays, by number."""
    kept = {d.id: d for d in read_decisions(path)} if path.exists() else {}
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet(SHEET)
    _headline(sheet, unit, len(lines))
    for row, line in enumerate(lines, HEADER_ROW + 1):
        _write_line(sheet, row, line, kept.get(line.id))
    _offer_choices(sheet, HEADER_ROW + max(len(lines), 1))
    atomic_write(path, workbook_bytes(book))


def read_decisions(path: Path) -> list[Decision]:
    """The decisions in a conflict workbook; lines without one are left out.

    Raises UnreadableFile when it is no conflict workbook.
    """
    rows = lines_of(
        path,
        SHEET,
        message("{path} 不是冲突清单。", path=path.name),
        message("请用 ledgersync conflicts --export 重新导出。"),
    )
    return [d for d in map(_decision, rows) if d is not None]


def _decision(row: tuple[object, ...]) -> Decision | None:
    cells = [*row, *([None] * (_VALUE - len(row)))]
    number, choice, value = cells[0], str(cells[_DECISION - 1] or "").strip(), cells[_VALUE - 1]
    typed = "" if value is None else str(value).strip()
    if not str(number or "").strip().isdigit():
        return None
    takes = {OURS: "ours", THEIRS: "theirs", BASE: "base"}
    if choice in takes:
        return Decision(int(str(number)), takes[choice])
    if choice == OTHER or (not choice and typed):
        return Decision(int(str(number)), "value", typed)
    return None


def _headline(sheet: Worksheet, unit: str, count: int) -> None:
    hint = (
        "在“裁定”一列选：保留主台账 / 采用提交 / 恢复原值 / 另填（把值写在右边一列）。"
        "可以只填一部分，保存即可；裁定后由程序写入主台账。"
    )
    title = f"{unit}台账冲突清单（{count} 处待裁定）"
    headline(sheet, title, hint, _HEADERS, hint_height=22, height=36)
    printed(sheet, unit, "F")


def _write_line(sheet: Worksheet, row: int, line: ConflictLine, kept: Decision | None) -> None:
    takes = {"ours": OURS, "theirs": THEIRS, "base": BASE, "value": OTHER}
    texts: list[object] = [
        line.id,
        line.ledger,
        line.table,
        line.record,
        line.field,
        line.kind,
        line.base,
        line.ours,
        line.ours_by,
        line.theirs,
        line.theirs_by,
        line.at,
        takes[kept.take] if kept else None,
        kept.value if kept else None,
        line.note or None,
    ]
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.number_format = "@" if column > 1 else "0"
        cell.value = holdable(text) if isinstance(text, str) else text  # type: ignore[assignment]
        if isinstance(text, str) and text[:1] in "=+-@":
            cell.data_type = "s"
        middle = "center" if column in (1, 2, 3, 9, 11, 12, _DECISION) else "left"
        framed(cell, horizontal=middle, is_open=column in (_DECISION, _VALUE))
    sheet.row_dimensions[row].height = _height(texts)
    if line.kind.startswith("一方改"):
        hint = "一方删除、一方修改；采用提交或恢复原值会照做。"
        sheet.cell(row, 6).comment = Comment(hint, "LedgerSync")


def _height(texts: Sequence[object]) -> float:
    """Points for the tallest cell."""
    widths = (width for _, width in _HEADERS)
    cells = zip(texts, widths, strict=True)
    return 4 + height_of(max(line_count(str(text or ""), width) for text, width in cells))


def _offer_choices(sheet: Worksheet, last: int) -> None:
    letter = get_column_letter(_DECISION)
    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(_CHOICES)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="裁定",
        error="请从下拉列表里选一项。",
        showInputMessage=True,
        promptTitle="裁定",
        prompt="选一项；要填别的值请选“另填”，并写在右边一列。",
    )
    choice.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
    sheet.add_data_validation(choice)
