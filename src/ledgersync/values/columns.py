"""A whole column at once: equal cells are parsed once, plain ones not at all.

That is what makes reading fast.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, filterfalse

from ledgersync.model import Invalid, Note, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import notes
from ledgersync.values.choices import TICKS, mark
from ledgersync.values.dates import in_year
from ledgersync.values.numbers import CENT, Bounds
from ledgersync.values.parse import CellParser
from ledgersync.values.plain import odd_texts, plain_for
from ledgersync.values.text import is_ditto, means_above

_SURE = 2  # dates of one year, before a day without one is taken to be of it
_SAMPLE = 500
_NUMBERS = ("integer", "decimal", "money")
_MOST = 1e12  # yuan; a float this size still tells cents apart


def parse_column(
    parser: CellParser, cells: Sequence[object]
) -> tuple[list[Value], dict[int, tuple[Note, ...]]]:
    """Values of a column, and the notes by position in it.

    A blank in a bool column whose only mark is √ means false.
    """
    distinct = _distinct(cells)
    if _may_hold_truths(distinct):  # True equals 1.0 as a key
        cells = [("TRUE" if c else "FALSE") if c is True or c is False else c for c in cells]
        distinct = _distinct(cells)
    types = set(map(type, distinct))
    if parser.field.type == "bool" and only_ticks(distinct):
        return [parser(cell).value is True for cell in cells], {}
    found, at = _by_cell(parser, cells, distinct, types)
    if float in types and parser.field.type not in _NUMBERS:
        _tell_negative_zeros(parser, cells, found, at)
    rules = {note.rule for told in at.values() for note in told}
    if "value.ditto" in rules:
        _copy_from_above(parser.field, cells, found, at)
    if "date.ambiguous" in rules:
        _take_the_year(parser, cells, found, at)
    return found, at


def _by_cell(
    parser: CellParser, cells: Sequence[object], distinct: Collection[object], types: set[type]
) -> tuple[list[Value], dict[int, tuple[Note, ...]]]:
    """Each cell as the parser reads it, and the notes by position; equal ones are read once."""
    sure = _sure(parser, distinct)
    odd = filterfalse(sure.__contains__, distinct) if sure else _not_plain(parser, distinct, types)
    values, noted = _parsed(parser, odd)
    values |= sure
    found: list[Value] = list(map(values.get, cells, cells)) if values else list(cells)  # type: ignore[arg-type]
    at = {i: noted[cell] for i, cell in enumerate(cells) if cell in noted} if noted else {}
    return found, at


def _tell_negative_zeros(
    parser: CellParser,
    cells: Sequence[object],
    values: list[Value],
    noted: dict[int, tuple[Note, ...]],
) -> None:
    """0 and -0 are one key, and another text each; as numbers they are the same."""
    zeros = {i: repr(cell) for i, cell in enumerate(cells) if type(cell) is float and cell == 0}
    if len(set(zeros.values())) < 2:
        return
    told = {sign: parser(float(sign)) for sign in ("0.0", "-0.0")}
    for i, sign in zeros.items():
        values[i] = told[sign].value
        noted.pop(i, None)
        if told[sign].notes:
            noted[i] = told[sign].notes


def _distinct(cells: Sequence[object]) -> Collection[object]:
    """The cells that differ, in order (they lie so in memory); all where hardly two are alike."""
    sample = cells[:_SAMPLE]
    return cells if len(set(sample)) > _SAMPLE / 2 else dict.fromkeys(cells)


def _may_hold_truths(distinct: Collection[object]) -> bool:
    if isinstance(distinct, dict):
        return 1 in distinct or 0 in distinct
    return bool in set(map(type, distinct))


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


def _not_plain(
    parser: CellParser, distinct: Collection[object], types: set[type]
) -> Iterable[object]:
    """The cells that are not their own value for certain."""
    plain = plain_for(parser.field, parser.today) if str in types else None
    if plain is None:
        return distinct
    if types == {str}:
        return odd_texts(plain, distinct)  # type: ignore[arg-type]
    texts = [cell for cell in distinct if type(cell) is str]
    others = (cell for cell in distinct if type(cell) is not str)
    return chain(others, odd_texts(plain, texts))


def _sure(parser: CellParser, distinct: Iterable[object]) -> dict[object, Value]:
    """The values of days and amounts that the parser would take as they are."""
    if parser.field.type == "money":
        return _amounts(parser.bounds, [cell for cell in distinct if type(cell) is float])
    if parser.field.type != "date":
        return {}
    first, last = parser.likely_days
    return {day: day for day in distinct if type(day) is date and first <= day <= last}


def _amounts(bounds: Bounds, numbers: list[float]) -> dict[object, Value]:
    """Numbers in yuan; one of whole cents that lies in its range is its own value.

    A float that its cents give back exactly is what was typed; others go the long way.
    """
    numbers = [number for number in numbers if -_MOST < number < _MOST]
    cents = [round(number * 100) for number in numbers]
    if [n / 100 for n in cents] == numbers and all(map(bounds.hold, _ends(numbers))):
        return dict(zip(numbers, [Decimal(n) * CENT for n in cents], strict=True))
    return {
        number: Decimal(n) * CENT
        for number, n in zip(numbers, cents, strict=True)
        if n / 100 == number and bounds.hold(number)
    }


def _ends(numbers: Sequence[float]) -> tuple[float, ...]:
    """The least and the greatest."""
    return (min(numbers), max(numbers)) if numbers else ()


def only_ticks(cells: Iterable[object]) -> bool:
    """Some cells hold √ and the others nothing at all."""
    marks = {mark(str(c)) for c in set(cells) if c is not None and mark(str(c))}
    return bool(marks) and marks <= TICKS
