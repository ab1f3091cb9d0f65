"""A revision being written: the one way in which the state of any table changes.

Whatever writes (a submission, an edit by hand, an undo, a decision, a handover) goes through the
same rules: no record gets a key that another one has, no number comes a second time, and open
conflicts about what was changed are looked at again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.journal.years import Marks
from ledgersync.merge import MergeResult, Operation, apply, keep_keys_unique
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.revision.numbers import give_numbers, note_freed
from ledgersync.sync.revision.record import write_conflicts, write_operations
from ledgersync.sync.revision.renewal import renew_conflicts
from ledgersync.sync.session import Session


@dataclass(slots=True)
class Entry:
    """One revision; `revision` is its number, None as long as nothing needed one."""

    session: Session
    kind: str
    author: str
    undoes: int | None = None
    revision: int | None = None
    rows_stay: bool = False  # with a key that another one has: what stands in a primary
    _tables: dict[tuple[str, str], None] = field(default_factory=dict)

    def begin(self) -> int:
        """The revision's number, from now on at the latest."""
        if self.revision is None:
            log, now = self.session.journal.log, self.session.now()
            self.revision = log.begin(self.kind, self.author, now, undoes=self.undoes)
        return self.revision

    def change(
        self, ledger: LedgerSchema, table: TableSchema, operations: Sequence[Operation]
    ) -> MergeResult:
        """Carries operations out; `conflicts` in the result are those that could not be."""
        result = planned(self.session, ledger, table, operations)
        self.enter(ledger, table, result)
        return result

    def enter(self, ledger: LedgerSchema, table: TableSchema, result: MergeResult) -> None:
        """Writes down the operations of a merged table; what breaks a rule leaves `result`."""
        ours = self.session.journal.state.rows(ledger.id, table.id)
        owners = self.session.journal.state.owners(ledger.id, table.id)
        keep_keys_unique(table, ours, result, rows_stay=self.rows_stay, owners=owners)
        if not result.operations:
            return
        revision = self.begin()
        write_operations(self.session, ledger, table, result.operations, result.merged, revision)
        note_freed(self.session, ledger, table, result.operations)
        self._tables[ledger.id, table.id] = None

    def rest(self, ledger: LedgerSchema, table: TableSchema, marks: Marks) -> None:
        """Records go into the archive of a year, or come back to the primary."""
        if marks:
            self.session.journal.years.move(self.begin(), ledger.id, table.id, marks)

    def ask(
        self,
        ledger: LedgerSchema,
        table: TableSchema,
        result: MergeResult,
        *,
        staff: str,
        submission: int | None = None,
    ) -> None:
        """Leaves the conflicts of a merged table to a person."""
        if result.conflicts:
            self._tables[ledger.id, table.id] = None
        write_conflicts(
            self.session,
            ledger,
            table,
            result.conflicts,
            staff=staff,
            submission=submission,
            revision=self.revision,
        )

    def close(self) -> None:
        for ledger, table in self._tables:
            renew_conflicts(self.session, ledger, table, self.revision)
        if self.revision is not None:
            self.session.journal.log.seal(self.revision)


def planned(
    session: Session, ledger: LedgerSchema, table: TableSchema, operations: Sequence[Operation]
) -> MergeResult:
    """What operations would come to; what they may not do stands in `conflicts`."""
    ours = session.journal.state.rows(ledger.id, table.id)
    result = MergeResult(apply(table, ours, operations), list(operations))
    give_numbers(session, ledger, table, result)
    keep_keys_unique(table, ours, result, owners=session.journal.state.owners(ledger.id, table.id))
    return result


@contextmanager
def entry(session: Session, kind: str, author: str, undoes: int | None = None) -> Iterator[Entry]:
    """A revision in a transaction: all that is written inside, or nothing."""
    with session.journal.transaction():
        made = Entry(session, kind, author, undoes)
        yield made
        made.close()
