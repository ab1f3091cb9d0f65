"""The one root of every failed operation, with its exit code and the user's next step.

Faults *in the ledgers* are values (`ledgersync.model.Finding`), never exceptions.
"""

from enum import IntEnum
from typing import NamedTuple


class Message(NamedTuple):
    """One sentence for a person, in both languages."""

    zh: str
    en: str

    def text(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh


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
