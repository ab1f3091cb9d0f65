"""One recognised table of a sheet read into columns of values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ledgersync.model import (
    Column,
    SkippedRow,
    TableData,
    UnknownColumn,
    UnknownKind,
    column_letters,
)
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import CellError, CellParser, parse_column
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.columns import only_ticks
from ledgersync.values.text import is_blank, squeeze, trim, typed
from ledgersync.workbook.read.layout.choose import Layout
from ledgersync.workbook.read.layout.grid import Grid, Merge
from ledgersync.workbook.read.layout.headers import HeaderColumn, Match
from ledgersync.workbook.read.layout.rows import Area, Sorted, sort_rows

_MOSTLY = 0.8  # so many of a column's cells are words of a choice: it is that choice
_NUMBERS = frozenset({"integer", "decimal", "money"})


def read_table(
    grid: Grid,
    schema: TableSchema,
    layout: Layout,
    last: int,
    right: int,
    today: date,
    *,
    date1904: bool = False,
) -> TableData:
    """The records below a header, down to row `last` and as far as column `right`."""
    area = area_below(grid, layout, last, right, today)
    area, layout = _with_choice_columns(area, schema, layout)
    rows = sort_rows(area)
    _fill_down(area, rows)
    data = TableData(
        ledger=layout.key[0],
        table=layout.key[1],
        sheet=grid.sheet,
        header_rows=layout.block.rows,
        columns=_columns(layout),
        rows=rows.records,
        skipped=[SkippedRow(row, reason) for row, reason in rows.skipped],
        id_column=area.id_column,
    )
    _read_values(data, area, date1904)
    _read_ids(data, area, rows)
    _read_extras(data, area, layout)
    return data


def area_below(grid: Grid, layout: Layout, last: int, right: int, today: date) -> Area:
    """The rows below a header, with what each column is for."""
    headers = layout.block.columns
    first = layout.block.bottom + 1
    return Area(
        grid=grid,
        first=first,
        last=last,
        left=layout.left,
        right=right,
        fields={c: m.field for c, m in layout.fields.items()},
        serials=frozenset(c.index for c in headers if c.is_serial and c.index not in layout.fields),
        own=frozenset(c.index for c in headers if c.is_own),
        id_column=next((c.index for c in headers if c.is_record_id), None),
        today=today,
        columns=[cells[first - 1 : last] for cells in grid.columns[layout.left - 1 : right]],
    )


def _with_choice_columns(area: Area, schema: TableSchema, layout: Layout) -> tuple[Area, Layout]:
    """Text columns that are full of the words of a choice that has no column (`办理情况`)."""
    absent = [
        f
        for f in schema.fields
        if f.type in ("choice", "choices")
        and f.id not in {m.field.id for m in layout.fields.values()}
    ]
    fields = dict(layout.fields)
    for column, match in layout.fields.items():
        if match.field.type != "text" or match.field.required or not absent:
            continue
        cells = area.columns[column - area.left]
        choice = _choice_of(cells, _eligible(match.field, absent))
        if choice is not None:
            fields[column] = Match(choice, match.wording)
            absent.remove(choice)
    if fields == layout.fields:
        return area, layout
    by_column = {c: m.field for c, m in fields.items()}
    return replace(area, fields=by_column), replace(layout, fields=fields)


def _eligible(text: FieldSchema, absent: Sequence[FieldSchema]) -> list[FieldSchema]:
    """A remark only ever stands for a choice that the table cannot do without."""
    return [f for f in absent if f.required or not text.id.startswith("remark")]


def _choice_of(cells: Sequence[object], choices: Iterable[FieldSchema]) -> FieldSchema | None:
    """The choice whose words fill a column, the required ones first."""
    words = [squeeze(c) for c in cells if isinstance(c, str) and not is_blank(c)]
    if len(words) < 2:
        return None
    for choice in sorted(choices, key=lambda f: not f.required):
        reader = ChoiceReader(choice)
        known = {w for w in set(words) if reader.several(w) is not None}
        if sum(w in known for w in words) >= _MOSTLY * len(words):
            return choice
    return None


def _fill_down(area: Area, rows: Sorted) -> None:
    """Members below a vertically merged cell get its value; amounts are never multiplied."""
    records = set(rows.records)
    for merge in area.grid.merges:
        if merge.height > 1 and merge.top >= area.first and merge.bottom <= area.last:
            for column in range(merge.left, merge.left + 1):
                _fill_merge(area, merge, column, records)


def _fill_merge(area: Area, merge: Merge, column: int, records: set[int]) -> None:
    schema = area.fields.get(column)
    value = area.grid.cell(merge.top, column)
    if schema is None or schema.type in _NUMBERS or is_blank(value) or merge.top not in records:
        return
    cells = list(area.columns[column - area.left])
    for row in range(merge.top + 1, merge.bottom + 1):
        if row in records and is_blank(cells[row - area.first]):
            cells[row - area.first] = value
    area.columns[column - area.left] = tuple(cells)


def _columns(layout: Layout) -> tuple[Column, ...]:
    texts = {c.index: c.text for c in layout.block.columns}
    found = [Column(m.field.id, texts[i], i) for i, m in layout.fields.items()]
    return tuple(sorted(found, key=lambda c: c.index))


def _picked(area: Area, column: int, rows: Sequence[int]) -> Sequence[object]:
    """The cells of these sheet rows in a column."""
    cells = area.columns[column - area.left]
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return cells[rows[0] - area.first : rows[-1] - area.first + 1]
    first = area.first
    return [cells[row - first] for row in rows]


def _read_values(data: TableData, area: Area, date1904: bool) -> None:
    for column in data.columns:
        parser = CellParser(area.fields[column.index], area.today, date1904=date1904)
        cells = _picked(area, column.index, data.rows)
        values, notes = parse_column(parser, cells)
        if parser.field.type == "bool" and only_ticks(cells):
            data.ticked.add(column.field)
        data.values[column.field] = values
        data.notes.update(((i, column.field), found) for i, found in notes.items())


def _read_ids(data: TableData, area: Area, rows: Sorted) -> None:
    if area.id_column is None:
        data.record_ids = [None] * len(data.rows)
        return
    cells = _picked(area, area.id_column, data.rows)
    data.record_ids = [trim(typed(c)) or None for c in cells]
    reserved = _picked(area, area.id_column, rows.reserved)
    data.reserved = [(r, trim(typed(c))) for r, c in zip(rows.reserved, reserved, strict=True)]


def _read_extras(data: TableData, area: Area, layout: Layout) -> None:
    """Text of the columns that the table does not know, and of those that have no header."""
    unknown = [*layout.unknown, *layout.repeated, *_headless(data, area, layout)]
    unknown.sort(key=lambda c: c.index)
    repeated = {c.index for c in layout.repeated}
    data.unknown_columns = tuple(
        UnknownColumn(c.text, c.index, _kind(data, area, c, c.index in repeated)) for c in unknown
    )
    for column in unknown:
        cells = _picked(area, column.index, data.rows)
        name = column.text or column_letters(column.index)
        if name in data.extras:
            name = f"{name} ({column_letters(column.index)})"
        data.extras[name] = [_text(c) for c in cells]


def _text(raw: object) -> str | None:
    return trim(raw.text if isinstance(raw, CellError) else typed(raw)) or None


def _kind(data: TableData, area: Area, column: HeaderColumn, repeated: bool) -> UnknownKind:
    if repeated:
        return "repeated"
    if not column.text:
        return "bare"
    formulas = area.grid.formulas.get(column.index)
    if not formulas:
        return "own"
    cells = zip(data.rows, _picked(area, column.index, data.rows), strict=True)
    filled = [row for row, cell in cells if row in formulas or not is_blank(cell)]
    return "formulas" if filled and formulas.issuperset(filled) else "own"


def _headless(data: TableData, area: Area, layout: Layout) -> list[HeaderColumn]:
    """Columns of the area without any header that hold something in a record."""
    known = {c.index for c in layout.block.columns}
    bare = [c for c in range(area.left, area.right + 1) if c not in known]
    return [
        HeaderColumn(c, (), ())
        for c in bare
        if any(not is_blank(cell) for cell in set(_picked(area, c, data.rows)))
    ]
