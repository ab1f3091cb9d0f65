"""A part: one ledger's tables in one workbook as columns, and what the workbook says of itself.

`same_day`: some cell would be read otherwise on another day (a person who is not born yet); such a
part counts on the day it was made only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import values_of
from ledgersync.facts.rows import PlacedRow, RowColumns
from ledgersync.model import Column, Invalid, TableData, WorkbookData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.values import CellParser

PLACED = "!"  # in the name of a record that has no id: its sheet and row
# neighbouring rows of a table: their sheet, how many they are, and where its fields stand
Block = tuple[str, int, Mapping[str, int]]


@dataclass(frozen=True)
class Part:
    """What was read from a workbook for one ledger; a table that is not in `tables` is missing."""

    ledger: str
    file: str
    sha256: str
    tables: Mapping[str, pa.Table]
    blocks: Mapping[str, Sequence[Block]]  # of each table
    made_on: date
    same_day: bool = False
    unit: str | None = None  # whose the stamp says it is
    workspace: str | None = None
    office: str | None = None  # what somebody typed behind 填报单位
    revision: int | None = None  # of the journal, where a merge left it behind

    def counts_on(self, day: date) -> bool:
        """A part of a later day knows too much; one of an earlier day is right for ever."""
        return day == self.made_on if self.same_day else day >= self.made_on


def part_of(ledger: LedgerSchema, data: WorkbookData, today: date, file: str = "") -> Part:
    """A workbook's tables of a ledger, as it was read."""
    stamp = data.stamp
    tables = {
        table.id: RowColumns(table, today).of(rows)
        for table in ledger.tables
        if (rows := _rows_of(table, data, ledger.id, file)) is not None
    }
    return Part(
        ledger.id,
        data.file,
        data.sha256,
        tables,
        blocks_of(data.tables, ledger),
        today,
        any(_changes(ledger, part) for part in data.tables if part.ledger == ledger.id),
        stamp.unit if stamp else None,
        stamp.workspace if stamp else None,
        data.office,
    )


def blocks_of(tables: Iterable[TableData], ledger: LedgerSchema) -> dict[str, list[Block]]:
    """Where the rows of a ledger's tables stand, by table, in the order of the rows.

    Columns that people added are no part's.
    """
    found: dict[str, list[Block]] = {}
    for table in tables:
        if table.ledger == ledger.id:
            fields = ledger.by_id[table.table].position
            columns = {c.field: c.index for c in table.columns if c.field in fields}
            found.setdefault(table.table, []).append((table.sheet, len(table.rows), columns))
    return found


def data_of(ledger: LedgerSchema, part: Part) -> WorkbookData:
    """The rows of a part at their places, as rules across tables read them.

    What cannot be read is nothing here, and what was said of single cells is not told.
    """
    tables: list[TableData] = []
    for table in ledger.tables:
        begun = 0
        for sheet, count, columns in part.blocks.get(table.id, ()):
            rows = part.tables[table.id].slice(begun, count)
            tables.append(_data_of(ledger, table, sheet, columns, rows))
            begun += count
    return WorkbookData(part.file, part.sha256, None, tables)


def _data_of(
    ledger: LedgerSchema, table: TableSchema, sheet: str, columns: Mapping[str, int], rows: pa.Table
) -> TableData:
    return TableData(
        ledger.id,
        table.id,
        sheet,
        (),
        tuple(Column(field, "", index) for field, index in columns.items()),
        rows=rows.column("_row").to_pylist(),
        values={f.id: values_of(f, rows.column(f.id)) for f in table.fields},
        record_ids=rows.column("_record").to_pylist(),
    )


def _rows_of(
    table: TableSchema, data: WorkbookData, ledger: str, file: str
) -> list[PlacedRow] | None:
    parts = [t for t in data.tables if (t.ledger, t.table) == (ledger, table.id)]
    if not parts:
        return None
    return [row for part in parts for row in placed_rows(part, table.field_ids, file)]


def placed_rows(data: TableData, field_ids: Sequence[str], file: str = "") -> Iterator[PlacedRow]:
    """The records of a sheet; one without an id is named by its place."""
    count = len(data.rows)
    columns = [data.values.get(name) or [None] * count for name in field_ids]
    values = zip(*columns, strict=True)
    for at, record, row in zip(data.rows, data.record_ids or [None] * count, values, strict=True):
        yield PlacedRow(record or f"{file}{data.sheet}{PLACED}{at}", row, data.sheet, at)


def _changes(ledger: LedgerSchema, data: TableData) -> bool:
    """Whether a cell that cannot be read today could be on a later day."""
    for f in ledger.by_id[data.table].fields:
        if f.type == "id_number":
            parse = CellParser(f, date.max)
            typed = {v.typed for v in data.values.get(f.id, ()) if isinstance(v, Invalid)}
            if any(not isinstance(parse(text).value, Invalid) for text in typed):
                return True
    return False
