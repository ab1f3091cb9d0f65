"""A list taken out of a table as a workbook: its columns, what stands above them."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import Message, counted, listed, message
from ledgersync.model import Row, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.schema.headers import header_key
from ledgersync.sync.lists.ages import age_on, number_place
from ledgersync.sync.lists.asked import AGE, LAST_VISIT
from ledgersync.sync.lists.choose import Chosen
from ledgersync.sync.session import Session
from ledgersync.values import shown
from ledgersync.workbook import a4
from ledgersync.workbook.lists.list_book import ListPage, fitting, list_workbook

_KEPT_BACK = ("account", "id_number")  # shown only where a column is asked for by name


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of it: the file, its columns, how many rows, which fields found no room."""

    path: Path
    chosen: Chosen
    columns: tuple[FieldSchema, ...]
    no_room: tuple[FieldSchema, ...]

    def as_json(self) -> dict[str, Any]:
        chosen = self.chosen
        return {
            "format": "ledgersync.export/v1",
            "file": str(self.path),
            "ledger": chosen.ledger.id,
            "table": chosen.table.id,
            "where": [words.zh for words in chosen.words],
            "columns": [f.id for f in self.columns],
            "rows": len(chosen.rows),
            "unknown": len(chosen.unknown),
        }


def export_list(
    session: Session,
    chosen: Chosen,
    target: Path,
    *,
    title: str | None = None,
    columns: Sequence[str] = (),
    by: str | None = None,
    a3: bool = False,
) -> Exported:
    """Writes the list; that somebody took it out, and with which columns, goes into the journal.

    Without `columns` it shows whom the rows are about, what the conditions look at, and as many
    further fields as can be read on a page. `by` makes a sheet of each value of a field.
    Raises UsageFault for a column that is none, OSError.
    """
    known = _columns(chosen)
    wanted = tuple(_named(chosen.table, known, name) for name in columns) or _usual(chosen, known)
    groups: list[str] = []
    if by:
        chosen, groups = _grouped(chosen, _named(chosen.table, known, by))
    rows, paper = _rows(chosen, wanted, session.today), a4.A3 if a3 else a4.PAPER
    if not columns:
        wanted, rows = _filled(chosen, wanted, rows)
    room = len(wanted) if columns else fitting(wanted, rows, paper)
    kept, no_room = wanted[:room], wanted[room:]
    page = ListPage(
        title or title_of(chosen),
        _caption(session, chosen),
        kept,
        [row[:room] for row in rows],
        session.workspace.unit.name,
        groups=groups,
        paper=paper,
    )
    atomic_write(target, list_workbook(page), private=True)
    _note(session, chosen, target, kept)
    return Exported(target, chosen, kept, no_room)


def _grouped(chosen: Chosen, field: FieldSchema) -> tuple[Chosen, list[str]]:
    """The rows value by value of a field, and each row's value; what is empty comes last."""
    at = chosen.table.position.get(field.id)
    if at is None:
        raise UsageFault(
            message("不能按〔{name}〕分开。", name=field.header),
            message("请用表里的列，如 --by 所属网格。"),
        )
    order = sorted(chosen.rows.items(), key=lambda item: (item[1][at] is None, shown(item[1][at])))
    names = [shown(row[at]) or message("（空）").zh for _, row in order]
    return replace(chosen, rows=dict(order)), names


def title_of(chosen: Chosen) -> str:
    """`低保户：80岁以上，第1网格`."""
    if not chosen.conditions:
        return chosen.table.sheet
    return message(
        "{sheet}：{words}", sheet=chosen.table.sheet, words=listed(chosen.words, "，")
    ).zh


def _columns(chosen: Chosen) -> dict[str, FieldSchema]:
    """Every column that a list of this table can have, by field id: its own, and what is made."""
    made = []
    if number_place(chosen.table) is not None:
        made.append(FieldSchema(id=AGE, header="年龄", type="integer"))
    if chosen.last_visits is not None:
        made.append(FieldSchema(id=LAST_VISIT, header="最近走访", type="date"))
    return {f.id: f for f in (*made, *chosen.table.fields)}


def _named(table: TableSchema, known: Mapping[str, FieldSchema], name: str) -> FieldSchema:
    own = {header_key(f.header): f for f in known.values()}
    field = known.get(name) or table.header_index.get(header_key(name)) or own.get(header_key(name))
    if field is None:
        headers = [f.header for f in known.values()]
        raise UsageFault(
            message("“{sheet}”里没有〔{name}〕这一列。", sheet=table.sheet, name=name),
            message("可用的列：{headers}。", headers=headers),
        )
    return field


def _usual(chosen: Chosen, known: Mapping[str, FieldSchema]) -> tuple[FieldSchema, ...]:
    """Whom a row is about, what was asked, where and how to reach them, then the rest."""
    table = chosen.table
    first = [*table.titles, *(name for c in chosen.conditions for name in c.fields)]
    by_kind = [f.id for kind in ("address", "phone") for f in table.fields if f.privacy == kind]
    grid = ["grid"] if "grid" in table.position else []
    rest = [f.id for f in table.fields if not f.is_extra]
    order = dict.fromkeys([*first, *grid, *by_kind, *rest])
    shown = (known[name] for name in order)
    return tuple(f for f in shown if f.privacy not in _KEPT_BACK and not f.generated)


def _filled(
    chosen: Chosen, fields: tuple[FieldSchema, ...], rows: list[Row]
) -> tuple[tuple[FieldSchema, ...], list[Row]]:
    """Without columns in which nothing stands; whom it is about and what was asked stay."""
    asked = {*chosen.table.titles, *(name for c in chosen.conditions for name in c.fields)}
    kept = [
        i
        for i, f in enumerate(fields)
        if not rows or f.id in asked or any(row[i] not in (None, "") for row in rows)
    ]
    return tuple(fields[i] for i in kept), [tuple(row[i] for i in kept) for row in rows]


def _rows(chosen: Chosen, fields: Sequence[FieldSchema], today: date) -> list[Row]:
    at, number = chosen.table.position, number_place(chosen.table)

    def cell(record: str, row: Row, name: str) -> Value:
        if name == AGE and number is not None and name not in at:
            return age_on(row[number], today)
        if name == LAST_VISIT and name not in at:
            return (chosen.last_visits or {}).get(record)
        return row[at[name]]

    return [tuple(cell(r, row, f.id) for f in fields) for r, row in chosen.rows.items()]


def _caption(session: Session, chosen: Chosen) -> str:
    parts: list[Message] = [
        message("单位：{unit}", unit=session.workspace.unit.name),
        message("截至 {day}", day=session.today.isoformat()),
        counted("共 {n} 行", len(chosen.rows)),
    ]
    if chosen.unknown:
        parts.append(counted("另有 {n} 行内容不全，判断不了，未列入", len(chosen.unknown)))
    return "    ".join(part.zh for part in parts)


def _note(session: Session, chosen: Chosen, target: Path, columns: Sequence[FieldSchema]) -> None:
    with session.journal.transaction():
        session.journal.log.event(
            session.now(),
            getpass.getuser(),
            "export",
            table=f"{chosen.ledger.id}.{chosen.table.id}",
            where="；".join(words.zh for words in chosen.words),
            columns="、".join(f.header for f in columns),
            rows=len(chosen.rows),
            file=session.workspace.relative(target),
        )
