"""What a merge leaves behind: each primary's part as it was just written (`facts`).

So a roll-up after a merge opens no workbook. A small ledger's part is made in a moment out of the
journal by whoever counts first (`sync.own_parts`): a merge of one cell would pay as much for
the library that makes columns as for all else.
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


def leave_parts(session: Session, ledgers: Iterable[LedgerSchema] | None = None) -> None:
    """After a merge: a part of every primary, but for small ones that the journal can tell.

    What cannot be kept as columns is read when it is counted; a merge does not fail for it.
    """
    written = session.catalog if ledgers is None else ledgers
    keep_parts(session, [x for x in written if not _can_wait(session, x)], opens=True)


def _can_wait(session: Session, ledger: LedgerSchema) -> bool:
    """Its part can be made out of the journal at any time, and soon."""
    state, writes = session.journal.state, session.journal.writes
    is_told = writes.has_layout(ledger.id) and office_of(session, ledger.id) is not None
    return is_told and state.size(ledger.id) < LARGE and state.is_plain(ledger.id)


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
