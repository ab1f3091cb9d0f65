"""Why a package is not taken in: one reason of the contract, and the sentence for the person."""

from typing import Literal

from ledgersync.errors import ExitCode, LedgerSyncError
from ledgersync.messages import Message, message

Reason = Literal[
    "unreadable",
    "tampered",
    "bad_signature",
    "unknown_sender",
    "wrong_recipient",
    "not_below",
    "wrong_period",
    "older_version",
    "locked",
]
_RESEND = message("请对方重新发一次；仍不行就换个途径传（不要用会改动附件的邮箱）。")


class Refusal(LedgerSyncError):
    """A package is refused; nothing of it was taken in."""

    exit_code = ExitCode.PERSON_NEEDED

    def __init__(self, reason: Reason, message: Message, next_step: Message = _RESEND) -> None:
        self.reason = reason
        super().__init__(message, next_step)


def damaged() -> Refusal:
    return Refusal("tampered", message("文件不完整，或在路上被改动过"))


def unreadable() -> Refusal:
    return Refusal(
        "unreadable",
        message("不是上报包，或是新版程序做的，本程序读不懂"),
        message("请核对文件（上报包的后缀是 .lsp）；对方程序更新时，请先更新本程序。"),
    )
