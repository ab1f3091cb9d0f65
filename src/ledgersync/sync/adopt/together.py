"""Several lists as one: a person on two of them is one record, what is told twice is told."""

from collections.abc import Iterator, Sequence
from datetime import date

from ledgersync.messages import Message, counted, message
from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.workbook.foreign.plan import SHOWN_ROWS, LeftOut, Plan, TablePlan, TakenRow

_ONE = counted("{sheet}：{n} 处是同一条，合为一条（{places}）。", 0)
_TWO = counted("{sheet}：{n} 处身份相同而内容不同，两条都收，请核对（{places}）。", 0)


def put_together(ledger: LedgerSchema, plan: Plan) -> None:
    """Rows of one person or household become one, where they do not contradict each other."""
    for table in ledger.tables:
        plans = [t for t in plan.tables() if t.table == table.id]
        if any(f.generated for f in table.fields if f.id in table.key):
            _same_twice(table, plans, plan)
        else:
            _same_key(table, plans, plan)


def _same_key(table: TableSchema, plans: Sequence[TablePlan], plan: Plan) -> None:
    seen: dict[tuple[Value, ...], TakenRow] = {}
    one: list[str] = []
    two: list[str] = []
    gone: dict[int, TakenRow] = {}
    for row in (row for p in plans for row in p.rows):
        key = _key(table, row)
        first = seen.setdefault(key, row) if key else row
        if first is row:
            continue
        if _agree(table, first, row):
            _join(table, first, row)
            gone[id(row)] = first
            one.append(_place(first, row))
        else:
            two.append(_place(first, row))
    _drop(plan, plans, gone)
    plan.remarks += [
        *_told(one, _ONE, table),
        *_told(two, _TWO, table),
    ]


def _told(places: list[str], text: Message, table: TableSchema) -> Iterator[Message]:
    if places:
        shown = [*places[:SHOWN_ROWS], *(["…"] if len(places) > SHOWN_ROWS else [])]
        yield text.filled(sheet=table.sheet, places=shown).of(len(places))


def _key(table: TableSchema, row: TakenRow) -> tuple[Value, ...] | None:
    """What identifies the row: its key, else its fallback key; None where that is not whole."""
    for names in (table.key, table.fallback_key):
        values = tuple(row.values.get(name) for name in names)
        if values and not any(v is None or isinstance(v, Invalid) for v in values):
            return (*names, *values)
    return None


def _agree(table: TableSchema, first: TakenRow, row: TakenRow) -> bool:
    """Nothing but lists of choices differs, where both say something."""
    for f in table.fields:
        a, b = first.values.get(f.id), row.values.get(f.id)
        if None not in (a, b) and a != b and f.type != "choices":
            return False
    return True


def _join(table: TableSchema, first: TakenRow, row: TakenRow) -> None:
    for f in table.fields:
        a, b = first.values.get(f.id), row.values.get(f.id)
        if a is None:
            first.values[f.id] = b
        elif f.type == "choices" and isinstance(a, tuple) and isinstance(b, tuple):
            first.values[f.id] = (*a, *(word for word in b if word not in a))
    for header, text in row.extras.items():
        first.extras.setdefault(header, text)


def _same_twice(table: TableSchema, plans: Sequence[TablePlan], plan: Plan) -> None:
    """The very same row on another sheet or in another file is one that was copied."""
    seen: dict[str, TakenRow] = {}
    places: list[str] = []
    gone: dict[int, TakenRow] = {}
    for row in (row for p in plans for row in p.rows):
        first = seen.setdefault(repr((row.values, row.extras, _of(row))), row)
        if (first.file, first.sheet) != (row.file, row.sheet):
            gone[id(row)] = first
            places.append(_place(first, row))
    _drop(plan, plans, gone)
    plan.remarks += _told(places, _ONE, table)


def _of(row: TakenRow) -> str:
    return repr(row.parent.values) if row.parent is not None else ""


def _drop(plan: Plan, plans: Sequence[TablePlan], gone: dict[int, TakenRow]) -> None:
    for p in plans:
        p.left_out += [LeftOut(row.row, "twice") for row in p.rows if id(row) in gone]
        p.rows = [row for row in p.rows if id(row) not in gone]
    for row in (row for t in plan.tables() for row in t.rows):
        while row.parent is not None and id(row.parent) in gone:
            row.parent = gone[id(row.parent)]
    if gone:
        for sheet in plan.sheets:
            sheet.is_plain = False


def _place(first: TakenRow, row: TakenRow) -> str:
    return f"{first.sheet}第{first.row}行={row.sheet}第{row.row}行"


def tell_gaps(ledger: LedgerSchema, plan: Plan, today: date) -> None:
    """Identifying cells that are empty, and lists that are not of this year."""
    for t in plan.tables():
        schema = ledger.by_id[t.table]
        for f in schema.fields:
            if f.type == "id_number" and (f.required or f.wanted):
                plan.remarks += _empty(t, f)
    for sheet in plan.sheets:
        plan.remarks += _old(ledger, sheet.tables, today)


def _empty(table: TablePlan, wanted: FieldSchema) -> Iterator[Message]:
    rows = [row.row for row in table.rows if row.values.get(wanted.id) is None]
    if rows and len(rows) < len(table.rows):
        shown = [*map(str, rows[:SHOWN_ROWS]), *(["…"] if len(rows) > SHOWN_ROWS else [])]
        yield counted(
            "工作表“{sheet}”有 {n} 行的〔{field}〕空着：第 {rows} 行。",
            len(rows), sheet=table.sheet, field=wanted.header, rows=shown,
        )  # fmt: skip


def _old(ledger: LedgerSchema, tables: Sequence[TablePlan], today: date) -> Iterator[Message]:
    """All dates of a list lie in a year that is over; a roster goes on, whatever its dates."""
    for t in (t for t in tables if ledger.by_id[t.table].yearly):
        dated = ledger.dated_by(t.table)
        days = [v for row in t.rows if dated and isinstance(v := row.values.get(dated.id), date)]
        if days and max(d.year for d in days) < today.year and len(days) * 2 > len(t.rows):
            yield message(
                "工作表“{sheet}”的最近一条是 {day:%Y-%m-%d}，像是往年的台账，请确认要收的就是它。",
                sheet=t.sheet,
                day=max(days),
            )
