"""Conflicts that a copy has brought up, when the same copy comes in again.

Its base in such a cell is what the conflict's base is: going back to that is no change, and ends
the conflict; another value takes the place of the first one. The copy speaks for itself only, not
for another file that was saved from it and still lies beside it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.journal import WITHDRAWN, ConflictCase
from ledgersync.journal.rows import decode_record
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema
from ledgersync.sync.revision.record import load_value
from ledgersync.sync.session import Session
from ledgersync.values import from_json


@dataclass(slots=True)
class Disputes:
    """The open conflicts that one file of a copy stands behind, by table."""

    cases: dict[str, list[ConflictCase]] = field(default_factory=lambda: defaultdict(list))

    def of(self, table: TableSchema) -> list[ConflictCase]:
        return self.cases.get(table.id, [])

    def base(self, table: TableSchema, base: Rows) -> Rows:
        """The base with the disputed cells as they were before the copy changed them."""
        rows = dict(base)
        for case in self.of(table):
            if case.record in rows and (row := _before(table, case, rows[case.record])):
                rows[case.record] = row
        return rows

    def cells(self, table: TableSchema, theirs: Rows) -> Mapping[str, frozenset[int]]:
        """Where rows say once more what waits in a conflict already, by record."""
        found: dict[str, frozenset[int]] = {}
        for case in self.of(table):
            if case.record in theirs and _says(table, case, theirs[case.record]):
                known = found.get(case.record, frozenset())
                found[case.record] = known | _wanted(table, case).keys()
        return found

    def withdraw(self, session: Session, table: TableSchema, theirs: Rows) -> None:
        """Ends what the copy says no more."""
        for case in self.of(table):
            if not _says(table, case, theirs.get(case.record)):
                session.journal.conflicts.close(case.id, WITHDRAWN, None)


def disputes_of(session: Session, copy: str, file: str) -> Disputes:
    """What this file, or the copy under a name that is gone, has in conflict."""
    found, root = Disputes(), session.workspace.root
    for case, source in session.journal.conflicts.open_of_copy(copy):
        if source == file or not (root / source).is_file():
            found.cases[case.table].append(case)
    return found


def _before(table: TableSchema, case: ConflictCase, row: Row) -> Row | None:
    """A row of the base with the cells in question as they were before; None where none are."""
    if case.base is None and case.field is None:
        return None
    before = decode_record(table, case.base) if case.field is None else None
    cells = list(row)
    for i in _wanted(table, case):
        cells[i] = before[i] if before else from_json(table.fields[i], load_value(case.base))
    return tuple(cells)


def _wanted(table: TableSchema, case: ConflictCase) -> dict[int, Value]:
    """The cells that the copy brought up, by their places in the row."""
    if case.field is not None:
        field = table.by_id[case.field]
        return {table.position[field.id]: from_json(field, load_value(case.theirs))}
    if case.theirs is None:
        return {}
    row = decode_record(table, case.theirs)
    before = decode_record(table, case.base) if case.base else (None,) * len(row)
    return {i: v for i, v in enumerate(row) if v != before[i]}


def _says(table: TableSchema, case: ConflictCase, row: Row | None) -> bool:
    """Whether a copy whose row this is now still says what it brought up."""
    if row is None or (case.field is None and case.theirs is None):
        return row is None and case.field is None and case.theirs is None
    return all(row[i] == value for i, value in _wanted(table, case).items())
