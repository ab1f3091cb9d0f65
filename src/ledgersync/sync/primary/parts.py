"""What a merge leaves behind: each primary's part as it was just written (`facts`).

So a roll-up after a merge opens no workbook.
"""

from contextlib import suppress

from ledgersync.errors import UnreadableFile
from ledgersync.facts.key import meaning_of, part_key
from ledgersync.facts.shelf import PartShelf
from ledgersync.schema import LedgerSchema
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings
from ledgersync.sync.session import Session


def leave_parts(session: Session) -> None:
    """A part of every primary that is known as it is on disk, where there is none of it yet.

    What cannot be kept as columns is read when it is counted; a merge does not fail for it.
    """
    shelf, meaning = PartShelf(session.workspace.parts), meaning_of(session.workspace.catalog)
    for ledger in session.workspace.catalog:
        with suppress(UnreadableFile, OSError):
            _leave(session, ledger, shelf, meaning)


def _leave(session: Session, ledger: LedgerSchema, shelf: PartShelf, meaning: str) -> None:
    root, path = session.workspace.root, session.workspace.primary(ledger)
    known = session.journal.writes.primary(ledger.id)
    if known is None or not path.exists():
        return
    place = path.relative_to(root).as_posix()
    mappings = {**session.workspace.catalog.mappings, **load_mappings(root / MAPPINGS_NAME)}

    def key(sha256: str) -> str:
        return part_key(sha256, ledger.id, meaning, mappings)

    if not shelf.has(place, key(known.sha256)):
        from ledgersync.sync.primary.written_part import renew_part  # what changed is rare

        renew_part(session, ledger, known.sha256, shelf, place, key)
