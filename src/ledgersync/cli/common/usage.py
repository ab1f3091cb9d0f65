"""Words for a command that was called wrongly, and for a file operation that failed."""

import re

import click

from ledgersync.cli.common.language import spoken
from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.messages import message

_QUOTED = re.compile(r"'([^'\n]*)'")


def usage_text(error: click.ClickException, lang: str) -> str:
    """What was wrong with the command, how it is written, and what to do next."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    text = " ".join([*error.format_message().split(), *_likely(error), *_misplaced(error)])
    program = context.command_path if context else "ledgersync"
    usage = [context.get_usage()] if context else []
    if lang == "en":
        return "\n".join([text, *usage, f"Next: see {program} --help."])
    text = _QUOTED.sub(r"“\1”", text).replace("”. ", "”。").removesuffix(".")
    text = text.replace("”, “", "”、“").replace(" “", "“").replace("” ", "”").replace("。 ", "。")
    end = "" if text.endswith(("。", "？", "）")) else "。"
    return "\n".join(
        [text + end, *usage, f"下一步：用 {program} --help 查看用法，改好再运行一次。"]
    )


def _likely(error: click.ClickException) -> list[str]:
    """The command that was meant, asked as click asks: it does not know those not loaded yet."""
    context, name = getattr(error, "ctx", None), getattr(error, "command_name", None)
    if name is None or context is None or not isinstance(context.command, click.Group):
        return []
    import difflib  # few commands are mistyped

    near = difflib.get_close_matches(name, context.command.list_commands(context), 1)
    return [message("是不是要写“{command}”？", command=name).text(spoken()) for name in near]


def _misplaced(error: click.ClickException) -> list[str]:
    """An option of the program itself stands before the command."""
    context, option = getattr(error, "ctx", None), getattr(error, "option_name", None)
    if context is None or not isinstance(error, click.NoSuchOption):
        return []
    root = context.find_root()
    known = {name for p in root.command.params for name in p.opts} if context is not root else ()
    if option not in known:
        return []
    line = f"{root.info_name} {option} … {context.info_name}"
    return [message("它要写在命令前面：{line}", line=line).text(spoken())]


def file_fault(error: OSError) -> LedgerSyncError:
    """A failed file operation in words: which file, why, what to do next."""
    names = [str(n) for n in (error.filename, error.filename2) if n is not None]
    told = message("文件操作失败：{reason}。", reason=os_reason(error))
    if names:
        where, reason = " → ".join(names), os_reason(error)
        told = message("文件操作失败：{where}：{reason}。", where=where, reason=reason)
    return LedgerSyncError(
        told, message("请检查路径、权限和磁盘空间，关掉打开着的文件后再运行一次。")
    )
