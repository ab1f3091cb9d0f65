"""The one root of every failed operation, with its exit code and the user's next step.

Faults *in the ledgers* are values (`ledgersync.model.Finding`), never exceptions.
"""

import errno
from enum import IntEnum
from typing import NamedTuple


class Message(NamedTuple):
    """One sentence for a person, in both languages."""

    zh: str
    en: str

    def text(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh


_REASONS = {
    errno.ENOENT: Message("找不到", "it is not there"),
    errno.EACCES: Message("没有权限，或正被别的程序占用", "no permission, or in use elsewhere"),
    errno.EPERM: Message("没有权限，或正被别的程序占用", "no permission, or in use elsewhere"),
    errno.EBUSY: Message("正被别的程序占用", "in use elsewhere"),
    errno.EEXIST: Message("已经有同名的文件或文件夹", "something of that name is there already"),
    errno.ENOTDIR: Message("路径中间有一段是文件，不是文件夹", "a part of the path is a file"),
    errno.EISDIR: Message("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTEMPTY: Message("文件夹里还有东西", "the folder is not empty"),
    errno.ENOSPC: Message("磁盘满了", "the disk is full"),
    errno.EDQUOT: Message("磁盘配额用完了", "the disk quota is used up"),
    errno.EROFS: Message("磁盘是只读的", "the disk is read-only"),
    errno.EIO: Message("磁盘或共享读写出错", "the disk or the share failed"),
    errno.ESTALE: Message("共享断开了", "the share is gone"),
    errno.ENAMETOOLONG: Message("文件名太长", "the name is too long"),
}


def os_reason(error: OSError) -> Message:
    """Why a file operation failed, in words; a rare reason stays as the system says it."""
    said = str(error.strerror or error)
    return _REASONS.get(error.errno or 0, Message(said, said))


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
        arrow = "Next: " if lang == "en" else "下一步："
        return f"{self.message.text(lang)}\n{arrow}{self.next_step.text(lang)}"


class UsageFault(LedgerSyncError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class UnreadableFile(LedgerSyncError):
    """A file could not be read (damaged, encrypted, hostile, no known format)."""

    exit_code = ExitCode.UNREADABLE


class WorkspaceFault(LedgerSyncError):
    """The workspace, its lock or its journal is missing, taken or damaged."""

    exit_code = ExitCode.WORKSPACE


class SchemaFault(WorkspaceFault):
    """A ledger's TOML file is wrong; the message names file, line and key."""


class PatchRefused(LedgerSyncError):
    """A workbook cannot be patched without losing something; nothing was written."""

    def __init__(self, reason: str, message: Message, next_step: Message | None = None) -> None:
        self.reason = reason
        super().__init__(
            message,
            next_step
            or Message(
                "工作簿未改动，本次写入保持待处理；请按原因处理后重试。",
                "The workbook is unchanged and the write stays pending; mend the cause and retry.",
            ),
        )
