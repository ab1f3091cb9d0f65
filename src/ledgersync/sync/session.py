"""What every use case works with: a workspace, its open journal, its day."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ledgersync.journal import Journal, Originals
from ledgersync.model import Rows
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.sync.lock import workspace_lock
from ledgersync.workspace import Workspace, clock

if TYPE_CHECKING:
    from ledgersync.sync.view import PrimaryView


@dataclass
class Session:
    """An open workspace; `today` stays the same for one run."""

    workspace: Workspace
    journal: Journal
    originals: Originals
    today: date
    views: "dict[str, PrimaryView]" = field(default_factory=dict)  # primaries as just taken in

    @property
    def catalog(self) -> Catalog:
        return self.workspace.catalog

    @classmethod
    def over(cls, workspace: Workspace, journal: Journal) -> "Session":
        """A session over a journal that is open already."""
        return cls(workspace, journal, Originals(workspace.originals), clock.today())

    def now(self) -> datetime:
        return clock.now()

    def state(self, ledger: LedgerSchema) -> dict[str, Rows]:
        """Every table of a ledger as it is now."""
        return {t.id: self.journal.state.rows(ledger.id, t.id) for t in ledger.tables}


@contextmanager
def open_session(
    workspace: Workspace, what: str, *, write: bool = True, wait: float = 5.0
) -> Iterator[Session]:
    """A session under the workspace's lock (`wait` seconds at most); a reading one needs none."""
    with ExitStack() as stack:
        if write:
            stack.enter_context(workspace_lock(workspace.state, what, wait))
        journal = Journal.open(workspace.journal_file, workspace.catalog)
        stack.callback(journal.close)
        yield Session.over(workspace, journal)
