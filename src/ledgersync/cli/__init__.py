"""The command line: one module per command, loaded when it is called."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ledgersync import __version__
from ledgersync.cli.common.app import App
from ledgersync.cli.common.language import LANGUAGES, asked_for, localised, speaking, spoken
from ledgersync.cli.common.output import complain, emit_json, failure
from ledgersync.cli.common.process import begin, leave
from ledgersync.cli.common.runnable import working_in
from ledgersync.cli.common.usage import file_fault, usage_text
from ledgersync.errors import ExitCode, LedgerSyncError
from ledgersync.messages import Message, message

# name → module:command, in the order that `--help` shows them
COMMANDS: dict[str, tuple[str, Message]] = {
    "init": ("ledgersync.cli.init:init", message("新建工作区，生成四本空台账")),
    "adopt": ("ledgersync.cli.adopt:adopt", message("把现有工作簿收为主台账")),
    "demo": ("ledgersync.cli.demo:demo", message("建一个示例区，从头到尾走一遍")),
    "template": ("ledgersync.cli.template:template", message("生成空白台账")),
    "issue": ("ledgersync.cli.issue:issue", message("给人员发台账副本")),
    "staff": ("ledgersync.cli.staff:staff", message("人员：查看、加入、离岗交接")),
    "tidy": ("ledgersync.cli.tidy:tidy", message("同一样东西的几种写法，统一成一种")),
    "read": ("ledgersync.cli.read:read", message("看工作簿里读到了什么")),
    "map": ("ledgersync.cli.map:map_headers", message("确认一次不认识的表头")),
    "check": ("ledgersync.cli.check:check", message("校验工作簿，问题定位到单元格")),
    "merge": ("ledgersync.cli.merge:merge", message("收表并合并进主台账")),
    "watch": ("ledgersync.cli.watch:watch", message("一直守着收件箱，来一份合一份")),
    "status": ("ledgersync.cli.status:status", message("收表、冲突、退回、待写入一览")),
    "conflicts": ("ledgersync.cli.conflicts:conflicts", message("列出冲突，或导出冲突清单")),
    "resolve": ("ledgersync.cli.resolve:resolve", message("裁定冲突")),
    "held": ("ledgersync.cli.held:held", message("放行或驳回被拦下的成批删除")),
    "notices": ("ledgersync.cli.notices:notices", message("没有收进来或存疑的行和格子")),
    "find": ("ledgersync.cli.find:find", message("在所有台账里找人、地址、号码")),
    "export": ("ledgersync.cli.export:export", message("导出一份可以打印的名单")),
    "due": ("ledgersync.cli.due:due", message("这一周要做什么，按人列出")),
    "history": ("ledgersync.cli.history:history", message("最近的修订；一条记录谁改过")),
    "undo": ("ledgersync.cli.undo:undo", message("撤销一次合并（以新修订抵消）")),
    "units": ("ledgersync.cli.units:units", message("下级单位：名单，收下级的文件")),
    "year": ("ledgersync.cli.year:year", message("换年度：上年的行归档，照样汇总")),
    "purge": ("ledgersync.cli.purge:purge", message("清理过了保存年数的原件")),
    "close": ("ledgersync.cli.close:close", message("关账：一期的数定下来，之后不变")),
    "ledgers": ("ledgersync.cli.ledgers:ledgers", message("本单位的台账定义：查看、更换、生效")),
    "verify": ("ledgersync.cli.verify:verify", message("重放日志，与主台账和原件核对")),
    "rollup": ("ledgersync.cli.rollup:rollup", message("逐级汇总")),
    "report": ("ledgersync.cli.report:report", message("写出汇总表、工作总结")),
    "trace": ("ledgersync.cli.trace:trace", message("一个数字背后的每一行")),
    "submit": ("ledgersync.cli.submit:submit", message("做上报包，报给上级")),
    "receive": ("ledgersync.cli.receive:receive", message("收下级的上报包")),
    "review": ("ledgersync.cli.review:review", message("审核下级报来的数：通过、退回、锁定")),
    "remind": ("ledgersync.cli.remind:remind", message("催报：谁还没报，一家一条")),
    "shared": ("ledgersync.cli.shared:shared", message("另一单位也有的：重复享受等")),
    "keys": ("ledgersync.cli.keys:keys", message("密钥：本单位的、相信的、去重用的")),
    "facts": ("ledgersync.cli.facts:facts", message("明细数据导出给别的程序")),
    "schedule": ("ledgersync.cli.schedule:schedule", message("定时任务")),
    "delivery": ("ledgersync.cli.delivery:delivery", message("上报包自动送到哪里")),
    "settings": ("ledgersync.cli.settings:settings", message("设置：上报期限、审核人等")),
    "functions": ("ledgersync.cli.functions:functions", message("表格函数及说明")),
    "addin": ("ledgersync.cli.addin:addin", message("安装或卸载表格插件")),
    "doctor": ("ledgersync.cli.doctor:doctor", message("检查这台电脑上什么能用")),
}


class LazyGroup(click.Group):
    """Imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [name for name, (target, _) in COMMANDS.items() if _exists(target)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS or not _exists(COMMANDS[cmd_name][0]):
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        return localised(command, spoken()) if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lang = spoken()
        with formatter.section(message("命令").text(lang)):
            formatter.write_dl(
                [(name, COMMANDS[name][1].text(lang)) for name in self.list_commands(ctx)]
            )


def _exists(target: str) -> bool:
    name = target.partition(":")[0].rpartition(".")[2]
    return (Path(__file__).parent / f"{name}.py").exists()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C", "directory", type=click.Path(path_type=Path), default=Path(), help="工作区文件夹"
)
@click.option("--lang", type=click.Choice(LANGUAGES), default=spoken, help="语言")
@click.option("-q", "quiet", is_flag=True, help="只说要紧的")
@click.option("-v", "verbose", is_flag=True, help="多说一些")
@click.version_option(__version__, prog_name="ledgersync", help="显示版本号")
@click.pass_context
def cli(ctx: click.Context, directory: Path, lang: str, quiet: bool, verbose: bool) -> None:
    """社区台账同步：校验、合并、逐级汇总；Excel 工作簿始终是主台账。"""
    working_in(directory)
    ctx.obj = App(directory=directory, lang=lang, quiet=quiet, verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; every LedgerSyncError becomes a message and its exit code here."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if arguments is not None:
        sys.exit(_spoken(list(arguments)))
    begin()  # a process of its own
    leave(_spoken(sys.argv[1:]))


def _spoken(arguments: list[str]) -> int:
    lang = asked_for(arguments)
    with speaking(lang):
        return _run(arguments, lang)


def _run(arguments: list[str], lang: str) -> int:
    """The exit code, after all has been said."""
    try:
        root = localised(cli, lang)
        code = root.main(args=arguments, prog_name="ledgersync", standalone_mode=False)
        return code if isinstance(code, int) else ExitCode.DONE
    except click.Abort:
        complain(message("已中断。").text(lang))
        return ExitCode.OTHER
    except click.ClickException as error:
        complain(usage_text(error, lang))
        return error.exit_code
    except LedgerSyncError as error:
        if "--json" in arguments:
            emit_json(failure(error))
        complain(error.text(lang))
        return error.exit_code
    except OSError as error:
        complain(file_fault(error).text(lang))
        return ExitCode.OTHER
