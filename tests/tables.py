"""A ledger as a small text table inside a test, read as the reader would read its cells.

    低保证号 | 户主姓名 | 家庭人口数
    DB001    | 王芳     | 3

Cells are typed as text, blank ones are empty; the header stands in row 1 of the sheet.
"""

from collections.abc import Mapping
from datetime import date

from ledgersync.model import (
    Column,
    Finding,
    Note,
    Row,
    Rows,
    TableData,
    UnknownColumn,
    Value,
    WorkbookData,
)
from ledgersync.schema import Catalog, TableKey, TableSchema, header_key
from ledgersync.values import CellParser, parse_column


def read_text(
    catalog: Catalog, key: TableKey, text: str, today: date, sheet: str | None = None
) -> TableData:
    """The table's cells parsed by the real parsers, with their notes."""
    schema = catalog.table(*key)
    headers, *lines = cells_of(text)
    found = TableData(
        ledger=key[0],
        table=key[1],
        sheet=sheet or schema.sheet,
        header_rows=(1,),
        columns=tuple(
            Column(field.id, header, n)
            for n, header in enumerate(headers, 1)
            if (field := schema.header_index.get(header_key(header)))
        ),
        unknown_columns=tuple(
            UnknownColumn(header, n)
            for n, header in enumerate(headers, 1)
            if header_key(header) not in schema.header_index
        ),
        rows=list(range(2, len(lines) + 2)),
        record_ids=[None] * len(lines),
    )
    for column in found.columns:
        cells = [line[column.index - 1] or None for line in lines]
        _fill(found, schema, column.field, cells, today)
    return found


def cells_of(text: str) -> list[list[str]]:
    """The cells of a text table, line by line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def _fill(
    found: TableData, schema: TableSchema, field: str, cells: list[str | None], today: date
) -> None:
    values, noted = parse_column(CellParser(schema.by_id[field], today), cells)
    found.values[field] = values
    notes: Mapping[int, tuple[Note, ...]] = noted
    found.notes.update({(i, field): said for i, said in notes.items()})


def workbook(*tables: TableData, file: str = "台账.xlsx") -> WorkbookData:
    return WorkbookData(file, "0" * 64, None, list(tables))


def rows_of(data: TableData, schema: TableSchema) -> Rows:
    """The table's records as a journal holds them, under ids `r1`, `r2`, …"""
    blank: list[Value] = [None] * len(data.rows)
    columns = [data.values.get(name, blank) for name in schema.field_ids]
    rows: list[Row] = list(zip(*columns, strict=True))
    return {f"r{n}": row for n, row in enumerate(rows, 1)}


def told(findings: list[Finding], rule: str | None = None) -> list[tuple[str | None, str, str]]:
    """(cell, rule, severity) of the findings, or of those of one rule."""
    return [(f.cell, f.rule, f.severity) for f in findings if rule is None or f.rule == rule]


def tables_of(catalog: Catalog, today: date, **texts: str) -> dict[TableKey, Rows]:
    """Tables by `ledger__table`, each as a text table with records r1, r2, …"""
    made: dict[TableKey, Rows] = {}
    for name, text in texts.items():
        ledger, _, table = name.partition("__")
        data = read_text(catalog, (ledger, table), text, today)
        made[ledger, table] = rows_of(data, catalog.table(ledger, table))
    return made
