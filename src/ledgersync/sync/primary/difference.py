"""What must change in a workbook so that it shows the journal's state: cells, rows, removals.

A table without an `_LS_ID` column gets one, hidden, to the right of everything; so does a field
that has values and no column (visible).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from itertools import compress, count, filterfalse, pairwise, takewhile
from operator import eq, not_

from ledgersync.dataclass import dataclass
from ledgersync.merge import differing
from ledgersync.messages import Message, counted, literal
from ledgersync.model import Column, Row, Rows, SkippedRow, TableData, Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.sync.columns.extras import shown_columns
from ledgersync.sync.primary.merged_cells import Shown, merged_numbers, settle_merges
from ledgersync.sync.primary.sheets import FIRST_ROW
from ledgersync.sync.primary.view import PrimaryView, TableView
from ledgersync.values import as_cell
from ledgersync.workbook.patch import Area, CellValue, SheetEdit, last_column, merged_areas
from ledgersync.workbook.stamp import ID_HEADER


@dataclass(slots=True)
class Difference:
    """What is to be written: `cells` and `rows` count the records' own, not the ids.

    `again`: a sheet takes new rows of one table at a time, so that there is more to write after
    this. `wider`: columns are added, or show no in another way than before. `placed`: new
    records put into reserved rows, by sheet, with their table; `appended`: those that follow
    below. `restored`: tables with records whose sheet is missing, to
    be added with these edits; `homeless`: those for which none can be added. `apart`: how many
    merged numbers become single cells. `merges`: the merged ranges of sheets in which none of them
    reaches down to a record, so that no patch moves them.
    """

    edits: dict[str, SheetEdit]
    cells: int = 0
    rows: int = 0
    again: bool = False
    wider: bool = False
    appended: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    placed: dict[str, tuple[str, list[tuple[int, str]]]] = field(default_factory=dict)
    restored: list[TableSchema] = field(default_factory=list)
    homeless: list[TableSchema] = field(default_factory=list)
    apart: int = 0  # numbers that were merged over several records
    merges: dict[str, list[Area]] = field(default_factory=dict)

    def told(self, ledger: LedgerSchema) -> list[Message]:
        """What the merge says of it."""
        text = counted(
            "{book}里有 {n} 处数字合并在几行上，已拆开，数字留在它所在的第一行。",
            self.apart,
            book=literal(ledger.workbook, ledger.id),
        )
        return [text] if self.apart else []

    def without_sheets(self) -> "Difference":
        """The same where no sheet can be added: their records have no place."""
        restored = {t.sheet for t in self.restored}
        lost = sum(len(self.edits[name].append) for name in restored)
        edits = {name: edit for name, edit in self.edits.items() if name not in restored}
        homeless = [*self.homeless, *self.restored]
        return replace(self, edits=edits, rows=self.rows - lost, restored=[], homeless=homeless)


@dataclass(slots=True)
class _SheetChanges:
    cells: dict[tuple[int, int], CellValue] = field(default_factory=dict)
    append: list[list[CellValue]] = field(default_factory=list)
    append_before: int | None = None
    first_row: int | None = None
    remove: list[int] = field(default_factory=list)
    hide: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    unmerge: list[Area] = field(default_factory=list)

    def edit(self) -> SheetEdit:
        return SheetEdit(
            cells=self.cells,
            append=self.append,
            remove_rows=sorted(self.remove),
            append_before=self.append_before,
            append_column=1 if self.append else None,
            hide=self.hide,
            new_columns=self.columns,
            first_row=self.first_row,
            unmerge=self.unmerge,
        )


def difference(view: PrimaryView, state: dict[str, Rows]) -> Difference:
    """What a primary, as it was read, lacks of the state."""
    found = _Differ(view, state)
    for table in view.tables.values():
        found.add(table)
    return found.done()


def records_of_new_sheet(table: TableSchema, rows: Rows) -> SheetEdit:
    """All records of a table, as its empty sheet (see `empty_sheet`) takes them."""
    lines = [[*map(as_cell, table.fields, row), record] for record, row in rows.items()]
    return SheetEdit(append=lines, append_column=1, first_row=FIRST_ROW)


@dataclass(slots=True)
class _Part:
    """One sheet's part of a table, with the columns that it is about to get.

    `ticks` are yes-no fields that have √ for yes and nothing for no, and can stay so; in the
    columns `unticked`, that can not, every no is written out.
    """

    data: TableData
    columns: tuple[Column, ...]
    id_column: int | None
    ticks: frozenset[str]
    unticked: tuple[Column, ...]

    def cell(self, field: FieldSchema, value: Value) -> CellValue:
        """What to write for a value in the way of its column."""
        if field.id in self.ticks:
            return "√" if value is True else None
        return as_cell(field, value)

    def line(self, schema: TableSchema, record: str, row: Row) -> list[CellValue]:
        """A whole new sheet row, from column A."""
        width = max([c.index for c in self.columns] + [self.id_column or 0])
        line: list[CellValue] = [None] * width
        for column in self.columns:
            at = schema.position[column.field]
            line[column.index - 1] = self.cell(schema.fields[at], row[at])
        if self.id_column:
            line[self.id_column - 1] = record
        return line


class _Differ:
    """Collects the changes of all sheets."""

    def __init__(self, view: PrimaryView, state: dict[str, Rows]) -> None:
        self.view, self.state = view, state
        self.sheets: dict[str, _SheetChanges] = defaultdict(_SheetChanges)
        self.free: dict[str, count[int]] = {}
        self.ids: dict[str, int | None] = {}
        self.parts: dict[str, list[tuple[TableView, _Part]]] = defaultdict(list)
        merges = view.data.merges.items()
        self.merges = {sheet: [Area(*m) for m in found] for sheet, found in merges}
        self.found = Difference({})

    def done(self) -> Difference:
        for sheet in list(self.sheets):
            self._settle_merges(sheet)
        self.found.edits = {name: changes.edit() for name, changes in self.sheets.items()}
        known = self.merges.items()
        self.found.merges = {
            sheet: areas for sheet, areas in known if self._are_above(sheet, areas)
        }
        for table in self.view.ledger.tables:
            if self.state[table.id] and table.id not in self.view.tables:
                self._lost(table)
        return self.found

    def _settle_merges(self, sheet: str) -> None:
        changes, parts = self.sheets[sheet], self.parts[sheet]
        if not parts or not (changes.cells or changes.remove):
            return
        areas = self.merges.get(sheet)
        if areas is None:
            areas = self.merges[sheet] = merged_areas(self.view.path, sheet)
        if self._are_above(sheet, areas) and not any(_hold(areas, cell) for cell in changes.cells):
            return
        shown = [
            (Shown.of(table, part.data, self.state[table.schema.id]), part) for table, part in parts
        ]
        settled = settle_merges(areas, [s for s, _ in shown], list(changes.cells), changes.remove)
        for line, column, schema, value in settled.cells:
            ways = (p for s, p in shown if s.field(column) is schema and line in s.now)
            changes.cells[line, column] = next(ways).cell(schema, value)
        changes.cells |= {place: None for place in settled.cleared if place not in changes.cells}
        numbers = merged_numbers(areas, [s for s, _ in shown])
        changes.unmerge = list(dict.fromkeys([*settled.apart, *numbers]))
        self.found.apart += len(numbers)

    def _are_above(self, sheet: str, areas: Iterable[Area]) -> bool:
        """None of the merged ranges of a sheet reaches down to a record."""
        rows = (row for _, part in self.parts[sheet] for row in part.data.rows)
        first = min(rows, default=0)
        return all(area.bottom < first for area in areas)

    def _lost(self, table: TableSchema) -> None:
        """A table without a sheet gets one, unless its name stands for another table by now."""
        if table.sheet.casefold() in {p.sheet.casefold() for p in self.view.data.tables}:
            self.found.homeless.append(table)
            return
        table, rows = shown_columns(table, self.state[table.id])
        edit = records_of_new_sheet(table, rows)
        self.found.restored.append(table)
        self.found.edits[table.sheet] = edit
        self.found.rows += len(edit.append)

    def add(self, table: TableView) -> None:
        rows = self.state[table.schema.id]
        parts = {id(p): self._part(table, p, rows) for p in table.whole.parts}
        for part in parts.values():
            self.parts[part.data.sheet].append((table, part))
            if part.data.rows:  # the stamp is written though no cell may be
                self.sheets.setdefault(part.data.sheet, _SheetChanges())
        for record in _worth_a_look(table, parts.values(), rows):
            self._changed(table, parts, record, rows[record])
        for record in _besides(table.rows, rows):
            sheet, line = table.place(record) or ("", 0)
            self.sheets[sheet].remove.append(line)
            self.found.rows += 1
        if new := _besides(rows, table.rows):
            self._append(table, parts, new)

    def _part(self, table: TableView, data: TableData, rows: Rows) -> _Part:
        """A part with columns for everything that it has to show."""
        have = {c.field for c in data.columns}
        shown = list(rows.values())
        if len(table.whole.parts) > 1:
            shown = [rows[r] for r in rows if r not in table.rows or table.part(r) is data]
        missing = [
            f
            for f in table.schema.fields
            if f.id not in have
            and any(row[table.schema.position[f.id]] is not None for row in shown)
        ]
        header = max(data.header_rows, default=1)
        columns = list(data.columns)
        for f in missing:
            column = self._next_free(data.sheet)
            columns.append(Column(f.id, f.header, column))
            self.sheets[data.sheet].cells[header, column] = f.header
            self.sheets[data.sheet].columns.append(column)
        id_column = data.id_column or self._new_id_column(data)
        if id_column and id_column != data.id_column:
            self.sheets[data.sheet].cells[header, id_column] = ID_HEADER
        ticks = _ticks(table.schema, data.ticked, shown)
        unticked = tuple(c for c in columns if c.field in data.ticked - ticks)
        self.found.wider |= bool(missing or unticked) or data.id_column is None
        return _Part(data, tuple(columns), id_column, ticks, unticked)

    def _next_free(self, sheet: str) -> int:
        if sheet not in self.free:
            self.free[sheet] = count(last_column(self.view.path, sheet) + 1)
        return next(self.free[sheet])

    def _new_id_column(self, data: TableData) -> int | None:
        """One new column for all tables of a sheet; none where tables stand side by side."""
        if data.sheet not in self.ids:
            stacked = _are_stacked(self._on_sheet(data.sheet))
            self.ids[data.sheet] = self._next_free(data.sheet) if stacked else None
            if column := self.ids[data.sheet]:
                self.sheets[data.sheet].hide.append(column)
                self.sheets[data.sheet].columns.append(column)  # a sort has to take it along
        return self.ids[data.sheet]

    def _on_sheet(self, sheet: str) -> list[TableData]:
        return [p for p in self.view.data.tables if p.sheet == sheet]

    def _changed(self, table: TableView, parts: dict[int, _Part], record: str, row: Row) -> None:
        position = table.positions[record]
        data, index = table.whole.origins[position]
        part, line, cells = parts[id(data)], data.rows[index], self.sheets[data.sheet].cells
        there = table.rows[record]
        if there != row:
            for column in part.columns:
                at = table.schema.position[column.field]
                if there[at] != row[at]:
                    cells[line, column.index] = part.cell(table.schema.fields[at], row[at])
                    self.found.cells += 1
        for column in part.unticked:
            if row[table.schema.position[column.field]] is False:
                cells[line, column.index] = "否"
        typed_id = table.whole.records[position].record_id
        if part.id_column and (data.id_column is None or typed_id != record):
            cells[line, part.id_column] = record

    def _append(self, table: TableView, parts: dict[int, _Part], new: Sequence[str]) -> None:
        """New records go to the sheet with the most rows: into its reserved rows, then below."""
        data = max(table.whole.parts, key=lambda p: len(p.rows))
        changes, part = self.sheets[data.sheet], parts[id(data)]
        if data.sheet in self.found.appended:
            self.found.again = True
            return
        rows = self.state[table.schema.id]
        places = list(zip(free_rows(data), new, strict=False)) if part.id_column else []
        for line, record in places:
            values = enumerate(part.line(table.schema, record, rows[record]), 1)
            changes.cells |= {(line, column): v for column, v in values if v is not None}
        more = new[len(places) :]
        changes.append = [part.line(table.schema, r, rows[r]) for r in more]
        changes.first_row = min(data.rows, default=max(data.header_rows, default=0) + 1)
        changes.append_before = _line_below(data, self._on_sheet(data.sheet), len(places))
        self.found.placed[data.sheet] = (table.schema.id, places)
        self.found.appended[data.sheet] = (table.schema.id, list(more))
        self.found.rows += len(new)


def _hold(areas: Iterable[Area], cell: tuple[int, int]) -> bool:
    return any(area.holds(*cell) for area in areas)


def _besides(rows: Rows, others: Rows) -> list[str]:
    """The records of `rows` that are not among the others, in their order."""
    return list(filterfalse(others.__contains__, rows))


def _worth_a_look(table: TableView, parts: Iterable[_Part], rows: Rows) -> list[str]:
    """The records of which a cell or the id may have to be written."""
    there = table.rows
    if any(part.unticked or part.data.id_column is None for part in parts):
        return [record for record in rows if record in there]
    ids = [submitted.record_id for submitted in table.whole.records]
    places = table.positions
    typed = map(eq, map(ids.__getitem__, places.values()), places)
    strange = compress(places, map(not_, typed))
    found = {*differing(rows, there), *strange} & there.keys() & rows.keys()
    return [record for record in rows if record in found] if found else []


def _ticks(table: TableSchema, ticked: Iterable[str], shown: Sequence[Row]) -> frozenset[str]:
    """A column of ticks stays one while it has a tick, and no cell of which nobody knows."""
    values = {name: {row[table.position[name]] for row in shown} for name in ticked}
    return frozenset(name for name, v in values.items() if True in v and v <= {True, False})


def _top(part: TableData) -> int:
    return min(part.header_rows, default=1)


def _bottom(part: TableData) -> int:
    return max([*part.rows, *part.header_rows], default=1)


def _are_stacked(parts: Iterable[TableData]) -> bool:
    """Each table ends before the next begins."""
    ordered = sorted(parts, key=_top)
    return all(_bottom(one) < _top(other) for one, other in pairwise(ordered))


def free_rows(part: TableData) -> list[int]:
    """The reserved rows (an id and nothing else) right under the records."""
    last, reserved = _bottom(part), {row for row, _ in part.reserved}
    return list(takewhile(reserved.__contains__, count(last + 1)))


def _line_below(part: TableData, on_sheet: Iterable[TableData], placed: int) -> int | None:
    """The line right under the records, `placed` new ones among them, where something below must
    stay below: totals, notes, another table; None where more may simply follow.
    """
    last = _bottom(part)
    below = lines_below(part) or any(_top(other) > last for other in on_sheet)
    return last + placed + 1 if below else None


def lines_below(part: TableData) -> list[SkippedRow]:
    """Totals and notes under the records, which have to stay under them."""
    last = _bottom(part)
    return [s for s in part.skipped if s.row > last and s.reason in ("total", "note")]
