"""The parts of a workspace's own primaries, made out of its journal before they are read."""

import sqlite3
from contextlib import suppress

from ledgersync.errors import WorkspaceFault
from ledgersync.facts.shelf import PartShelf
from ledgersync.sync.opening import open_session
from ledgersync.sync.primary.parts import keep_parts
from ledgersync.workspace import Workspace


def bring_parts(workspace: Workspace) -> None:
    """What merges left to be made: the parts of all primaries that lack theirs.

    What the journal cannot tell is read from the workbooks, by whoever asks for it.
    """
    if not PartShelf(workspace.parts).is_writable() or not workspace.journal_file.exists():
        return
    with (
        suppress(WorkspaceFault, OSError, sqlite3.Error),
        open_session(workspace, "parts", write=False) as session,
        session.journal.moment(),
    ):
        keep_parts(session, session.catalog, opens=False)
