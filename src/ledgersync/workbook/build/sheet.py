"""One table on its sheet: title, caption, header, records, reserved rows."""

from ledgersync.model import column_letters
from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.layout import (
    FIRST_ROW,
    HEADER_ROW,
    MANY_ROWS,
    TableLayout,
    header_lines,
    width_of,
)
from ledgersync.workbook.build.native import NativeTable
from ledgersync.workbook.build.paper import first_free_column, set_up_page, write_notice
from ledgersync.workbook.build.rows import write_rows
from ledgersync.workbook.build.styles import Styles
from ledgersync.workbook.lines import height_of
from ledgersync.workbook.stamp import CHECK_HEADER, ID_HEADER

_CHECK_WIDTH = 34.0


def write_table(
    sheet: GrowingSheet,
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
    columns = _table_columns(layout, native, proposals, styles)
    sheet.declare_table(HEADER_ROW, layout.last_row, f"tbl_{layout.table.id}", columns)
    write_rows(sheet, layout, native, proposals, styles)
    _screen(sheet, layout)
    set_up_page(sheet, layout, owner)


def _columns(sheet: GrowingSheet, layout: TableLayout, styles: Styles) -> None:
    for column, f in enumerate(layout.table.fields):
        sheet.set_column(column, column, width_of(f), styles.column(f.type))
    check, ids = layout.check_column - 1, layout.id_column - 1
    sheet.set_column(check, check, _CHECK_WIDTH, styles.get())
    sheet.set_column(ids, ids, 24, styles.column("code"), {"hidden": True})


def _heading(
    sheet: GrowingSheet,
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


def _screen(sheet: GrowingSheet, layout: TableLayout) -> None:
    sheet.freeze_panes(HEADER_ROW, layout.frozen_columns)
    sheet.set_selection(layout.first_reserved - 1, 0, layout.first_reserved - 1, 0)
    texts = [
        f"{column_letters(layout.columns[f.id])}{FIRST_ROW}"
        f":{column_letters(layout.columns[f.id])}{layout.last_checked}"
        for f in layout.table.fields
    ]
    marks = {"number_stored_as_text": " ".join(texts), "two_digit_text_year": " ".join(texts)}
    sheet.ignore_errors({**marks, "calculated_column": " ".join(texts)})
