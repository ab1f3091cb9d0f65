"""Copies that nobody has touched get colleagues' entries; a copy with unseen changes never does."""

from ledgersync.journal import Copy, file_hash
from ledgersync.schema import LedgerSchema
from ledgersync.sync.issue import issue_one
from ledgersync.sync.session import Session
from ledgersync.workbook.patch import open_elsewhere


def refresh_copies(session: Session) -> list[str]:
    """Writes anew every issued copy that is out of date and untouched; returns their paths."""
    refreshed = []
    for copy in session.journal.copies.current():
        ledger = session.catalog.ledgers.get(copy.ledger)
        if ledger and _is_behind(session, copy, ledger) and _is_untouched(session, copy):
            try:
                path = issue_one(session, copy.staff, ledger, _unused(session, copy, ledger))
            except PermissionError:  # open on its owner's screen: the next run refreshes it
                continue
            refreshed.append(session.workspace.relative(path))
    return refreshed


def _is_behind(session: Session, copy: Copy, ledger: LedgerSchema) -> bool:
    return session.journal.log.last_of(ledger.id) > copy.revision


def _is_untouched(session: Session, copy: Copy) -> bool:
    """On disk as it was issued, and open nowhere: unsaved edits must find their file again."""
    path = session.workspace.root / (copy.file or "")
    if not path.is_file() or open_elsewhere(path) is not None:
        return False
    return file_hash(path) == copy.sha256


def _unused(session: Session, copy: Copy, ledger: LedgerSchema) -> dict[str, list[str]]:
    """Reserved ids of the copy that have not become records."""
    return {
        t.id: [
            record
            for record in copy.reserved.get(t.id, [])
            if record not in session.journal.state.rows(ledger.id, t.id)
        ]
        for t in ledger.tables
    }
