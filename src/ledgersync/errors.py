"""The one root of every failed operation, with its exit code and the user's next step.

Faults *in the ledgers* are values (`ledgersync.model.Finding`), never exceptions.
"""

import errno
from enum import IntEnum

from ledgersync.messages import Message as Message
from ledgersync.messages import literal, message

_REASONS = {
    errno.ENOENT: message("找不到"),
    errno.EACCES: message("没有权限，或正被别的程序占用"),
    errno.EPERM: message("没有权限，或正被别的程序占用"),
    errno.EBUSY: message("正被别的程序占用"),
    errno.EEXIST: message("已经有同名的文件或文件夹"),
    errno.ENOTDIR: message("路径中间有一段是文件，不是文件夹"),
    errno.EISDIR: message("这是文件夹，不是文件"),
    errno.ENOTEMPTY: message("文件夹里还有东西"),
    errno.ENOSPC: message("磁盘满了"),
    errno.EDQUOT: message("磁盘配额用完了"),
    errno.EROFS: message("磁盘是只读的"),
    errno.EIO: message("磁盘或共享读写出错"),
    errno.ESTALE: message("共享断开了"),
    errno.ENAMETOOLONG: message("文件名太长"),
}


def os_reason(error: OSError) -> Message:
    """Why a file operation failed, in words; a rare reason stays as the system says it."""
    text = str(error.strerror or error)
    return _REASONS.get(error.errno or 0, literal(text, text))


class ExitCode(IntEnum):
    """What a command's exit status means; stable, part of the contract."""

    DONE = 0
    PERSON_NEEDED = 1
    USAGE = 2
    UNREADABLE = 3
    WORKSPACE = 4
    OTHER = 5


class LedgerSyncError(Exception):
    """An operation failed: `message` says what and where, `next_step` what to do now."""

    exit_code = ExitCode.OTHER

    def __init__(self, message: Message, next_step: Message) -> None:
        self.message = message
        self.next_step = next_step
        super().__init__(message.zh)

    def text(self, lang: str = "zh") -> str:
        """Message and next step as one line each."""
        next_step = message("下一步：{step}", step=self.next_step)
        return f"{self.message.text(lang)}\n{next_step.text(lang)}"


class UsageFault(LedgerSyncError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class UnreadableFile(LedgerSyncError):
    """A file could not be read (damaged, encrypted, hostile, no known format)."""

    exit_code = ExitCode.UNREADABLE


class ForeignWorkbook(UnreadableFile):
    """A workbook of another unit, or of nobody knows whom, stands where one of ours belongs."""


class WorkspaceFault(LedgerSyncError):
    """The workspace, its lock or its journal is missing, taken or damaged."""

    exit_code = ExitCode.WORKSPACE


class SchemaFault(WorkspaceFault):
    """A ledger's TOML file is wrong; the message names file, line and key."""


_UNCHANGED = message("工作簿未改动，本次写入保持待处理；请按原因处理后重试。")


class PatchRefused(LedgerSyncError):
    """A workbook cannot be patched without losing something; nothing was written."""

    def __init__(self, reason: str, message: Message, next_step: Message | None = None) -> None:
        self.reason = reason
        super().__init__(
            message,
            next_step or _UNCHANGED,
        )
