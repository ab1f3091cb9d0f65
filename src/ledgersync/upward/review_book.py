"""The review of a period as a workbook: the states, and what new versions changed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.files import atomic_write
from ledgersync.rollup.figures import Number
from ledgersync.rollup.handins import STATES
from ledgersync.upward.combine.differences import number_shown
from ledgersync.upward.expected import Standing
from ledgersync.upward.review import Change
from ledgersync.workbook.drawn import holdable, keep_texts, workbook_bytes
from ledgersync.workspace.place import keep_private

_STATES = ("单位", "单位代码", "状态", "版本", "应报日期", "收到", "按时", "原因")
_CHANGES = ("单位", "单位代码", "指标", "原来", "现在")
_IN_TIME = {True: "是", False: "否", None: "未到期"}


def review_book(path: Path, entries: Sequence[tuple[Standing, list[Change]]]) -> None:
    """Writes the workbook; names of indicators as the ledgers declare them."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "审核情况"
    _fill(first, _STATES, (_state(standing) for standing, _ in entries))
    changed = [(s, c) for s, changes in entries for c in changes]
    rows = ((s.node.unit.name, c.unit, c.name, *_cells(c)) for s, c in changed)
    _fill(book.create_sheet("两版之间的变化"), _CHANGES, rows)
    atomic_write(path, workbook_bytes(book))
    keep_private(path)


def _state(standing: Standing) -> tuple[object, ...]:
    unit, last = standing.node.unit, standing.last
    due = f"{standing.due.day.isoformat()}{standing.due.mark.zh}"
    reason = standing.steps[-1].reason if standing.steps else None
    return (
        *(unit.name, unit.code, STATES[standing.state].zh, last.version if last else None),
        *(due, last.at[:10] if last else None, _IN_TIME[standing.on_time], reason),
    )


def _cells(change: Change) -> tuple[object, object]:
    if change.hidden:
        return "有改动", "有改动"
    return _cell(change.before, change.is_ratio), _cell(change.after, change.is_ratio)


def _cell(number: Number | None, is_ratio: bool) -> object:
    """Rates as the figures' own workbook says them, everything else as a number."""
    return number_shown(number, is_ratio) if number is None or is_ratio else number


def _fill(sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet.append(list(headers))
    for row in rows:
        sheet.append([holdable(cell) if isinstance(cell, str) else cell for cell in row])
    keep_texts(sheet)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter in "ABCDEFGH"[: len(headers)]:
        sheet.column_dimensions[letter].width = 18
    sheet.freeze_panes = "A2"
