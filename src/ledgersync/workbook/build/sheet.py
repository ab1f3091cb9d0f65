"""One table on its sheet: title, caption, header, records, reserved rows."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import counted, message
from ledgersync.model import Invalid, Value, column_letters
from ledgersync.schema import FieldSchema
from ledgersync.values import as_cell, shown
from ledgersync.workbook.build.layout import (
    FIRST_ROW,
    HEADER_ROW,
    MANY_ROWS,
    TableLayout,
    header_lines,
    width_of,
    wraps,
)
from ledgersync.workbook.build.native import NativeTable
from ledgersync.workbook.build.paper import first_free_column, set_up_page, write_notice
from ledgersync.workbook.build.styles import Styles
from ledgersync.workbook.lines import height_of, line_count, short_for
from ledgersync.workbook.stamp import CHECK_HEADER, ID_HEADER

_CELL_LIMIT = 32767
_CHECK_WIDTH = 34.0


def write_table(
    sheet: Worksheet,
    layout: TableLayout,
    native: NativeTable,
    proposals: dict[str, str],
    styles: Styles,
    heading: tuple[str, str],
    owner: str,
) -> None:
    """Everything visible of one table; `proposals` are formulas by field, for reserved rows.

    `heading` is the title and the caption, `owner` what stands at the foot of a page.
    """
    _columns(sheet, layout, styles)
    _heading(sheet, layout, styles, *heading)
    sheet.add_table(
        HEADER_ROW - 1,
        0,
        layout.last_row - 1,
        layout.id_column - 1,
        {
            "name": f"tbl_{layout.table.id}",
            "style": None,
            "columns": _table_columns(layout, native, proposals, styles),
        },
    )
    _records(sheet, layout, native, styles)
    _reserved(sheet, layout, native, proposals, styles)
    _screen(sheet, layout)
    set_up_page(sheet, layout, owner)


def _columns(sheet: Worksheet, layout: TableLayout, styles: Styles) -> None:
    for column, f in enumerate(layout.table.fields):
        sheet.set_column(column, column, width_of(f), styles.column(f.type))
    check, ids = layout.check_column - 1, layout.id_column - 1
    sheet.set_column(check, check, _CHECK_WIDTH, styles.get())
    sheet.set_column(ids, ids, 24, styles.column("code"), {"hidden": True})


def _heading(
    sheet: Worksheet,
    layout: TableLayout,
    styles: Styles,
    title: str,
    caption: str,
) -> None:
    sheet.set_row(0, 32)
    sheet.set_row(1, 20)
    sheet.set_row(HEADER_ROW - 1, max(34, height_of(header_lines(layout.table))))
    sheet.write_string(0, 0, title, styles.title())
    write_notice(sheet, layout, styles, title)
    sheet.write_string(1, 0, caption, styles.caption())
    column = first_free_column(layout, len(caption) * 2)
    formula = _counter(layout)
    sheet.write_formula(1, column, formula, styles.counter(), "")


def _counter(layout: TableLayout) -> str:
    """`有 3 行待更正，点此查看：第7行〔…〕…`, a link to the first of them, with its first fault.

    Rows without a verdict are counted too, and where somebody deleted the column, that is said:
    silence would look like a sheet without faults. The link names no sheet: people rename them.
    All ranges begin at the header, so that they keep a row inserted above the first record; rows
    are counted where they are now, not where they were when the copy was made.
    """
    block = layout.below_header(layout.check_column)
    bare = f"SUMPRODUCT(({_filled(layout)}>0)*ISBLANK({block}))"
    copy = f"行没有校验公式，请把上一行的“{CHECK_HEADER}”复制下来"
    silent = f'IF({bare}=0,"","有 "&{bare}&" {copy}")'
    more = f'IF({bare}=0,"","　有 "&{bare}&" {copy}")'
    first = f'MATCH("〔*",{block},0)'
    told = f"INDEX({block},{first})"
    row = f"ROW({told})"
    fault = f'"：第"&{row}&"行"&LEFT({told},FIND("；",{told}&"；")-1)'
    label = f'"有 "&COUNTIF({block},"〔*")&" 行待更正，点此查看"&{fault}&{more}'
    link = f'HYPERLINK("#"&ADDRESS({row},COLUMN({block})),{label})'
    faults = f'IF(COUNTIF({block},"〔*")=0,{silent},{link})'
    gone = f"“{CHECK_HEADER}”列不见了：没有红色不等于没有问题，请撤销删除，或重新领取副本"
    return f'=IFERROR({faults},"{gone}")'


def _filled(layout: TableLayout) -> str:
    """How much stands in each row, in an array; of long tables in what must be filled in."""
    fields = [f for f in layout.table.fields if not f.generated]
    if layout.last_row > MANY_ROWS:
        fields = [f for f in fields if f.required]
    return "+".join(f"LEN({layout.below_header(layout.columns[f.id])})" for f in fields)


def _table_columns(
    layout: TableLayout, native: NativeTable, proposals: dict[str, str], styles: Styles
) -> list[dict[str, object]]:
    columns: list[dict[str, object]] = []
    for f in layout.table.fields:
        column: dict[str, object] = {"header": f.header}
        column["header_format"] = styles.header(f.required)
        if f.id in proposals:
            column["formula"] = proposals[f.id]
        columns.append(column)
    muted = styles.check_header()
    columns.append({"header": CHECK_HEADER, "header_format": muted, "formula": f"={native.check}"})
    return [*columns, {"header": ID_HEADER, "header_format": muted}]


def _records(sheet: Worksheet, layout: TableLayout, native: NativeTable, styles: Styles) -> None:
    writers = [_writer(sheet, f, styles) for f in layout.table.fields]
    fields = layout.table.fields
    wrapped = [
        (layout.columns[f.id] - 1, width, short_for(width))
        for f in fields
        if wraps(f.type) and (width := width_of(f))
    ]
    check, check_format = f"={native.check}", styles.check_cell()
    id_format = styles.record_id()
    for row, (record_id, values) in enumerate(layout.rows.records, FIRST_ROW - 1):
        for column, (write, value) in enumerate(zip(writers, values, strict=True)):
            write(row, column, value)
        lines = 1
        for column, width, short in wrapped:
            value = values[column]
            if type(value) is not str or len(value) > short or "\n" in value:
                lines = max(lines, line_count(_text(value), width))
        if lines > 1:  # not every program fits a row to its text when it opens a file
            sheet.set_row(row, height_of(lines))
        sheet.write_formula(row, layout.check_column - 1, check, check_format, "")
        sheet.write_string(row, layout.id_column - 1, record_id, id_format)


def _reserved(
    sheet: Worksheet,
    layout: TableLayout,
    native: NativeTable,
    proposals: dict[str, str],
    styles: Styles,
) -> None:
    """Empty rows with their ids; the one row of a table without any has neither id nor formula."""
    formats = [styles.cell(f.type) for f in layout.table.fields]
    formulas = [proposals.get(f.id) for f in layout.table.fields]
    ids: Sequence[str | None] = layout.rows.reserved
    if not ids and not layout.rows.records:
        ids, formulas = [None], [None] * len(formats)
    for row, record_id in enumerate(ids, layout.first_reserved - 1):
        for column, (cell_format, formula) in enumerate(zip(formats, formulas, strict=True)):
            if formula:
                sheet.write_formula(row, column, formula, cell_format, "")
            else:
                sheet.write_blank(row, column, None, cell_format)
        _tail(sheet, layout, native, styles, row, record_id)


def _tail(
    sheet: Worksheet,
    layout: TableLayout,
    native: NativeTable,
    styles: Styles,
    row: int,
    record_id: str | None,
) -> None:
    check, ids = layout.check_column - 1, layout.id_column - 1
    if record_id is None:
        sheet.write_blank(row, check, None, styles.check_cell())
        sheet.write_blank(row, ids, None, styles.record_id())
        return
    sheet.write_formula(row, check, f"={native.check}", styles.check_cell(), "")
    sheet.write_string(row, ids, record_id, styles.record_id())


def _writer(
    sheet: Worksheet, f: FieldSchema, styles: Styles
) -> Callable[[int, int, Value], object]:
    """Writes one value of a field into a cell, always with its type; text stays text."""
    style = styles.cell(f.type)
    number_style = styles.cell("decimal") if f.type == "date" else style

    def write(row: int, column: int, value: Value) -> object:
        if type(value) is str:
            return _write_text(sheet, row, column, value, style)
        if value is None:
            return sheet.write_blank(row, column, None, style)
        cell = as_cell(f, value)
        if isinstance(cell, date):
            return sheet.write_datetime(row, column, cell, style)
        if isinstance(cell, (int, float, Decimal)):
            return sheet.write_number(row, column, float(cell), number_style)
        return _write_text(sheet, row, column, str(cell), style)

    return write


def _text(value: Value) -> str:
    return value.typed if isinstance(value, Invalid) else shown(value)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> object:
    if len(text) > _CELL_LIMIT:
        cell = f"{column_letters(column + 1)}{row + 1}"
        raise LedgerSyncError(
            counted(
                "单元格 {cell} 的内容有 {n} 个字符，超过 32767，工作簿没有写出。",
                len(text),
                cell=cell,
            ),
            message("请在主台账中缩短这一格后重试。"),
        )
    return sheet.write_string(row, column, text, style)


def _screen(sheet: Worksheet, layout: TableLayout) -> None:
    sheet.freeze_panes(HEADER_ROW, layout.frozen_columns)
    sheet.set_selection(layout.first_reserved - 1, 0, layout.first_reserved - 1, 0)
    texts = [
        f"{column_letters(layout.columns[f.id])}{FIRST_ROW}"
        f":{column_letters(layout.columns[f.id])}{layout.last_checked}"
        for f in layout.table.fields
    ]
    marks = {"number_stored_as_text": " ".join(texts), "two_digit_text_year": " ".join(texts)}
    sheet.ignore_errors({**marks, "calculated_column": " ".join(texts)})
