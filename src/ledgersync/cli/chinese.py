"""What click says, in Chinese: its messages, and the names of arguments in a usage line."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

# click's messages as it marks them for gettext; of two forms for one and many, the first
CLICK: dict[str, str] = {
    "Usage:": "用法:",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "required": "必填",
    "default: {default}": "默认：{default}",
    "(dynamic)": "（视情况而定）",
    "env var: {var}": "环境变量：{var}",
    "deprecated": "已停用",
    "Show this message and exit.": "显示用法",
    "Show the version and exit.": "显示版本号",
    "%(prog)s, version %(version)s": "%(prog)s %(version)s 版",
    "Confirm the action without prompting.": "不询问，直接执行",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": (
        "命令“{name}”已停用。{extra_message}"
    ),
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": (
        "“{name}”已停用。{extra_message}"
    ),
    "Aborted!": "已中断。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用 {command} {option} 查看用法。",
    "Did you mean {possibility}?": "是不是要写 {possibilities}？",
    "Missing command.": "没有写要做什么（缺少命令）。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "No such option {name!r}.": "没有选项“{name}”。",
    "No such command {name!r}.": "没有命令“{name}”。",
    "Got unexpected extra argument ({args})": "多写了参数：{args}。",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Invalid start character for option ({option})": "选项的写法不对：{option}。",
    "Option {name!r} does not take a value.": "选项“{name}”后面不带值。",
    "Option {name!r} requires an argument.": "选项“{name}”后面还要写一个值。",
    "Argument {name!r} takes {nargs} values.": "参数“{name}”要写 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，现在是 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": (
        "要写 {len_type} 个值，现在是 {len_value} 个。"
    ),
    "Value must be an iterable.": "要写几个值。",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "{value!r} is not {choice}.": "没有“{value}”这一项，可选：{choices}。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是数字。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 之内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "“{value}”不是是或否；可写：{states}"
    ),
    "{value!r} is not a valid UUID.": "“{value}”不是 UUID。",
    "{value!r} does not match the format {format}.": "“{value}”的写法不对，应为 {formats}。",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "{name} {filename!r} does not exist.": "“{filename}”不存在。",
    "{name} {filename!r} is a file.": "“{filename}”是文件，不是文件夹。",
    "{name} {filename!r} is a directory.": "“{filename}”是文件夹，不是文件。",
    "{name} {filename!r} is not readable.": "“{filename}”没有权限读。",
    "{name} {filename!r} is not writable.": "“{filename}”没有权限写。",
    "{name} {filename!r} is not executable.": "“{filename}”不能执行。",
    "Could not open file {filename!r}: {message}": "文件“{filename}”打不开：{message}",
    "unknown error": "原因不明",
    "Unknown standard stream '{name}'": "没有这样的标准流：{name}",
    "Do you want to continue?": "要继续吗？",
    "Repeat for confirmation": "再输入一次",
    "Error: The two entered values do not match.": "两次输入的不一样。",
    "Error: invalid input": "输入的不对，请重新输入",
    "Press any key to continue...": "按任意键继续……",
}

# what an argument or an option's value is called, by its name in the program
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
    "ledger": "台账",
    "ledgers": "台账",
    "limit": "数量",
    "name": "姓名",
    "number": "编号",
    "numbers": "编号",
    "output": "文件",
    "period": "统计期",
    "poll": "秒",
    "reason": "理由",
    "record": "记录号",
    "revision": "修订号",
    "staff": "姓名",
    "successor": "姓名",
    "take": "怎么裁定",
    "taker": "姓名",
    "target": "文件",
    "unit": "单位",
    "what": "编号|文件",
    "who": "姓名",
}
_BY_TYPE = {"text": "文字", "integer": "整数", "float": "数字", "path": "路径", "file": "文件"}


def said(message: str) -> str:
    """A message of click's in Chinese; one that is not known stays as it is."""
    return CLICK.get(message, message)


def counted(one: str, many: str, count: int) -> str:
    """The same of a message with a form for one and a form for many: Chinese has one."""
    return CLICK.get(one) or (one if count == 1 else many)


def columns(text: str) -> int:
    """How many columns a text takes on a terminal: most Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


IN_PLACE_OF = {"_": said, "ngettext": counted, "term_len": columns}  # names in click's modules


def metavar(command: str, parameter: click.Parameter) -> str | None:
    """What stands for a parameter's value in a usage line; None where click says it well."""
    called = _CALLED.get(f"{command} {parameter.name}") or _CALLED.get(parameter.name or "")
    if getattr(parameter, "is_flag", False) or parameter.type.name == "choice":
        return None
    called = called or _BY_TYPE.get(parameter.type.name)
    if called is None or parameter.param_type_name == "option":
        optional = called and str(parameter.metavar or "").startswith("[")
        return f"[{called}]" if optional else called
    called = called if parameter.required else f"[{called}]"
    return called if parameter.nargs == 1 else f"{called}..."
