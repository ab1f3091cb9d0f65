"""Taking a revision back by another one; what later edits depend on becomes conflicts."""

import json
from collections import defaultdict

from ledgersync.errors import Message, UsageFault
from ledgersync.journal import LoggedOperation
from ledgersync.journal.rows import decode_record
from ledgersync.merge import Counts, Operation, undo
from ledgersync.schema import TableSchema
from ledgersync.sync.recording import write_conflicts, write_operations
from ledgersync.sync.session import Session
from ledgersync.values import from_json


def undo_revision(session: Session, revision: int, who: str) -> Counts:
    """Takes all of a revision back; raises UsageFault when there is nothing of it to take back."""
    by_table = _operations_of(session, revision)
    counts = Counts()
    with session.journal.transaction():
        new = session.journal.log.begin("undo", who, session.now(), undoes=revision)
        for (ledger_id, table_id), logged in by_table.items():
            ledger = session.catalog.ledgers[ledger_id]
            table = ledger.by_id[table_id]
            operations = [decoded(table, o) for o in logged]
            agreed = session.journal.log.agreed_since(ledger_id, table_id, revision)
            rows = session.journal.state.rows(ledger_id, table_id)
            result = undo(table, rows, operations, agreed)
            write_operations(session, ledger, table, result.operations, result.merged, new)
            write_conflicts(
                session, ledger, table, result.conflicts, staff=who, submission=None, revision=new
            )
            counts += result.counts
        session.journal.conflicts.reopen_of(revision)
        session.journal.log.seal(new)
    return counts


def decoded(table: TableSchema, logged: LoggedOperation) -> Operation:
    """A logged operation with its values."""
    if logged.field is None:
        old = decode_record(table, logged.old) if logged.old else None
        new = decode_record(table, logged.new) if logged.new else None
        return Operation(logged.kind, logged.record, None, old, new)  # type: ignore[arg-type]
    field = table.by_id[logged.field]
    return Operation(
        "edit",
        logged.record,
        logged.field,
        from_json(field, json.loads(logged.old) if logged.old else None),
        from_json(field, json.loads(logged.new) if logged.new else None),
    )


def _operations_of(session: Session, revision: int) -> dict[tuple[str, str], list[LoggedOperation]]:
    found = session.journal.log.revision(revision)
    logged = session.journal.log.operations(revision=revision) if found else []
    if found is None or not logged or found.kind == "init":
        raise UsageFault(
            Message(
                f"修订 {revision} 不存在，或没有可撤销的改动。",
                f"Revision {revision} does not exist or changed nothing.",
            ),
            Message("请用 ledgersync history 查看修订号。", "See ledgersync history."),
        )
    by_table: dict[tuple[str, str], list[LoggedOperation]] = defaultdict(list)
    for operation in logged:
        by_table[operation.ledger, operation.table].append(operation)
    return by_table
