"""At the start of whatever writes: changed ledgers that touch no record come into force.

The others wait for `ledgers accept`; until then the old ones rule.
"""

from ledgersync.sync.migration.effects import effects_of
from ledgersync.sync.migration.migrate import follow, migrate
from ledgersync.sync.session import Session


def settle_schemas(session: Session) -> None:
    """Takes note of new ledgers and of changes that touch no record."""
    journal, catalog = session.journal, session.workspace.catalog
    accepted = journal.schemas.accepted()
    with journal.transaction():
        for name, text in catalog.texts.items():
            known = accepted.get(name)
            if known is None or (known.text != text and name not in catalog.pending):
                journal.schemas.accept(name, text)
        for name, new in catalog.pending.items():
            old = catalog.ledgers[name]
            if effects_of(session, old, new):
                continue
            if new is None:
                journal.schemas.forget(name)
                follow(session)
            else:
                migrate(session, old, new)
