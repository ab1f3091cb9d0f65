"""The way out when a workbook cannot be patched: openpyxl reads it and writes it anew.

Never done by itself: `what_would_be_lost` says first what the new file will lack.
"""

import os
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from ledgersync.errors import Message
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.replacefile import (
    Replace,
    put_in_place,
    sync_file,
    temporary_beside,
)
from ledgersync.workbook.patch.sheet.edits import CellValue, SheetEdit

_MACRO_FILES = (".xlsm", ".xltm")
_BY_MEMBER: tuple[tuple[str, Message], ...] = (
    (r"/media/", Message("图片", "pictures")),
    (r"/charts?/", Message("图表的部分格式", "part of the charts' formatting")),
    (r"/chartex|/charts/chartEx", Message("新式图表", "charts of the newer kinds")),
    (r"/slicers?/|/slicerCaches/", Message("切片器", "slicers")),
    (r"/timelines?/|/timelineCaches/", Message("日程表", "timelines")),
    (r"/threadedComments/", Message("线程批注（讨论）", "threaded comments")),
    (r"/ctrlProps/|/activeX/", Message("表单控件", "form controls")),
    (r"/embeddings/", Message("嵌入的对象", "embedded objects")),
    (r"/printerSettings/", Message("打印机设置", "printer settings")),
    (r"/queryTables/|/connections\.xml", Message("数据连接", "data connections")),
    (r"(^|/)customXml/", Message("自定义 XML", "custom XML")),
    (r"/diagrams/", Message("SmartArt 图形", "SmartArt")),
    (r"/richData/|/metadata\.xml", Message("动态数组和富数据类型", "dynamic arrays, rich data")),
    (r"_xmlsignatures/", Message("数字签名", "the digital signature")),
    (r"/model/|/customData/", Message("数据模型", "the data model")),
)
_BY_CONTENT: tuple[tuple[str, bytes, Message], ...] = (
    (r"/worksheets/", rb"sparklineGroup", Message("迷你图", "sparklines")),
    (r"/worksheets/", rb"x14:dataValidation\b", Message("扩展的数据验证", "extended validations")),
    (
        r"/worksheets/",
        rb"x14:conditionalFormatting\b",
        Message("扩展的条件格式", "extended conditional formats"),
    ),
    (r"/worksheets/", rb"<(\w+:)?f[\s>]", Message("公式的缓存值", "cached values of formulas")),
    (r"/sharedStrings", rb"<(\w+:)?rPr\b", Message("单元格内的富文本", "rich text inside cells")),
    (r"/drawings/drawing", rb"<\w+:(sp|cxnSp|grpSp)\b", Message("形状和文本框", "shapes")),
    (r"/worksheets/", rb"<(\w+:)?legacyDrawingHF\b", Message("页眉页脚图片", "header pictures")),
)


def what_would_be_lost(source: Path | str) -> list[Message]:
    """What a rewritten workbook would lack, found by looking into the package."""
    found: list[Message] = []
    with closing(ZipSource(Path(source))) as package:
        names = list(package.by_name)
        for pattern, message in _BY_MEMBER:
            if any(re.search(pattern, name, re.I) for name in names):
                found.append(message)
        if _has_macros(names) and Path(source).suffix.lower() not in _MACRO_FILES:
            found.append(Message("宏", "macros"))
        for pattern, mark, message in _BY_CONTENT:
            members = (name for name in names if re.search(pattern, name, re.I))
            if any(re.search(mark, package.read(name)) for name in members):
                found.append(message)
    return found


def _has_macros(names: list[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in names)


def rewrite_workbook(
    source: Path | str,
    target: Path | str,
    edits: Mapping[str, SheetEdit],
    *,
    expect_sha256: str | None = None,
    replace: Replace = os.replace,
) -> list[Message]:
    """Writes the edits through openpyxl; returns what the new file lacks.

    Only for a person who asked for it. Formulas that refer to moved rows are not followed.
    """
    from openpyxl import load_workbook

    source, target = Path(source), Path(target).resolve()
    lost = what_would_be_lost(source)
    book = load_workbook(source, keep_vba=source.suffix.lower() in _MACRO_FILES)
    for name, edit in edits.items():
        if name not in book.sheetnames:
            raise refuse("sheet.missing", name)
        _apply(book[name], edit)
    with temporary_beside(target) as finished:
        book.save(finished)
        sync_file(finished)
        put_in_place(finished, target, expect_sha256, replace)
    return lost


def _apply(sheet: Any, edit: SheetEdit) -> None:
    for (row, column), value in edit.cells.items():
        _set(sheet, row, column, value)
    start = edit.append_before or sheet.max_row + 1
    if edit.append_before is not None:
        sheet.insert_rows(start, len(edit.append))
    for row, values in enumerate(edit.append, start):
        for column, value in enumerate(values, edit.append_column or 1):
            _set(sheet, row, column, value)
    for row in sorted(edit.remove_rows, reverse=True):
        moved = row >= start and edit.append_before is not None
        sheet.delete_rows(row + len(edit.append) if moved else row)


def _set(sheet: Any, row: int, column: int, value: CellValue) -> None:
    """Writes a value; text stays text, also where it looks like a formula."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str) and value:
        cell.data_type = "s"
    if isinstance(value, date) and not cell.is_date:
        cell.number_format = "yyyy-mm-dd"
