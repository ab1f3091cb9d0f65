"""One recognised table of a sheet read into columns of values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain

from ledgersync.model import (
    Column,
    SkippedRow,
    TableData,
    UnknownColumn,
    UnknownKind,
    column_letters,
)
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import CellError, CellParser, parse_column
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.columns import only_ticks
from ledgersync.values.text import is_blank, squeeze, trim, typed
from ledgersync.workbook.read.layout.astray import astray_notes
from ledgersync.workbook.read.layout.choose import Layout
from ledgersync.workbook.read.layout.evidence import NUMBERS, Evidence
from ledgersync.workbook.read.layout.grid import Grid, Merge
from ledgersync.workbook.read.layout.headers import HeaderColumn, Match, is_serial_number
from ledgersync.workbook.read.layout.rivals import rival_notes, with_fuller_columns
from ledgersync.workbook.read.layout.rows import Area, Sorted, sort_rows
from ledgersync.workbook.read.layout.sections import is_heading, sections_of
from ledgersync.workbook.read.layout.shown import shown_cells, uncalculated_in
from ledgersync.workbook.read.layout.surplus import join_surplus
from ledgersync.workbook.read.layout.table_notes import (
    TableNote,
    example_passed_over,
    of_csv_row,
    passed_over,
    section_filled,
    section_lost,
    unequal_total,
    unit_of_measure,
)
from ledgersync.workbook.read.layout.totals import unequal_totals
from ledgersync.workbook.read.layout.units import Scale, scaled_cells, scales_of

_MOSTLY = 0.8  # so many of a column's cells are words of a choice: it is that choice
_OCTOBER = pattern_of(r"\d{4}\.10")


def read_table(
    grid: Grid,
    schema: TableSchema,
    layout: Layout,
    last: int,
    right: int,
    today: date,
    *,
    above: Sequence[int] = (),
    is_first: bool = True,
    date1904: bool = False,
) -> tuple[TableData, list[TableNote]]:
    """The records below a header, down to row `last` and as far as column `right`.

    `above` are the rows above the header that belong to the table; the first of several beside
    each other has what stands left of it. Besides, what is doubtful.
    """
    told = list(_csv_notes(grid, layout, last, today))
    area = area_below(grid, schema, layout, last, right, today)
    layout = with_fuller_columns(area, layout)
    area = replace(area, fields={c: m.field for c, m in layout.fields.items()})
    area, layout = _with_choice_columns(area, schema, layout)
    rows = sort_rows(area)
    told += _short_rows(grid, layout, rows.records)
    told += _row_notes(area, rows)
    _fill_down(area, rows)
    told += _fill_sections(area, schema, rows)
    scales = _scales(area, layout, rows, above)
    told += _scale_notes(area, layout, scales)
    data = _without_values(grid, layout, area, rows)
    _read_values(data, area, date1904, scales)
    for at, note in chain(rival_notes(area, layout, data.rows), astray_notes(schema, data.values)):
        data.notes[at] = (*data.notes.get(at, ()), note)
    _read_ids(data, area, rows)
    data.uncalculated = uncalculated_in(data, area)
    _read_extras(data, area, layout, 1 if is_first else area.left)
    return data, told


def _without_values(grid: Grid, layout: Layout, area: Area, rows: Sorted) -> TableData:
    return TableData(
        ledger=layout.key[0],
        table=layout.key[1],
        sheet=grid.sheet,
        header_rows=layout.block.rows,
        columns=_columns(layout),
        rows=rows.records,
        skipped=[SkippedRow(row, reason) for row, reason in rows.skipped],
        id_column=area.id_column,
    )


def _csv_notes(grid: Grid, layout: Layout, last: int, today: date) -> Iterator[TableNote]:
    """Rows of a CSV file whose quotes do not match, or that have more cells than headers."""
    header = layout.block.bottom
    for row, rule in sorted(grid.row_rules.items()):
        if header < row <= last:
            yield of_csv_row(row, rule)
    evidence = Evidence({c: m.field for c, m in layout.fields.items()}, today)
    for row in range(header + 1, last + 1) if grid.widths else ():
        cells = grid.filled(row)
        if len(cells) > 1 and cells[-1][0] > grid.widths[header - 1]:
            yield of_csv_row(row, "csv.fields", is_mended=join_surplus(grid, row, header, evidence))


def _short_rows(grid: Grid, layout: Layout, rows: Sequence[int]) -> Iterator[TableNote]:
    """Records of a CSV file with fewer cells than headers."""
    if not grid.widths or _trims_blanks(grid, layout.block.bottom, rows):
        return
    width = grid.widths[layout.block.bottom - 1]
    for row in rows:
        if grid.widths[row - 1] < width and row not in grid.row_rules:
            yield of_csv_row(row, "csv.fields")


def _trims_blanks(grid: Grid, header: int, rows: Sequence[int]) -> bool:
    """The program that wrote the file leaves out blank cells at the end of rows."""
    short = [row for row in rows if grid.widths[row - 1] < grid.widths[header - 1]]
    ends = (grid.cell(row, grid.widths[row - 1]) for row in rows)
    return len(short) * 3 > len(rows) and not any(is_blank(end) for end in ends)


def _row_notes(area: Area, rows: Sorted) -> Iterator[TableNote]:
    for row, note in rows.unsure.items():
        yield example_passed_over(row) if note == "example" else passed_over(row)
    for row, column in unequal_totals(area, rows):
        yield unequal_total(row, column, area.fields[column])


def _fill_sections(area: Area, schema: TableSchema, rows: Sorted) -> Iterator[TableNote]:
    """Headings between the rows that carry a value go into the blanks below them."""
    captions = [row for row, reason in rows.skipped if reason == "caption"]
    texts = [
        (row, [c for _, c in area.grid.filled(row, area.left, area.right) if isinstance(c, str)])
        for row in captions
    ]
    for section in sections_of(schema, texts):
        end = next((row for row in captions if row > section.row), area.last + 1)
        below = [row for row in rows.records if section.row < row < end]
        column = next((c for c, f in area.fields.items() if f.id == section.field.id), None)
        if not below:
            continue
        if column is None:
            yield section_lost(section)
        elif count := area.fill_blanks(column, below, section.value):
            yield section_filled(section, count)


def _scales(area: Area, layout: Layout, rows: Sorted, above: Sequence[int]) -> dict[int, Scale]:
    hints = [row for row, reason in rows.skipped if reason == "hint"]
    others = [row for row, reason in rows.skipped if reason in ("caption", "note")]
    around = [*others, *reversed(above)]
    return scales_of(area.grid, area.fields, layout.block.columns, hints, around)


def _scale_notes(area: Area, layout: Layout, scales: Mapping[int, Scale]) -> Iterator[TableNote]:
    for column, scale in scales.items():
        row = scale.row or layout.block.bottom
        yield unit_of_measure(scale, row, scale.column, area.fields[column])


def area_below(
    grid: Grid, schema: TableSchema, layout: Layout, last: int, right: int, today: date
) -> Area:
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
        number_prefix=schema.number_prefix or schema.id.upper(),
        is_heading=partial(is_heading, schema),
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
    if schema is None or schema.type in NUMBERS or is_blank(value) or merge.top not in records:
        return
    below = [row for row in range(merge.top + 1, merge.bottom + 1) if row in records]
    area.fill_blanks(column, below, value)


def _columns(layout: Layout) -> tuple[Column, ...]:
    texts = {c.index: c.text for c in layout.block.columns}
    found = [Column(m.field.id, texts[i], i) for i, m in layout.fields.items()]
    return tuple(sorted(found, key=lambda c: c.index))


def _picked(area: Area, column: int, rows: Sequence[int]) -> Sequence[object]:
    """The cells of these sheet rows in a column."""
    if column < area.left:
        return [area.grid.cell(row, column) for row in rows]
    cells = area.columns[column - area.left]
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return cells[rows[0] - area.first : rows[-1] - area.first + 1]
    first = area.first
    return [cells[row - first] for row in rows]


def _read_values(data: TableData, area: Area, date1904: bool, scales: Mapping[int, Scale]) -> None:
    for column in data.columns:
        schema = area.fields[column.index]
        cells = _picked(area, column.index, data.rows)
        cells, shown = shown_cells(area.grid, schema, column.index, data.rows, cells)
        if column.index in scales:
            cells = scaled_cells(scales[column.index], cells)
        loose = schema.type == "date" and _are_loose_months(area.grid, cells)
        parser = CellParser(schema, area.today, date1904=date1904, loose=loose)
        values, notes = parse_column(parser, cells)
        if parser.field.type == "bool" and only_ticks(cells):
            data.ticked.add(column.field)
        data.values[column.field] = values
        data.notes.update(((i, column.field), found) for i, found in notes.items())
        for i, note in shown.items():
            data.notes[i, column.field] = (*notes.get(i, ()), note)


def _are_loose_months(grid: Grid, cells: Sequence[object]) -> bool:
    """`2021.1` may be October: the texts were numbers, or it stands next to `2021.9`."""
    texts = {i: c.strip() for i, c in enumerate(cells) if isinstance(c, str) and c}
    if not texts or any(map(_OCTOBER.fullmatch, texts.values())):
        return False
    if grid.is_text:
        return True
    return any(
        texts.get(i - 1) == text[:4] + ".9" or texts.get(i + 1) == text[:4] + ".11"
        for i, text in texts.items()
        if text.endswith(".1")
    )


def _read_ids(data: TableData, area: Area, rows: Sorted) -> None:
    if area.id_column is None:
        data.record_ids = [None] * len(data.rows)
        return
    cells = _picked(area, area.id_column, data.rows)
    data.record_ids = [trim(typed(c)) or None for c in cells]
    reserved = _picked(area, area.id_column, rows.reserved)
    data.reserved = [(r, trim(typed(c))) for r, c in zip(rows.reserved, reserved, strict=True)]


def _read_extras(data: TableData, area: Area, layout: Layout, leftmost: int) -> None:
    """Text of the columns that the table does not know, and of those that have no header."""
    unknown = [*layout.unknown, *layout.repeated, *_headless(data, area, layout, leftmost)]
    unknown += _serials_with_words(data, area, layout)
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
        is_serial = column.index in area.serials
        data.extras[name] = [None if is_serial and is_serial_number(c) else _text(c) for c in cells]


def _text(raw: object) -> str | None:
    return trim(raw.text if isinstance(raw, CellError) else typed(raw)) or None


def _kind(data: TableData, area: Area, column: HeaderColumn, repeated: bool) -> UnknownKind:
    if column.index in area.serials:
        return "serial"
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


def _headless(data: TableData, area: Area, layout: Layout, leftmost: int) -> list[HeaderColumn]:
    """Columns without any header that hold something in a record; left of it, no numbering."""
    known = {c.index for c in layout.block.columns}
    bare = [c for c in range(leftmost, area.right + 1) if c not in known]
    return [HeaderColumn(c, (), ()) for c in bare if _says_something(data, area, c)]


def _serials_with_words(data: TableData, area: Area, layout: Layout) -> list[HeaderColumn]:
    """Columns of serial numbers in which a record holds anything else."""
    serials = [c for c in layout.block.columns if c.index in area.serials]
    return [c for c in serials if not all(map(is_serial_number, _picked(area, c.index, data.rows)))]


def _says_something(data: TableData, area: Area, column: int) -> bool:
    cells = [c for c in set(_picked(area, column, data.rows)) if not is_blank(c)]
    if column < area.left:
        return any(not squeeze(typed(c)).strip("().、").isdigit() for c in cells)
    return bool(cells)
