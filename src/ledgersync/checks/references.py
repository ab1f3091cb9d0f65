"""What a row says about other tables: references, and comparisons across tables.

The other tables are those of the same file and of `references` (the primaries of a workspace, or
other files at hand). Where a table is nowhere, nobody can say that a reference is missing: one
info finding at the column says that it was not looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from operator import ge, le

from ledgersync.checks.rows import comparable, compare_message
from ledgersync.checks.sheets import Sheet
from ledgersync.checks.workdays import WorkCalendar
from ledgersync.messages import Message, message
from ledgersync.model import Finding, Invalid, Row, Rows, Value
from ledgersync.schema import Catalog, FieldSchema, TableKey, TableSchema
from ledgersync.values import notes, shown

Validator = Callable[[Value, Value], Message | None]


class Known:
    """Values of all tables at hand, looked up by a field's value; each look-up is built once."""

    def __init__(
        self, catalog: Catalog, sheets: Iterable[Sheet], references: Mapping[TableKey, Rows]
    ) -> None:
        self.catalog = catalog
        self._sheets: dict[TableKey, list[Sheet]] = {}
        for sheet in sheets:
            self._sheets.setdefault(sheet.key, []).append(sheet)
        self._references = references
        self._columns: dict[tuple[str, str], dict[Value, Value] | None] = {}

    def column(self, by: str, path: str) -> dict[Value, Value] | None:
        """What stands at `path` by what stands at `by`, both `ledger.table.field` of one table.

        The file's own rows win over `references`; None when no such column is at hand.
        """
        key = (by, path)
        if key not in self._columns:
            self._columns[key] = self._build(by, path)
        return self._columns[key]

    def _build(self, by: str, path: str) -> dict[Value, Value] | None:
        table_key, table = self._table(by)
        by_field, field = by.rpartition(".")[2], path.rpartition(".")[2]
        own = [s for s in self._sheets.get(table_key, []) if {by_field, field} <= s.columns.keys()]
        if not own and table_key not in self._references:
            return None
        known = self._references.get(table_key, {}).values()
        rows: Iterable[Row] = chain(known, *(sheet.rows() for sheet in own))
        at, value_at = table.position[by_field], table.position[field]
        return {row[at]: row[value_at] for row in rows if row[at] is not None}

    def _table(self, path: str) -> tuple[TableKey, TableSchema]:
        ledger, table, _ = path.split(".")
        return (ledger, table), self.catalog.table(ledger, table)


def reference_findings(sheet: Sheet, known: Known, calendar: WorkCalendar) -> Iterator[Finding]:
    """`ref.missing`, and `compare` and `deadline.workdays` against other tables."""
    for field in sheet.schema.fields:
        if field.id not in sheet.columns:
            continue
        if field.ref:
            yield from _missing(sheet, field, field.ref, known)
        for rule, path, validator in _validators(field, known.catalog, calendar):
            yield from _compared(sheet, field, rule, path, validator, known)


def _missing(sheet: Sheet, field: FieldSchema, ref: str, known: Known) -> Iterator[Finding]:
    targets = known.column(ref, ref)
    values = sheet.data.values[field.id]
    if targets is None:
        if any(value is not None for value in values):
            told = _unchecked(field, ref, known.catalog)
            yield sheet.finding(None, field.id, "ref.missing", "info", told)
        return
    for i, value in enumerate(values):
        if value is not None and type(value) is not Invalid and value not in targets:
            told = _not_found(field, value, ref, known.catalog)
            yield sheet.finding(i, field.id, "ref.missing", "warning", told)


def _validators(
    field: FieldSchema, catalog: Catalog, calendar: WorkCalendar
) -> Iterator[tuple[str, str, Validator]]:
    """The field's comparisons with fields of other tables: rule, path, and what is wrong."""
    for path, at_most in ((field.le, True), (field.ge, False)):
        target = catalog.field_at(path) if path else None
        if path and target and comparable(field, target[1]):
            yield "compare", path, _order(field, target[1], at_most)
    days = field.workdays_after
    target = catalog.field_at(days.field) if days else None
    if days and target and field.type == target[1].type == "date":
        yield "deadline.workdays", days.field, _deadline(field, target[1], days.days, calendar)


def _order(field: FieldSchema, other: FieldSchema, at_most: bool) -> Validator:
    fits = le if at_most else ge

    def validator(value: Value, limit: Value) -> Message | None:
        if fits(value, limit):  # type: ignore[arg-type]  # both numbers or both dates
            return None
        return compare_message(field, value, other, limit, at_most=at_most)

    return validator


def _deadline(
    field: FieldSchema, other: FieldSchema, days: int, calendar: WorkCalendar
) -> Validator:
    def validator(value: Value, start: Value) -> Message | None:
        last = calendar.after(start, days)  # type: ignore[arg-type]  # both are dates
        if value <= last.day:  # type: ignore[operator]
            return None
        return message(
            "〔{field}〕{value} 超过〔{other}〕后{days}个工作日（最迟{day}）{mark}",
            field=field.header,
            value=shown(value),
            other=other.header,
            days=days,
            day=last.day.isoformat(),
            mark=last.mark,
        )

    return validator


def _compared(
    sheet: Sheet, field: FieldSchema, rule: str, path: str, validator: Validator, known: Known
) -> Iterator[Finding]:
    for i, limit in _joined(sheet, path, known):
        value = sheet.data.values[field.id][i]
        if value is None or limit is None or type(value) is Invalid or type(limit) is Invalid:
            continue
        told = validator(value, limit)
        if told:
            yield sheet.finding(i, field.id, rule, "warning", told)


def _joined(sheet: Sheet, path: str, known: Known) -> Iterator[tuple[int, Value]]:
    """Per record the value at `path` in the row that its reference leads to (or in its own)."""
    target_table = path.rpartition(".")[0]
    if target_table == ".".join(sheet.key):
        yield from enumerate(sheet.data.values.get(path.rpartition(".")[2], ()))
        return
    for field in sheet.schema.fields:
        if field.ref and field.ref.rpartition(".")[0] == target_table:
            found = known.column(field.ref, path)
            if found:
                links = sheet.data.values.get(field.id, ())
                yield from ((i, found.get(link)) for i, link in enumerate(links))
            return


def _place(path: str, catalog: Catalog) -> Message:
    ledger, table, _ = path.split(".")
    schema = catalog.ledgers[ledger]
    sheet = schema.by_id[table].sheet
    return message("《{workbook}》“{sheet}”", workbook=schema.workbook, sheet=sheet)


def _not_found(field: FieldSchema, value: Value, ref: str, catalog: Catalog) -> Message:
    missing = message("在{place}里找不到，请核对", place=_place(ref, catalog))
    return notes.about(field, shown(value), missing)


def _unchecked(field: FieldSchema, ref: str, catalog: Catalog) -> Message:
    place = _place(ref, catalog)
    return message("〔{field}〕未核对：本次没有读到{place}", field=field.header, place=place)
