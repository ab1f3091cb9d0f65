"""是 and 否 under 是否办结: the state that the header asks for, or one that is not yet ended."""

from collections.abc import Iterator, Sequence

from ledgersync.schema import FieldSchema
from ledgersync.values.choices import BOOL_WORDS, ChoiceReader, to_bool
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn

_WHETHER = "是否"


def answered(
    grid: Grid, columns: Sequence[HeaderColumn], rows: Sequence[int], assigned: Assigned
) -> Iterator[tuple[tuple[int, int], object]]:
    """By cell, the choice that a yes or no means."""
    duty = assigned.table.duty
    for column in columns:
        match = assigned.fields.get(column.index)
        if match is None or duty is None or match.field.id != duty.status:
            continue
        yes = _asked_for(match.field, column.leaf)
        going_on = [value for value in match.field.choices if value not in duty.ended]
        filled = [r for r in rows if not is_blank(grid.cell(r, column.index))]
        words = {squeeze(typed(grid.cell(r, column.index))).upper() for r in filled}
        if yes is None or not going_on or not words <= BOOL_WORDS:
            continue
        for r in filled:
            is_so = to_bool(grid.cell(r, column.index))
            yield (r, column.index), yes if is_so else going_on[-1]


def _asked_for(wanted: FieldSchema, leaf: str) -> str | None:
    """`已解决` for 是否办结."""
    if not leaf.startswith(_WHETHER):
        return None
    found = ChoiceReader(wanted).one(leaf.removeprefix(_WHETHER))
    return found.value if found is not None else None
