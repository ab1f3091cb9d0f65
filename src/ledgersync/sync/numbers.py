"""Numbers that a merge gives: none that a record ever had is given to another one.

History, references and undo name records by their numbers. How high the numbers of removed records
went is remembered in the journal's meta, by table.
"""

from collections.abc import Iterable

from ledgersync.journal.rows import decode_record
from ledgersync.merge import MergeResult, Operation, highest_freed, number_added
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.session import Session

_KEY = "freed:"  # in the journal's meta, by `ledger.table`


def give_numbers(
    session: Session, ledger: LedgerSchema, table: TableSchema, result: MergeResult
) -> dict[str, str]:
    """Numbers the rows that `result` adds, in place; the new number by record."""
    if not any(f.generated for f in table.fields):
        return {}
    last = _freed(session, ledger, table)
    return number_added(table, result, unit_tail=session.unit_tail, last=last)


def note_freed(
    session: Session, ledger: LedgerSchema, table: TableSchema, operations: Iterable[Operation]
) -> None:
    """Remembers the numbers that these operations take from their records."""
    freed = highest_freed(table, operations, unit_tail=session.unit_tail)
    if freed > _freed(session, ledger, table):
        session.journal.set_meta(f"{_KEY}{ledger.id}.{table.id}", str(freed))


def _freed(session: Session, ledger: LedgerSchema, table: TableSchema) -> int:
    """The highest number of a removed record; of an older journal its log tells, once."""
    key = f"{_KEY}{ledger.id}.{table.id}"
    known = session.journal.meta(key)
    if known is None:
        known = str(_logged(session, ledger, table))
        with session.journal.transaction():
            session.journal.set_meta(key, known)
    return int(known)


def _logged(session: Session, ledger: LedgerSchema, table: TableSchema) -> int:
    removed = [
        Operation("remove", o.record, None, decode_record(table, o.old), None)
        for o in session.journal.log.operations(ledger=ledger.id)
        if (o.table, o.kind) == (table.id, "remove")
    ]
    return highest_freed(table, removed, unit_tail=session.unit_tail)
