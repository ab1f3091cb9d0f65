"""Numbers that a merge gives: none that a record ever had is given to another one.

History, references and undo name records by their numbers. How high the numbers of removed records
went is remembered in the journal's meta, by table.
"""

from collections.abc import Iterable, Sequence

from ledgersync.journal.rows import decode_record
from ledgersync.merge import (
    MergeResult,
    Operation,
    highest_freed,
    highest_number,
    number_added,
    number_text,
)
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.session import Session

_KEY = "freed:"  # in the journal's meta, by `ledger.table`


def give_numbers(
    session: Session, ledger: LedgerSchema, table: TableSchema, result: MergeResult
) -> dict[str, str]:
    """Numbers the rows that `result` adds, in place; the new number by record."""
    if not any(f.generated for f in table.fields):
        return {}
    book, tail = session.journal.reserved, session.unit_tail
    last = max(_freed(session, ledger, table), book.highest(ledger.id, table.id))
    added = [op.record for op in result.operations if op.kind == "add"]
    waiting = book.of(ledger.id, table.id, added)
    reserved = {r: number_text(table, n, unit_tail=tail) for r, n in waiting.items()}
    return number_added(table, result, unit_tail=tail, last=last, reserved=reserved)


def reserve_numbers(
    session: Session, ledger: LedgerSchema, table: TableSchema, records: Sequence[str]
) -> dict[str, str]:
    """The numbers of the empty rows of a copy; each record keeps what it once got."""
    if not any(f.generated for f in table.fields):
        return {}
    book, tail = session.journal.reserved, session.unit_tail
    known = book.of(ledger.id, table.id, records)
    if fresh := [record for record in records if record not in known]:
        rows = session.journal.state.rows(ledger.id, table.id).values()
        last = max(
            highest_number(table, rows, unit_tail=tail),
            _freed(session, ledger, table),
            book.highest(ledger.id, table.id),
        )
        numbers = {record: last + n for n, record in enumerate(fresh, 1)}
        with session.journal.transaction():
            book.add(ledger.id, table.id, numbers)
        known |= numbers
    return {record: number_text(table, known[record], unit_tail=tail) for record in records}


def note_freed(
    session: Session, ledger: LedgerSchema, table: TableSchema, operations: Iterable[Operation]
) -> None:
    """Remembers the numbers that these operations take from their records."""
    if not any(f.generated for f in table.fields):
        return
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
        for o in session.journal.log.operations(ledger=ledger.id, kind="remove")
        if o.table == table.id
    ]
    return highest_freed(table, removed, unit_tail=session.unit_tail)
