"""Removals that were held: released by a person, or dismissed."""

from ledgersync.errors import Message, UsageFault
from ledgersync.journal import HeldCase
from ledgersync.merge import ConflictCandidate, Operation
from ledgersync.sync.record import write_conflicts, write_operations
from ledgersync.sync.session import Session


def release(session: Session, number: int, who: str) -> int:
    """Carries the held removals out; returns how many records were removed.

    A record that somebody edited while its removal waited stays, as a conflict `edit/delete`.
    """
    case = _open_case(session, number)
    ledger = session.catalog.ledgers[case.ledger]
    table = ledger.by_id[case.table]
    rows = session.journal.state.rows(ledger.id, table.id)
    before = session.journal.state.rows_at(ledger.id, table.id, case.since)
    there = [record for record in case.records if record in rows]
    gone = [r for r in there if rows[r] == before.get(r, rows[r])]
    edited = [r for r in there if rows[r] != before.get(r, rows[r])]
    operations = [Operation("remove", r, None, rows[r], None) for r in gone]
    merged = {record: row for record, row in rows.items() if record not in set(gone)}
    with session.journal.transaction():
        revision = session.journal.log.begin("release", who, session.now())
        write_operations(session, ledger, table, operations, merged, revision)
        write_conflicts(
            session,
            ledger,
            table,
            [ConflictCandidate("edit/delete", r, None, before[r], rows[r], None) for r in edited],
            staff=case.staff,
            submission=case.submission,
            revision=revision,
        )
        session.journal.log.seal(revision)
        session.journal.held.close(number, "released", revision)
    return len(operations)


def dismiss(session: Session, number: int) -> int:
    """Leaves the records where they are; returns how many stay."""
    case = _open_case(session, number)
    with session.journal.transaction():
        session.journal.held.close(number, "dismissed", None)
    return len(case.records)


def _open_case(session: Session, number: int) -> HeldCase:
    case = session.journal.held.get(number)
    if case is None or case.status != "open":
        raise UsageFault(
            Message(f"没有编号为 {number} 的待裁定删除。", f"No held removal has number {number}."),
            Message("请用 ledgersync status 查看编号。", "See ledgersync status."),
        )
    return case
