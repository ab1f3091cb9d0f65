"""Why a file is refused, in words: each reason with what to do about it."""

from collections.abc import Sequence

from ledgersync.errors import UnreadableFile
from ledgersync.messages import Message, counted, message

_ASK_AGAIN = message("请对方重新发送原文件；或在表格软件里打开，另存为 .xlsx 后再收。")
_ASK_WHO_SENT = message("正常台账不会这样；请向发送人核实来源，不要打开该文件。")


def refused(reason: Message, next_step: Message = _ASK_AGAIN) -> UnreadableFile:
    return UnreadableFile(reason, next_step)


def missing(name: str) -> UnreadableFile:
    return refused(
        message("找不到文件 {name}。", name=name),
        message("请检查文件名和所在文件夹。"),
    )


def empty(name: str) -> UnreadableFile:
    return refused(message("{name} 是空文件（0 字节）。", name=name))


def damaged(name: str, detail: str = "") -> UnreadableFile:
    if detail:
        return refused(message("{name} 已损坏或没有传完整（{detail}）。", name=name, detail=detail))
    return refused(message("{name} 已损坏或没有传完整。", name=name))


def unknown_format(name: str, detail: str = "") -> UnreadableFile:
    if detail:
        return refused(message("{name} 不是能读的表格文件（{detail}）。", name=name, detail=detail))
    return refused(message("{name} 不是能读的表格文件。", name=name))


_ASK_FOR_TABLE = message("请对方发原来的 Excel 表；不是台账的，请从收件箱移走。")
_UNPACK = message("请解压，把里面的工作簿放进收件箱，再把压缩包移走。")
_ANY = message("{name} 是{what}。")
_OTHER_KINDS: dict[str, tuple[Message, Message]] = {
    "numbers": (
        message("苹果 Numbers 表格，读不了"),
        message("请在 Numbers 里“文件→导出为→Excel”，把导出的 .xlsx 存到收件箱。"),
    ),
    "archive": (message("压缩包，没有打开"), _UNPACK),
    "pdf": (message("一份 PDF，不是表格"), _ASK_FOR_TABLE),
    "document": (message("文档，不是表格"), _ASK_FOR_TABLE),
    "image": (message("图片，不是表格"), _ASK_FOR_TABLE),
    "text": (message("文字文件，不是表格"), _ASK_FOR_TABLE),
    "mhtml": (
        message("网页存档（MHTML），不是工作簿"),
        message("请在 Excel 或 WPS 里打开，另存为 .xlsx 后再交。"),
    ),
    "shortcut": (
        message("快捷方式或云盘占位，文件本身不在这里"),
        message("请把文件本身复制到收件箱；在云盘里的，先下载到本机。"),
    ),
}
_MOST_NAMES = 3


def other_kind(name: str, kind: str, inside: Sequence[str] = ()) -> UnreadableFile:
    """A file that is no workbook: what it is, and what to do; `inside` a zip are workbooks."""
    if kind == "zip":
        return _zipped(name, inside)
    if kind not in _OTHER_KINDS:
        return unknown_format(name)
    what, next_step = _OTHER_KINDS[kind]
    return UnreadableFile(_ANY.filled(name=name, what=what), next_step)


def _zipped(name: str, inside: Sequence[str]) -> UnreadableFile:
    if not inside:
        return UnreadableFile(
            message("{name} 是压缩包，里面没有工作簿。", name=name), _ASK_FOR_TABLE
        )
    shown = [*inside[:_MOST_NAMES], *(["…"] if len(inside) > _MOST_NAMES else [])]
    return UnreadableFile(
        counted(
            "{name} 是压缩包，没有打开，里面有 {n} 个工作簿（{shown}）。",
            len(inside),
            name=name,
            shown=shown,
        ),
        _UNPACK,
    )


def encrypted(name: str) -> UnreadableFile:
    return refused(
        message("{name} 设了打开密码。", name=name),
        message(
            "请加 --password 后按提示输入密码，或设置环境变量 LEDGERSYNC_PASSWORD；也"
            "可在表格软件里取消密码后另存。"
        ),
    )


def wrong_password(name: str) -> UnreadableFile:
    return refused(
        message("打开 {name} 的密码不对。", name=name),
        message("请核对密码后重试。"),
    )


def hostile(name: str, why: Message) -> UnreadableFile:
    return refused(message("拒绝读取 {name}：{why}。", name=name, why=why), _ASK_WHO_SENT)


def decompression_bomb(name: str) -> UnreadableFile:
    return hostile(name, message("实际解压大小超过声明"))


def too_long(name: str, seconds: float) -> UnreadableFile:
    return refused(
        counted("读取 {name} 超过 {n} 秒，已停止。", round(seconds), name=name),
    )


def died(name: str, code: int) -> UnreadableFile:
    return refused(
        message(
            "读取 {name} 的进程异常退出（{code}），多半是文件损坏或内容超出内存上限。",
            name=name,
            code=code,
        ),
    )


def too_much_memory(name: str) -> UnreadableFile:
    return refused(
        message("{name} 的内容超出内存上限，已停止读取。", name=name),
    )
