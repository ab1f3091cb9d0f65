"""What follows a change of the state that the layers below know nothing of."""

from __future__ import annotations

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
    from ledgersync.plugin.publish import publish

    publish(session)
