"""Whose a primary says to be: what stands behind 填报单位, as it was read last."""

from ledgersync.sync.session import Session

_OFFICE = "office."  # in the journal's meta


def note_offices(session: Session) -> None:
    """Remembers what the primaries that were read just now say of whose they are."""
    for ledger, office in session.offices.items():
        session.journal.set_meta(_OFFICE + ledger, office or "")
    session.offices.clear()


def office_of(session: Session, ledger: str) -> str | None:
    """What the primary says; "" where it says nothing, None where it was never read."""
    return session.journal.meta(_OFFICE + ledger)
