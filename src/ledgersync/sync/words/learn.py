"""A word was accepted: what came back or was kept as typed because of it is taken in.

As one revision: cells that went back to their senders and are still empty (or hold what they held
when they were sent), and cells of the primaries that broke the rule.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from ledgersync.journal import ReturnedCase
from ledgersync.merge import Operation
from ledgersync.messages import counted
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.revision.entry import entry
from ledgersync.sync.session import PROGRAM, WORDED_BY, Session
from ledgersync.values import CellParser

_KIND = "handover"
Case = tuple[ReturnedCase, Operation]


def learn_words(session: Session) -> None:
    """Reads again what the unit's words of today explain."""
    taken, settled = 0, []
    with session.journal.transaction():
        with entry(session, _KIND, PROGRAM) as made:
            for ledger, table in session.catalog.tables():
                worded = {f.id: CellParser(f, session.today) for f in table.fields if f.words}
                cases = list(_explained(session, ledger, table, worded)) if worded else []
                typed = list(_as_typed(session, ledger, table, worded)) if worded else []
                changes = {(o.record, o.field): o for o in [*typed, *(o for _, o in cases)]}
                if changes:
                    made.change(ledger, table, list(changes.values()))
                    settled.append((table, cases))
                    taken += len(changes)
        for table, cases in settled:
            session.journal.returned.replace(case.id for case, _ in cases)
            _as_submitted(session, table, cases)
        session.journal.set_meta(WORDED_BY, session.workspace.catalog.words)
    if taken:
        session.messages.append(counted("按本单位的用词又收下 {n} 处。", taken))


def _as_submitted(session: Session, table: TableSchema, cases: list[Case]) -> None:
    """The copies have said what the words mean: writing that out is no change of theirs."""
    copies, by_copy = session.journal.copies, defaultdict(list)
    for case, operation in cases:
        by_copy[case.copy].append(operation)
    for name, operations in by_copy.items():
        copy = copies.get(name) if name else None
        last = copies.last_submission(copy, table) if copy else None
        if copy is None or last is None:
            continue
        rows, taken = dict(last.rows), dict(last.unsettled)
        for o in operations:
            at = table.position[str(o.field)]
            if o.record in rows:
                rows[o.record] = _put(rows[o.record], at, cast(Value, o.new))
            if (row := taken.get(o.record)) is not None:
                taken[o.record] = _put(row, at, cast(Value, o.new))
        now = replace(last, revision=session.journal.log.last, rows=rows, unsettled=taken)
        copies.set_last_submission(copy.id, copy.ledger, table, now)


def _put(row: Row, at: int, value: Value) -> Row:
    return (*row[:at], value, *row[at + 1 :])


def _explained(
    session: Session, ledger: LedgerSchema, table: TableSchema, worded: dict[str, CellParser]
) -> Iterator[Case]:
    rows = session.journal.state.rows(ledger.id, table.id)
    for case in session.journal.returned.open(ledger=ledger.id):
        if case.table != table.id or case.field not in worded or case.record not in rows:
            continue
        new = _read(worded[case.field], case.typed or "")
        old = rows[case.record][table.position[case.field]]
        if new is None or (old is not None and not _is_as_sent(session, case)):
            continue
        yield case, Operation("edit", case.record, case.field, old, new)


def _is_as_sent(session: Session, case: ReturnedCase) -> bool:
    """Nobody has changed the cell since the file with the word came, but its sender before it."""
    submission = session.journal.submissions.get(case.submission)
    if submission is None or submission.base_revision is None or case.record is None:
        return False
    changed = {
        o.revision
        for o in session.journal.log.of_record(case.record)
        if o.revision > submission.base_revision and o.field in (case.field, None)
    }
    later = (session.journal.log.revision(number) for number in changed)
    return all(r and r.author == submission.staff and r.at <= submission.at for r in later)


def _as_typed(
    session: Session, ledger: LedgerSchema, table: TableSchema, worded: dict[str, CellParser]
) -> Iterator[Operation]:
    for record, row in session.journal.state.rows(ledger.id, table.id).items():
        for name, parser in worded.items():
            old = row[table.position[name]]
            if isinstance(old, Invalid) and (new := _read(parser, old.typed)) is not None:
                yield Operation("edit", record, name, old, new)


def _read(parser: CellParser, typed: str) -> Value:
    value = parser(typed).value
    return None if isinstance(value, Invalid) else value
