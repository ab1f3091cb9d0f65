"""Removals that were held: released by a person, or dismissed."""

from ledgersync.errors import UsageFault
from ledgersync.journal import HeldCase
from ledgersync.merge import ConflictCandidate, MergeResult, Operation
from ledgersync.messages import message
from ledgersync.sync.revision.entry import entry
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
    result = MergeResult(
        {record: row for record, row in rows.items() if record not in set(gone)},
        [Operation("remove", r, None, rows[r], None) for r in gone],
        [ConflictCandidate("edit/delete", r, None, before[r], rows[r], None) for r in edited],
    )
    with entry(session, "release", who) as made:
        revision = made.begin()
        made.enter(ledger, table, result)
        made.ask(ledger, table, result, staff=case.staff, submission=case.submission)
        session.journal.held.close(number, "released", revision)
    return len(gone)


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
            message("没有编号为 {number} 的待裁定删除。", number=number),
            message("请用 ledgersync status 查看编号。"),
        )
    return case
