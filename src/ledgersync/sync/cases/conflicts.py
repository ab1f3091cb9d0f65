"""People decide: conflicts listed, handed over as a workbook, decided, written as a revision."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ledgersync.errors import Message, UsageFault
from ledgersync.files import file_hash
from ledgersync.journal import ConflictCase
from ledgersync.journal.rows import decode_record
from ledgersync.merge import Operation, apply
from ledgersync.model import Invalid, Row, Value
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.sync.columns.added import extra_value
from ledgersync.sync.columns.promoted import Reread
from ledgersync.sync.record import write_operations
from ledgersync.sync.session import Session
from ledgersync.values import CellParser, from_json, shown
from ledgersync.values.text import trim
from ledgersync.workbook.conflicts import (
    ConflictLine,
    Decision,
    read_decisions,
    write_conflict_workbook,
)
from ledgersync.workbook.properties import last_modified_by

_LIST_HASH, _LIST_IDS = "conflict_list", "conflict_list_ids"  # of the list as written
KINDS = {"edit/edit": "两人改了同一格", "edit/delete": "一方改、一方删", "add/add": "两人都新增"}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one decision."""

    id: int
    take: str
    done: bool
    message: Message


def conflict_json(session: Session, case: ConflictCase, *, unmask: bool = False) -> dict[str, Any]:
    """A conflict as the contract shows it; personal values masked."""
    table = session.catalog.table(case.ledger, case.table)
    sides = {name: getattr(case, name) for name in ("base", "ours", "theirs")}
    return {
        "id": str(case.id),
        "ledger": case.ledger,
        "table": case.table,
        "record": case.record,
        "field": case.field,
        "kind": case.kind,
        **{name: side_json(table, case.field, text, unmask) for name, text in sides.items()},
        "ours_by": case.ours_by,
        "theirs_by": case.theirs_by,
        "at": case.at,
    }


def side_json(table: TableSchema, field: str | None, text: str | None, unmask: bool) -> Any:
    """One side of a conflict as JSON; a whole row as an object of its filled fields."""
    if text is None:
        return None
    data = json.loads(text)
    if field is not None:
        return _masked_json(table.by_id[field], data, unmask)
    return {n: _masked_json(table.by_id[n], v, unmask) for n, v in data.items() if n in table.by_id}


def _masked_json(field: FieldSchema, data: Any, unmask: bool) -> Any:
    if isinstance(data, dict):
        data = data.get("invalid", "")
    is_free = field.privacy == "none" and field.type != "text"
    if unmask or is_free or not isinstance(data, str):
        return data
    return mask(field.privacy, data)


def conflict_line(session: Session, case: ConflictCase) -> ConflictLine:
    """A conflict as the workbook for the deciding person shows it (unmasked: it is a workbook)."""
    ledger = session.catalog.ledgers[case.ledger]
    table = ledger.by_id[case.table]
    header = table.by_id[case.field].header if case.field else "整行"
    return ConflictLine(
        case.id,
        ledger.workbook,
        table.sheet,
        record_title(session, ledger, table, case),
        header,
        KINDS.get(case.kind, case.kind),
        side_text(table, case.field, case.base),
        side_text(table, case.field, case.ours),
        case.ours_by or "",
        side_text(table, case.field, case.theirs),
        case.theirs_by or "",
        case.at[:16].replace("T", " "),
    )


def record_title(
    session: Session, ledger: LedgerSchema, table: TableSchema, case: ConflictCase
) -> str:
    """What a person calls the record: its first name or text, and its key."""
    row = session.journal.state.rows(ledger.id, table.id).get(case.record)
    if row is None:
        text = case.base or case.ours or case.theirs
        row = decode_record(table, text) if case.field is None else None
    if row is None:
        return case.record
    names = [f for f in table.fields if f.type == "name"] or list(table.fields[:1])
    wanted = [names[0].id, *table.key, *table.fallback_key]
    texts = [_titled(table.by_id[n], row[table.position[n]]) for n in dict.fromkeys(wanted)]
    return " ".join(t for t in texts if t)[:60] or case.record


def _titled(field: FieldSchema, value: Value) -> str:
    """A key as the list shows it: names open, id numbers masked."""
    text = shown(value)
    return mask("id_number", text) if field.type == "id_number" else text


def side_text(table: TableSchema, field: str | None, text: str | None) -> str:
    """One side as people read it; a missing row is said so."""
    if text is None:
        return "（空）" if field else "（已删除）"
    data = json.loads(text)
    if field is not None:
        return shown(from_json(table.by_id[field], data))
    parts = [f"{f.header}：{shown(from_json(f, data[f.id]))}" for f in table.fields if f.id in data]
    return "；".join(parts)


def write_conflict_list(session: Session) -> Path | None:
    """`conflicts/冲突清单.xlsx` while there are open conflicts; decided lines in it are kept."""
    path = session.workspace.conflict_file
    cases = session.journal.conflicts.open()
    if not cases:
        path.unlink(missing_ok=True)
        return None
    shown_now = ",".join(str(case.id) for case in cases)
    if path.exists() and session.journal.meta(_LIST_IDS) == shown_now:
        return path
    try:
        export_conflicts(session, path)
    except PermissionError:  # somebody is filling it in; the next run writes it
        return None
    session.journal.set_meta(_LIST_HASH, file_hash(path))
    session.journal.set_meta(_LIST_IDS, shown_now)
    return path


def has_saved_decisions(session: Session) -> bool:
    """Somebody saved the conflict list with a decision in it since it was written."""
    path = session.workspace.conflict_file
    if not path.exists() or session.journal.meta(_LIST_HASH) == file_hash(path):
        return False
    return any(session.journal.conflicts.is_open(d.id) for d in read_decisions(path))


def take_saved_decisions(session: Session) -> list[Resolution]:
    """Carries out what people decided in `conflicts/冲突清单.xlsx`."""
    path = session.workspace.conflict_file
    if not has_saved_decisions(session):
        return []
    return take_decisions(session, path, last_modified_by(path) or path.stem)


def set_aside(session: Session) -> Message:
    """Renames a conflict list that cannot be read, so that a new one can be written."""
    path = session.workspace.conflict_file
    aside = path.with_name(f"{path.stem}-打不开-{session.now():%Y%m%d%H%M%S}{path.suffix}")
    path.rename(aside)
    name = session.workspace.relative(aside)
    return Message(
        f"冲突清单打不开，已改名为 {name}，另写了一份新的；请在新的里裁定。",
        f"The conflict list cannot be opened; it is now {name}, and a new one was written.",
    )


def export_conflicts(session: Session, path: Path) -> int:
    """Writes the open conflicts to a workbook; returns how many."""
    lines = [conflict_line(session, case) for case in session.journal.conflicts.open()]
    write_conflict_workbook(path, lines, session.workspace.unit.name)
    return len(lines)


def take_decisions(session: Session, path: Path, who: str) -> list[Resolution]:
    """Carries out the decisions in a conflict workbook; half-filled lists are fine."""
    known = {case.id for case in session.journal.conflicts.open()}
    return [resolve(session, d, who) for d in read_decisions(path) if d.id in known]


def resolve(session: Session, decision: Decision, who: str) -> Resolution:
    """Carries out one decision as a revision of its own.

    The conflict's other candidates stay open unless they now say the same. Raises UsageFault for
    an unknown conflict; a value that does not fit is reported in the result, nothing is changed.
    """
    case = session.journal.conflicts.get(decision.id)
    if case is None or case.status != "open":
        raise _unknown(decision.id)
    table = session.catalog.table(case.ledger, case.table)
    value, fault = _chosen(session, case, table, decision)
    if fault:
        return Resolution(case.id, decision.take, False, fault)
    with session.journal.transaction():
        revision = _carry_out(session, case, table, value, decision.take, who)
        session.journal.conflicts.close(case.id, decision.take, revision)
        _close_equal(session, case, table)
    return Resolution(case.id, decision.take, True, Message("已裁定。", "Decided."))


def _chosen(
    session: Session, case: ConflictCase, table: TableSchema, decision: Decision
) -> tuple[Row | Value, Message | None]:
    """The value or row that the decision means, or why it means none."""
    if decision.take == "value":
        return _typed_value(session, case, table, decision.value)
    text = {"ours": case.ours, "theirs": case.theirs, "base": case.base}[decision.take]
    if case.field is None:
        if text is None:
            return None, None
        return Reread(table, session.today).row(decode_record(table, text)), None
    if decision.take == "ours":
        row = session.journal.state.rows(case.ledger, table.id).get(case.record)
        return (row[table.position[case.field]] if row else None), None
    return from_json(table.by_id[case.field], json.loads(text) if text else None), None


def _typed_value(
    session: Session, case: ConflictCase, table: TableSchema, typed: str
) -> tuple[Value, Message | None]:
    if case.field is None:
        reason = Message("整行的冲突不能另填值，请三选一。", "A whole row takes no typed value.")
        return None, reason
    if table.by_id[case.field].is_extra:
        return extra_value(trim(typed) or None), None
    parsed = CellParser(table.by_id[case.field], session.today)(typed)
    errors = [note.message for note in parsed.notes if note.severity == "error"]
    if errors or isinstance(parsed.value, Invalid):
        return None, errors[0] if errors else Message("值不符合要求。", "The value does not fit.")
    return parsed.value, None


def _carry_out(
    session: Session,
    case: ConflictCase,
    table: TableSchema,
    value: Row | Value,
    take: str,
    who: str,
) -> int | None:
    """The revision that makes the state what was decided; None when it is so already."""
    rows = session.journal.state.rows(case.ledger, table.id)
    operations = _operations(case, table, rows.get(case.record), value, take)
    if not operations:
        return None
    ledger = session.catalog.ledgers[case.ledger]
    revision = session.journal.log.begin("resolve", who, session.now())
    merged = apply(table, rows, operations)
    write_operations(session, ledger, table, operations, merged, revision)
    session.journal.log.seal(revision)
    return revision


def _operations(
    case: ConflictCase, table: TableSchema, now: Row | None, value: Row | Value, take: str
) -> list[Operation]:
    """What changes the state into what was decided."""
    if case.field is not None:
        old = now[table.position[case.field]] if now is not None else value
        return [] if old == value else [Operation("edit", case.record, case.field, old, value)]
    if take == "ours" or value == now:
        return []
    if value is None:
        return [Operation("remove", case.record, None, now, None)]
    if now is None:
        return [Operation("add", case.record, None, None, value)]
    cells = zip(table.field_ids, now, cast(Row, value), strict=True)
    return [Operation("edit", case.record, name, a, b) for name, a, b in cells if a != b]


def _close_equal(session: Session, case: ConflictCase, table: TableSchema) -> None:
    """Other candidates of the same cell that are now what stands there need no decision."""
    if case.field is None:
        return
    row = session.journal.state.rows(case.ledger, table.id).get(case.record)
    if row is None:
        return
    now = row[table.position[case.field]]
    for other in session.journal.conflicts.open_for(case.record, case.field):
        theirs = json.loads(other.theirs) if other.theirs else None
        if from_json(table.by_id[case.field], theirs) == now:
            session.journal.conflicts.close(other.id, "converged", None)


def _unknown(number: int) -> UsageFault:
    return UsageFault(
        Message(f"没有编号为 {number} 的待裁定冲突。", f"No open conflict has number {number}."),
        Message("请用 ledgersync conflicts 查看编号。", "See ledgersync conflicts."),
    )
