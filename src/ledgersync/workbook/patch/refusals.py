"""Every reason for which a workbook is left alone, with its sentence.

The reason ids are stable: scripts, the journal and the corpus table rely on them.
"""

from ledgersync import files
from ledgersync.errors import PatchRefused
from ledgersync.messages import Message, message

_REASONS: dict[str, Message] = {
    "package.not_zip": message("不是 xlsx/xlsm 工作簿（可能是旧版 .xls、CSV 或已损坏）"),
    "package.encrypted": message("工作簿设有打开密码"),
    "package.damaged": message("压缩包已损坏"),
    "package.duplicate_names": message("压缩包内有同名部件（或仅大小写不同）"),
    "package.unsafe_name": message("压缩包内有不安全的路径"),
    "package.too_large": message("部件过大，超出安全上限"),
    "package.malformed": message("部件内容不合规范，无法安全写入"),
    "package.signed": message("工作簿带有数字签名，写入会使签名失效"),
    "package.no_workbook": message("找不到工作簿主部件"),
    "package.part_missing": message("缺少被引用的部件"),
    "xml.encoding": message("部件不是 UTF-8 编码"),
    "xml.doctype": message("部件含有 DTD 声明"),
    "xml.malformed": message("部件的 XML 不完整"),
    "sheet.missing": message("没有名为此的工作表"),
    "sheet.not_worksheet": message("不是普通工作表（图表页、宏表或对话框）"),
    "sheet.exists": message("已有同名的工作表"),
    "sheet.name": message("工作表名称不合规范"),
    "sheet.shared_workbook": message("共享工作簿留有修订记录，不能添加工作表"),
    "sheet.no_data": message("工作表没有数据区"),
    "sheet.alternate_content": message("数据区内有兼容性分支（mc:AlternateContent）"),
    "sheet.rows_out_of_order": message("行号颠倒或重复"),
    "sheet.cells_out_of_order": message("单元格次序颠倒或重复"),
    "sheet.full": message("写入后超出工作表的行列上限"),
    "cell.array_formula": message("属于数组公式"),
    "cell.data_table": message("属于模拟运算表"),
    "rows.array_formula": message("行的移动会切断数组公式或模拟运算表"),
    "rows.table_header": message("要移除的行是表格的标题行或汇总行"),
    "rows.pivot": message("行的移动会切断数据透视表"),
    "rows.shared_workbook": message("共享工作簿留有修订记录，行不能移动"),
    "edit.contradiction": message("同一行既要修改又要移除"),
    "edit.address": message("行号或列号不在工作表内"),
    "value.unsupported": message("不支持的值类型"),
    "value.not_finite": message("数值不是有限数"),
    "value.too_long": message("文本超过单元格上限 32,767 个字符"),
    "value.characters": message("文本含有无法保存的字符"),
    "styles.missing": message("样式部件无法读取"),
    "marks.comments": message("批注部件无法扩充"),
    "verify.values": message("回读的值与写入的值不一致"),
    "verify.members": message("未改动的部件回读不一致"),
}

REASONS = frozenset(_REASONS) | files.REASONS.keys()
"""All reason ids that `PatchRefused.reason` can take here."""


def refuse(reason: str, where: str = "") -> PatchRefused:
    """The exception for a reason; `where` names the sheet, cell or part, never a value."""
    why = _REASONS[reason]
    if where:
        return PatchRefused(reason, message("无法写入：{where}：{why}。", where=where, why=why))
    return PatchRefused(reason, message("无法写入：{why}。", why=why))
