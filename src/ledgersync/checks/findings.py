"""All findings of a workbook: what the parsers noted, and the row, table and reference rules."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledgersync.checks.duplicates import duplicate_findings
from ledgersync.checks.references import Known, reference_findings
from ledgersync.checks.rows import RowChecker
from ledgersync.checks.scopes import Scopes
from ledgersync.checks.sequences import sequence_findings
from ledgersync.checks.sheets import Sheet
from ledgersync.checks.workdays import WorkCalendar
from ledgersync.messages import Message, message
from ledgersync.model import Finding, Rows, UnknownColumn, UnknownKind, WorkbookData
from ledgersync.schema import Catalog, TableKey


def check_workbook(
    data: WorkbookData,
    catalog: Catalog,
    today: date,
    references: Mapping[TableKey, Rows] | None = None,
    calendar: WorkCalendar | None = None,
    scopes: Scopes | None = None,
) -> list[Finding]:
    """Every finding of a file in the order of its sheets, rows and columns.

    `references` are rows of other tables, or more rows of the same ones, that references and
    comparisons may lead to; `scopes` are those of the people who work here.
    """
    sheets = [
        Sheet(data.file, table, catalog.table(table.ledger, table.table)) for table in data.tables
    ]
    known = Known(catalog, sheets, references or {})
    calendar = calendar or WorkCalendar()
    found = list(data.findings) or _nothing_at_all(data)
    read = {_place_of(finding) for finding in data.findings}
    for sheet in sheets:
        found += [f for f in _headers(sheet) if _place_of(f) not in read]
        found += _noted(sheet)
        found += _related(sheet, today)
        found += sequence_findings(sheet)
        found += scopes.findings(sheet) if scopes else ()
        found += reference_findings(sheet, known, calendar)
    for group in _by_table(sheets).values():
        found += duplicate_findings(group)
    return _in_order(found, [t.sheet for t in data.tables])


def _nothing_at_all(data: WorkbookData) -> list[Finding]:
    """A file in which no ledger was found must not pass for one without faults."""
    if data.tables:
        return []
    told = message("文件里没有认出任何台账的表；请确认是否选错了文件，或用 map 确认表头")
    nowhere = (None,) * 6
    return [Finding(data.file, *nowhere, "table.unrecognised", "error", told)]


def _place_of(finding: Finding) -> tuple[object, ...]:
    """What makes two findings about headers the same, whoever worded them."""
    return finding.sheet, finding.rule, finding.column, finding.field


def _by_table(sheets: list[Sheet]) -> dict[TableKey, list[Sheet]]:
    grouped: dict[TableKey, list[Sheet]] = {}
    for sheet in sheets:
        grouped.setdefault(sheet.key, []).append(sheet)
    return grouped


def _noted(sheet: Sheet) -> Iterator[Finding]:
    """What the parsers said about single cells."""
    for (i, field), noted in sheet.data.notes.items():
        for note in noted:
            yield sheet.finding(i, field, note.rule, note.severity, note.message)


def _related(sheet: Sheet, today: date) -> Iterator[Finding]:
    """What the fields of a row say together."""
    rules = RowChecker(sheet.schema, today).relations(sheet.columns)
    if not rules:
        return
    for i, row in enumerate(sheet.rows()):
        for rule in rules:
            fault = rule(row)
            if fault:
                yield sheet.finding(i, fault.field, fault.rule, fault.severity, fault.message)


_TO_NOWHERE: dict[UnknownKind, Message] = {
    "bare": message("这一格所在的列没有表头，合并时不收；请补上表头，不要的清空"),
    "serial": message("序号列只放序号，这里的文字合并时不收；请写到备注或单独的一列"),
}


def _left_out(
    sheet: Sheet, column: UnknownColumn, texts: Sequence[str | None]
) -> Iterator[Finding]:
    """Entries in a column that no merge takes in, each at its cell."""
    told = _TO_NOWHERE[column.kind]
    for row, text in zip(sheet.data.rows, texts, strict=True):
        if text:
            base = (sheet.file, sheet.data.sheet, row, column.index, *sheet.key, None)
            yield Finding(*base, "column.left_out", "error", told)


def _headers(sheet: Sheet) -> Iterator[Finding]:
    """`header.unknown` at its cell, `header.missing` at the header row."""
    row = sheet.data.header_rows[-1] if sheet.data.header_rows else None
    base = (sheet.file, sheet.data.sheet, row)
    entries = list(sheet.data.extras.values())
    for n, column in enumerate(sheet.data.unknown_columns):
        if column.kind in _TO_NOWHERE:
            yield from _left_out(sheet, column, entries[n])
            continue
        told = message(
            "列“{column}”不在本台账的字段内，内容原样保留，不参与校验和汇总", column=column.header
        )
        yield Finding(*base, column.index, *sheet.key, None, "header.unknown", "info", told)
    for field in sheet.schema.required:
        if field.id not in sheet.columns:
            told = message("缺少必填列〔{field}〕", field=field.header)
            yield Finding(*base, None, *sheet.key, field.id, "header.missing", "error", told)


def _in_order(found: list[Finding], sheets: list[str]) -> list[Finding]:
    """By sheet as in the file, row, column; whole-file findings first."""
    order = {name: n for n, name in enumerate(dict.fromkeys(sheets))}

    def place(finding: Finding) -> tuple[int, int, int]:
        sheet = -1 if finding.sheet is None else order.get(finding.sheet, len(order))
        return sheet, finding.row or 0, finding.column or 0

    return sorted(found, key=place)
