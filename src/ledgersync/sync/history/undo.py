"""Taking a revision back by another one; what later edits depend on becomes conflicts.

What follows the rows follows here too: conflicts that the revision had decided are open again
(and closed again when that undo is itself undone), and cells that went back to their sender are
settled, or open again, with their rows.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import cast

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal import LoggedOperation
from ledgersync.journal.rows import decode_record
from ledgersync.journal.years import YEAR
from ledgersync.merge import Counts, MergeResult, Operation, follow, keep_keys_unique, undo
from ledgersync.messages import message
from ledgersync.model import Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.meaning import Reread
from ledgersync.sync.history.adoption import begin_again, forget_headers, take_back_adoption
from ledgersync.sync.revision.entry import Entry, entry
from ledgersync.sync.revision.numbers import give_numbers
from ledgersync.sync.session import REWRITTEN_BY, Session
from ledgersync.sync.year.turn import reverse
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
    if session.journal.meta(f"{REWRITTEN_BY}{revision}"):
        raise _is_new_form(revision)
    logged = _operations_of(session, revision)
    by_table = _by_table(logged)
    adopted = _adopted(session, revision, by_table)
    with entry(session, "undo", who, undoes=revision) as made:
        done = Undone(made.begin())
        origin, is_undo = _origin(session, revision)
        if is_undo:  # first, so that a new conflict over the same cell is none that is closed
            done.closed = session.journal.conflicts.close_again(origin)
        session.journal.conflicts.withdraw_of(revision, done.revision)
        if adopted:
            done.counts = take_back_adoption(made, adopted, revision)
        else:
            _undo_tables(made, by_table, done)
        if any(o.field == YEAR for o in logged):
            done.counts += Counts(applied=reverse(session, made, revision))
        done.reopened = _reopen(session, origin, revision, is_undo=is_undo)
    if adopted:
        begin_again(session, adopted)
        forget_headers(session, revision)
    done.open_conflicts = session.journal.conflicts.open_of(done.revision)
    return done


def _adopted(
    session: Session, revision: int, by_table: Mapping[tuple[str, str], object]
) -> LedgerSchema | None:
    """The ledger that a revision took in as a whole workbook."""
    found = session.journal.log.revision(revision)
    if found is None or found.kind != "adopt":
        return None
    return next((session.catalog.ledgers.get(ledger) for ledger, _ in by_table), None)


def _reopen(session: Session, origin: int, revision: int, *, is_undo: bool) -> int:
    """Conflicts that ended with what is taken back: those of the first revision, and its own."""
    conflicts = session.journal.conflicts
    if not is_undo:
        return conflicts.reopen_of(origin)
    conflicts.reopen_of(revision)
    return 0


def _origin(session: Session, revision: int) -> tuple[int, bool]:
    """The revision that a chain of undos is about, and whether this one takes it back."""
    is_undo = False
    found = session.journal.log.revision(revision)
    while found is not None and found.undoes is not None:
        is_undo = not is_undo
        found = session.journal.log.revision(found.undoes)
    return (found.id if found else revision), is_undo


Numbers = dict[str, dict[Value, Value]]  # by `ledger.table.field`: what old numbers are now


def _undo_tables(
    made: Entry, by_table: Mapping[tuple[str, str], list[LoggedOperation]], done: Undone
) -> None:
    """Table by table in the ledgers' order, so that references follow numbers given anew."""
    numbers: Numbers = {}
    for ledger, table in made.session.catalog.tables():
        if logged := by_table.get((ledger.id, table.id)):
            done.counts += _undo_table(made, ledger, table, logged, numbers)


def _undo_table(
    made: Entry,
    ledger: LedgerSchema,
    table: TableSchema,
    logged: list[LoggedOperation],
    numbers: Numbers,
) -> Counts:
    """One table's operations of a revision, taken back."""
    session, today = made.session, Reread(table, made.session.today)
    known = [o for o in logged if o.field is None or o.field in table.by_id]
    operations = [_following(table, today.operation(decoded(table, o)), numbers) for o in known]
    agreed = session.journal.log.agreed_since(ledger.id, table.id, logged[0].revision)
    rows = session.journal.state.rows(ledger.id, table.id)
    result = undo(table, rows, operations, agreed)
    _number(session, ledger, table, operations, result, numbers)
    keep_keys_unique(table, rows, result)
    made.enter(ledger, table, result)
    made.ask(ledger, table, result, staff=made.author)
    gone = [o.record for o in result.operations if o.kind == "remove"]
    back = [o.record for o in result.operations if o.kind == "add"]
    session.journal.returned.set_back(ledger.id, table.id, gone)
    session.journal.returned.bring_back(ledger.id, table.id, back)
    return result.counts


def _number(
    session: Session,
    ledger: LedgerSchema,
    table: TableSchema,
    operations: Sequence[Operation],
    result: MergeResult,
    numbers: Numbers,
) -> None:
    """A record that comes back and whose number another one has by now gets a new one."""
    given = give_numbers(session, ledger, table, result)
    for f in (f for f in table.fields if f.generated and given):
        at = table.position[f.id]
        was = {o.record: o.old[at] for o in operations if isinstance(o.old, tuple)}
        numbers[f"{ledger.id}.{table.id}.{f.id}"] = {was.get(r): n for r, n in given.items()}


def _following(table: TableSchema, operation: Operation, numbers: Numbers) -> Operation:
    """What is to come back, with references to numbers that were given anew."""
    old = operation.old
    for target, given in numbers.items():
        if operation.field is None and isinstance(old, tuple):
            old = follow(table, target, given, {"": old})[""]
        elif operation.field and table.by_id[operation.field].ref == target:
            old = given.get(cast(Value, old), old)
    return operation if old is operation.old else replace(operation, old=old)


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


def _operations_of(session: Session, revision: int) -> list[LoggedOperation]:
    found = session.journal.log.revision(revision)
    if found is None:
        raise _no_revision(revision, session.journal.log.last)
    logged = session.journal.log.operations(revision=revision)
    if not logged or found.kind == "init":
        raise _nothing_to_undo(revision)
    return logged


def _by_table(logged: list[LoggedOperation]) -> dict[tuple[str, str], list[LoggedOperation]]:
    """Changes of rows; what moved between primary and archive is taken back for itself."""
    by_table: dict[tuple[str, str], list[LoggedOperation]] = defaultdict(list)
    for operation in logged:
        if operation.field != YEAR:
            by_table[operation.ledger, operation.table].append(operation)
    return by_table


def _no_revision(revision: int, last: int) -> UsageFault:
    return UsageFault(
        message("没有第 {revision} 次修订，最近一次是第 {last} 次。", revision=revision, last=last),
        message("ledgersync history（不写记录号）列出最近的修订。"),
    )


def _is_new_form(revision: int) -> UsageFault:
    return UsageFault(
        message(
            "第 {revision} 次修订是程序按新的台账定义改写的，没有人的改动，不能撤销。",
            revision=revision,
        ),
        message("要改回来，把台账定义文件改回原样，再 ledgersync ledgers accept。"),
    )


def _nothing_to_undo(revision: int) -> UsageFault:
    return UsageFault(
        message("第 {revision} 次修订没有改动任何记录，没有可撤销的。", revision=revision),
        message("ledgersync history（不写记录号）列出最近的修订和各改了多少。"),
    )
