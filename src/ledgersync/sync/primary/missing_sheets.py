"""Tables whose sheet a primary lacks, from when that is seen until it is written whole again.

A missing sheet removes nothing, and neither does the empty one that people put in its place: as
long as a table is remembered here, rows that the primary does not show are no removals.
"""

import json
from collections.abc import Iterable

from ledgersync.sync.session import Session

_KEY = "missing:"  # in the journal's meta, by ledger


def missing_tables(session: Session, ledger: str) -> frozenset[str]:
    """The tables that are remembered as missing from a ledger's primary."""
    return frozenset(json.loads(session.journal.meta(_KEY + ledger) or "[]"))


def remember_missing(session: Session, ledger: str, tables: Iterable[str]) -> None:
    """These tables are missing now, and no others."""
    found = sorted(tables)
    if found != sorted(missing_tables(session, ledger)):
        session.journal.set_meta(_KEY + ledger, json.dumps(found))
