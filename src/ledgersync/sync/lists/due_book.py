"""What is due as a workbook to print and hand out: a sheet per person, with where to go."""

import getpass
from collections.abc import Sequence
from pathlib import Path

from ledgersync.files import atomic_write
from ledgersync.messages import counted, message
from ledgersync.model import Row, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.sync.lists.due import KINDS, Due
from ledgersync.sync.session import Session
from ledgersync.workbook.lists.list_book import ListPage, list_workbook

_FIELDS = (
    FieldSchema(id="what", header="事项", type="text"),
    FieldSchema(id="about", header="是谁（什么）", type="text"),
    FieldSchema(id="address", header="住址", type="text"),
    FieldSchema(id="phone", header="联系电话", type="text"),
    FieldSchema(id="due", header="期限", type="date"),
    FieldSchema(id="days", header="已超期（天）", type="integer"),
    FieldSchema(id="table", header="台账", type="text"),
    FieldSchema(id="done", header="办理情况", type="text", width=24),
)


def write_due(session: Session, found: Sequence[Due], days: int, target: Path) -> None:
    """Unmasked, as a workbook is; that somebody took it out goes into the journal.

    `found` is in the order of `due_within`. Raises OSError.
    """
    unit, today = session.workspace.unit.name, session.today.isoformat()
    nobody = message("没有负责人").zh
    page = ListPage(
        counted("今后 {n} 天要办的事", days).zh,
        message("单位：{unit}    截至 {day}", unit=unit, day=today).zh,
        _FIELDS,
        [_line(session, one) for one in found],
        unit,
        groups=[one.worker or nobody for one in found],
    )
    atomic_write(target, list_workbook(page), private=True)
    with session.journal.transaction():
        file, who = session.workspace.relative(target), getpass.getuser()
        told = session.journal.log.event
        told(session.now(), who, "export", table="due", rows=len(found), file=file)


def _line(session: Session, one: Due) -> Row:
    ledger, table = session.catalog.ledgers[one.table[0]], session.catalog.table(*one.table)
    row = session.journal.state.rows(*one.table).get(one.record)
    at = (_first(table, row, kind) for kind in ("address", "phone"))
    late = one.days if one.days > 0 else None
    return (KINDS[one.kind].zh, one.name, *at, one.due, late, f"{ledger.name}·{table.sheet}", None)


def _first(table: TableSchema, row: Row | None, privacy: str) -> Value:
    """The first value of that kind that the record has."""
    places = [table.position[f.id] for f in table.fields if f.privacy == privacy]
    return next((row[i] for i in places if row and isinstance(row[i], str)), None)
