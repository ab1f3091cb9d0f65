"""Rows that go up besides figures: only tables and fields that somebody named."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.privacy import mask_text
from ledgersync.rollup.facts import FactColumns, UnitFacts
from ledgersync.rollup.period.months import Period
from ledgersync.schema import Catalog, FieldSchema, TableKey
from ledgersync.values import to_json
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True)
class RowsAsked:
    """A table and those of its fields that go up; `unmasked`: texts as they are."""

    key: TableKey
    fields: tuple[FieldSchema, ...]
    unmasked: bool

    @property
    def part(self) -> str:
        return f"rows/{self.key[0]}.{self.key[1]}.parquet"

    @property
    def text(self) -> str:
        return f"{self.key[0]}.{self.key[1]}:{','.join(f.id for f in self.fields)}"


def rows_asked(catalog: Catalog, text: str, *, unmasked: bool) -> RowsAsked:
    """`visit.issues:kind,status`; raises UsageFault, also for fields about persons."""
    table_text, _, names = text.partition(":")
    ledger, _, table = table_text.strip().partition(".")
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    schema = catalog.ledgers[ledger].by_id.get(table) if ledger in catalog.ledgers else None
    if schema is None or not wanted or not set(wanted) <= set(schema.by_id):
        raise UsageFault(
            message("--with-rows 里的“{text}”不是表和字段。", text=text),
            message("请写成 台账.表:字段,字段，如 visit.issues:kind,status。"),
        )
    fields = tuple(schema.by_id[name] for name in wanted)
    personal = [f.header for f in fields if f.privacy != "none"]
    if personal and not unmasked:
        raise UsageFault(
            message("{fields}是个人信息，不随明细上报。", fields=personal),
            message("请去掉这些字段；确有依据的，用 --unmask 写明理由（会记入日志）。"),
        )
    return RowsAsked((ledger, table), fields, unmasked)


def rows_part(
    asked: RowsAsked, catalog: Catalog, facts: Sequence[UnitFacts], period: Period
) -> bytes:
    """A Parquet file of texts: the unit, then the fields, of the rows dated in the period."""
    dated = catalog.ledgers[asked.key[0]].dated_by(asked.key[1])
    rows = [
        [full_code(unit.unit.code), *map(_text, repeat(asked), asked.fields, values)]
        for unit in facts
        for part in _parts(unit, catalog, asked.key, period)
        for day, *values in _columns(part, asked, dated)
        if dated is None or _is_within(day, period)
    ]
    names = ["_unit", *(f.id for f in asked.fields)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [pa.array(list(column), pa.string()) for column in columns]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), buffer, compression="zstd")
    return buffer.getvalue()


def _parts(unit: UnitFacts, catalog: Catalog, key: TableKey, period: Period) -> Iterator[pa.Table]:
    rows = unit.tables.get(key, ())
    yield from (p for _, p in FactColumns.of(catalog.table(*key), rows, period.last).pieces)


def _columns(
    part: pa.Table, asked: RowsAsked, dated: FieldSchema | None
) -> Iterator[tuple[Any, ...]]:
    """The day of each row, then its values."""
    names = [dated.id if dated else "_record", *(f.id for f in asked.fields)]
    return zip(*(part.column(name).to_pylist() for name in names), strict=True)


def _text(asked: RowsAsked, field: FieldSchema, value: Any) -> str | None:
    if value is None:
        return None
    text = "、".join(value) if isinstance(value, list) else str(to_json(value))
    return text if asked.unmasked or field.type != "text" else mask_text(text)


def _is_within(day: date | None, period: Period) -> bool:
    return day is not None and period.first <= day <= period.last
