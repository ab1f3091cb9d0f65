"""Open conflicts, as JSON and as a workbook with drop-downs for the deciding person."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ledgersync.files import file_hash
from ledgersync.journal import ConflictCase
from ledgersync.messages import Message, message
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.sync.cases.notes import LIST_HASH, drop_notes, note_of
from ledgersync.sync.cases.titles import open_title, row_of_conflict
from ledgersync.sync.session import Session
from ledgersync.values import from_json, shown
from ledgersync.workbook.lists.conflict_lines import ConflictLine
from ledgersync.workbook.lists.conflict_list import draw_conflict_list

_LIST_LINES = "conflict_list_lines"  # in the journal's meta: what the list as written shows
KINDS = {
    "edit/edit": "两人改了同一格",
    "edit/delete": "一方改、一方删",
    "add/add": "两人都新增",
    "key": "编号已属别的记录",
}


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
        open_title(table, row_of_conflict(session, table, case), case.record),
        header,
        KINDS.get(case.kind, case.kind),
        side_text(table, case.field, case.base, "（无）"),
        side_text(table, case.field, case.ours, "（已删除）" if case.base else "（无）"),
        case.ours_by or "",
        side_text(table, case.field, case.theirs),
        case.theirs_by or "",
        case.at[:16].replace("T", " "),
        note_of(session, case),
    )


def side_text(
    table: TableSchema, field: str | None, text: str | None, missing: str = "（已删除）"
) -> str:
    """One side as people read it; a missing row is said so."""
    if text is None:
        return "（空）" if field else missing
    data = json.loads(text)
    if field is not None:
        return shown(from_json(table.by_id[field], data))
    parts = [f"{f.header}：{shown(from_json(f, data[f.id]))}" for f in table.fields if f.id in data]
    return "；".join(parts)


def write_conflict_list(session: Session) -> Path | None:
    """`conflicts/冲突清单.xlsx` while there are open conflicts; decided lines in it are kept."""
    path = session.workspace.conflict_file
    cases = session.journal.conflicts.open()
    drop_notes(session, {case.id for case in cases})
    if not cases:
        path.unlink(missing_ok=True)
        return None
    lines = [conflict_line(session, case) for case in cases]
    shown_now = hashlib.sha256(repr(lines).encode()).hexdigest()
    if path.exists() and session.journal.meta(_LIST_LINES) == shown_now:
        return path
    ingested = not path.exists() or session.journal.meta(LIST_HASH) == file_hash(path)
    try:
        draw_conflict_list(path, lines, session.workspace.unit.name)
    except PermissionError:  # somebody is filling it in; the next run writes it
        return None
    session.journal.set_meta(LIST_HASH, file_hash(path) if ingested else "")
    session.journal.set_meta(_LIST_LINES, shown_now)
    return path


def set_aside(session: Session) -> Message:
    """Renames a conflict list that cannot be read, so that a new one can be written."""
    path = session.workspace.conflict_file
    aside = path.with_name(f"{path.stem}-打不开-{session.now():%Y%m%d%H%M%S}{path.suffix}")
    path.rename(aside)
    name = session.workspace.relative(aside)
    return message("冲突清单打不开，已改名为 {name}，另写了一份新的；请在新的里裁定。", name=name)


def export_conflicts(session: Session, path: Path) -> int:
    """Writes the open conflicts to a workbook; returns how many."""
    lines = [conflict_line(session, case) for case in session.journal.conflicts.open()]
    draw_conflict_list(path, lines, session.workspace.unit.name)
    return len(lines)
