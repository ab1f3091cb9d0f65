"""The rows of a table: records, then empty rows with their ids, each written at once as text.

The bytes are XlsxWriter's, and a fraction of the work: most of a workbook is rows of one look.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import counted, message
from ledgersync.model import Invalid, Value, column_letters
from ledgersync.schema import FieldSchema
from ledgersync.values import as_cell, shown
from ledgersync.workbook.build.growing import BLANK, GrowingSheet, RowsOfOneLook, of_other_look
from ledgersync.workbook.build.layout import FIRST_ROW, TableLayout, width_of, wraps
from ledgersync.workbook.build.native import NativeTable
from ledgersync.workbook.build.styles import Styles
from ledgersync.workbook.lines import height_of, line_count, short_for

_CELL_LIMIT = 32767  # UTF-16 units

Inside = Callable[[Value], str]


def write_rows(
    sheet: GrowingSheet,
    layout: TableLayout,
    native: NativeTable,
    proposals: dict[str, str],
    styles: Styles,
) -> None:
    """All rows beneath the header; `proposals` are formulas by field, for empty rows."""
    formats = [styles.cell(f.type) for f in layout.table.fields]
    formats += [styles.check_cell(), styles.record_id()]
    others = [styles.cell("decimal")]
    check = sheet.formula_inside(f"={native.check}")
    records = RowsOfOneLook(FIRST_ROW, formats, others)
    _records(sheet, layout, check, records)
    sheet.put(records)
    empty = RowsOfOneLook(layout.first_reserved, formats, others)
    _reserved(sheet, layout, check, proposals, empty)
    sheet.put(empty)


def _records(sheet: GrowingSheet, layout: TableLayout, check: str, made: RowsOfOneLook) -> None:
    fields = layout.table.fields
    insides = [_inside(sheet, f) for f in fields]
    wrapped = [
        (column, width, short_for(width))
        for column, f in enumerate(fields)
        if wraps(f.type) and (width := width_of(f))
    ]
    for row, (record_id, values) in enumerate(layout.rows.records, FIRST_ROW):
        try:
            cells = [inside(value) for inside, value in zip(insides, values, strict=True)]
        except _TooLongError as error:
            raise _too_long(fields, values, row) from error
        lines = 1
        for column, width, short in wrapped:
            value = values[column]
            if value is None:
                continue
            if type(value) is not str or len(value) > short or "\n" in value:
                lines = max(lines, line_count(_text(value), width))
        # not every program fits a row to its text when it opens a file
        height = height_of(lines) if lines > 1 else None
        made.add([*cells, check, sheet.text_inside(record_id)], height)


def _reserved(
    sheet: GrowingSheet,
    layout: TableLayout,
    check: str,
    proposals: dict[str, str],
    made: RowsOfOneLook,
) -> None:
    """Empty rows with their ids; the one row of a table without any has neither id nor formula."""
    fields = layout.table.fields
    if not layout.rows.reserved and not layout.rows.records:
        made.add([BLANK] * (len(fields) + 2))
    formulas = {f: sheet.formula_inside(formula) for f, formula in proposals.items()}
    cells = [formulas.get(f.id, BLANK) for f in fields]
    for record_id in layout.rows.reserved:
        made.add([*cells, check, sheet.text_inside(record_id)])


def _inside(sheet: GrowingSheet, f: FieldSchema) -> Inside:
    """What a cell of a field holds, always with its type: text stays text."""
    unlike = f.type == "date"  # a number there looks like no day

    def inside(value: Value) -> str:
        if type(value) is str:
            return _text_inside(sheet, value)
        if value is None:
            return BLANK
        cell = as_cell(f, value)
        if isinstance(cell, date):
            return sheet.day_inside(cell)
        if isinstance(cell, (int, float, Decimal)):
            number = sheet.number_inside(float(cell))
            return of_other_look(0, number) if unlike else number
        return _text_inside(sheet, str(cell))

    return inside


def _text_inside(sheet: GrowingSheet, text: str) -> str:
    if len(text) > _CELL_LIMIT // 2 and _units(text) > _CELL_LIMIT:
        raise _TooLongError
    return sheet.text_inside(text)


class _TooLongError(Exception):
    """A text has no room in a cell."""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _too_long(fields: Sequence[FieldSchema], values: Sequence[Value], row: int) -> LedgerSyncError:
    texts = [str(as_cell(f, value)) for f, value in zip(fields, values, strict=True)]
    column, length = next((n, u) for n, t in enumerate(texts, 1) if (u := _units(t)) > _CELL_LIMIT)
    cell = f"{column_letters(column)}{row}"
    return LedgerSyncError(
        counted(
            "单元格 {cell} 的内容有 {n} 个字符，超过 32767，工作簿没有写出。",
            length,
            cell=cell,
        ),
        message("请在主台账中缩短这一格后重试。"),
    )


def _text(value: Value) -> str:
    return value.typed if isinstance(value, Invalid) else shown(value)
