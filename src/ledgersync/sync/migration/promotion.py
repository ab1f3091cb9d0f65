"""A column that people added and whose header means a declared field by now: the field takes over.

As one revision, each record's text goes to that field, parsed as the field wants it, where the
field is still empty; where it holds something else, both are a conflict for a person.
"""

import json
from collections.abc import Callable
from datetime import date

from ledgersync.journal.rows import dumps
from ledgersync.merge import ConflictCandidate, Operation
from ledgersync.model import Rows, Value
from ledgersync.schema import ExtraField, LedgerSchema, TableSchema, active_extras
from ledgersync.sync.columns.extras import header_column
from ledgersync.sync.columns.meaning import field_parser
from ledgersync.sync.revision.entry import entry
from ledgersync.sync.session import PROGRAM, Session
from ledgersync.values import from_json, to_json
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
    parse = field_parser(table, to, today)
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


def _move_conflicts(
    session: Session, ledger: LedgerSchema, table: TableSchema, extra: str, to: str
) -> None:
    parse = field_parser(table, to, session.today)
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
