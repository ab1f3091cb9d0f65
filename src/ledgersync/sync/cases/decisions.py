"""People decide: one conflict by its number, or all that a conflict list says.

Each decision is a revision of its own. What may not be done stays open and is told: a value that
does not fit, a key that another record has, a conflict that shows something else by now.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from ledgersync.errors import UsageFault
from ledgersync.files import file_hash
from ledgersync.journal import ConflictCase
from ledgersync.journal.rows import decode_record
from ledgersync.merge import KeyReader, MergeResult, Operation
from ledgersync.messages import Message, message
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import TableSchema
from ledgersync.sync.cases.notes import LIST_HASH, leave_note
from ledgersync.sync.cases.outdated import is_known, place_of, why_over
from ledgersync.sync.cases.titles import masked_title
from ledgersync.sync.columns.extras import extra_value
from ledgersync.sync.columns.meaning import Reread
from ledgersync.sync.results import Resolution
from ledgersync.sync.revision.entry import entry, planned
from ledgersync.sync.revision.renewal import renew_conflicts
from ledgersync.sync.session import Session
from ledgersync.values import CellParser, from_json
from ledgersync.values.text import trim
from ledgersync.workbook.lists.conflict_lines import Decision
from ledgersync.workbook.lists.conflict_list import read_conflict_list
from ledgersync.workbook.properties import last_modified_by

_UNFIT = message("值不符合要求。")


def has_saved_decisions(session: Session) -> bool:
    """Somebody saved the conflict list with a decision in it since it was written or ingested."""
    path = _list(session)
    if not path.exists() or session.journal.meta(LIST_HASH) == file_hash(path):
        return False
    return bool(read_conflict_list(path))


def take_saved_decisions(session: Session) -> list[Resolution]:
    """Carries out what people decided in `conflicts/冲突清单.xlsx`; each save is ingested once."""
    path = _list(session)
    if not has_saved_decisions(session):
        return []
    ingested = file_hash(path)
    done = take_decisions(session, path, last_modified_by(path) or path.stem)
    with session.journal.transaction():
        session.journal.set_meta(LIST_HASH, ingested)
    return done


def _list(session: Session) -> Path:
    return session.workspace.conflict_file


def outdated_decisions(session: Session) -> list[Resolution]:
    """What was saved in the list meanwhile about conflicts that are open no more."""
    if not has_saved_decisions(session):
        return []
    found = [(d, session.journal.conflicts.get(d.id)) for d in read_conflict_list(_list(session))]
    return [
        Resolution(case.id, d.take, False, why_over(session, case, d))
        for d, case in found
        if case is not None and case.status != "open" and not is_known(case, d)
    ]


def take_decisions(session: Session, path: Path, who: str) -> list[Resolution]:
    """Carries out the decisions in a conflict workbook; half-filled lists are fine.

    What it says of conflicts that were decided so already is left out.
    """
    return [r for d in read_conflict_list(path) if (r := _take(session, d, who))]


def _take(session: Session, decision: Decision, who: str) -> Resolution | None:
    case = _looked_at(session, decision)
    if case is None:
        return Resolution(decision.id, decision.take, False, _unknown(decision.id).message)
    if case.status == "open":
        return _decide(session, case, decision, who)
    if is_known(case, decision):
        return None
    reason = why_over(session, case, decision)
    return Resolution(case.id, decision.take, False, reason)


def resolve(session: Session, decision: Decision, who: str) -> Resolution:
    """Carries out one decision as a revision of its own.

    The conflict's other candidates stay open unless they now say the same. Raises UsageFault for
    an unknown conflict; what cannot be done is said in the result, and nothing is changed.
    """
    case = _looked_at(session, decision)
    if case is None or case.is_decided:
        raise _unknown(decision.id)
    if case.status != "open":
        return Resolution(case.id, decision.take, False, why_over(session, case, decision))
    return _decide(session, case, decision, who)


def _looked_at(session: Session, decision: Decision) -> ConflictCase | None:
    """The conflict as it is when the primary as it is now has been compared with it."""
    case = session.journal.conflicts.get(decision.id)
    if case is None or case.status != "open":
        return case
    with session.journal.transaction():
        renew_conflicts(session, case.ledger, case.table, None)
    return session.journal.conflicts.get(decision.id)


def _decide(session: Session, case: ConflictCase, decision: Decision, who: str) -> Resolution:
    table = session.catalog.table(case.ledger, case.table)
    operations, fault = _operations(session, case, table, decision)
    result, taken = _tried(session, case, table, operations)
    if fault or taken:
        return _refused(session, case, decision, fault or taken or _UNFIT)
    with entry(session, "resolve", who) as made:
        made.enter(session.catalog.ledgers[case.ledger], table, result)
        session.journal.conflicts.close(case.id, decision.take, made.revision)
    return Resolution(case.id, decision.take, True, message("已裁定。"))


def _tried(
    session: Session, case: ConflictCase, table: TableSchema, operations: list[Operation]
) -> tuple[MergeResult, Message | None]:
    """What the decision would come to, or which record has the key that it wants."""
    result = planned(session, session.catalog.ledgers[case.ledger], table, operations)
    if not result.conflicts:
        return result, None
    wanted = next((o.new for o in operations if o.kind == "add"), None)
    row = list(cast(Row, wanted or session.journal.state.rows(case.ledger, table.id)[case.record]))
    for op in operations:
        if op.field is not None:
            row[table.position[op.field]] = cast(Value, op.new)
    return result, _key_taken(session, case, table, tuple(row))


def _key_taken(session: Session, case: ConflictCase, table: TableSchema, row: Row) -> Message:
    rows = session.journal.state.rows(case.ledger, table.id)
    reader = KeyReader(table)
    owners = session.journal.state.owners(case.ledger, table.id)
    found = [r for r in owners.of(row) if r != case.record]
    other = masked_title(table, rows[found[0]], found[0]) if found else ""
    keyed = reader.key(row) is not None
    at = reader.key_at if keyed or not reader.fallback_at else reader.fallback_at
    named = "".join(f"〔{table.fields[i].header}〕" for i in at)
    return message(
        "{named}已属于另一条记录（{other}），不能有两条；请另填一个，或先改、先删那一条",
        named=named,
        other=other,
    )


def _refused(
    session: Session, case: ConflictCase, decision: Decision, reason: Message
) -> Resolution:
    """Told to whoever decided now, and in the list for whoever decides next."""
    where = place_of(session, case, header=False)  # the reason begins with it
    told = message("{where}：{reason}", where=where, reason=reason)
    leave_note(session, case.id, decision, reason)
    return Resolution(case.id, decision.take, False, told)


def _operations(
    session: Session, case: ConflictCase, table: TableSchema, decision: Decision
) -> tuple[list[Operation], Message | None]:
    """What changes the state into what was decided, or why nothing can."""
    if decision.take == "ours":
        return [], None
    now = session.journal.state.rows(case.ledger, table.id).get(case.record)
    if decision.take == "value":
        return _typed(session, case, table, now, decision.value)
    text = case.theirs if decision.take == "theirs" else case.base
    if case.field is None:
        row = Reread(table, session.today).row(decode_record(table, text)) if text else None
        return _row_operations(case, table, now, row), None
    value = from_json(table.by_id[case.field], json.loads(text) if text else None)
    return _cell_operations(case, table, now, value), None


def _typed(
    session: Session, case: ConflictCase, table: TableSchema, now: Row | None, typed: str
) -> tuple[list[Operation], Message | None]:
    """A value that the deciding person wrote: of a cell, or the key of a row that lacks one."""
    field = case.field or _own_key(case, table)
    if field is None:
        return [], message("整行的冲突不能另填值，请三选一。")
    value, fault = _parsed(session, table, field, typed)
    if fault:
        return [], fault
    if case.field is not None:
        return _cell_operations(case, table, now, value), None
    row = list(decode_record(table, case.theirs))
    row[table.position[field]] = value
    return _row_operations(case, table, now, tuple(row)), None


def _own_key(case: ConflictCase, table: TableSchema) -> str | None:
    return table.key[0] if case.kind == "key" and len(table.key) == 1 else None


def _parsed(
    session: Session, table: TableSchema, field: str, typed: str
) -> tuple[Value, Message | None]:
    if table.by_id[field].is_extra:
        return extra_value(trim(typed) or None), None
    parsed = CellParser(table.by_id[field], session.today)(typed)
    errors = [note.message for note in parsed.notes if note.severity == "error"]
    if errors or isinstance(parsed.value, Invalid):
        return None, errors[0] if errors else _UNFIT
    return parsed.value, None


def _cell_operations(
    case: ConflictCase, table: TableSchema, now: Row | None, value: Value
) -> list[Operation]:
    name = cast(str, case.field)
    if now is None or now[table.position[name]] == value:
        return []
    return [Operation("edit", case.record, name, now[table.position[name]], value)]


def _row_operations(
    case: ConflictCase, table: TableSchema, now: Row | None, row: Row | None
) -> list[Operation]:
    if row == now:
        return []
    if row is None:
        return [Operation("remove", case.record, None, now, None)]
    if now is None:
        return [Operation("add", case.record, None, None, row)]
    cells: Iterable[tuple[str, Value, Value]] = zip(table.field_ids, now, row, strict=True)
    return [Operation("edit", case.record, name, a, b) for name, a, b in cells if a != b]


def _unknown(number: int) -> UsageFault:
    return UsageFault(
        message("没有编号为 {number} 的待裁定冲突。", number=number),
        message("请用 ledgersync conflicts 查看编号。"),
    )
