"""Copies that nobody has touched get colleagues' entries; a copy with unseen changes never does."""

from collections.abc import Collection
from contextlib import suppress

from ledgersync.checks.scopes import RULE
from ledgersync.errors import PatchRefused
from ledgersync.files import open_elsewhere
from ledgersync.journal import Copy
from ledgersync.schema import LedgerSchema
from ledgersync.sync.copies.issue import issue_one
from ledgersync.sync.session import Session


def refresh_copies(session: Session, anew: Collection[str] = ()) -> list[str]:
    """Brings every issued copy up to date that is behind and untouched; returns their paths.

    Those of the people in `anew`, whose scope has changed, are out of date in any case.
    One that is opened or saved at this very moment is left for the next time.
    """
    _settle_unplaced(session)
    refreshed = []
    for copy in session.journal.copies.current():
        ledger = session.catalog.ledgers.get(copy.ledger)
        sha256 = _replaceable(session, copy)
        behind = ledger and (copy.staff in anew or _is_behind(session, copy, ledger))
        if ledger and sha256 and behind:
            with suppress(PatchRefused, OSError):
                as_issued = copy if sha256 == copy.sha256 else None
                path = issue_one(session, copy.staff, ledger, copy.reserved, sha256, as_issued)
                refreshed.append(session.workspace.relative(path))
    return refreshed


def _replaceable(session: Session, copy: Copy) -> str | None:
    """The hash of a copy's file if nothing in it would be lost: as issued, or merged as it is.

    A copy from which something went back to its owner, or was left out, stays, so that it can be
    corrected there.
    """
    if _is_untouched(session, copy):
        return copy.sha256
    path = session.workspace.root / (copy.file or "")
    if not path.is_file() or open_elsewhere(path) is not None:
        return None
    if session.journal.returned.open(copy.staff, copy.ledger):
        return None
    if any(n.rule != RULE for n in session.journal.notices.open(copy=copy.id)):
        return None
    sha256 = session.hashes.of(path)
    names = session.workspace.config.staff_member(copy.staff).names
    sent = session.journal.submissions.of_file(sha256, *names)
    taken = any(s.copy == copy.id and s.status in ("merged", "unchanged") for s in sent)
    return sha256 if taken else None


def _settle_unplaced(session: Session) -> None:
    """Copies whose file was put in place just before a crash are known from now on."""
    for copy in session.journal.copies.unplaced():
        if _is_untouched(session, copy):
            session.journal.copies.place(copy.id)


def _is_behind(session: Session, copy: Copy, ledger: LedgerSchema) -> bool:
    return session.journal.log.last_of(ledger.id) > copy.revision


def _is_untouched(session: Session, copy: Copy) -> bool:
    """On disk as it was issued, and open nowhere: unsaved edits must find their file again."""
    path = session.workspace.root / (copy.file or "")
    if not path.is_file() or open_elsewhere(path) is not None:
        return False
    return session.hashes.of(path) == copy.sha256
