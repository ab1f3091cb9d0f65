"""What a spreadsheet hands to a function, and gets back: one cell, or rows of cells.

A single cell in gives a single cell out, a range in gives a range of the same shape out.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from ledgersync.messages import Message
from ledgersync.model import Note, Value
from ledgersync.values.text import typed

Cell = object  # str, float, bool, datetime or None, as the program delivers it
Answer = str | float | bool | date
Grid = list[list[Answer]]
Reply = Answer | Grid

_MARKS = {"error": "", "warning": "提醒：", "info": "说明："}


def rows_of(value: object) -> list[list[Cell]]:
    """The cells as rows; a single cell is one row of one, a flat sequence is one row."""
    if not isinstance(value, (list, tuple)):
        return [[value]]
    if not any(isinstance(row, (list, tuple)) for row in value):
        return [list(value)]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]


def is_range(value: object) -> bool:
    return isinstance(value, (list, tuple))


def each(value: object, answer: Callable[[Cell], Answer]) -> Reply:
    """`answer` for every cell; equal cells are answered once."""
    if not is_range(value):
        return answer(value)
    known: dict[tuple[type, str], Answer] = {}
    return [[_once(known, cell, answer) for cell in row] for row in rows_of(value)]


def _once(
    known: dict[tuple[type, str], Answer], cell: Cell, answer: Callable[[Cell], Answer]
) -> Answer:
    key = (type(cell), cell if isinstance(cell, str) else repr(cell))
    found = known.get(key)
    if found is None:
        found = known[key] = answer(cell)
    return found


def first_cell(value: object) -> Cell:
    """A range where one cell is meant: its first cell."""
    rows = rows_of(value)
    return rows[0][0] if rows and rows[0] else None


def text_of(value: object) -> str:
    """The text of an argument that names something: `低保`, `2022-06`."""
    return typed(first_cell(value)).strip()


def worded(note: Note) -> str:
    """`〔身份证号〕校验位不对，请核对证件（id.checksum）`: the message, then its code."""
    return f"{_MARKS[note.severity]}{note.message.zh}（{note.rule}）"


def refusal(code: str, message: Message) -> str:
    """What a cell shows when the question itself could not be answered."""
    return f"{message.zh}（{code}）"


def cell_of(value: Value) -> Answer:
    """A ledger's value as a cell shows it; money as a number, so that it can be summed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, (str, int, float, date)):
        return value
    return value.typed


def column_of(answers: Sequence[Answer]) -> Grid:
    """Answers below one another."""
    return [[answer] for answer in answers]
