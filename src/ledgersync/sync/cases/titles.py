"""What a person calls a record: the fields that its table's ledger names for that, and its key.

Masked for the screen and for messages, open in workbooks that go to the deciding person.
"""

import json

from ledgersync.journal import ConflictCase
from ledgersync.journal.rows import decode_record
from ledgersync.model import Row
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.sync.session import Session
from ledgersync.values import from_json, shown

_LONGEST = 60


def title_fields(table: TableSchema) -> list[FieldSchema]:
    """The fields that say whom or what a record is about, its key last."""
    names = dict.fromkeys([*table.titles, *table.key, *table.fallback_key])
    return [table.by_id[name] for name in names]


def row_of_conflict(session: Session, table: TableSchema, case: ConflictCase) -> Row | None:
    """The record as it stands, else the row that the conflict is about."""
    row = session.journal.state.rows(case.ledger, table.id).get(case.record)
    if row is not None or case.field is not None:
        return row
    text = case.theirs or case.base or case.ours
    return decode_record(table, text) if text else None


def open_title(table: TableSchema, row: Row | None, record: str) -> str:
    """Names open, id numbers masked, on one line: for a workbook."""
    return _joined(table, row, masked=False) or record


def masked_title(table: TableSchema, row: Row | None, record: str) -> str:
    """The same for a message."""
    return _joined(table, row, masked=True) or record


def _joined(table: TableSchema, row: Row | None, *, masked: bool) -> str:
    if row is None:
        return ""
    texts = [_text(f, row[table.position[f.id]], masked) for f in title_fields(table)]
    return " ".join(t for t in texts if t)[:_LONGEST]


def _text(field: FieldSchema, value: object, masked: bool) -> str:
    text = shown(value)  # type: ignore[arg-type]
    if masked:
        return mask(field.privacy, text)
    return mask("id_number", text) if field.type == "id_number" else text


def masked_side(table: TableSchema, field: str | None, text: str | None) -> str:
    """One side of a conflict for a message: a value masked, or which row it is."""
    if field is None:
        row = decode_record(table, text) if text else None
        return masked_title(table, row, "") if row else "（没有这一行）"
    cell = table.by_id[field]
    return mask(cell.privacy, shown(from_json(cell, json.loads(text)))) if text else "（空）"
