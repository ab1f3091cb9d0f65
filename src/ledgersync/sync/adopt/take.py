"""Taking over: one operation of the journal, that `undo` takes back whole."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal.notices import PRIMARY
from ledgersync.messages import message
from ledgersync.model import Row, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.schema.extras import ExtraField
from ledgersync.schema.mappings import (
    IGNORED,
    MAPPINGS_NAME,
    load_mappings,
    mapping_name,
    save_mappings,
)
from ledgersync.sync.adopt.again import begin_anew
from ledgersync.sync.columns.extras import extra_id, header_name, most_columns
from ledgersync.sync.create import adopt_content, adopt_workbook
from ledgersync.sync.history.adoption import note_headers
from ledgersync.sync.opening import open_session
from ledgersync.sync.revision.numbers import reserve_numbers
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.build import SheetRows, ledger_workbook, new_record_id
from ledgersync.workbook.foreign.plan import OWN, Decisions, Plan, TakenRow
from ledgersync.workspace import Workspace

_OWN_FORMAT = (".xlsx", ".xlsm")


@dataclass(slots=True)
class Taken:
    """What was taken: records by table, and the revision that did it (None: there were none)."""

    records: dict[str, int]
    revision: int | None
    kept: dict[str, str] = field(default_factory=dict)  # headers remembered for the unit


def take_over(
    workspace: Workspace, ledger: LedgerSchema, plan: Plan, files: Sequence[Path],
    decisions: Decisions, *, replace: bool = False,
) -> Taken:  # fmt: skip
    """Makes what the plan shows the ledger's records; no question may be open.

    One workbook that needs no taking apart becomes the primary itself; else a new primary is
    made. Raises UsageFault where the ledger is in use, UnreadableFile, PatchRefused.
    """
    path = workspace.root / MAPPINGS_NAME
    known = load_mappings(path)
    is_own = _becomes_primary(plan, files, decisions)
    rows = {t.id: plan.rows(t.id) for t in ledger.tables}
    columns = {} if is_own else {t.id: _own_columns(t, rows[t.id]) for t in ledger.tables}
    if replace:
        begin_anew(workspace, ledger)
    kept = _headers(ledger, plan, decisions, known)
    workspace = Workspace.open(workspace.root)  # headers of what was taken back are forgotten
    before = load_mappings(path)
    if is_own:
        records = _as_it_stands(workspace, ledger, files[0], before, kept)
    else:
        records = _rebuilt(workspace, ledger, rows, columns, files)
        kept = {}
    with open_session(workspace, "adopt", write=is_own) as session:
        revision = _revision(session)
        if revision is not None and is_own:
            note_headers(session, revision, before)
        return Taken(records, revision, kept)


def _becomes_primary(plan: Plan, files: Sequence[Path], decisions: Decisions) -> bool:
    is_own = len(files) == 1 and files[0].suffix.casefold() in _OWN_FORMAT
    is_own = is_own and not any("@" in key for _, key in decisions.columns)
    return is_own and all(sheet.is_plain for sheet in plan.sheets)


def _as_it_stands(
    workspace: Workspace, ledger: LedgerSchema, file: Path, before: Mapping[str, str],
    kept: Mapping[str, str],
) -> dict[str, int]:  # fmt: skip
    """Learns the headers first, by which the workbook is read; not where it is refused."""
    path = workspace.root / MAPPINGS_NAME
    if not kept:
        return adopt_workbook(workspace, workspace.catalog.ledger(ledger.id), file)
    save_mappings(path, {**before, **kept})
    workspace = Workspace.open(workspace.root)
    try:
        return adopt_workbook(workspace, workspace.catalog.ledger(ledger.id), file)
    except BaseException:
        save_mappings(path, before)
        raise


def _revision(session: Session) -> int | None:
    found = [r.id for r in session.journal.log.revisions() if r.kind == "adopt"]
    return found[-1] if found else None


def _headers(
    ledger: LedgerSchema, plan: Plan, decisions: Decisions, learned: Mapping[str, str]
) -> dict[str, str]:
    """Headers whose field was found by content or said by a person, as mappings keep them.

    `learned` are those that the plan was made with.
    """
    found: dict[str, str] = {}
    for t in plan.tables():
        known = ledger.by_id[t.table].header_index
        for c in t.columns:
            key = header_name(c.header.replace(" ▸ ", "▸"))
            name = mapping_name(ledger.id, t.table, key)
            decided = decisions.column(t.sheet, key)
            if decided == IGNORED or (decided is None and c.is_left):
                found[name] = IGNORED
            elif decided is None and name in learned:
                found[name] = learned[name]
            elif not c.field or decided == OWN:
                continue
            elif decided or (c.confidence < 1 and key not in known):
                found[name] = c.field
    return found


def _rebuilt(
    workspace: Workspace, ledger: LedgerSchema, rows: Mapping[str, Sequence[TakenRow]],
    columns: Mapping[str, Sequence[ExtraField]], files: Sequence[Path],
) -> dict[str, int]:  # fmt: skip
    with open_session(workspace, "adopt") as session:
        current = session.catalog.ledgers[ledger.id]
        for table in current.tables:
            _number(session, current, table, rows[table.id])
        _refer(current, rows)
        tables = [_with_columns(t, columns[t.id]) for t in current.tables]
        wide = current.changed(tables=tuple(tables))
        content = ledger_workbook(
            wide,
            session.catalog,
            kind="primary",
            unit=workspace.unit.name,
            rows={t.id: SheetRows(_records(t, rows[t.id])) for t in wide.tables},
            stamp=stamp_now(session, ledger, PRIMARY),
            today=session.today,
        )
        names = "、".join(f.name for f in files)
        return adopt_content(session, current, content, [f.read_bytes() for f in files], names)


def _number(
    session: Session, ledger: LedgerSchema, table: TableSchema, rows: Sequence[TakenRow]
) -> None:
    """Numbers that the program gives, for rows that others refer to."""
    number = next((f.id for f in table.fields if f.generated), None)
    bare = [row for row in rows if number and row.values.get(number) is None]
    if number is None or not bare:
        return
    ids = [new_record_id() for _ in bare]
    given = reserve_numbers(session, ledger, table, ids)
    for row, record in zip(bare, ids, strict=True):
        row.values[number] = given[record]


def _refer(ledger: LedgerSchema, rows: Mapping[str, Sequence[TakenRow]]) -> None:
    """Lower records name the upper one they belong to."""
    for table, link, target in ledger.references():
        owner, _, name = target.split(".")
        for row in rows[table.id] if owner == ledger.id else ():
            if row.parent is not None and row.values.get(link.id) is None:
                row.values[link.id] = row.parent.values.get(name)


def _own_columns(table: TableSchema, rows: Sequence[TakenRow]) -> list[ExtraField]:
    """The office's own columns in their order; headers that differ in blanks are one column.

    Raises UsageFault for more columns than a table carries.
    """
    heads = dict.fromkeys(header for row in rows for header in row.extras)
    own = {extra_id(h): h for h in reversed(heads)}
    names = dict.fromkeys(map(extra_id, heads))
    found = [ExtraField(id=name, header=own[name], type="text") for name in names]
    most = most_columns(table)
    if len(found) > most:
        raise _too_wide(table, most, [f.header for f in found[most:]])
    return found


def _with_columns(table: TableSchema, columns: Sequence[ExtraField]) -> TableSchema:
    fresh = [f for f in columns if f.id not in table.by_id]
    return table.changed(fields=(*table.fields, *fresh))


def _too_wide(table: TableSchema, most: int, columns: Sequence[str]) -> UsageFault:
    return UsageFault(
        message(
            "〔{table}〕自己的列太多，最多再加 {most} 列，放不下：{columns}。什么都没有收。",
            table=table.sheet,
            most=most,
            columns="、".join(columns),
        ),
        message("请在预览里把不要的列改为“不收”（--set 列=-），或先在原表里并列、删列，再收。"),
    )


def _records(table: TableSchema, rows: Sequence[TakenRow]) -> list[tuple[str, Row]]:
    found = []
    for row in rows:
        values: dict[str, Value] = {**row.values, **_own_texts(row.extras)}
        found.append(("", tuple(values.get(name) for name in table.field_ids)))
    return found


def _own_texts(extras: Mapping[str, str]) -> dict[str, str]:
    """By field; what stands under two headers that are one column is kept both."""
    found: dict[str, list[str]] = {}
    for header, text in extras.items():
        found.setdefault(extra_id(header), []).append(text)
    return {name: "；".join(dict.fromkeys(texts)) for name, texts in found.items()}
