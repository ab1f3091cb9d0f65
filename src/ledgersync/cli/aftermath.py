"""What follows a change of the state that the layers below know nothing of."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgersync.sync.session import Session
    from ledgersync.workspace import Workspace


def refresh_snapshot(workspace: Workspace) -> None:
    """Writes the spreadsheet functions' snapshot anew."""
    from ledgersync.sync.session import open_session

    with open_session(workspace, "snapshot", write=False) as session:
        write_snapshot_of(session)


def write_snapshot_of(session: Session) -> None:
    """Writes the snapshot of an open session."""
    if find_spec("ledgersync.plugin.snapshot") is None:
        return
    from ledgersync.plugin.snapshot import write_snapshot
    from ledgersync.sync.decisions import conflict_json

    tables = {
        (ledger.id, table.id): session.journal.state.rows(ledger.id, table.id)
        for ledger, table in session.catalog.tables()
    }
    conflicts = [conflict_json(session, case) for case in session.journal.conflicts.open()]
    write_snapshot(session.workspace.snapshot_file, tables, session.catalog, conflicts, {})
