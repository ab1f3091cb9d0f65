"""docs/rules.md, made from the registry: `print(reference())`."""

from collections.abc import Iterator

from ledgersync.checks.rules import GROUPS, Group, Rule
from ledgersync.model import Severity

_LEVELS: dict[Severity, str] = {"error": "错误", "warning": "警告", "info": "提示"}
_HEAD = (
    "# 校验规则\n"
    "\n"
    "`ledgersync check` 报告的每一条问题都带一个规则编号（`rule`；屏幕上用 `ledgersyn"
    "c -v check` 列出，`--json` 里总有），编号固定不变。本页逐条说明：什么意思、什么"
    "级别、举例、依据。\n"
    "\n"
    "级别：\n"
    "\n"
    "- **错误**：这个单元格不能照这样用。合并时，本人这一格退回更正，同一行其余内容照"
    "常合并。\n"
    "- **警告**：请人看一眼；从不退回，也从不自动改动。\n"
    "- **提示**：已按约定处理，只是告知。\n"
    "\n"
    "同一条规则在不同情形下级别可能不同，表中按重到轻列出。提到个人信息的地方，消息里"
    "一律不写原值或已掩码。\n"
    "\n"
)
_PIPE = r"\|"
_TABLE = ("| 规则 | 级别 | 含义 | 例子 | 依据 |", "|---|---|---|---|---|")


def reference() -> str:
    """The page, group by group."""
    return _HEAD + "\n".join(line for group in GROUPS for line in _section(group))


def _section(group: Group) -> Iterator[str]:
    yield from (f"## {group.title}", "")
    if group.intro:
        yield from (group.intro, "")
    yield from _TABLE
    yield from map(_line, group.rules)
    yield ""


def _line(rule: Rule) -> str:
    levels = "、".join(_LEVELS[level] for level in rule.severities)
    texts = (f"`{rule.id}`", levels, rule.meaning, rule.example, rule.source)
    return f"| {' | '.join(text.replace('|', _PIPE) for text in texts)} |"


if __name__ == "__main__":
    print(reference(), end="")
