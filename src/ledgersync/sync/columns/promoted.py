"""A column that people added and whose header means a declared field by now: the field takes over.

A mapping, an alias or a new version of the ledger makes a header known. Then, as one revision,
each record's text goes to that field, parsed as the field wants it, where the field is still
empty; where it holds something else, both are a conflict for a person. What was written down
before (bases of copies, undone revisions, conflicts) is read as if the field had always been meant.
"""

import json
from collections.abc import Callable
from datetime import date

from ledgersync.journal.rows import dumps
from ledgersync.merge import ConflictCandidate, Operation
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import ExtraField, LedgerSchema, TableSchema, active_extras
from ledgersync.sync.columns.added import header_column
from ledgersync.sync.columns.spelling import Spelling
from ledgersync.sync.entry import entry
from ledgersync.sync.session import PROGRAM, Session
from ledgersync.values import CellParser, from_json, to_json
from ledgersync.workbook.read.layout.headers import HeaderIndex

_KIND = "handover"


def take_over(session: Session) -> None:
    """Hands every added column whose header is known by now to its field."""
    index = HeaderIndex(session.workspace.catalog)
    for ledger, table in list(session.catalog.tables()):
        for extra in active_extras(table).values():
            key, column = (ledger.id, table.id), header_column(extra.header)
            match = index.match(key, column)
            if match is not None:
                _hand_over(session, ledger, table, extra, match.field.id)
            elif index.ignores(key, column):
                _hand_over(session, ledger, table, extra, "")


def _hand_over(
    session: Session, ledger: LedgerSchema, table: TableSchema, extra: ExtraField, to: str
) -> None:
    with entry(session, _KIND, PROGRAM) as made:
        rows = session.journal.state.rows(ledger.id, table.id)
        operations, differing = _moves(table, rows, extra.id, to, session.today)
        result = made.change(ledger, table, operations)
        result.conflicts += differing
        made.ask(ledger, table, result, staff=extra.header)
        _move_conflicts(session, ledger, table, extra.id, to)
        session.journal.retire((ledger.id, table.id), extra.id, to)


def _moves(
    table: TableSchema, rows: Rows, extra: str, to: str, today: date
) -> tuple[list[Operation], list[ConflictCandidate]]:
    """Each text moved; a conflict where the field holds something else."""
    operations: list[Operation] = []
    differing: list[ConflictCandidate] = []
    at, there = table.position[extra], table.position.get(to)
    parse = _parser(table, to, today)
    for record, row in rows.items():
        if (text := row[at]) is None:
            continue
        operations.append(Operation("edit", record, extra, text, None))
        if there is None or (value := parse(text)) is None or value == row[there]:
            continue
        if row[there] is None:
            operations.append(Operation("edit", record, to, None, value))
        else:
            sides = (None, row[there], value)
            differing.append(ConflictCandidate("edit/edit", record, to, *sides))
    return operations, differing


def _parser(table: TableSchema, to: str, today: date) -> Callable[[Value], Value]:
    if not to:
        return lambda _: None
    parser = CellParser(table.by_id[to], today)
    return lambda text: parser(text.typed if isinstance(text, Invalid) else text).value


def _move_conflicts(
    session: Session, ledger: LedgerSchema, table: TableSchema, extra: str, to: str
) -> None:
    parse = _parser(table, to, session.today)
    for case in session.journal.conflicts.open():
        if (case.ledger, case.table, case.field) != (ledger.id, table.id, extra):
            continue
        if to:
            sides = [_parsed(table.by_id[extra], parse, side) for side in (case.base, case.ours)]
            theirs = _parsed(table.by_id[extra], parse, case.theirs)
            session.journal.extras.move_conflict(case.id, to, (*sides, theirs))
        else:
            session.journal.conflicts.close(case.id, "ours", None)


def _parsed(
    extra: ExtraField | object, parse: Callable[[Value], Value], stored: str | None
) -> str | None:
    if stored is None:
        return None
    value = parse(from_json(extra, json.loads(stored)))  # type: ignore[arg-type]
    return None if value is None else dumps(to_json(value))


class Reread:
    """Rows of a table as they were stored, read as its fields are meant today.

    `heads` are the added columns whose header stands in the file at hand for the field that took
    over: only there it meant that field all along (None: everywhere).
    """

    def __init__(
        self, table: TableSchema, today: date, heads: frozenset[str] | None = None
    ) -> None:
        self._table, self._heads = table, heads
        self._spelling = Spelling(table)
        self._gone = {
            f.id: (i, f.taken_by or "", _parser(table, f.taken_by or "", today))
            for i, f in enumerate(table.fields)
            if isinstance(f, ExtraField) and not f.is_active
        }

    def row(self, row: Row) -> Row:
        cells: list[Value] | None = None
        for name, (i, to, parse) in self._gone.items():
            if row[i] is not None:
                cells = cells or list(row)
                there = self._table.position.get(to)
                meant = self._heads is None or name in self._heads
                if meant and there is not None and cells[there] is None:
                    cells[there] = parse(row[i])
                cells[i] = None
        return self._spelling.row(row if cells is None else tuple(cells))

    def rows(self, rows: Rows) -> Rows:
        if not self._gone:
            return self._spelling.rows(rows)
        return {r: self.row(row) for r, row in rows.items()}

    def operation(self, operation: Operation) -> Operation:
        """A logged operation about a column that was taken over is one about its field."""
        if operation.field is None:
            old, new = (
                self.row(side) if isinstance(side, tuple) else side
                for side in (operation.old, operation.new)
            )
            return _with_sides(operation, None, old, new)
        if (extra := operation.field) not in self._gone:
            cells = (self._spelling.cell(extra, side) for side in (operation.old, operation.new))
            return _with_sides(operation, extra, *cells)
        _, to, parse = self._gone[extra]
        sides = (parse(operation.old), parse(operation.new))  # type: ignore[arg-type]
        return _with_sides(operation, to if to in self._table.position else extra, *sides)


def _with_sides(
    operation: Operation, field: str | None, old: Value | Row, new: Value | Row
) -> Operation:
    return Operation(operation.kind, operation.record, field, old, new)
