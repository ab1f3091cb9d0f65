"""Why a file is refused, in words: each reason with what to do about it."""

from ledgersync.errors import UnreadableFile
from ledgersync.messages import Message

_ASK_AGAIN = Message(
    "请对方重新发送原文件；或在表格软件里打开，另存为 .xlsx 后再收。",
    "Ask for the file again, or open it in a spreadsheet program and save it as .xlsx.",
)
_ASK_WHO_SENT = Message(
    "正常台账不会这样；请向发送人核实来源，不要打开该文件。",
    "No ledger looks like this; ask the sender where it comes from and do not open it.",
)


def refused(zh: str, en: str, next_step: Message = _ASK_AGAIN) -> UnreadableFile:
    return UnreadableFile(Message(zh, en), next_step)


def missing(name: str) -> UnreadableFile:
    return refused(
        f"找不到文件 {name}。",
        f"There is no file {name}.",
        Message("请检查文件名和所在文件夹。", "Check its name and folder."),
    )


def empty(name: str) -> UnreadableFile:
    return refused(f"{name} 是空文件（0 字节）。", f"{name} is empty (0 bytes).")


def damaged(name: str, detail: str = "") -> UnreadableFile:
    zh = f"（{detail}）" if detail else ""
    en = f" ({detail})" if detail else ""
    return refused(f"{name} 已损坏或没有传完整{zh}。", f"{name} is damaged or was cut off{en}.")


def unknown_format(name: str, detail: str = "") -> UnreadableFile:
    zh = f"{name} 不是能读的表格文件{('（' + detail + '）') if detail else ''}。"
    return refused(zh, f"{name} is no spreadsheet file that can be read.")


def encrypted(name: str) -> UnreadableFile:
    return refused(
        f"{name} 设了打开密码。",
        f"{name} is protected by a password.",
        Message(
            "请加 --password 后按提示输入密码，或设置环境变量 LEDGERSYNC_PASSWORD；"
            "也可在表格软件里取消密码后另存。",
            "Use --password and type it when asked, or set LEDGERSYNC_PASSWORD; or save it "
            "without a password.",
        ),
    )


def wrong_password(name: str) -> UnreadableFile:
    return refused(
        f"打开 {name} 的密码不对。",
        f"The password of {name} is wrong.",
        Message("请核对密码后重试。", "Check the password and try again."),
    )


def hostile(name: str, zh: str, en: str) -> UnreadableFile:
    return refused(f"拒绝读取 {name}：{zh}。", f"{name} is refused: {en}.", _ASK_WHO_SENT)


def too_long(name: str, seconds: float) -> UnreadableFile:
    return refused(
        f"读取 {name} 超过 {seconds:.0f} 秒，已停止。",
        f"Reading {name} took more than {seconds:.0f} seconds and was stopped.",
    )


def died(name: str, code: int) -> UnreadableFile:
    return refused(
        f"读取 {name} 的进程异常退出（{code}），多半是文件损坏或内容超出内存上限。",
        f"The process that read {name} ended unexpectedly ({code}); the file is probably damaged "
        "or needs more memory than allowed.",
    )


def too_much_memory(name: str) -> UnreadableFile:
    return refused(
        f"{name} 的内容超出内存上限，已停止读取。",
        f"{name} needs more memory than allowed; reading was stopped.",
    )
