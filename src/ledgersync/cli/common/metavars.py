"""What stands for a value in a usage line: its Chinese name; English keeps click's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

# by the parameter's name in the program
_CALLED = {
    "action": "动作",
    "code": "代码",
    "directory": "文件夹",
    "file": "文件",
    "files": "文件",
    "folder": "文件夹",
    "given": "表头=字段",
    "giver": "姓名",
    "grid": "网格",
    "grids": "网格",
    "indicator": "指标",
    "init name": "名称",
    "set scopes": "网格,网格",
    "set new_name": "新姓名",
    "phone": "电话",
    "export by": "列",
    "accept names": "台账",
    "close number": "年份",
    "open number": "年份",
    "master": "地址",
    "rollup settings": "键=值",
    "dataset": "文件夹",
    "template": "文件",
    "recipient": "单位",
    "rows": "表:列,列",
    "returned": "原因",
    "book": "文件",
    "reopen": "原因",
    "places": "指标",
    "unlocked": "原因",
    "trace number": "文件#位置",
    "ledger": "台账",
    "ledgers": "台账",
    "columns": "列,列",
    "days": "天数",
    "export table": "表|名单",
    "limit": "数量",
    "save_as": "名称",
    "text": "要找的",
    "title": "标题",
    "where": "条件",
    "name": "姓名",
    "number": "编号",
    "numbers": "编号",
    "output": "文件",
    "period": "统计期",
    "formats": "格式",
    "kind": "种类",
    "poll": "秒",
    "reason": "理由",
    "record": "记录号",
    "revision": "修订号",
    "staff": "姓名",
    "people": "姓名",
    "successor": "姓名",
    "take": "怎么裁定",
    "taker": "姓名",
    "target": "文件",
    "unit": "单位",
    "what": "编号|文件",
    "who": "姓名",
}
_BY_TYPE = {
    "text": "文字",
    "integer": "整数",
    "integer range": "整数",
    "float": "数字",
    "path": "路径",
    "file": "文件",
}


def metavar(command: str, parameter: click.Parameter) -> str | None:
    """What stands for a parameter's value in a usage line; None where click says it well."""
    given = str(parameter.metavar or "")
    if not given.isascii() or getattr(parameter, "is_flag", False):
        return given or None
    if parameter.type.name == "choice":
        return None
    called = _CALLED.get(f"{command} {parameter.name}") or _CALLED.get(parameter.name or "")
    called = called or _BY_TYPE.get(parameter.type.name)
    if called is None or parameter.param_type_name == "option":
        optional = called and str(parameter.metavar or "").startswith("[")
        return f"[{called}]" if optional else called
    called = called if parameter.required else f"[{called}]"
    return called if parameter.nargs == 1 else f"{called}..."
