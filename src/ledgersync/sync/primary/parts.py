"""What a merge leaves behind: each primary's part as it was just written (`facts`).

So a roll-up after a merge opens no workbook.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial

from ledgersync.errors import UnreadableFile
from ledgersync.facts.key import meaning_of, part_key
from ledgersync.facts.shelf import PartShelf
from ledgersync.schema import LedgerSchema
from ledgersync.sync.session import Session

PartKey = Callable[[str], str]  # by the SHA-256 of a workbook


def leave_parts(session: Session, ledgers: Collection[str] | None = None) -> None:
    """A part of every primary (of these ledgers) that is known as it is on disk, where there is
    none of it yet.

    What cannot be kept as columns is read when it is counted; a merge does not fail for it.
    """
    shelf, catalog = PartShelf(session.workspace.parts), session.workspace.catalog
    meaning = meaning_of(catalog)
    for ledger in catalog:
        if ledgers is not None and ledger.id not in ledgers:
            continue
        key = partial(part_key, ledger=ledger.id, meaning=meaning, mappings=catalog.mappings)
        with suppress(UnreadableFile, OSError):
            _leave(session, ledger, shelf, key)


def _leave(session: Session, ledger: LedgerSchema, shelf: PartShelf, key: PartKey) -> None:
    root, path = session.workspace.root, session.workspace.primary(ledger)
    known = session.journal.writes.primary(ledger.id)
    if known is None or not path.exists():
        return
    place = path.relative_to(root).as_posix()
    if not shelf.has(place, key(known.sha256)):
        from ledgersync.sync.primary.written_part import renew_part  # what changed is rare

        renew_part(session, ledger, known.sha256, shelf, place, key)
