"""Every reason for which a workbook is left alone, with its sentence in both languages.

The reason ids are stable: scripts, the journal and the corpus table rely on them.
"""

from ledgersync import files
from ledgersync.errors import PatchRefused
from ledgersync.messages import Message

_REASONS: dict[str, tuple[str, str]] = {
    "package.not_zip": (
        "不是 xlsx/xlsm 工作簿（可能是旧版 .xls、CSV 或已损坏）",
        "not an xlsx/xlsm workbook (an old .xls, CSV, or damaged)",
    ),
    "package.encrypted": ("工作簿设有打开密码", "the workbook is protected by a password"),
    "package.damaged": ("压缩包已损坏", "the zip package is damaged"),
    "package.duplicate_names": (
        "压缩包内有同名部件（或仅大小写不同）",
        "the package holds two members of one name (or names that differ only in case)",
    ),
    "package.unsafe_name": ("压缩包内有不安全的路径", "the package holds an unsafe path"),
    "package.too_large": ("部件过大，超出安全上限", "a part exceeds the safety limit"),
    "package.malformed": (
        "部件内容不合规范，无法安全写入",
        "a part breaks the format's rules, so that it cannot be patched safely",
    ),
    "package.signed": (
        "工作簿带有数字签名，写入会使签名失效",
        "the workbook carries a digital signature, which a change would break",
    ),
    "package.no_workbook": ("找不到工作簿主部件", "the package has no workbook part"),
    "package.part_missing": ("缺少被引用的部件", "a part that is referred to is missing"),
    "xml.encoding": ("部件不是 UTF-8 编码", "a part is not encoded in UTF-8"),
    "xml.doctype": ("部件含有 DTD 声明", "a part declares a document type"),
    "xml.malformed": ("部件的 XML 不完整", "a part is not well-formed XML"),
    "sheet.missing": ("没有名为此的工作表", "there is no sheet of that name"),
    "sheet.not_worksheet": (
        "不是普通工作表（图表页、宏表或对话框）",
        "not a worksheet (a chart, macro or dialog sheet)",
    ),
    "sheet.exists": ("已有同名的工作表", "there is a sheet of that name already"),
    "sheet.name": ("工作表名称不合规范", "a sheet cannot have that name"),
    "sheet.shared_workbook": (
        "共享工作簿留有修订记录，不能添加工作表",
        "a shared workbook keeps a revision log: it cannot take another sheet",
    ),
    "sheet.no_data": ("工作表没有数据区", "the sheet has no sheetData element"),
    "sheet.alternate_content": (
        "数据区内有兼容性分支（mc:AlternateContent）",
        "the cells are wrapped in mc:AlternateContent",
    ),
    "sheet.rows_out_of_order": (
        "行号颠倒或重复",
        "row numbers are out of order or repeated",
    ),
    "sheet.cells_out_of_order": (
        "单元格次序颠倒或重复",
        "cells are out of order or repeated",
    ),
    "sheet.full": ("写入后超出工作表的行列上限", "the sheet's row or column limit is exceeded"),
    "cell.array_formula": ("属于数组公式", "belongs to an array formula"),
    "cell.data_table": ("属于模拟运算表", "belongs to a data table"),
    "rows.array_formula": (
        "行的移动会切断数组公式或模拟运算表",
        "moving rows would cut an array formula or a data table",
    ),
    "rows.table_header": (
        "要移除的行是表格的标题行或汇总行",
        "a row to be removed is a table's header or totals row",
    ),
    "rows.pivot": (
        "行的移动会切断数据透视表",
        "moving rows would cut a pivot table",
    ),
    "rows.shared_workbook": (
        "共享工作簿留有修订记录，行不能移动",
        "a shared workbook keeps a revision log: its rows cannot move",
    ),
    "edit.contradiction": (
        "同一行既要修改又要移除",
        "a row is to be both changed and removed",
    ),
    "edit.address": ("行号或列号不在工作表内", "a row or column number is not on a sheet"),
    "value.unsupported": ("不支持的值类型", "a value of this type cannot be written"),
    "value.not_finite": ("数值不是有限数", "the number is not finite"),
    "value.too_long": (
        "文本超过单元格上限 32,767 个字符",
        "the text exceeds the 32,767 characters of a cell",
    ),
    "value.characters": (
        "文本含有无法保存的字符",
        "the text holds characters that cannot be saved",
    ),
    "styles.missing": ("样式部件无法读取", "the style part cannot be read"),
    "marks.comments": ("批注部件无法扩充", "the comment part cannot be extended"),
    "verify.values": ("回读的值与写入的值不一致", "the values read back are not those written"),
    "verify.members": ("未改动的部件回读不一致", "an untouched part reads back differently"),
}

REASONS = frozenset(_REASONS) | files.REASONS.keys()
"""All reason ids that `PatchRefused.reason` can take here."""


def refuse(reason: str, where: str = "") -> PatchRefused:
    """The exception for a reason; `where` names the sheet, cell or part, never a value."""
    zh, en = _REASONS[reason]
    if where:
        return PatchRefused(
            reason, Message(f"无法写入：{where}：{zh}。", f"Cannot patch {where}: {en}.")
        )
    return PatchRefused(reason, Message(f"无法写入：{zh}。", f"Cannot patch: {en}."))
