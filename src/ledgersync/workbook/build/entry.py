"""What happens while a cell is typed: drop-downs, ranges, prompts and colours of one table."""

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ledgersync.model import column_letters
from ledgersync.schema import Catalog, FieldSchema
from ledgersync.values.dates import FIRST, LAST
from ledgersync.workbook.build.bounds import MOST_CHARACTERS, least_and_most
from ledgersync.workbook.build.layout import FIRST_ROW, TableLayout
from ledgersync.workbook.build.lists import Lists
from ledgersync.workbook.build.native import NativeTable
from ledgersync.workbook.build.native.numbers import range_words
from ledgersync.workbook.build.styles import Styles
from ledgersync.workbook.build.words import prompt


def add_validations(
    sheet: Worksheet, layout: TableLayout, native: NativeTable, lists: Lists, catalog: Catalog
) -> None:
    """A validation for every column, from the first row to well below the table."""
    for f in layout.table.fields:
        if f.is_extra:  # nobody says what belongs there
            continue
        options = _options(f, layout, native, lists)
        words = prompt(f, catalog, listed=f.id in layout.proposals.names)
        if words:
            options |= {"input_title": f.header[:32], "input_message": words[:255]}
        column = layout.columns[f.id] - 1
        sheet.data_validation(FIRST_ROW - 1, column, layout.last_checked - 1, column, options)


def _options(
    f: FieldSchema, layout: TableLayout, native: NativeTable, lists: Lists
) -> dict[str, Any]:
    names = layout.proposals.names.get(f.id)
    if names and names.names:
        return {"validate": "list", "source": lists.source(names.names), "show_error": False}
    if f.id in native.lists:
        return {"validate": "list", "source": "=" + native.lists[f.id], "show_error": False}
    if f.choices or f.type == "bool":
        words = list(f.choices) or ["是", "否"]
        return _list(f, lists.source(words))
    if f.type in ("id_number", "phone", "digits"):
        return _custom(f, native)
    if f.type == "date":
        return _date(f)
    return _number(f) if f.type in ("integer", "decimal", "money") else _length(f)


def _list(f: FieldSchema, source: list[str] | str) -> dict[str, Any]:
    """One of a list, with a question where it is another word; several words are never asked."""
    options: dict[str, Any] = {"validate": "list", "source": source}
    if f.type == "choices":
        return options | {"show_error": False}
    question = f"〔{f.header}〕请从下拉列表中选；常用的别称也能识别。保留所填内容吗？"
    return options | _error(question, "warning")


def _custom(f: FieldSchema, native: NativeTable) -> dict[str, Any]:
    """The very rule of the check column, so that both say the same; what stands twice aside.

    That is found on another sheet, after the cell was accepted.
    """
    wrong = {
        "id_number": "不是有效的身份证号：应为18位，末位为校验位，请核对证件。",
        "phone": "不是有效的电话：手机11位，或“区号-号码”。",
    }.get(f.type, "只能是数字。")
    formula = f'={native.own[f.id]}=""'
    return {"validate": "custom", "value": formula} | _error(f"〔{f.header}〕{wrong}", "stop")


def _date(f: FieldSchema) -> dict[str, Any]:
    last: date | str = "=TODAY()" if f.not_future else LAST
    late = "且不晚于今天" if f.not_future else ""
    question = f"〔{f.header}〕应为日期，如 2022-06-01{late}。保留所填内容吗？"
    bounds = {"criteria": "between", "minimum": FIRST, "maximum": last}
    return {"validate": "date"} | bounds | _error(question, "warning")


def _number(f: FieldSchema) -> dict[str, Any]:
    low, high = least_and_most(f)
    kind, word = ("whole", "整数") if f.type == "integer" else ("decimal", "数字")
    limits = "" if f.min is None and f.max is None else f"，{range_words(f.min, f.max)}"
    bounds = {"criteria": "between", "minimum": low, "maximum": high}
    return {"validate": kind} | bounds | _error(f"〔{f.header}〕应为{word}{limits}。", "stop")


def _length(f: FieldSchema) -> dict[str, Any]:
    most = MOST_CHARACTERS.get(f.type, 1000)
    question = f"〔{f.header}〕超过{most}个字，请核对。保留所填内容吗？"
    return {"validate": "length", "criteria": "<=", "value": most} | _error(question, "warning")


def _error(text: str, kind: str) -> dict[str, Any]:
    return {"error_title": "请核对", "error_message": text[:255], "error_type": kind}


def add_colours(sheet: Worksheet, layout: TableLayout, native: NativeTable, styles: Styles) -> None:
    """A faulty cell turns red, and so does its reason; what merging will judge is yellow.

    Other hints and wanted fields colour nothing. A row that lost its verdict, or never had one (it
    was inserted, or is below the prepared ones), is yellow there: nothing must look like no fault.
    """
    last, red = layout.last_checked - 1, styles.faulty()
    for f in layout.table.fields:
        if f.is_extra:
            continue
        column = layout.columns[f.id] - 1
        rule = {"type": "formula", "criteria": f'={native.faults[f.id]}<>""', "format": red}
        sheet.conditional_format(FIRST_ROW - 1, column, last, column, rule)
        if f.id in native.undecided_cells:
            formula = f"={native.undecided_cells[f.id]}"
            rule = {"type": "formula", "criteria": formula, "format": styles.doubtful()}
            sheet.conditional_format(FIRST_ROW - 1, column, last, column, rule)
    column = layout.check_column - 1
    first = f"${column_letters(layout.check_column)}{FIRST_ROW}"
    rule = {"type": "formula", "criteria": f'=LEFT({first},1)="〔"', "format": styles.fault_text()}
    sheet.conditional_format(FIRST_ROW - 1, column, last, column, rule)
    bare = f"=AND(ISBLANK({first}),NOT({native.prefix}blank))"
    rule = {"type": "formula", "criteria": bare, "format": styles.doubtful()}
    sheet.conditional_format(FIRST_ROW - 1, column, last, column, rule)
