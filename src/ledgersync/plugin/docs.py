"""The functions' documentation, for people: `docs/functions.md`, the help sheet, `--json`."""

from typing import Any

from ledgersync.messages import Message, literal
from ledgersync.plugin.registry import FUNCTIONS, SheetFunction

_INTRO = """# 表格函数

本页由 `ledgersync functions --markdown` 生成，请勿手改。

装好插件（`ledgersync addin install`）后，Excel 和 LibreOffice 里可以使用下面的函数。
每个函数既可以算一个单元格，也可以一次算一整列：在数组公式里选一片区域，比逐格填公式快得多。
校验类函数在正确时显示为空，否则显示说明，括号里是规则编号，与 `ledgersync check` 完全一致；
“提醒：”是警告，“说明：”仅供了解。没有插件时，工作簿自带的“校验”列照常工作。
"""


def functions_markdown() -> str:
    """`docs/functions.md`."""
    own = [f for f in FUNCTIONS if not f.workspace]
    shared = [f for f in FUNCTIONS if f.workspace]
    parts = [_INTRO, "## 校验与换算\n", *map(_section, own)]
    parts += ["## 查主台账（需要连上工作区）\n", *map(_section, shared)]
    return "\n".join(parts)


def _section(function: SheetFunction) -> str:
    rows = "\n".join(
        f"| {a.label}{'（可不写）' if a.optional else ''} | {a.doc} |" for a in function.arguments
    )
    return (
        f"### {function.name}\n\n`{function.usage}`\n\n{function.doc.zh}\n\n"
        f"| 参数 | 说明 |\n|---|---|\n{rows}\n\n例：`{function.example}`\n"
    )


def help_rows() -> list[tuple[Message, Message, str]]:
    """Usage, explanation and example of every function."""
    return [(literal(f.usage, f.signature), f.doc, f.example) for f in FUNCTIONS]


def functions_document() -> dict[str, Any]:
    return {
        "format": "ledgersync.functions/v1",
        "functions": [
            {
                "name": f.name,
                "usage": f.usage,
                "doc": f.doc.zh,
                "doc_en": f.doc.en,
                "usage_en": f.signature,
                "example": f.example,
                "workspace": f.workspace,
                "arguments": [
                    {"name": a.name, "label": a.label, "doc": a.doc, "optional": a.optional}
                    for a in f.arguments
                ],
            }
            for f in FUNCTIONS
        ],
    }
