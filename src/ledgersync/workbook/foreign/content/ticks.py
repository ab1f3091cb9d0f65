"""Columns that are one choice each, ticked where it holds: 独居, 空巢, 残疾."""

from collections.abc import Iterator, Mapping, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema, header_key
from ledgersync.values.choices import ChoiceReader, to_bool
from ledgersync.values.text import is_blank
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn

_LEAST = 2  # columns, where no header above them names the field
_BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the ticks say of one field, by row, and the columns that they stand in."""

    cells: Mapping[int, str]
    columns: tuple[HeaderColumn, ...]


def ticked(
    grid: Grid, columns: Sequence[HeaderColumn], rows: Sequence[int], assigned: Assigned,
    absent: Sequence[FieldSchema],
) -> Iterator[tuple[FieldSchema, Ticked]]:  # fmt: skip
    """The fields without a column that ticks give."""
    free = [c for c in columns if _is_free(assigned, c) and _has_ticks(grid, c, rows)]
    for wanted in (f for f in absent if f.type in ("choice", "choices")):
        headers, reader = {header_key(h) for h in wanted.headers}, ChoiceReader(wanted)
        below = [c for c in free if headers.intersection(c.keys[:-1])]
        known = [c for c in free if reader.one(c.parts[-1]) is not None]
        mine = below or (known if len(known) >= _LEAST else [])
        if mine and known:
            free = [c for c in free if c not in mine]
            yield wanted, Ticked(dict(_ticked(grid, mine, rows)), tuple(mine))


def _is_free(assigned: Assigned, column: HeaderColumn) -> bool:
    at = column.index
    taken = at in assigned.fields or at in assigned.repeated or at in assigned.ignored
    return not (taken or column.is_serial or column.is_own)


def _has_ticks(grid: Grid, column: HeaderColumn, rows: Sequence[int]) -> bool:
    """Nothing but ticks and crosses, and a tick among them."""
    filled = [raw for r in rows if not is_blank(raw := grid.cell(r, column.index))]
    marks = [to_bool(raw) for raw in filled]
    return True in marks and None not in marks


def _ticked(
    grid: Grid, columns: Sequence[HeaderColumn], rows: Sequence[int]
) -> Iterator[tuple[int, str]]:
    for row in rows:
        words = [c.parts[-1] for c in columns if to_bool(grid.cell(row, c.index))]
        if words:
            yield row, _BETWEEN.join(words)
