"""`adopt --replace`: what was taken over before goes first, while nobody has worked with it."""

from ledgersync.errors import UsageFault
from ledgersync.messages import literal, message
from ledgersync.schema import LedgerSchema
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.opening import open_session
from ledgersync.sync.session import Session
from ledgersync.workspace import Workspace


def begin_anew(workspace: Workspace, ledger: LedgerSchema) -> None:
    """Takes the last adoption of the ledger back. Raises UsageFault where people used it since."""
    with open_session(workspace, "adopt") as session:
        if not any(session.state(ledger).values()):
            return
        made = _adoption(session, ledger)
        if made is None:
            raise UsageFault(
                message(
                    "{workbook}里的记录不是收来的，不能换掉。",
                    workbook=literal(ledger.workbook, ledger.id),
                ),
                message("请把新的那本放进 inbox/<姓名>/ 用 merge 合并。"),
            )
        undo_revision(session, made, "adopt")


def _adoption(session: Session, ledger: LedgerSchema) -> int | None:
    """The revision that took the ledger over and still counts."""
    log = session.journal.log
    over = log.undone()
    made = [r.id for r in log.revisions() if r.kind == "adopt" and r.id not in over]
    of = {o.revision for n in made for o in log.operations(revision=n) if o.ledger == ledger.id}
    return max(of, default=None)
