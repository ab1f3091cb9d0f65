"""What is kept is brought into the form that a changed ledger gives it, in one transaction.

Values that no longer fit stay what was typed; what a field that is gone held leaves the journal's
state and stays in the primary. Nobody has changed anything by it: no cell of a copy that was given
out before is anybody's change, and the revision is the program's. Every cell whose stored form
changes is logged, so that replaying gives the same whatever the ledger becomes later.
"""

import json
from collections.abc import Callable, Iterator

from ledgersync.journal import WITHDRAWN, ConflictCase
from ledgersync.journal.rows import decode_record, dumps, encode_record
from ledgersync.merge import Operation
from ledgersync.model import Rows, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.schema.changes import kept_as, with_past
from ledgersync.sync.revision.entry import entry
from ledgersync.sync.revision.renewal import renew_conflicts
from ledgersync.sync.session import PROGRAM, REWRITTEN_BY, Session
from ledgersync.values import from_json, refitter, to_json


def migrate(session: Session, old: LedgerSchema, new: LedgerSchema) -> None:
    """The file of a ledger rules from now on."""
    text, next_one = session.workspace.catalog.texts[old.id], session.journal.log.last + 1
    if revision := _rewrite(session, old, new):
        session.journal.set_meta(f"{REWRITTEN_BY}{revision}", old.id)
    session.journal.schemas.replace(old.id, text, next_one)
    follow(session)
    _follow_cases(session, session.catalog.ledgers[old.id])


def follow(session: Session) -> None:
    """Works with the ledgers that rule by now."""
    session.workspace.follow(session.journal.schemas.accepted())
    session.journal.follow(session.workspace.catalog)
    session.views.clear()
    session.__dict__.pop("readings", None)


def _rewrite(session: Session, old: LedgerSchema, new: LedgerSchema) -> int | None:
    """The cells of changed fields in their new form; fields that are no more hold nothing, so that
    they are empty should they ever come back."""
    coming = with_past(new, [old], 0)
    with entry(session, "handover", PROGRAM) as made:
        made.rows_stay = True
        kept = session.catalog.ledgers[old.id]  # with the columns that people added
        for table in kept.tables:
            if now := coming.by_id.get(table.id):
                rows = session.journal.state.rows(old.id, table.id)
                made.change(kept, table, list(_rewritten(table, now, rows)))
    return made.revision


def _rewritten(old: TableSchema, new: TableSchema, rows: Rows) -> Iterator[Operation]:
    ways = _ways(old, new)
    for record, row in rows.items():
        for at, way in ways.items():
            if row[at] is not None:
                value = way(row[at])
                if to_json(value) != to_json(row[at]):
                    yield Operation("edit", record, old.field_ids[at], row[at], value)


def _ways(old: TableSchema, new: TableSchema) -> dict[int, Callable[[Value], Value]]:
    """How the cells of each changed field are brought into their new form, by position."""
    ways: dict[int, Callable[[Value], Value]] = {}
    for at, field in enumerate(old.fields):
        if field.is_extra:
            continue
        now = new.by_id.get(field.id)
        if now is None:
            ways[at] = _nothing
        elif kept_as(now) != kept_as(field):
            ways[at] = _refitted(refitter(now))
    return ways


def _nothing(_: Value) -> Value:
    return None


def _refitted(refit: Callable[[object], Value]) -> Callable[[Value], Value]:
    return lambda value: refit(to_json(value))


def _follow_cases(session: Session, ledger: LedgerSchema) -> None:
    """Open conflicts show their sides as the field has them now; about what is gone they end."""
    journal = session.journal
    for case in journal.conflicts.open():
        table = ledger.by_id.get(case.table) if case.ledger == ledger.id else None
        if table is None:
            continue
        if case.field and case.field not in table.by_id:
            journal.conflicts.close(case.id, WITHDRAWN, None)
        else:
            journal.extras.move_conflict(case.id, case.field, _sides(table, case))
    _drop_of_gone_fields(session, ledger)
    for table in ledger.tables:  # sides that are alike by now need nobody
        renew_conflicts(session, ledger.id, table.id, None)


def _sides(table: TableSchema, case: ConflictCase) -> tuple[str | None, ...]:
    sides = (case.base, case.ours, case.theirs)
    if case.field is None:
        rows = [None if side is None else decode_record(table, side) for side in sides]
        return tuple(None if row is None else encode_record(table, row) for row in rows)
    field = table.by_id[case.field]
    values = [None if side is None else from_json(field, json.loads(side)) for side in sides]
    return tuple(None if value is None else dumps(to_json(value)) for value in values)


def _drop_of_gone_fields(session: Session, ledger: LedgerSchema) -> None:
    """What went back, or was in doubt, in a field that is no more is over."""
    returned = [
        c.id
        for c in session.journal.returned.open(ledger=ledger.id)
        if c.field and c.field not in ledger.by_id[c.table].by_id
    ]
    session.journal.returned.replace(returned)
    notices = [
        n.id
        for n in session.journal.notices.open(ledger=ledger.id)
        if n.field and n.table in ledger.by_id and n.field not in ledger.by_id[n.table].by_id
    ]
    session.journal.notices.close(notices, "settled")
