"""Why a file is refused, in words: each reason with what to do about it."""

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
