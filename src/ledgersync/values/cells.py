"""A value as a cell takes it, so that it reads back as the same value.

Most values do as they are. An invalid cell is written as what was typed, unless that text would
read as something else: a number that lost its last digits is text with all of them, `2022.06`
typed as a number is a month as text, a day of 1910 is none as a date and one as text.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values.dates import FIRST
from ledgersync.values.parse import CellParser

_LOST_FROM = 10**15  # a number keeps 15 digits
Cell = str | int | float | bool | Decimal | date | None


def as_cell(field: FieldSchema, value: Value) -> Cell:
    """What to write for a field's value: `、` between choices, 是 and 否, invalid text as typed."""
    if isinstance(value, (Invalid, date)) and not _is_plain_day(value):
        parser = CellParser(field, date.max)
        found = (cell for cell in _forms(value) if parser(cell).value == value)
        return next(found, _plainly(value))
    return _plainly(value)


def _is_plain_day(value: Invalid | date) -> bool:
    return isinstance(value, date) and value >= FIRST


def _plainly(value: Value) -> Cell:
    if value is True or value is False:
        return "是" if value else "否"
    if isinstance(value, Invalid):
        return value.typed
    if isinstance(value, int) and abs(value) >= _LOST_FROM:
        return str(value)
    return "、".join(value) if isinstance(value, tuple) else value


def _forms(value: Invalid | date) -> Iterator[Cell]:
    """All that may stand for it in a cell, what was most likely typed first."""
    if not isinstance(value, Invalid):
        yield from (value, value.isoformat())
        return
    yield value.typed
    for form in (float, date.fromisoformat, datetime.fromisoformat):
        try:
            yield form(value.typed)
        except (ValueError, OverflowError):
            continue
