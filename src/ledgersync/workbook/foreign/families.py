"""Two tables in one list: a household and its members, a visit and the problem that was raised."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import Match

_PERSON = frozenset({"name", "id_number"})
_SPECIFIC = 2  # fields that only the table above has


@dataclass(slots=True)
class Family:
    """A table and the one below it, each with its columns; `link` is the reference between them.

    `from_head` are fields of the upper table that the head's row among the lower ones gives.
    """

    parent: Assigned
    child: Assigned
    link: FieldSchema
    from_head: dict[str, str] = field(default_factory=dict)  # parent's field → child's field


def family_of(
    ledger: LedgerSchema, assigned: Mapping[str, Assigned], cells: Cells
) -> Family | None:
    """The two tables that a list's columns are of, None where they are of one."""
    for table, link, target in ledger.references():
        owner, above, name = target.split(".")
        if owner != ledger.id or above == table.id or name not in ledger.by_id[above].key:
            continue
        parent, child = assigned[above], assigned[table.id]
        if _are_both(parent, child, cells):
            return _shared_out(parent, child, link)
    return None


def _are_both(parent: Assigned, child: Assigned, cells: Cells) -> bool:
    lower = [
        c
        for c, m in child.fields.items()
        if m.field.required and c not in parent.fields and c not in parent.repeated
    ]
    upper = [m.field for c, m in parent.fields.items() if not _known_to(child, c)]
    telling = any(f.required and f.type not in _PERSON for f in upper)
    single = [c for c in lower if not _is_of_several(cells[c])]
    return bool(single) and telling and len(upper) >= _SPECIFIC


def _known_to(table: Assigned, column: int) -> bool:
    return column in table.fields or column in table.repeated


def _is_of_several(cells: Sequence[object]) -> bool:
    """Names in one cell, which are no rows of their own."""
    filled = [typed(c) for c in cells if not is_blank(c)]
    short = [t for t in filled if len(t) < 40 and "、" in t and not any(map(str.isdigit, t))]
    return len(short) * 2 > len(filled)


def _shared_out(parent: Assigned, child: Assigned, link: FieldSchema) -> Family:
    """Every column to the table that it is of; what both need, like the day, to both."""
    found = Family(parent, child, link)
    for column, match in list(child.fields.items()):
        if match.field.id == link.id or (_known_to(parent, column) and not match.field.required):
            _drop(child, column)
        elif column in parent.fields and match.field.type in _PERSON:
            found.from_head[parent.fields[column].field.id] = match.field.id
            _drop(parent, column)
        elif column in parent.repeated:
            parent.repeated.discard(column)
    for missing in parent.missing:
        if missing.type in _PERSON and missing.id not in found.from_head:
            same = next(
                (m.field for m in child.fields.values() if m.field.type == missing.type), None
            )
            if same is not None and same.required:
                found.from_head[missing.id] = same.id
    _copied(parent, child)
    return found


def _drop(table: Assigned, column: int) -> None:
    table.fields.pop(column, None)
    table.confidence.pop(column, None)


def _copied(parent: Assigned, child: Assigned) -> None:
    """What the lower table cannot do without and the upper one has a column for: the day."""
    for missing in child.missing:
        column = parent.column_of(missing.id)
        if column is not None and parent.fields[column].field.type == missing.type:
            child.fields[column] = Match(missing, missing.header)
            child.confidence[column] = parent.confidence.get(column, 1.0)


def starts_of(
    grid: Grid, rows: Sequence[int], family: Family, serials: frozenset[int]
) -> dict[int, int]:
    """By row, the first row of the group (household, visit) that it is of."""
    own = [c for c in family.parent.fields if c not in family.child.fields]
    spans = {
        row: m.top
        for m in grid.merges
        if m.height > 1 and (m.left in own or m.left in serials) and m.width == 1
        for row in range(m.top, m.bottom + 1)
    }
    starts: dict[int, int] = {}
    last: int | None = None
    for row in rows:
        top = spans.get(row, row)
        if top == row and last is not None and _goes_on(grid, starts[last], row, own, serials):
            top = starts[last]
        starts[row] = starts.get(top, top)
        last = row
    return starts


def _goes_on(grid: Grid, start: int, row: int, own: Sequence[int], serials: frozenset[int]) -> bool:
    """The row says nothing of the upper table, or the very same as the group's first row."""
    here = [squeeze(typed(grid.cell(row, c))) for c in own]
    if not any(here):
        return all(is_blank(grid.cell(row, c)) for c in serials)
    above = [squeeze(typed(grid.cell(start, c))) for c in own]
    return here == above and len([h for h in here if h]) > 1


def heads_value(schema: TableSchema, parent: FieldSchema) -> tuple[FieldSchema, str] | None:
    """How the lower table marks the head: the choice that the upper field's header begins with."""
    for f in schema.fields:
        for value in f.choices if f.required else ():
            if parent.header.startswith(value) or any(a.startswith(value) for a in parent.aliases):
                return f, value
    return None
