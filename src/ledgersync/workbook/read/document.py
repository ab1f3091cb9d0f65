"""What `ledgersync read --json` prints (`ledgersync.read/v1`)."""

from datetime import date
from decimal import Decimal
from typing import Any

from ledgersync.model import Finding, Invalid, TableData, Value, WorkbookData, column_letters

FORMAT = "ledgersync.read/v1"


def as_json(data: WorkbookData) -> dict[str, Any]:
    """One workbook as the document of the contract; the one output that is not masked."""
    return {"format": FORMAT, **file_json(data)}


def file_json(data: WorkbookData) -> dict[str, Any]:
    return {
        "file": data.file,
        "sha256": data.sha256,
        "tables": [table_json(t) for t in data.tables],
        "findings": [finding_json(f) for f in data.findings],
    }


def table_json(table: TableData) -> dict[str, Any]:
    return {
        "ledger": table.ledger,
        "table": table.table,
        "sheet": table.sheet,
        "header_rows": list(table.header_rows),
        "columns": [
            {"field": c.field, "header": c.header, "column": column_letters(c.index)}
            for c in table.columns
        ],
        "unknown_columns": [
            {"header": c.header, "column": column_letters(c.index)} for c in table.unknown_columns
        ],
        "records": _records(table),
        "skipped": [{"row": s.row, "reason": s.reason} for s in table.skipped],
    }


def _records(table: TableData) -> list[dict[str, Any]]:
    names = list(table.values)
    columns = [table.values[n] for n in names]
    return [
        _record(row, names, values)
        for row, values in zip(table.rows, zip(*columns, strict=True), strict=True)
    ]


def _record(row: int, names: list[str], values: tuple[Value, ...]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    invalid: dict[str, str] = {}
    for name, value in zip(names, values, strict=True):
        plain[name] = _plain(value)
        if isinstance(value, Invalid):
            invalid[name] = value.typed
    return {"row": row, "values": plain, "invalid": invalid}


def _plain(value: Value) -> Any:
    if isinstance(value, Invalid):
        return None
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": column_letters(finding.column) if finding.column else None,
        "ledger": finding.ledger,
        "table": finding.table,
        "field": finding.field,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message.zh,
    }
