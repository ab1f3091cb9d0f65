"""The workbooks of the time before: titles, captions, other headers, dates as they came.

They are how a community's ledgers look on the first day, and what the first merge must read.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from xlsxwriter.format import Format

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write
from ledgersync.model import Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.workbook.build.growing import (
    BLANK,
    GrowingSheet,
    RowsOfOneLook,
    of_other_look,
)
from ledgersync.workbook.build.packing import BuiltWorkbook

Typed = str | int | float | date | None
_DATES = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"')
_BORDER = {"border": 1, "border_color": "#808080"}
_FIRST_ROW = 4
_ROW_HEIGHT = 15.0


def write_old_workbook(
    path: Path,
    ledger: LedgerSchema,
    tables: Mapping[str, Sequence[dict[str, Value]]],
    unit: str,
    day: date,
    rng: Random,
) -> Path:
    """A workbook as a community kept it: one sheet per table, nobody's template."""
    book = BuiltWorkbook(_ROW_HEIGHT)
    book.set_properties({"created": datetime(day.year, day.month, day.day)})
    looks = _Looks.of(book)
    for table in ledger.tables:
        rows = tables.get(table.id, ())
        if rows:
            sheet = book.add_worksheet(table.sheet, GrowingSheet)
            title = f"{unit}{day.year}年{ledger.workbook}"
            _sheet(sheet, looks, (title, _caption(unit, day)), table, rows, rng)
    book.add_worksheet("Sheet3")
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, book.packed())
    return path


@dataclass(frozen=True)
class _Looks:
    title: Format
    header: Format
    cell: Format
    plain: Format
    days: Sequence[Format]

    @classmethod
    def of(cls, book: BuiltWorkbook) -> "_Looks":
        header = {"font_name": "宋体", "bold": True, "bg_color": "#DDEBF7", "align": "center"}
        return cls(
            book.add_format(
                {"font_name": "宋体", "font_size": 18, "bold": True, "align": "center"}
            ),
            book.add_format({**header, "text_wrap": True, **_BORDER}),
            book.add_format(_BORDER),
            book.add_format(),
            [book.add_format({"num_format": form, **_BORDER}) for form in _DATES],
        )


def _caption(unit: str, day: date) -> str:
    return f"填报单位：{unit}　　填报日期：{day.year}年{day.month}月{day.day}日"


def _sheet(
    sheet: GrowingSheet,
    looks: _Looks,
    heading: tuple[str, str],
    table: TableSchema,
    rows: Sequence[dict[str, Value]],
    rng: Random,
) -> None:
    fields = [f for f in table.fields if any(row[f.id] is not None for row in rows)]
    headers = ["序号", *(_header(f, rng) for f in fields)]
    last = len(headers) - 1
    sheet.merge_range(0, 0, 0, last, heading[0], looks.title)
    sheet.merge_range(1, 0, 1, last, heading[1])
    for column, header in enumerate(headers):
        sheet.write_string(2, column, header, looks.header)
        sheet.set_column(column, column, max(9, 2 * len(header) + 4))
    lines = RowsOfOneLook(_FIRST_ROW, [looks.cell] * len(headers), looks.days)
    for number, row in enumerate(rows, 1):
        lines.add(_line(sheet, number, fields, row, rng))
    sheet.put(lines)
    _foot(sheet, looks.plain, len(rows), last)
    sheet.freeze_panes(_FIRST_ROW - 1, 0)


def _foot(sheet: GrowingSheet, look: Format, rows: int, last: int) -> None:
    """The total in the row below, and who filled it in."""
    foot = RowsOfOneLook(_FIRST_ROW + rows, [look] * (last + 1))
    signed = sheet.text_inside("填表人：　　　　审核人：　　　　负责人：")
    counted = [sheet.text_inside("合计"), sheet.text_inside(f"{rows}条")]
    for cells in (counted, [], [BLANK, signed]):
        foot.add([*cells, *[BLANK] * (last + 1 - len(cells))])
    sheet.put(foot)


def _header(field: FieldSchema, rng: Random) -> str:
    """Now the canonical header, now one of the names people use."""
    return rng.choice(field.headers) if rng.random() < 0.5 else field.header


def _line(
    sheet: GrowingSheet,
    number: int,
    fields: Sequence[FieldSchema],
    row: dict[str, Value],
    rng: Random,
) -> list[str]:
    """What stands in the cells of a row; each day in one of the looks of days."""
    typed = [number, *(_typed(f, row[f.id], rng) for f in fields)]
    return [_inside(sheet, value, rng) for value in typed]


def _inside(sheet: GrowingSheet, value: Typed, rng: Random) -> str:
    if value is None:
        return BLANK
    if isinstance(value, date):
        return of_other_look(rng.choice(range(len(_DATES))), sheet.day_inside(value))
    return sheet.text_inside(value) if isinstance(value, str) else sheet.number_inside(value)


def _typed(field: FieldSchema, value: Value, rng: Random) -> Typed:
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
