"""The parts of a workspace's own primaries, made out of its journal before they are read."""

import sqlite3
from contextlib import suppress

from ledgersync.errors import WorkspaceFault
from ledgersync.facts.shelf import PartShelf
from ledgersync.sync.opening import is_up_to_date, open_session
from ledgersync.sync.primary.parts import keep_parts
from ledgersync.sync.primary.remembered import is_read_anew
from ledgersync.workspace import Workspace


def bring_parts(workspace: Workspace) -> None:
    """What merges left to be made: the parts of all primaries that lack theirs.

    What the journal cannot tell is read from the workbooks, by whoever asks for it: so is a primary
    whose headers or words mean something else today than when it was taken in.
    """
    if not PartShelf(workspace.parts).is_writable() or not workspace.journal_file.exists():
        return
    with (
        suppress(WorkspaceFault, OSError, sqlite3.Error),
        open_session(workspace, "parts", write=False) as session,
        session.journal.moment(),
    ):
        if is_up_to_date(session):
            same = [x for x in session.catalog if not is_read_anew(session, x.id)]
            keep_parts(session, same, opens=False)
