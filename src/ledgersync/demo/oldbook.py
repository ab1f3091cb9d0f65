"""The workbooks of the time before: titles, captions, other headers, dates as they came.

They are how a community's ledgers look on the first day, and what the first merge must read.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.model import Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema

_THIN = Side(style="thin", color="808080")
_DATES = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"')
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def write_old_workbook(
    path: Path,
    ledger: LedgerSchema,
    tables: Mapping[str, Sequence[dict[str, Value]]],
    unit: str,
    day: date,
    rng: Random,
) -> Path:
    """A workbook as a community kept it: one sheet per table, nobody's template."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in ledger.tables:
        rows = tables.get(table.id, ())
        if rows:
            _sheet(book.create_sheet(table.sheet), ledger, table, rows, unit, day, rng)
    book.create_sheet("Sheet3")
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _sheet(
    sheet: Worksheet,
    ledger: LedgerSchema,
    table: TableSchema,
    rows: Sequence[dict[str, Value]],
    unit: str,
    day: date,
    rng: Random,
) -> None:
    fields = [f for f in table.fields if any(row[f.id] is not None for row in rows)]
    headers = ["序号", *(_header(f, rng) for f in fields)]
    last = get_column_letter(len(headers))
    sheet["A1"] = f"{unit}{day.year}年{ledger.workbook}"
    sheet["A1"].font = Font(name="宋体", size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells(f"A1:{last}1")
    sheet["A2"] = f"填报单位：{unit}　　填报日期：{day.year}年{day.month}月{day.day}日"
    sheet.merge_cells(f"A2:{last}2")
    for column, header in enumerate(headers, 1):
        cell = sheet.cell(3, column, header)
        cell.font = Font(name="宋体", bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
        cell.alignment = Alignment(horizontal="center", wrap_text=True)
        cell.border = _BORDER
        sheet.column_dimensions[get_column_letter(column)].width = max(9, 2 * len(header) + 4)
    styles = _styles(sheet)
    for number, row in enumerate(rows, 1):
        _line(sheet, number, fields, row, styles, rng)
    end = len(rows) + 4
    sheet.cell(end, 1, "合计")
    sheet.cell(end, 2, f"{len(rows)}条")
    sheet.cell(end + 2, 2, "填表人：　　　　审核人：　　　　负责人：")
    sheet.freeze_panes = "A4"


def _header(field: FieldSchema, rng: Random) -> str:
    """Now the canonical header, now one of the names people use."""
    return rng.choice(field.headers) if rng.random() < 0.5 else field.header


def _styles(sheet: Worksheet) -> dict[str, StyleArray]:
    """What a cell with a border looks like, by number format; made once, since that is slow."""
    found = {}
    cell: Any = sheet.cell(4, 1)  # in the first line, which will be written yet
    cell.border = _BORDER
    for form in ("General", *_DATES):
        cell.number_format = form
        found[form] = copy(cell._style)
    return found


def _line(
    sheet: Worksheet,
    number: int,
    fields: Sequence[FieldSchema],
    row: dict[str, Value],
    styles: dict[str, StyleArray],
    rng: Random,
) -> None:
    for column, value in enumerate([number, *(_typed(f, row[f.id], rng) for f in fields)], 1):
        cell: Any = sheet.cell(number + 3, column)
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        cell._style = copy(styles[rng.choice(_DATES) if is_day else "General"])
        cell.value = value


def _typed(field: FieldSchema, value: Value, rng: Random) -> str | int | float | date | None:
    """A value as somebody typed it years ago."""
    if value is None:
        return rng.choice((None, None, None, "无", "/")) if not field.required else None
    if isinstance(value, bool):
        return rng.choice(("是", "√")) if value else "否"
    if isinstance(value, date):
        return rng.choice((value, value, f"{value.year}.{value.month}.{value.day}"))
    if isinstance(value, Decimal):
        return rng.choice((float(value), f"{value:,.2f}", f"{value:.0f}元"))
    if isinstance(value, tuple):
        return rng.choice("、，/").join(value)
    if field.type == "choice":
        return rng.choice((str(value), *field.choices.get(str(value), ())))
    if field.type == "phone" and str(value).isdigit() and rng.random() < 0.3:
        return int(str(value))
    return _spaced(str(value), rng) if field.type == "name" else _number(value)


def _spaced(name: str, rng: Random) -> str:
    return f"{name[0]}　{name[1]}" if len(name) == 2 and rng.random() < 0.3 else name


def _number(value: Value) -> str | int | float:
    return value if isinstance(value, (int, float)) else str(value)
