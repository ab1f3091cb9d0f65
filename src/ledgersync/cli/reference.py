"""docs/commands.md, written from the commands themselves: `python -m ledgersync.cli.reference`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ledgersync.cli import COMMANDS, LazyGroup, cli
from ledgersync.cli.common.language import localised, speaking

_HEAD = """# 命令一览

`ledgersync [-C 工作区] [--lang zh|en] [-q|-v] 命令`；凡是报告情况的命令都有 `--json`，
每个命令都有 `--help`。英文说明用 `--lang en`（或设环境变量 `LEDGERSYNC_LANG=en`）。
退出码：0 完成 · 1 完成，但需要人处理 · 2 用法不对 · 3 有文件读不了 ·
4 工作区、锁或日志有问题 · 5 其他。

本页由程序生成（`make docs`），请勿手改。
"""


def reference() -> str:
    """The whole page, in Chinese."""
    with speaking("zh"):
        return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    root = localised(cli, "zh")
    assert isinstance(root, LazyGroup)
    context = click.Context(root, info_name="ledgersync")
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        if command is not None:
            yield from _section(name, command, context)


def _section(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield f"{COMMANDS[name][1].zh}。\n"
    if isinstance(command, click.Group):
        for sub in sorted(command.commands):
            yield from _usage(f"{name} {sub}", command.commands[sub], context)
    else:
        yield from _usage(name, command, context)


def _usage(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    own = click.Context(command, info_name=name, parent=context)
    pieces = " ".join(command.collect_usage_pieces(own))
    yield f"`ledgersync {name} {pieces}`\n"
    if command.help:
        yield f"{command.help.strip()}\n"
    options = [p for p in command.get_params(own) if isinstance(p, click.Option)]
    rows = [r for p in options if p.name != "help" and (r := p.get_help_record(own))]
    yield from (f"- `{option}` {text}".rstrip() for option, text in rows)
    if rows:
        yield ""


if __name__ == "__main__":
    text = reference()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
