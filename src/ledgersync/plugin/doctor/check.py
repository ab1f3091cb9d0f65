"""One thing that was looked at."""

from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message

State = Literal["ok", "warning", "problem", "absent"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found; `advice` says what to do where it is not well."""

    id: str
    state: State
    found: Message
    advice: Message | None = None


def ok(id_: str, found: Message) -> Check:
    return Check(id_, "ok", found)


def absent(id_: str, found: Message) -> Check:
    """Not here, and not needed."""
    return Check(id_, "absent", found)


def warning(id_: str, found: Message, advice: Message) -> Check:
    return Check(id_, "warning", found, advice)


def problem(id_: str, found: Message, advice: Message) -> Check:
    return Check(id_, "problem", found, advice)
