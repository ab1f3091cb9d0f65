"""Whether a primary was last read with the headers as they are known today.

A mapping, an alias or a new version of a ledger makes a column mean something that it did not mean
when the primary was taken in. Then it is taken in again, as after an edit by hand: what stands in
that column is people's content, and must not be taken for something that the journal lacks.
"""

import hashlib

from ledgersync.sync.session import Session

_KEY = "wording:"  # in the journal's meta, by ledger


def note_wording(session: Session, ledger: str) -> None:
    """The primary of a ledger has been read, or written, with today's headers."""
    now = _wording(session, ledger)
    if session.journal.meta(_KEY + ledger) != now:
        session.journal.set_meta(_KEY + ledger, now)


def is_read_anew(session: Session, ledger: str) -> bool:
    """Its columns may mean something else than when it was read last."""
    return session.journal.meta(_KEY + ledger) != _wording(session, ledger)


def _wording(session: Session, ledger: str) -> str:
    catalog = session.workspace.catalog
    learned = sorted(m for m in catalog.mappings.items() if m[0].startswith(f"{ledger}."))
    wording = f"{catalog.ledgers[ledger].wordings}{learned}"
    return hashlib.sha256(wording.encode()).hexdigest()
