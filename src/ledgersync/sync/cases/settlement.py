"""退回, settled: which cells and rows that went back are put right by what came later.

The same copy settles what it no longer holds so. Any other submission, whoever sends it, and a
hand edit of the primary settle a cell by changing it, and a row by saying it anew: with its key,
or where it had none, with its content. A cell that must not be empty waits as long as it is.
"""

from collections.abc import Mapping

from ledgersync.dataclass import dataclass
from ledgersync.journal import ReturnedCase
from ledgersync.journal.rows import decode_record
from ledgersync.merge import KeyReader, MergeResult, differing, retyped, usable
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import MergedTable
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import successors


def settle_returned(
    session: Session,
    ledger: LedgerSchema,
    basis: Basis,
    merged: Mapping[str, MergedTable],
    result: SubmissionResult,
    number: int,
) -> None:
    """Closes what submission `number` put right, and what went back of it once more.

    What the same copy still holds as it was moves along with its rows.
    """
    taken_over = _taken_over(session, result.staff)
    news = {t: _news(part, basis, taken_over) for t, part in merged.items()}
    listed = {(c.table, c.record, c.field) for c in result.returned}
    done = []
    for case in session.journal.returned.open(ledger=ledger.id):
        part = merged.get(case.table)
        if part is None:
            continue
        mine, lacking = case.copy == basis.copy.id, _is_lacking(part.whole.table, part.result, case)
        again = mine and (case.table, case.record, case.field) in listed
        if again or (news[case.table].settles(case) and not lacking):
            done.append(case.id)
        elif mine and (lacking or _still_back(part, case)):
            _move_along(session, part, case, number)
        elif mine:
            done.append(case.id)
    session.journal.returned.replace(done)


def settle_by_hand(
    session: Session, ledger: LedgerSchema, results: Mapping[str, MergeResult], *, staff: str
) -> None:
    """Closes what hand edits of a primary put right."""
    news = {
        table: _News(KeyReader(ledger.by_id[table]), _taken_over(session, staff), *_changes(result))
        for table, result in results.items()
    }
    cases = [c for c in session.journal.returned.open(ledger=ledger.id) if c.table in news]
    session.journal.returned.replace(
        case.id
        for case in cases
        if news[case.table].settles(case)
        and not _is_lacking(ledger.by_id[case.table], results[case.table], case)
    )


@dataclass(frozen=True, slots=True)
class _News:
    """What was said anew of one table and taken in: cells (field None: rows), and records."""

    reader: KeyReader
    staff: frozenset[str]  # who said it, and those whose work they took over
    cells: frozenset[tuple[str | None, str | None]]
    rows: Rows

    def settles(self, case: ReturnedCase) -> bool:
        """Whether the cell that went back was changed, or the row was typed anew."""
        if {(case.record, case.field), (case.record, None)} & self.cells:
            return True
        if case.field is not None or case.typed is None:
            return False
        row, mine = decode_record(self.reader.table, case.typed), case.staff in self.staff
        others = (new for record, new in self.rows.items() if record != case.record)
        return any(retyped(self.reader, row, new, more=mine) for new in others)


def _news(part: MergedTable, basis: Basis, staff: frozenset[str]) -> _News:
    """A row that the copy's base has just so is not said anew."""
    table, result = part.whole.table, part.result
    cells, rows = _changes(result)
    if not basis.additive:
        base = basis.tables[table.id]
        rows = {r: part.identified.rows[r] for r in differing(part.identified.rows, base)}
    taken = {r: row for r, row in rows.items() if _is_taken(result, r)}
    return _News(KeyReader(table), staff, cells, taken)


def _taken_over(session: Session, staff: str) -> frozenset[str]:
    return frozenset({staff, *(n for n, taker in successors(session).items() if taker == staff)})


def _changes(result: MergeResult) -> tuple[frozenset[tuple[str | None, str | None]], Rows]:
    """The cells and rows that a merge changed in the state, and the records they belong to."""
    cells = frozenset((o.record, o.field) for o in result.operations)
    records = dict.fromkeys(o.record for o in result.operations)
    return cells, {r: result.merged[r] for r in records if r in result.merged}


def _is_taken(result: MergeResult, record: str) -> bool:
    """The record is there, and was not itself sent back whole."""
    if record not in result.merged:
        return False
    return record not in result.unsettled or result.unsettled[record] is not None


def _is_lacking(table: TableSchema, result: MergeResult, case: ReturnedCase) -> bool:
    """Whether the case's record still has no good value where it needs one.

    Neither in the primary, nor in what was just submitted (which then is a conflict).
    """
    field = table.by_id.get(case.field) if case.field else None
    if field is None or not field.required or case.record not in result.merged:
        return False
    at, submitted = table.position[field.id], result.last_submission.get(case.record)
    return not (usable(result.merged[case.record][at]) or (submitted and usable(submitted[at])))


def _still_back(part: MergedTable, case: ReturnedCase) -> bool:
    if case.record is None:
        return False
    at = part.whole.table.position.get(case.field) if case.field else None
    return part.result.still_back(case.record, at)


def _move_along(session: Session, part: MergedTable, case: ReturnedCase, number: int) -> None:
    position = part.identified.positions.get(case.record or "")
    if position is not None:
        sheet, row = part.whole.place(position)
        column = part.whole.column(position, case.field) if case.field else None
        session.journal.returned.move(case.id, number, sheet, row, column)
