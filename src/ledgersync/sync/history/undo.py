"""Taking a revision back by another one; what later edits depend on becomes conflicts.

What follows the rows follows here too: conflicts that the revision had decided are open again
(and closed again when that undo is itself undone), and cells that went back to their sender are
settled, or open again, with their rows.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field

from ledgersync.errors import Message, UsageFault
from ledgersync.journal import LoggedOperation
from ledgersync.journal.rows import decode_record
from ledgersync.merge import Counts, Operation, undo
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.promoted import Reread
from ledgersync.sync.record import write_conflicts, write_operations
from ledgersync.sync.session import Session
from ledgersync.values import from_json


@dataclass(slots=True)
class Undone:
    """What an undo did; `already` is the revision that had done it before, nothing changed then."""

    revision: int
    counts: Counts = field(default_factory=Counts)
    reopened: int = 0
    closed: int = 0  # of those that the undo which is undone had opened again
    open_conflicts: int = 0
    already: int | None = None

    @property
    def person_needed(self) -> bool:
        """New conflicts; those that were asked for by taking a decision back are only said."""
        return bool(self.counts.conflicts or self.open_conflicts)


def undo_revision(session: Session, revision: int, who: str) -> Undone:
    """Takes all of a revision back, once; raises UsageFault when there is nothing to take back."""
    before = session.journal.log.undone().get(revision)
    if before is not None:
        waiting = session.journal.conflicts.open_of(before)
        return Undone(before, open_conflicts=waiting, already=before)
    by_table = _operations_of(session, revision)
    with session.journal.transaction():
        new = session.journal.log.begin("undo", who, session.now(), undoes=revision)
        done = Undone(new)
        origin, is_undo = _origin(session, revision)
        if is_undo:  # first, so that a new conflict over the same cell is none that is closed
            done.closed = session.journal.conflicts.close_again(origin)
        for (ledger_id, table_id), logged in by_table.items():
            ledger = session.catalog.ledgers[ledger_id]
            done.counts += _undo_table(session, ledger, ledger.by_id[table_id], logged, new, who)
        if not is_undo:
            done.reopened = session.journal.conflicts.reopen_of(origin)
        done.open_conflicts = session.journal.conflicts.open_of(new)
        session.journal.log.seal(new)
    return done


def _origin(session: Session, revision: int) -> tuple[int, bool]:
    """The revision that a chain of undos is about, and whether this one takes it back."""
    is_undo = False
    found = session.journal.log.revision(revision)
    while found is not None and found.undoes is not None:
        is_undo = not is_undo
        found = session.journal.log.revision(found.undoes)
    return (found.id if found else revision), is_undo


def _undo_table(
    session: Session,
    ledger: LedgerSchema,
    table: TableSchema,
    logged: list[LoggedOperation],
    new: int,
    who: str,
) -> Counts:
    """One table's operations of a revision, taken back in revision `new`."""
    today = Reread(table, session.today)
    operations = [today.operation(decoded(table, o)) for o in logged]
    agreed = session.journal.log.agreed_since(ledger.id, table.id, logged[0].revision)
    rows = session.journal.state.rows(ledger.id, table.id)
    result = undo(table, rows, operations, agreed)
    write_operations(session, ledger, table, result.operations, result.merged, new)
    write_conflicts(
        session, ledger, table, result.conflicts, staff=who, submission=None, revision=new
    )
    gone = [o.record for o in result.operations if o.kind == "remove"]
    back = [o.record for o in result.operations if o.kind == "add"]
    session.journal.returned.set_back(ledger.id, table.id, gone)
    session.journal.returned.bring_back(ledger.id, table.id, back)
    return result.counts


def decoded(table: TableSchema, logged: LoggedOperation) -> Operation:
    """A logged operation with its values."""
    if logged.field is None:
        old = decode_record(table, logged.old) if logged.old else None
        new = decode_record(table, logged.new) if logged.new else None
        return Operation(logged.kind, logged.record, None, old, new)  # type: ignore[arg-type]
    cell = table.by_id[logged.field]
    return Operation(
        "edit",
        logged.record,
        logged.field,
        from_json(cell, json.loads(logged.old) if logged.old else None),
        from_json(cell, json.loads(logged.new) if logged.new else None),
    )


def _operations_of(session: Session, revision: int) -> dict[tuple[str, str], list[LoggedOperation]]:
    found = session.journal.log.revision(revision)
    if found is None:
        raise _no_revision(revision, session.journal.log.last)
    logged = session.journal.log.operations(revision=revision)
    if not logged or found.kind == "init":
        raise _nothing_to_undo(revision)
    by_table: dict[tuple[str, str], list[LoggedOperation]] = defaultdict(list)
    for operation in logged:
        by_table[operation.ledger, operation.table].append(operation)
    return by_table


def _no_revision(revision: int, last: int) -> UsageFault:
    return UsageFault(
        Message(
            f"没有第 {revision} 次修订，最近一次是第 {last} 次。",
            f"There is no revision {revision}; the latest is {last}.",
        ),
        Message(
            "ledgersync history（不写记录号）列出最近的修订。",
            "ledgersync history, without a record, lists the latest revisions.",
        ),
    )


def _nothing_to_undo(revision: int) -> UsageFault:
    return UsageFault(
        Message(
            f"第 {revision} 次修订没有改动任何记录，没有可撤销的。",
            f"Revision {revision} changed no record; there is nothing to undo.",
        ),
        Message(
            "ledgersync history（不写记录号）列出最近的修订和各改了多少。",
            "ledgersync history, without a record, lists the revisions and what they changed.",
        ),
    )
