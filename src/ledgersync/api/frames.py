"""Rows as pandas frames: which dtype a field has, what stands in `.attrs`.

pandas is imported here and nowhere above, so that only who asks for a frame waits for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
import pyarrow as pa

from ledgersync.facts.columns import countable
from ledgersync.model import Value
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableSchema

MONEY = pd.ArrowDtype(pa.decimal128(18, 2))
SEVERAL = pd.ArrowDtype(pa.list_(pa.string()))
_MEASURE = re.compile(r"[（(]([^（()）]+)[)）]$")  # of 月保障金额(元)
_PLAIN: dict[type, str] = {str: "string", int: "Int64", float: "Float64", bool: "boolean"}


def records_frame(
    table: TableSchema,
    columns: Mapping[str, Sequence[Value]],
    index: pd.Index,
    *,
    source: str,
    masked: bool = False,
) -> pd.DataFrame:
    """The records of a table, a column per field; added columns go by their headers.

    A cell that cannot be read as its field wants it is empty here; `attrs["unread"]` counts them.
    """
    held = {f.id: columns.get(f.id) or [None] * len(index) for f in table.fields}
    plain = {f.id: countable(f, held[f.id]) for f in table.fields}
    unread = sum(
        told is None and typed is not None
        for name, column in held.items()
        for typed, told in zip(column, plain[name], strict=True)
    )
    series: dict[str, pd.Series] = {}
    for f in table.fields:
        values = plain[f.id]
        if masked:
            values = masked_values(f, values)
        name = f.header if f.is_extra else f.id
        series[_free(name, series)] = pd.Series(typed_array(f, values), index=index)
    frame = pd.DataFrame(series, index=index)
    frame.attrs = {
        "title": table.sheet,
        "source": source,
        "headers": {f.id: f.header for f in table.fields},
        "measures": {f.id: m for f in table.fields if (m := measure_of(f))},
        "unread": unread,
        "masked": masked,
    }
    return frame


def _free(name: str, taken: Mapping[str, object]) -> str:
    """A column's name; somebody's own column may be called as a field is."""
    while name in taken:
        name += "_"
    return name


def measure_of(field: FieldSchema) -> str | None:
    """The unit of measure of a field's numbers: what its header says, else 元 for money."""
    measure = _MEASURE.search(field.header)
    if field.type in ("integer", "decimal", "money") and measure:
        return measure[1]
    return "元" if field.type == "money" else None


def typed_array(field: FieldSchema, values: Sequence[Any]) -> Any:
    """Values of one field as the array that pandas keeps them in; None is nothing."""
    match field.type:
        case "date":
            return np.array(values, "datetime64[s]")
        case "integer":
            return pd.array(values, dtype="Int64")
        case "decimal":
            return pd.array([None if v is None else float(v) for v in values], dtype="Float64")
        case "bool":
            return pd.array(values, dtype="boolean")
        case "money":
            return pd.array(pa.array(values, pa.decimal128(18, 2)), dtype=MONEY)
        case "choices":
            lists = [None if v is None else list(v) for v in values]
            return pd.array(pa.array(lists, pa.list_(pa.string())), dtype=SEVERAL)
        case "choice":
            others = dict.fromkeys(v for v in values if v is not None and v not in field.choices)
            return pd.Categorical(values, categories=[*field.choices, *others])
        case _:
            return pd.array(values, dtype="string")


def masked_values(field: FieldSchema, values: Sequence[Any]) -> list[Any]:
    """Texts as they may be shown; the same text is looked at once."""
    if field.privacy == "none" and field.type not in ("text", "digits", "code"):
        return list(values)
    shown = {v: mask(field.privacy, v) for v in set(values) if isinstance(v, str)}
    return [shown.get(v, v) for v in values]


def rows_frame(kind: type, rows: Sequence[Any], **attrs: object) -> pd.DataFrame:
    """Rows of a dataclass as a frame, a column per field; empty ones have their dtypes, too."""
    hints = get_type_hints(kind)
    columns = {
        f.name: _array(hints[f.name], [getattr(row, f.name) for row in rows])
        for f in dataclass_fields(kind)
    }
    frame = pd.DataFrame(columns)
    frame.attrs.update(attrs)
    return frame


def _array(hint: Any, values: Sequence[Any]) -> Any:
    """By what a field is declared as; a number that may be of several kinds is a float."""
    kinds = {k for k in getattr(hint, "__args__", (hint,)) if k is not type(None)}
    if kinds <= {int, float, Decimal} and kinds - {int}:
        return np.array([np.nan if v is None else float(v) for v in values], "float64")
    if kinds == {date}:
        return np.array(values, "datetime64[s]")
    (kind, *_) = kinds
    return pd.Series(values, dtype=_PLAIN[kind])
