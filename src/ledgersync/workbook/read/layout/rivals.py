"""Two columns for one field: which one is read, and where the other says something else.

In a sheet with record ids (a copy or a primary) it is always the first, so that a merge that
clears a column does not make the other take its place. Elsewhere the fuller of two with one header
is read. What the other holds beside it is told, cell by cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledgersync.model import Note
from ledgersync.values import notes
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.read.layout.choose import Layout
from ledgersync.workbook.read.layout.rows import Area


def with_fuller_columns(area: Area, layout: Layout) -> Layout:
    """The layout in which of two columns with the same header the fuller one is read."""
    if area.id_column is not None or not layout.rivals:
        return layout
    fields, rivals = dict(layout.fields), dict(layout.rivals)
    for column, match in layout.rivals.items():
        held = next((c for c, m in fields.items() if m.field.id == match.field.id), None)
        if held is None or fields[held].rank != match.rank:
            continue
        if _filled(area, column) > _filled(area, held):
            rivals[held] = fields.pop(held)
            fields[column] = rivals.pop(column)
    columns = {c.index: c for c in layout.block.columns}
    repeated = tuple(columns[c] for c in sorted(rivals))
    return replace(layout, fields=dict(sorted(fields.items())), rivals=rivals, repeated=repeated)


def _filled(area: Area, column: int) -> int:
    return sum(not is_blank(cell) for cell in area.columns[column - area.left])


def rival_notes(
    area: Area, layout: Layout, rows: Sequence[int]
) -> Iterator[tuple[tuple[int, str], Note]]:
    """A note for each record in which a repeated column says something that was not read."""
    for column, match in layout.rivals.items():
        held = next((c for c, m in layout.fields.items() if m.field.id == match.field.id), None)
        if held is None:
            continue
        own, other = area.columns[held - area.left], area.columns[column - area.left]
        for i, row in enumerate(rows):
            there = other[row - area.first]
            if not is_blank(there) and _bare(there) != _bare(own[row - area.first]):
                yield (i, match.field.id), notes.other_column(match.field, column)


def _bare(raw: object) -> str:
    return squeeze(typed(raw))
