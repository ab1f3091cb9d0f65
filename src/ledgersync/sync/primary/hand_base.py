"""What a primary is compared with when people have changed it by hand."""

from collections.abc import Collection
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.merge import base_of_repeated, settled
from ledgersync.model import Rows, Stamp
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import stamped_revision


@dataclass(frozen=True, slots=True)
class HandBase:
    """What one table of a primary was `given` out with, and `ingested` to say once already.

    Somebody who still has an old state open saves it a second time, with edits that were taken in
    the first time and may have been changed by others since. Who leaves out what is `resting` in an
    archive removes nothing.
    """

    given: Rows
    ingested: Rows | None = field(default=None)
    resting: Collection[str] = ()

    @property
    def known(self) -> Rows:
        """All records that a row of the file may be."""
        return self.given if self.ingested is None else {**self.ingested, **self.given}

    def of(self, theirs: Rows) -> Rows:
        """The base of what the table says now."""
        given = self.given
        if self.resting:
            given = {r: row for r, row in given.items() if r in theirs or r not in self.resting}
        return given if self.ingested is None else base_of_repeated(given, self.ingested, theirs)


class HandBases:
    """The bases of a primary's tables; which they are, its stamp tells when it has been read."""

    def __init__(self, session: Session, ledger: str) -> None:
        self._session, self._id = session, ledger
        self.known = session.journal.writes.primary(ledger)
        self.tables: dict[str, HandBase] = {}

    @property
    def _ledger(self) -> LedgerSchema:
        """With the columns that reading the primary has found."""
        return self._session.catalog.ledgers[self._id]

    def rows(self, stamp: Stamp | None) -> dict[str, Rows]:
        """The records that the rows of a primary with this stamp may be, per table."""
        self.tables = {t.id: self._of(t, stamp) for t in self._ledger.tables}
        return {name: base.known for name, base in self.tables.items()}

    def _of(self, table: TableSchema, stamp: Stamp | None) -> HandBase:
        """An old state by its stamp: a backup put back, a file saved over the newer one, or one
        that was put in place just before a crash; else what was last written or taken in.
        """
        ledger, journal = self._id, self._session.journal
        resting = journal.years.resting(ledger, table.id)
        stamped = stamped_revision(self._session, self._ledger, stamp)
        if stamped is not None and (self.known is None or stamped != self.known.stamped):
            ingested = journal.copies.earlier_saved(ledger, table, stamped)
            given = self._session.shown_at(ledger, table.id, stamped)
            return HandBase(given, ingested.rows if ingested else None, resting)
        if last := journal.copies.last_saved(ledger, table):
            return HandBase(settled(last.rows, last.unsettled), None, resting)
        revision = self.known.revision if self.known else 0
        return HandBase(self._session.shown_at(ledger, table.id, revision), None, resting)
