"""What every use case works with: a workspace, its open journal, its day."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.journal import Journal, Originals
from ledgersync.journal.reading import is_writable, readable
from ledgersync.messages import message
from ledgersync.model import Rows
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.sync.lock import Owner, workspace_lock
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.left_over import remove_left_over
from ledgersync.workspace.place import IDENTITY as IDENTITY

if TYPE_CHECKING:
    from ledgersync.sync.intake.readings import Readings
    from ledgersync.sync.primary.view import PrimaryView

PROGRAM = "ledgersync"  # the author of what the program itself does
SPELLED_BY = "spelling"  # in the journal's meta: the lists by which its values are spelled


@dataclass
class Session:
    """An open workspace; `today` stays the same for one run."""

    workspace: Workspace
    journal: Journal
    originals: Originals
    today: date
    views: "dict[str, PrimaryView]" = field(default_factory=dict)  # primaries as just taken in

    @cached_property
    def readings(self) -> "Readings":
        """What reads files in this run."""
        from ledgersync.sync.intake.readings import (
            Readings,  # `status` must start without the readers
        )

        return Readings(self.workspace.catalog, self.today)

    @property
    def catalog(self) -> Catalog:
        """The ledgers with the columns that people added; files are read without those."""
        return self.journal.catalog

    @classmethod
    def over(cls, workspace: Workspace, journal: Journal) -> "Session":
        """A session over a journal that is open already."""
        return cls(workspace, journal, Originals(workspace.originals), clock.today())

    @property
    def unit_tail(self) -> str:
        """The part of the unit's code that its generated numbers carry."""
        return self.workspace.unit.code[-6:]

    def now(self) -> datetime:
        return clock.now()

    def state(self, ledger: LedgerSchema) -> dict[str, Rows]:
        """Every table of a ledger as it is now."""
        return {t.id: self.journal.state.rows(ledger.id, t.id) for t in ledger.tables}

    def shown(self, ledger: LedgerSchema) -> dict[str, Rows]:
        """Every table as its primary shows it: without what rests in an archive."""
        return {t.id: self._without_resting(ledger.id, t.id, None) for t in ledger.tables}

    def shown_at(self, ledger: str, table: str, revision: int) -> Rows:
        """A table as its primary showed it after a revision."""
        return self._without_resting(ledger, table, revision)

    def _without_resting(self, ledger: str, table: str, revision: int | None) -> Rows:
        state, resting = self.journal.state, self.journal.years.resting(ledger, table, revision)
        rows = (
            state.rows(ledger, table)
            if revision is None
            else state.rows_at(ledger, table, revision)
        )
        if not resting:
            return rows
        return {record: row for record, row in rows.items() if record not in resting}


@contextmanager
def open_session(
    workspace: Workspace, what: str, *, write: bool = True, wait: float = 5.0
) -> Iterator[Session]:
    """A session under the workspace's lock (`wait` seconds at most).

    A reading one needs no lock, and works where nothing can be written.
    """
    with ExitStack() as stack:
        gone: Owner | None = None
        if write:
            gone = stack.enter_context(workspace_lock(workspace.home, what, wait))
            remove_left_over(workspace.written_folders())
        file = workspace.journal_file
        file = file if write else stack.enter_context(readable(file))
        journal = Journal.open(file, workspace.catalog)
        stack.callback(journal.close)
        check_identity(workspace, journal.workspace_id)
        if gone:
            note = f"{gone.user}@{gone.host}"
            journal.log.event(clock.now(), what, "lock.takeover", owner=note, pid=gone.pid)
        session = Session.over(workspace, journal)
        if write and journal.extras.fields():
            from ledgersync.sync.columns.promoted import (
                take_over,  # most ledgers have no such columns
            )

            take_over(session)
        if write and journal.meta(SPELLED_BY) != workspace.catalog.lists:
            from ledgersync.sync.columns.spelling import respell  # lists rarely change

            respell(session)
        yield session


def check_identity(workspace: Workspace, journal_id: str) -> None:
    """The journal belongs to this workspace; it may lie elsewhere (`[paths] state`).

    Raises WorkspaceFault for another one's: two machines with a journal each would part ways.
    """
    mark = workspace.home / IDENTITY
    if not mark.exists():
        if is_writable(workspace.journal_file):
            atomic_write(mark, (journal_id + "\n").encode())
    elif mark.read_text(encoding="utf-8").strip() != journal_id:
        raise WorkspaceFault(
            message("日志 {path} 不是这个工作区的。", path=workspace.journal_file),
            message("请在存有原日志的电脑上运行，或把原日志移到 [paths] state 所指的文件夹。"),
        )
