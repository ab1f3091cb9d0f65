"""What is remembered of a primary from one run to the next, in the journal's meta.

Whose it says to be: what stands behind 填报单位.

The headers with which it was read last. A mapping, an alias or a new version of a ledger makes a
column mean something that it did not mean when the primary was taken in. Then it is taken in again,
as after an edit by hand: what stands in that column is people's content, and must not be taken for
something that the journal lacks.

The tables whose sheet it lacks, from when that is seen until it is written whole again. A missing
sheet removes nothing, and neither does the empty one that people put in its place: as long as a
table is remembered here, rows that the primary does not show are no removals.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable

from ledgersync.sync.session import Session

_OFFICE, _WORDING, _MISSING = "office.", "wording:", "missing:"  # each by ledger


def note_offices(session: Session) -> None:
    """Remembers what the primaries that were read just now say of whose they are."""
    for ledger, office in session.offices.items():
        session.journal.set_meta(_OFFICE + ledger, office or "")
    session.offices.clear()


def note_own_office(session: Session, ledger: str) -> None:
    """A primary that we built says that it is this unit's, as a reader would find it."""
    name = unicodedata.normalize("NFKC", session.workspace.unit.name)
    session.journal.set_meta(_OFFICE + ledger, name)


def office_of(session: Session, ledger: str) -> str | None:
    """What the primary says; "" where it says nothing, None where it was never read."""
    return session.journal.meta(_OFFICE + ledger)


def note_wording(session: Session, ledger: str) -> None:
    """The primary of a ledger has been read, or written, with today's headers."""
    now = _wording(session, ledger)
    if session.journal.meta(_WORDING + ledger) != now:
        session.journal.set_meta(_WORDING + ledger, now)


def is_read_anew(session: Session, ledger: str) -> bool:
    """Its columns may mean something else than when it was read last."""
    return session.journal.meta(_WORDING + ledger) != _wording(session, ledger)


def _wording(session: Session, ledger: str) -> str:
    catalog = session.workspace.catalog
    learned = sorted(m for m in catalog.mappings.items() if m[0].startswith(f"{ledger}."))
    wording = f"{catalog.ledgers[ledger].wordings}{learned}"
    return hashlib.sha256(wording.encode()).hexdigest()


def missing_tables(session: Session, ledger: str) -> frozenset[str]:
    """The tables that are remembered as missing from a ledger's primary."""
    return frozenset(json.loads(session.journal.meta(_MISSING + ledger) or "[]"))


def remember_missing(session: Session, ledger: str, tables: Iterable[str]) -> None:
    """These tables are missing now, and no others."""
    found = sorted(tables)
    if found != sorted(missing_tables(session, ledger)):
        session.journal.set_meta(_MISSING + ledger, json.dumps(found))
