"""A changed ledger that touches records comes into force, when a person says so."""

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, literal, message
from ledgersync.schema import LedgerSchema
from ledgersync.sync.migration.effects import Effect, effects_of
from ledgersync.sync.migration.migrate import migrate
from ledgersync.sync.primary.write import ingest, write_primary
from ledgersync.sync.session import Session


def accept(session: Session, ledger: LedgerSchema, who: str) -> list[Effect]:
    """Lets the file of a ledger rule; what that did. Raises UsageFault where it cannot be."""
    catalog = session.workspace.catalog
    if ledger.id not in catalog.pending:
        return []
    old, new = catalog.ledgers[ledger.id], catalog.pending[ledger.id]
    effects = effects_of(session, old, new)
    if refused := next((e for e in effects if e.is_refused), None):
        raise _refused(old, refused.told)
    assert new is not None
    _bring_up_to_date(session, old)
    with session.journal.transaction():
        migrate(session, old, new)
        _read_primary(session, session.catalog.ledgers[old.id])
        session.journal.log.event(session.now(), who, "ledger.accepted", ledger=old.id)
    return effects


def _bring_up_to_date(session: Session, ledger: LedgerSchema) -> None:
    """The primary has to show the state first: what is read anew must be what is kept."""
    if session.journal.writes.primary(ledger.id) is None:
        return
    written = write_primary(session, ledger)
    if written.status == "pending" or session.journal.held.hand_of(ledger.id):
        raise _refused(ledger, written.message or message("有成批手工删除待裁定"))


def _read_primary(session: Session, ledger: LedgerSchema) -> None:
    if session.workspace.primary(ledger).exists():
        ingest(session, ledger)


def _refused(ledger: LedgerSchema, reason: Message) -> UsageFault:
    return UsageFault(
        message(
            "{ledger}的定义还不能换成新的：{reason}。",
            ledger=literal(ledger.workbook, ledger.id),
            reason=reason,
        ),
        message("现在仍按原来的定义办，什么都没有改；处理好以后再运行 ledgersync ledgers accept。"),
    )
