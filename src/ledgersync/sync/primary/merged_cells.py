"""Merged cells in a primary: a block stays one as long as it says what each of its rows holds.

People merge what is the same for several rows (a grid), or what is said once for all of them (an
amount). Read again, a text counts for every row of the block; a number, and what stands in a
column of people's own, for its first row only. When a row goes or a cell changes, the block is
taken apart where that would no longer be so; what stood in a first row that goes moves on only
where the next row says the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.model import Row, TableData, Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.ledger import NUMBERS
from ledgersync.sync.primary.view import TableView
from ledgersync.workbook.patch import Area, SheetEdit, merged_areas, patch_sheets


@dataclass(slots=True)
class Shown:
    """One table's part of a sheet: its columns, and the record in each row, before and now."""

    schema: TableSchema
    columns: Mapping[int, str]  # field by sheet column
    before: dict[int, Row] = field(default_factory=dict)
    now: dict[int, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, table: TableView, data: TableData, rows: Mapping[str, Row]) -> "Shown":
        found = cls(table.schema, {c.index: c.field for c in data.columns})
        for record, position in table.positions.items():
            part, index = table.whole.origins[position]
            if part is data:
                line = data.rows[index]
                found.before[line] = table.rows[record]
                if record in rows:
                    found.now[line] = rows[record]
        return found

    def field(self, column: int) -> FieldSchema | None:
        name = self.columns.get(column)
        return self.schema.by_id[name] if name else None

    def value(self, rows: Mapping[int, Row], line: int, column: int) -> Value:
        row, name = rows.get(line), self.columns.get(column)
        return row[self.schema.position[name]] if row is not None and name else None


Cell = tuple[int, int, FieldSchema, Value]  # row, column, what it is, what it is to hold


@dataclass(slots=True)
class Settled:
    """What is to be written into merged ranges, and which of them are taken apart."""

    cells: list[Cell] = field(default_factory=list)
    cleared: list[tuple[int, int]] = field(default_factory=list)
    apart: list[Area] = field(default_factory=list)


def settle_merges(
    areas: Iterable[Area],
    parts: list[Shown],
    changed: Iterable[tuple[int, int]],
    removed: Iterable[int],
) -> Settled:
    """Looks at every range in which a cell changes or a row goes."""
    found, gone, cells = Settled(), set(removed), list(changed)
    for area in areas:
        if gone.isdisjoint(range(area.top, area.bottom + 1)) and not any(
            area.holds(*cell) for cell in cells
        ):
            continue
        left = [line for line in range(area.top, area.bottom + 1) if line not in gone]
        if left:
            _settle(area, left, parts, found)
    return found


def merged_numbers(areas: Iterable[Area], parts: Iterable[Shown]) -> list[Area]:
    """The ranges in which one number stands for several records: it is of the first of them."""
    shown = list(parts)
    return [a for a in areas if a.bottom > a.top and any(_is_number(a, part) for part in shown)]


def _is_number(area: Area, part: Shown) -> bool:
    field = part.field(area.left) if area.left == area.right else None
    rows = sum(line in part.now for line in range(area.top, area.bottom + 1))
    return field is not None and field.type in NUMBERS and rows > 1


def take_numbers_apart(path: Path, tables: Iterable[TableData], schemas: LedgerSchema) -> int:
    """Makes single cells of the numbers of a workbook that are merged over several records.

    The number stays in its first row, whose record it is: sorted or removed by hand, no row can
    hand it on to the next one. Returns how many there were. Raises PatchRefused.
    """
    edits: dict[str, SheetEdit] = {}
    for data in tables:
        schema = schemas.by_id[data.table]
        numbers = {c.index for c in data.columns if schema.by_id[c.field].type in NUMBERS}
        rows = set(data.rows)
        merged = [
            area
            for area in merged_areas(path, data.sheet)
            if area.bottom > area.top and area.left in numbers and area.left == area.right
            if len(rows.intersection(range(area.top, area.bottom + 1))) > 1
        ]
        if merged:
            before = edits.get(data.sheet, SheetEdit()).unmerge
            edits[data.sheet] = SheetEdit(unmerge=[*before, *merged])
    if edits:
        patch_sheets(path, path, edits)
    return sum(len(edit.unmerge) for edit in edits.values())


def _settle(area: Area, left: list[int], parts: list[Shown], found: Settled) -> None:
    held = list(_held(area, left, parts))
    if any(value != _read(area, left[0], part, cell) for part, cell in held for value in cell[3:]):
        found.apart.append(area)
        found.cells += [cell for _, cell in held]
    elif left[0] != area.top:
        _move_on(area, left[0], parts, found)


def _held(area: Area, left: list[int], parts: list[Shown]) -> Iterator[tuple[Shown, Cell]]:
    """The cells of records in a range, with what they are to hold."""
    for part in parts:
        for column in range(area.left, area.right + 1):
            if schema := part.field(column):
                for line in left:
                    if line in part.now:
                        value = part.value(part.now, line, column)
                        yield part, (line, column, schema, value)


def _read(area: Area, top: int, part: Shown, cell: Cell) -> Value:
    """What reading the range would give in a cell; its first cell holds what is written there."""
    line, column, schema, value = cell
    if column != area.left:
        return None
    if line == top:
        return value
    if schema.type in NUMBERS or schema.is_extra or top not in part.now:
        return None
    return part.value(part.now, top, column)


def _move_on(area: Area, heir: int, parts: list[Shown], found: Settled) -> None:
    """The first row goes: what it showed stays where the next row says the same."""
    column = area.left
    for part in parts:
        schema = part.field(column)
        if schema is None or (area.top not in part.before and heir not in part.now):
            continue
        value = part.value(part.now, heir, column)
        if heir not in part.now:
            found.cleared.append((heir, column))
        elif value != part.value(part.before, area.top, column):
            found.cells.append((heir, column, schema, value))
