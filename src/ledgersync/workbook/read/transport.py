"""What was read, packed for the way from one process to another.

Columns travel as their distinct values and codes, or as one joined text; pickling 100,000 × 20
values one by one would cost half a second.
"""

import pickle
from array import array
from collections.abc import Set
from decimal import Decimal
from typing import Any

from ledgersync.model import TableData, WorkbookData

_JOINT = "\0"
_SAMPLE = 500  # values that tell whether a column repeats itself


# A column as it travels: a list as it is, or its kind with what that kind keeps of it.
_Packed = tuple[str, Any] | list[Any]


def packed(data: WorkbookData) -> bytes:
    """The workbook as bytes; `data` is emptied on the way."""
    columns = [_take_columns(table) for table in data.tables]
    return pickle.dumps((data, columns), protocol=5)


def unpacked(content: bytes) -> WorkbookData:
    data: WorkbookData
    data, columns = pickle.loads(content)
    for table, (rows, ids, values, extras) in zip(data.tables, columns, strict=True):
        table.rows = _unpack(rows)
        table.record_ids = _unpack(ids)
        table.values = {name: _unpack(column) for name, column in values.items()}
        table.extras = {name: _unpack(column) for name, column in extras.items()}
    return data


def _take_columns(
    table: TableData,
) -> tuple[_Packed, _Packed, dict[str, _Packed], dict[str, _Packed]]:
    found = (
        ("numbers", array("I", table.rows).tobytes()),
        _pack(table.record_ids),
        {name: _pack(column) for name, column in table.values.items()},
        {name: _pack(column) for name, column in table.extras.items()},
    )
    table.rows, table.record_ids, table.values, table.extras = [], [], {}, {}
    return found


def _pack(column: list[Any]) -> _Packed:
    if len(column) < 64:
        return column
    types = set(map(type, column))
    if types == {str}:
        return _pack_texts(column)
    types.discard(type(None))
    if types == {Decimal}:  # one by one they would be pickled as calls
        return "amounts", _JOINT.join(["" if v is None else str(v) for v in column])
    if len(types) > 1:  # 1, 1.0 and True are one key, but not one value
        return column
    distinct = set(column)
    return _coded(distinct, column) if len(distinct) * 2 < len(column) else column


def _pack_texts(column: list[str]) -> _Packed:
    if len(set(column[:_SAMPLE])) * 4 < min(len(column), _SAMPLE):
        distinct = set(column)
        if len(distinct) * 4 < len(column):
            return _coded(distinct, column)
    text = _JOINT.join(column)
    return ("texts", text) if text.count(_JOINT) == len(column) - 1 else column


def _coded(distinct: Set[Any], column: list[Any]) -> _Packed:
    values = list(distinct)
    position = {value: i for i, value in enumerate(values)}
    typecode = "B" if len(values) <= 0x100 else "H" if len(values) <= 0x10000 else "I"
    codes = map(position.__getitem__, column)
    content = bytes(codes) if typecode == "B" else array(typecode, codes).tobytes()
    return "codes", (values, content, typecode)


def _unpack(column: _Packed) -> list[Any]:
    if isinstance(column, list):
        return column
    kind, content = column
    if kind == "numbers":
        return _numbers(content, "I").tolist()
    if kind == "codes":
        values, codes, typecode = content
        return list(map(values.__getitem__, _numbers(codes, typecode)))
    texts: list[Any] = content.split(_JOINT)
    if kind == "texts":
        return texts
    if "" in texts:
        return [Decimal(text) if text else None for text in texts]
    return list(map(Decimal, texts))


def _numbers(content: bytes, typecode: str) -> "array[int]":
    numbers = array(typecode)
    numbers.frombytes(content)
    return numbers
