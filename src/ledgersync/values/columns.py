"""A whole column at once: equal cells are parsed once, plain ones not at all.

That is what makes reading fast.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import filterfalse
from typing import Any

from ledgersync.model import Invalid, Note, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import notes
from ledgersync.values.choices import TICKS, mark
from ledgersync.values.dates import in_year
from ledgersync.values.parse import CellParser
from ledgersync.values.plain import plain_for
from ledgersync.values.text import is_ditto, means_above

_NUMBERS = frozenset({float, int})
_SURE = 2  # dates of one year, before a day without one is taken to be of it
_MOST = 1e12  # yuan; a float this size still tells cents apart


def parse_column(
    parser: CellParser, cells: Sequence[object]
) -> tuple[list[Value], dict[int, tuple[Note, ...]]]:
    """Values of a column, and the notes by position in it.

    A blank in a bool column whose only mark is √ means false.
    """
    types = set(map(type, cells))
    if bool in types:  # True equals 1.0 as a key
        cells = [("TRUE" if c else "FALSE") if c is True or c is False else c for c in cells]
    distinct = set(cells)
    if parser.field.type == "bool" and only_ticks(distinct):
        return [parser(cell).value is True for cell in cells], {}
    plain = plain_for(parser.field, parser.today) if types == {str} else None
    if parser.field.type == "money" and types <= _NUMBERS:
        values, noted = _amounts(parser, distinct)
        found = list(map(values.__getitem__, cells))
    elif plain is None:
        values, noted = _parsed(parser, distinct)
        found = list(map(values.__getitem__, cells))
    else:
        values, noted = _parsed(parser, filterfalse(plain, distinct))  # type: ignore[arg-type]
        found = list(map(values.get, cells, cells)) if values else list(cells)  # type: ignore[arg-type]
    at = {i: noted[cell] for i, cell in enumerate(cells) if cell in noted} if noted else {}
    if any(note.rule == "value.ditto" for told in noted.values() for note in told):
        _copy_from_above(parser.field, cells, found, at)
    if any(note.rule == "date.ambiguous" for told in noted.values() for note in told):
        _take_the_year(parser, cells, found, at)
    return found, at


def _take_the_year(
    parser: CellParser,
    cells: Sequence[object],
    values: list[Value],
    noted: dict[int, tuple[Note, ...]],
) -> None:
    """`3月5日` is of the year of all other days of the column, where that is one."""
    years = [v.year for v in values if isinstance(v, date)]
    if len(years) < _SURE or len(set(years)) > 1:
        return
    for i, cell in enumerate(cells):
        day = in_year(cell, years[0]) if type(values[i]) is Invalid else None
        if day and not (parser.field.not_future and day > parser.today):
            values[i] = day
            noted[i] = (notes.year_taken(parser.field, str(cell), day.year),)


def _copy_from_above(
    field: FieldSchema,
    cells: Sequence[object],
    values: list[Value],
    noted: dict[int, tuple[Note, ...]],
) -> None:
    """A ditto mark becomes the value above it, where that is one and may stand twice."""
    for i in range(1, len(cells)):
        mark, above = cells[i], values[i - 1]
        if not isinstance(mark, str) or not is_ditto(mark) or type(values[i]) is not Invalid:
            continue
        if above is not None and type(above) is not Invalid and _may_repeat(field, mark):
            values[i], noted[i] = above, (notes.ditto_taken(field),)


def _may_repeat(field: FieldSchema, mark: str) -> bool:
    return means_above(mark) and not (field.unique or field.generated)


def _parsed(
    parser: CellParser, distinct: Iterable[object]
) -> tuple[dict[object, Value], dict[object, tuple[Note, ...]]]:
    """Values by raw cell, and the notes of the few that have some."""
    values: dict[object, Value] = {}
    noted: dict[object, tuple[Note, ...]] = {}
    for cell in distinct:
        parsed = parser(cell)
        values[cell] = parsed.value
        if parsed.notes:
            noted[cell] = parsed.notes
    return values, noted


def _amounts(
    parser: CellParser, distinct: Iterable[Any]
) -> tuple[dict[object, Value], dict[object, tuple[Note, ...]]]:
    """Numbers in yuan; one that has two places at most, and lies in its range, is its own value.

    A float that its two places give back exactly is what was typed; others go the long way.
    """
    values: dict[object, Value] = {}
    odd: list[object] = []
    for cell in distinct:
        text = f"{cell:.2f}"
        if float(text) == cell and -_MOST < cell < _MOST and parser.bounds.hold(cell):
            values[cell] = Decimal(text)
        else:
            odd.append(cell)
    more, noted = _parsed(parser, odd)
    return values | more, noted


def only_ticks(cells: Iterable[object]) -> bool:
    """Some cells hold √ and the others nothing at all."""
    marks = {mark(str(c)) for c in set(cells) if c is not None and mark(str(c))}
    return bool(marks) and marks <= TICKS
