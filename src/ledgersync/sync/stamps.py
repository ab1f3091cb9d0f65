"""Stamps given out and read again: whose a workbook is, which state of the journal it shows."""

from typing import Literal

from ledgersync.journal.notices import PRIMARY
from ledgersync.messages import Message, message
from ledgersync.model import Stamp
from ledgersync.schema import LedgerSchema
from ledgersync.sync.session import Session

Origin = Literal["own", "unknown", "foreign"]

_DIGEST = 32  # characters of a revision's digest that a stamp carries


def stamp_now(
    session: Session, ledger: LedgerSchema, copy_id: str, staff: str | None = None
) -> Stamp:
    """The stamp of a workbook that shows the journal as it is now."""
    journal, unit = session.journal, session.workspace.unit
    revision = journal.log.last
    return Stamp(
        journal.workspace_id,
        ledger.id,
        ledger.version,
        revision,
        copy_id,
        staff,
        unit.code,
        unit.name,
        known_by(session, revision),
    )


def known_by(session: Session, revision: int) -> str | None:
    """What a stamp calls a revision by, besides its number."""
    found = session.journal.log.revision(revision)
    return found.digest[:_DIGEST] if found else None


def digests_since(session: Session, revision: int) -> dict[int, str]:
    """What stamps call this revision and all later ones by."""
    later = session.journal.log.revisions(since=revision)
    return {r.id: r.digest[:_DIGEST] for r in later}


def origin_of(session: Session, stamp: Stamp) -> Origin:
    """Whether a stamp is of this unit, and of a revision that this journal had.

    `foreign` is another unit's; `unknown` is this unit's (or nobody can tell whose), of another
    journal: a restore, a second copy of the workspace, one that was set up anew.
    """
    journal = session.journal
    same = stamp.workspace == journal.workspace_id
    if same and journal.log.knows(stamp.revision, stamp.digest):
        return "own"
    other = stamp.unit is not None and stamp.unit != session.workspace.unit.code
    return "foreign" if other else "unknown"


def stamped_revision(session: Session, ledger: LedgerSchema, stamp: Stamp | None) -> int | None:
    """The revision that a primary says it shows; None for any other stamp."""
    if stamp is None or (stamp.copy_id, stamp.ledger) != (PRIMARY, ledger.id):
        return None
    return stamp.revision if origin_of(session, stamp) == "own" else None


def is_of_another_journal(session: Session, ledger: LedgerSchema, stamp: Stamp | None) -> bool:
    """A primary of this unit, of a revision that this journal never had: after a restore, or out
    of a second copy of the workspace. What differs in it is nobody's edit.
    """
    if stamp is None or (stamp.copy_id, stamp.ledger) != (PRIMARY, ledger.id):
        return False
    return stamp.digest is not None and origin_of(session, stamp) == "unknown"


def whose(stamp: Stamp) -> Message:
    """The unit that a stamp names."""
    if stamp.unit is None:
        return message("别的工作区")
    name = stamp.unit_name or stamp.unit
    return message("“{name}”（{code}）", name=name, code=stamp.unit)
