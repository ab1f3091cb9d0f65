"""What every use case works with: a workspace, its open journal, its day."""

from dataclasses import field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ledgersync.dataclass import dataclass
from ledgersync.journal import Journal, Originals
from ledgersync.messages import Message
from ledgersync.model import Rows
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.sync.hashes import Hashes
from ledgersync.workspace import Workspace, clock

if TYPE_CHECKING:
    from ledgersync.sync.primary.view import PrimaryView
    from ledgersync.sync.readings import Readings

PROGRAM = "ledgersync"  # the author of what the program itself does
REWRITTEN_BY = "rewritten:"  # in the journal's meta: a ledger, by the revision of its new form
SPELLED_BY = "spelling"  # in the journal's meta: the lists by which its values are spelled
WORDED_BY = "words"  # in the journal's meta: the unit's own words that have been taken in


@dataclass
class Session:
    """An open workspace; `today` stays the same for one run."""

    workspace: Workspace
    journal: Journal
    originals: Originals
    today: date
    views: "dict[str, PrimaryView]" = field(default_factory=dict)  # primaries as just taken in
    offices: dict[str, str | None] = field(default_factory=dict)  # what primaries just read say
    hashes: Hashes = field(default_factory=Hashes)
    messages: list[Message] = field(default_factory=list)  # what was found when it was opened

    @cached_property
    def readings(self) -> "Readings":
        """What reads files in this run."""
        from ledgersync.sync.readings import (
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
