"""Showing what is otherwise masked is an operation: the journal keeps who did it, and why."""

import getpass

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Value
from ledgersync.sync.session import Session


def journal_unmasking(session: Session, reason: str, **what: Value) -> None:
    """Writes the operation down. Raises UsageFault for a reason that is none."""
    if not reason.strip():
        raise UsageFault(message("不脱敏要写明理由。"), message("例如：区局核查。"))
    with session.journal.transaction():
        session.journal.log.event(
            session.now(), getpass.getuser(), "unmask", reason=reason.strip(), **what
        )
