"""Rows as the journal stores them: one JSON array per record, decoded a table at a time."""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import compress, count
from typing import Any, TypeAlias

from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import from_json, refitter, to_json

_DECODERS: dict[str, Callable[[Any], Value]] = {
    "money": Decimal,
    "date": date.fromisoformat,
    "choices": tuple,
}

_Cells: TypeAlias = Sequence[Any]
_REPEATED = frozenset({"choice", "name", "text"})  # a large table keeps one of each text


def decoder(field: FieldSchema) -> Callable[[Any], Value] | None:
    """How a stored value is read, where more is to be done than to take it."""
    if field.formerly:
        return refitter(field)
    return _DECODERS.get(field.type) or (str if field.type in _REPEATED else None)


def _decoded(decode: Callable[[Any], Value], known: dict[Any, Value], column: _Cells) -> _Cells:
    """A column's values: of the same stored value the same object every time, where many repeat."""
    types = set(map(type, column))
    keys = [tuple(v) if type(v) is list else v for v in column] if list in types else column
    distinct = set(keys)
    if len(distinct) * 2 > len(keys):
        is_text = decode is str and types <= {str, type(None)}
        return keys if is_text else [None if v is None else decode(v) for v in keys]
    for key in distinct - known.keys():
        known[key] = decode(key)
    return list(map(known.__getitem__, keys))


dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as the journal keeps it; `json.dumps` would make an encoder for every one."""


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
    """Decodes the rows of one table, column by column; odd ones cell by cell."""

    def __init__(self, table: TableSchema) -> None:
        self.table = table
        found = ((i, decoder(f)) for i, f in enumerate(table.fields))
        self._special: list[tuple[int, Callable[[Any], Value], dict[Any, Value]]] = [
            (i, decode, {None: None}) for i, decode in found if decode
        ]

    def many(self, stored: Sequence[tuple[str, str, int]]) -> Rows:
        """Rows by record id from (record, JSON, odd) triples, in their order."""
        if not stored:
            return {}
        records, texts, odd = zip(*stored, strict=True)
        width, cells = len(self.table.fields), json.loads(f"[{','.join(texts)}]")
        if set(map(len, cells)) - {width}:
            cells = [fitted(row, width) for row in cells]
        careful = {i: self.careful(cells[i]) for i in compress(count(), odd)}
        for i in careful:
            cells[i] = [None] * width
        rows = dict(zip(records, self._plain(cells), strict=True))
        for i, row in careful.items():
            rows[records[i]] = row
        return rows

    def _plain(self, cells: Sequence[Sequence[Any]]) -> Iterator[Row]:
        columns: list[_Cells] = list(zip(*cells, strict=True))
        for i, decode, known in self._special:
            columns[i] = _decoded(decode, known, columns[i])
        return zip(*columns, strict=True)

    def careful(self, cells: Sequence[Any]) -> Row:
        """A row in which any cell may be invalid."""
        return tuple(from_json(f, cell) for f, cell in zip(self.table.fields, cells, strict=True))


def fitted(cells: list[Any], width: int) -> list[Any]:
    """Cells of a row that was stored before columns were added, or by who knows more of them."""
    return [*cells[:width], *[None] * (width - len(cells))]


def pack(value: object) -> bytes:
    return bytes(_compress()(dumps(value).encode(), 1))


@cache
def _compress() -> Callable[[bytes, int], bytes]:
    """Of the optional extra `fast`, several times as fast, where it is installed."""
    try:
        from isal.isal_zlib import compress  # not where nothing is kept
    except ImportError:  # pragma: no cover - the extra is absent
        return zlib.compress
    return compress


def unpack(blob: bytes) -> Any:
    return json.loads(zlib.decompress(blob))
