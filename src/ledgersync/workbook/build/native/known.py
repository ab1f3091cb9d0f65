"""The names of tables that were made before in this process.

Of two layouts of one table with the same proposals, the names differ by where its checked rows end,
and by which checks its length allows; making them anew is a quarter of the building of a workbook.
"""

from dataclasses import replace

from ledgersync.dataclass import dataclass
from ledgersync.schema import TableSchema
from ledgersync.workbook.build.layout import FIRST_ROW, LIVELY_ROWS, UNIQUE_ROWS, TableLayout
from ledgersync.workbook.build.native.table_rules import NativeTable, names_of_table

_NO_ROW = 1_048_577  # one more than a sheet has: stands where the last checked row will
_MOST = 64


@dataclass(frozen=True)
class _Shape:
    """All that the names of a table depend on, but for its last checked row."""

    table: str
    sheet: str
    proposed: frozenset[str]
    lively: bool
    unique: bool
    first_key: int


_known: dict[_Shape, tuple[TableSchema, NativeTable]] = {}


def native_table(layout: TableLayout, first_key: int = 1) -> NativeTable:
    """All names for one table on its sheet; its keys begin in that column of the sheet of keys."""
    below = layout.last_row - FIRST_ROW
    table, proposed = _without_unit(layout.table), layout.proposed
    lively, unique = below < LIVELY_ROWS, below < UNIQUE_ROWS
    shape = _Shape(table.id, table.sheet, proposed, lively, unique, first_key)
    known = _known.get(shape)
    if known is None or known[0] != table:
        if len(_known) >= _MOST:
            _known.clear()
        made = names_of_table(replace(layout, last_checked_row=_NO_ROW), first_key)
        known = _known[shape] = table, made
    return _ending_at(known[1], layout.last_checked)


def _without_unit(table: TableSchema) -> TableSchema:
    """Without what a unit is called before its grids, which no formula asks."""
    fields = (f.changed(prefixes=()) if f.prefixes else f for f in table.fields)
    return table.changed(fields=tuple(fields))


def _ending_at(made: NativeTable, last: int) -> NativeTable:
    """The same, with the row that the names speak of as the last one."""
    anywhere, here = f"${_NO_ROW}", f"${last}"
    names = {name: formula.replace(anywhere, here) for name, formula in made.names.items()}
    keys = made.keys
    if keys:
        keys = replace(keys, names={name: names[name] for name in keys.names}, last_row=last)
    return replace(made, keys=keys, names=names, lists=dict(made.lists))
