"""What a merge leaves behind: the parts of primaries that the journal does not tell (`facts`).

So a roll-up after a merge opens no workbook. All other parts are made out of the journal by whoever
counts first (`sync.own_parts`), once for many merges; a workbook of many rows that is taken over
leaves its part at once, from which the later ones are made.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from ledgersync.errors import UnreadableFile
from ledgersync.facts.key import meaning_of, part_key
from ledgersync.facts.shelf import PartShelf
from ledgersync.schema import LedgerSchema
from ledgersync.sync.primary.remembered import office_of
from ledgersync.sync.session import Session

PartKey = Callable[[str], str]  # by the SHA-256 of a workbook
LARGE = 5000  # records of a ledger


def leave_parts(session: Session) -> None:
    """After a merge: a part of every primary that cannot be made out of the journal later.

    What cannot be kept as columns is read when it is counted; a merge does not fail for it.
    """
    keep_parts(session, [x for x in session.catalog if not _can_wait(session, x)], opens=True)


def leave_first_part(session: Session, ledger: LedgerSchema) -> None:
    """After a workbook was taken over: its part, unless it can wait and is small."""
    if session.journal.state.size(ledger.id) >= LARGE or not _can_wait(session, ledger):
        keep_parts(session, [ledger], opens=True)


def _can_wait(session: Session, ledger: LedgerSchema) -> bool:
    """Its part can be made out of the journal at any time."""
    is_told = session.journal.writes.has_layout(ledger.id)
    has_office = office_of(session, ledger.id) is not None
    return is_told and has_office and session.journal.state.is_plain(ledger.id)


def keep_parts(session: Session, ledgers: Iterable[LedgerSchema], *, opens: bool) -> None:
    """A part of these primaries, where they lie as we know them and have none yet.

    Workbooks of which the journal does not know all are read for it where one `opens` them.
    """
    shelf, catalog = PartShelf(session.workspace.parts), session.workspace.catalog
    meaning = meaning_of(catalog)
    for ledger in ledgers:
        key = partial(part_key, ledger=ledger.id, meaning=meaning, mappings=catalog.mappings)
        with suppress(UnreadableFile, OSError):  # columns that people added are nobody's facts
            _keep(session, catalog.ledgers[ledger.id], shelf, key, opens=opens)


def _keep(
    session: Session, ledger: LedgerSchema, shelf: PartShelf, key: PartKey, *, opens: bool
) -> None:
    root, path = session.workspace.root, session.workspace.primary(ledger)
    known = session.journal.writes.primary(ledger.id)
    if known is None or not path.exists():
        return
    place = path.relative_to(root).as_posix()
    if not shelf.has(place, key(known.sha256)) and session.hashes.of(path) == known.sha256:
        from ledgersync.sync.primary.written_part import renew_part  # what changed is rare

        renew_part(session, ledger, known.sha256, shelf, place, key, opens=opens)
