"""What was left out of a file or taken with a doubt: told, kept, and settled when it is mended.

The reader says it as findings (rows passed over, lines of a CSV that do not fit …) and as notes at
single cells. What the merge sends back is not told twice; wishes and what only compares badly is
for `check`. A doubt at a cell is news when its row is, or when it lies in how the cell was typed:
a value that is doubtful however it is written stands in everybody's copy.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ledgersync.checks.scopes import RULE
from ledgersync.checks.scopes import told as scope_words
from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal import NoticeCase, SubmissionRecord
from ledgersync.journal.notices import PRIMARY
from ledgersync.merge import MergeResult
from ledgersync.messages import message
from ledgersync.model import Finding, Note, Rows, WorkbookData
from ledgersync.schema import LedgerSchema
from ledgersync.sync.columns.extras import left_out
from ledgersync.sync.model.submission import SubmittedTable
from ledgersync.sync.results import LEFT_OUT
from ledgersync.sync.session import Session
from ledgersync.sync.staff.scope import scopes_of
from ledgersync.values import CellParser, shown

# wishes; a partial file may lack columns; region codes change; such text is kept as it is
UNTOLD = frozenset({"wanted", "header.missing", "id.region", "cell.formula_injection"})


@dataclass(frozen=True, slots=True)
class Told:
    """One table of a file as it was understood: whose record each row is, and what was before."""

    whole: SubmittedTable
    rows: Rows
    positions: Mapping[str, int]
    before: Rows


class Source(NamedTuple):
    """Which copy said it, whose that is, in which submission (None: it stands in a primary)."""

    copy: str
    staff: str
    submission: int | None


def of_ledger(data: WorkbookData, ledger: str) -> list[Finding]:
    """The findings of a file that concern a ledger; the first one has the whole file's."""
    first = next(iter(data.ledgers()), None) == ledger
    return [f for f in data.findings if f.ledger == ledger or (f.ledger is None and first)]


def notices_of(
    session: Session,
    ledger: LedgerSchema,
    findings: Iterable[Finding],
    tables: Iterable[Told],
    source: Source,
) -> list[NoticeCase]:
    """What is to be told of a file's part for one ledger, at its cells."""
    found = [_case(f) for f in findings if is_told(f.rule, f.severity)]
    for told in tables:
        found += _doubtful(told, session.today)
        found += _outside(session, ledger, told, source)
        found += _columns(session, told)
    copy, staff, submission = source
    return [
        replace(case, ledger=ledger.id, copy=copy, staff=staff, submission=submission)
        for case in found
    ]


def is_told(rule: str, severity: str) -> bool:
    return severity != "info" and rule not in UNTOLD


def _doubtful(told: Told, today: date) -> Iterator[NoticeCase]:
    """Cells that were taken with a doubt, each with its record."""
    at = 0
    records: dict[int, str] | None = None
    for part in told.whole.parts:
        for (i, field), noted in part.notes.items():
            for note in noted:
                if note.severity != "warning" or not is_told(note.rule, note.severity):
                    continue
                if records is None:
                    records = {position: r for r, position in told.positions.items()}
                record = records.get(at + i)
                if record and _is_news(told, record, field, note, today):
                    case = _case(_finding(told, at + i, field, note))
                    value = told.rows[record][told.whole.table.position[field]]
                    yield replace(case, record=record, content=shown(value))
        at += len(part.rows)


def _is_news(told: Told, record: str, field: str, note: Note, today: date) -> bool:
    """The cell was changed, or the doubt lies in how it was typed."""
    table = told.whole.table
    at, before = table.position[field], told.before.get(record)
    value = told.rows[record][at]
    if before is None or before[at] != value:
        return True
    again = CellParser(table.by_id[field], today)(shown(value))
    return note.rule not in {n.rule for n in again.notes}


def _finding(told: Told, position: int, field: str, note: Note) -> Finding:
    sheet, row = told.whole.place(position)
    part, column = told.whole.origins[position][0], told.whole.column(position, field)
    place = ("", sheet, row, column, part.ledger, part.table, field)
    return Finding(*place, note.rule, note.severity, note.message)


def _case(f: Finding) -> NoticeCase:
    """Of whom it is, and of which submission, is still to be said."""
    place = (f.table, None, f.field, f.sheet, f.row, f.column)
    texts = f.message.zh, f.message.en
    return NoticeCase(None, "", "", f.ledger or "", *place, f.rule, f.severity, *texts)


def _outside(
    session: Session, ledger: LedgerSchema, told: Told, source: Source
) -> Iterator[NoticeCase]:
    """Rows in nobody's scope: those that came that way, and those of which it was told already."""
    scopes, table, author = scopes_of(session.workspace), told.whole.table, _author(source)
    before = session.journal.notices.open(copy=source.copy, ledger=ledger.id)
    known = {case.record for case in before if case.rule == RULE}
    for record, field in scopes.strays(table, told.rows, author).items():
        row, last = told.rows[record], told.before.get(record)
        at, position = table.position[field], told.positions.get(record)
        if position is None:
            continue
        if record in known or last is None or last[at] != row[at]:
            note = Note(RULE, "warning", scope_words(table, field, row))
            case = _case(_finding(told, position, field, note))
            yield replace(case, record=record, content=shown(row[at]))


def _columns(session: Session, told: Told) -> Iterator[NoticeCase]:
    """Entries in columns that cannot be merged; formulas are nobody's entry."""
    table = told.whole.table
    for part in told.whole.parts:
        for column in left_out(session, table, part):
            if column.is_entry:
                place = ("", part.sheet, column.row, column.column, part.ledger, table.id, None)
                case = _case(Finding(*place, LEFT_OUT, "error", column.told))
                yield replace(case, content=column.content)


def still_left_out(session: Session, sent: SubmissionRecord) -> list[NoticeCase]:
    """What a file that is as it was says in columns that cannot be merged: told every time."""
    found = session.journal.notices.open(copy=sent.copy, ledger=sent.ledger)
    return [
        replace(case, known=True)
        for case in found
        if (case.rule, case.submission) == (LEFT_OUT, sent.id)
    ]


def _author(source: Source) -> str | None:
    return None if source.copy == PRIMARY else source.staff


def settle_scopes(session: Session) -> None:
    """Rows that lie in somebody's scope by now: a scope has grown, or the row was changed."""
    scopes, done = scopes_of(session.workspace), []
    for case in session.journal.notices.open():
        if case.rule != RULE or case.table is None or case.ledger not in session.catalog.ledgers:
            continue
        row = session.journal.state.rows(case.ledger, case.table).get(case.record or "")
        table = session.catalog.table(case.ledger, case.table)
        author = None if case.copy == PRIMARY else case.staff
        if row is None or scopes.nobodys(table, row, author) is None:
            done.append(case.id)
    if done:
        with session.journal.transaction():
            session.journal.notices.close(done, "settled")


def in_primaries(session: Session) -> list[NoticeCase]:
    """What stands in the primaries and was not, or not surely, taken in: told each time."""
    return session.journal.notices.open(copy=PRIMARY)


def settle_changed(
    session: Session, ledger: LedgerSchema, results: Mapping[str, MergeResult]
) -> None:
    """Cells that somebody else changed since are in doubt no more."""
    changed = {
        (table, o.record, o.field) for table, came in results.items() for o in came.operations
    }
    session.journal.notices.close(
        (
            case.id
            for case in session.journal.notices.open(ledger=ledger.id)
            if case.copy != PRIMARY
            and case.record
            and {(case.table, case.record, case.field), (case.table, case.record, None)} & changed
        ),
        "settled",
    )


def dismiss(session: Session, numbers: Iterable[int]) -> list[NoticeCase]:
    """Somebody looked, and it may stay: it is not told again. Raises UsageFault."""
    cases = [_open_case(session, number) for number in numbers]
    with session.journal.transaction():
        session.journal.notices.close((c.id for c in cases), "dismissed")
    return cases


def _open_case(session: Session, number: int) -> NoticeCase:
    case = session.journal.notices.get(number)
    if case is None or case.status != "open":
        raise UsageFault(
            message("没有编号为 {number} 的提醒。", number=number),
            message("请用 ledgersync notices 查看编号。"),
        )
    return case
