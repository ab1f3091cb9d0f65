"""docs/api.md, written from the docstrings: `python -m ledgersync.api.reference docs/api.md`."""

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import ledgersync
from ledgersync.api import figures, found, listing

_HEAD = """# Python API

`import ledgersync as ls`：不用命令行，直接在 Python 里读台账、查合并后的状态、取指标；
结果是 pandas。导入不到 50 毫秒，要到用时才载入 pandas。
五个实际问题的做法见 [analysis.md](analysis.md)。

本页由程序按源码里的说明生成（`make docs`），例子都在测试里跑过；例子里的 `ws` 是示例区
（`ledgersync demo 示例区`）的一个社区，`book` 是 `ls.read("走访.xlsx")`。

| 字段 | dtype |
|---|---|
| 文字、姓名、编号、证号、电话 | `string` |
| 日期 | `datetime64[s]` |
| 金额 | `ArrowDtype(decimal128(18, 2))` |
| 整数 | `Int64` |
| 小数 | `Float64` |
| 是否 | `boolean` |
| 单选 | `category`（按台账里选项的顺序） |
| 多选 | `ArrowDtype(list<string>)` |

`.attrs` 里有 `title`（表名）、`headers`（字段的表头）、`measures`（计量单位）、`source`（来自哪个
文件或日志的哪一次修订）、`unread`（有多少格读不懂，读不懂的格在这里是空）、`masked`（是否打了码）。

出错时抛 `ls.LedgerSyncError` 的子类：`str(error)` 是一句话，`error.text()` 带下一步怎么做。
"""
_DOCTEST = re.compile(r"^( *)>>> ", re.MULTILINE)
_FUNCTIONS = ("read", "check", "open", "to_workbook")
_CLASSES = ("Book", "Table", "OpenWorkspace")
_ROWS = (
    found.Findings,
    found.MergeResult,
    found.Status,
    found.Conflicts,
    found.Changes,
    figures.Figures,
    figures.RowsBehind,
)


def reference() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for name in _FUNCTIONS:
        yield f"\n## `ls.{name}`\n"
        yield from _told(name, getattr(ledgersync, name))
    for name in _CLASSES:
        kind = getattr(ledgersync, name)
        yield f"\n## `{name}`\n"
        yield inspect.getdoc(kind) or ""
        yield from _members(name, kind)
    yield "\n## Results\n"
    yield _text(listing.Listing)
    for kind in _ROWS:
        yield f"\n### `{kind.__name__}`\n"
        yield _text(kind)
        columns = ", ".join(f"`{f.name}`" for f in fields(kind.kind))
        yield f"\nOf each row: {columns}."


def _members(owner: str, kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        if name.startswith("_") or name in {f.name for f in fields(kind)}:
            continue
        if inspect.isfunction(member):
            yield f"\n### `{owner}.{name}`\n"
            yield from _told(name, member)
        elif text := inspect.getdoc(member):
            yield f"\n### `{owner}.{name}`\n"
            yield text


def _told(name: str, function: Any) -> Iterator[str]:
    signature = str(inspect.signature(function)).replace("'", "")
    yield f"```python\n{name}{signature}\n```\n"
    yield _text(function)


def _text(thing: Any) -> str:
    """A docstring whose examples stand in a block of their own."""
    text = inspect.getdoc(thing) or ""
    start = _DOCTEST.search(text)
    if start is None:
        return text
    prose, example = text[: start.start()].rstrip(), text[start.start() :].rstrip()
    return f"{prose}\n\n```python\n{example}\n```"


if __name__ == "__main__":
    assert all(is_dataclass(kind.kind) for kind in _ROWS)
    Path(sys.argv[1]).write_text(reference() + "\n", encoding="utf-8")
