"""Rows as the journal stores them: one JSON array per record, decoded a table at a time."""

import json
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import from_json, refitter, to_json

_DECODERS: dict[str, Callable[[Any], Value]] = {
    "money": Decimal,
    "date": date.fromisoformat,
    "choices": tuple,
}

_REPEATED = frozenset({"choice", "name", "text"})  # a large table keeps one of each text


def _decoder(field: FieldSchema) -> Callable[[Any], Value] | None:
    """How a stored value is read, where more is to be done than to take it."""
    if field.formerly:
        return refitter(field)
    return _DECODERS.get(field.type) or (str if field.type in _REPEATED else None)


def _once(decode: Callable[[Any], Value]) -> Callable[[Any], Value]:
    """Decodes each distinct stored value once, and gives the same object every time."""
    known: dict[Any, Value] = {}

    def decoded(stored: Any) -> Value:
        key = tuple(stored) if type(stored) is list else stored
        value = known.get(key)
        if value is None:
            value = known[key] = decode(stored)
        return value

    return decoded


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode_row(row: Row) -> str:
    return dumps([to_json(value) for value in row])


def encode_record(table: TableSchema, row: Row) -> str:
    """A whole row by field name, empty cells left out: safe against a later schema."""
    cells = zip(table.field_ids, row, strict=True)
    return dumps({name: to_json(value) for name, value in cells if value is not None})


def decode_record(table: TableSchema, text: str | None) -> Row:
    """The row that `encode_record` stored; fields unknown today are left out."""
    cells = json.loads(text) if text else {}
    return tuple(from_json(f, cells.get(f.id)) for f in table.fields)


def is_odd(row: Row) -> bool:
    """The row holds a cell that is no value of its type."""
    return any(type(value) is Invalid for value in row)


class RowDecoder:
    """Decodes the rows of one table; plain rows only touch the few fields that need it."""

    def __init__(self, table: TableSchema) -> None:
        self.table = table
        found = ((i, _decoder(f)) for i, f in enumerate(table.fields))
        self._special = [(i, _once(decode)) for i, decode in found if decode]

    def many(self, stored: Sequence[tuple[str, str, int]]) -> Rows:
        """Rows by record id from (record, JSON, odd) triples, in their order."""
        decoded = json.loads(f"[{','.join(text for _, text, _ in stored)}]")
        if set(map(len, decoded)) - {len(self.table.fields)}:
            decoded = [fitted(cells, len(self.table.fields)) for cells in decoded]
        return {
            record: self.careful(cells) if odd else self._plain(cells)
            for (record, _, odd), cells in zip(stored, decoded, strict=True)
        }

    def _plain(self, cells: list[Any]) -> Row:
        for i, decode in self._special:
            if cells[i] is not None:
                cells[i] = decode(cells[i])
        return tuple(cells)

    def careful(self, cells: Sequence[Any]) -> Row:
        """A row in which any cell may be invalid."""
        return tuple(from_json(f, cell) for f, cell in zip(self.table.fields, cells, strict=True))


def fitted(cells: list[Any], width: int) -> list[Any]:
    """Cells of a row that was stored before columns were added, or by who knows more of them."""
    return [*cells[:width], *[None] * (width - len(cells))]


def pack(value: object) -> bytes:
    return zlib.compress(dumps(value).encode(), 1)


def unpack(blob: bytes) -> Any:
    return json.loads(zlib.decompress(blob))
