"""A table of people by activities: each cell that says something is one record of service."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import counted, message
from ledgersync.model import Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.values import CellParser
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.foreign.findings import count_findings, left_out
from ledgersync.workbook.foreign.heads import samples_of
from ledgersync.workbook.foreign.lists import EMPTY, Listing, complete, records_of
from ledgersync.workbook.foreign.pivot import NOT, TICK
from ledgersync.workbook.foreign.plan import ColumnPlan, SheetPlan, TablePlan, TakenRow
from ledgersync.workbook.foreign.rewrite import Line
from ledgersync.workbook.read.layout.evidence import NUMBERS
from ledgersync.workbook.read.layout.headers import HeaderColumn

_LEAST = 2
_MANY, _LONG = 3, 6  # columns of a cross; digits of a number that is no telephone
_DAY = re.compile(
    r"(?:(20\d\d)[年./-])?(1[0-2]|0?[1-9])[月./-]([12]\d|3[01]|0?[1-9])(?:[日号]|(?!\d))"
)
_HOURS = re.compile(r"[(（]?(\d+(?:\.\d+)?)(?:个)?小时[)）]?")
_SUM = re.compile("合计|总计|小计|累计|总|次数|平均|排名|积分|星级")
_MARK = re.compile("活动|服务")
_EDGES = "()（）、，,:： -—·"
Decided = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """An activity as the header of a column tells it."""

    column: HeaderColumn
    title: str
    month_day: tuple[int, int] | None
    year: int | None
    hours: str

    def day(self, year: int | None) -> str:
        known = self.year or year
        return (
            f"{known}年{self.month_day[0]}月{self.month_day[1]}日"
            if self.month_day and known
            else ""
        )


@dataclass(slots=True)
class Cross:
    """The activities of a list of people; `amount` is what a cell gives: hours."""

    parent: TableSchema
    child: Assigned
    link: FieldSchema
    amount: FieldSchema
    columns: list[Column]


def cross_of(
    ledger: LedgerSchema, assigned: Mapping[str, Assigned], columns: Sequence[HeaderColumn],
    cells: Cells,
) -> Cross | None:  # fmt: skip
    """The people and activities of a list, None where it is of another shape."""
    for table, link, target in ledger.references():
        owner, above, _ = target.split(".")
        child = assigned[table.id]
        amounts = [f for f in child.missing if f.type in NUMBERS]
        named = any(m.field.type == "name" and m.field.required for m in child.fields.values())
        if owner != ledger.id or not amounts or not named or child.column_of(link.id) is not None:
            continue
        parent = ledger.by_id[above]
        free = [c for c in columns if _is_free(assigned, c)]
        fitting = [c for c in free if _are_amounts(amounts[0], cells[c.index])]
        found = [a for c in fitting if (a := _activity(parent, c)) is not None]
        if len(found) >= _LEAST:
            return Cross(parent, child, link, amounts[0], found)
    return None


def _is_free(assigned: Mapping[str, Assigned], column: HeaderColumn) -> bool:
    known = any(column.index in a.fields or column.index in a.ignored for a in assigned.values())
    return not (known or column.is_serial or column.is_own or _SUM.search(column.leaf))


def _are_amounts(amount: FieldSchema, cells: Sequence[object]) -> bool:
    """Ticks and small numbers, and at least one."""
    texts = [squeeze(typed(c)) for c in cells if not is_blank(c)]
    marks = [t for t in texts if t not in NOT]
    return bool(marks) and all(t in TICK or _is_amount(amount, t) for t in marks)


def _is_amount(amount: FieldSchema, text: str) -> bool:
    try:
        number = float(text.removesuffix("小时").removesuffix("h"))
    except ValueError:
        return False
    low = amount.min if amount.min is not None else 0
    return float(low) <= number <= float(amount.max if amount.max is not None else number)


def crossed(columns: Sequence[HeaderColumn], cells: Cells) -> list[str]:
    """The headers of a table that is likely a cross: nearly all columns are ticks or numbers."""
    shown = [c for c in columns if not c.is_serial]
    found = [c.text for c in shown if _are_marks(cells[c.index])]
    return found if len(found) >= _MANY and len(shown) - len(found) <= _LEAST else []


def _are_marks(cells: Sequence[object]) -> bool:
    texts = [squeeze(typed(c)) for c in cells if not is_blank(c)]
    return bool(texts) and all(
        t in TICK or t in NOT or (t.replace(".", "", 1).isdigit() and len(t) <= _LONG)
        for t in texts
    )


def _activity(parent: TableSchema, column: HeaderColumn) -> Column | None:
    """What the header tells, where it is certainly an activity's: a day, a kind, or the word."""
    text = squeeze("".join(column.parts[-2:]))
    day = _DAY.search(text)
    rest = text.replace(day[0], "", 1) if day else text
    hours = _HOURS.search(rest)
    title = (rest.replace(hours[0], "", 1) if hours else rest).strip(_EDGES)
    words = [
        w for f in parent.fields if f.type == "choice"
        for value, others in f.choices.items() for w in (value, *others) if len(w) > 1
    ]  # fmt: skip
    is_one = day or _MARK.search(text) or any(w in title for w in words)
    if not is_one or not title:
        return None
    at = (int(day[2]), int(day[3])) if day else None
    return Column(
        column, title, at, int(day[1]) if day and day[1] else None, hours[1] if hours else ""
    )


def read_cross(
    listing: Listing, ledger: LedgerSchema, cross: Cross, cells: Cells, decided: Decided,
    plan: SheetPlan,
) -> list[TablePlan]:  # fmt: skip
    """The activities, each once, and a record for each cell that says something."""
    upper = _upper(listing, ledger, cross, cells, decided)
    lower = _lower(listing, ledger, cross, upper.rows, decided)
    plan.remarks.append(
        message(
            "工作表“{sheet}”是人员与活动的交叉表：{parent} {p} 条，{child} {c} 条。",
            sheet=listing.grid.sheet,
            parent=cross.parent.sheet,
            p=len(upper.rows),
            child=cross.child.table.sheet,
            c=len(lower.rows),
        )
    )
    return [upper, lower]


def _upper(
    listing: Listing, ledger: LedgerSchema, cross: Cross, cells: Cells, decided: Decided
) -> TablePlan:
    table, year = cross.parent, listing.around.year()
    row, sheet = listing.head.block.bottom, listing.grid.sheet
    title = next(f for f in table.required if f.type == "text")
    day = next((f for f in table.required if f.type == "date"), None)
    given = decided(day.id) if day else None
    rows, columns, dated = [], [], 0
    for a in cross.columns:
        texts = {title.id: a.title}
        if day and (when := a.day(year) or (given if given != EMPTY else None)):
            texts[day.id] = when
            dated += 1
        if a.hours and cross.amount.id in table.by_id:
            texts[cross.amount.id] = a.hours
        values = {n: _value(table.by_id[n], text, listing.today) for n, text in texts.items()}
        rows.append(
            TakenRow(sheet, row, {**values, **_kind(table, a.title)}, {}, listing.around.file)
        )
        at = a.column.index
        columns.append(
            ColumnPlan(at, a.column.text, samples_of(cells[at]), table.id, title.id, 1.0)
        )
    filled = {title.id: message("〔{field}〕取自列的表头", field=title.header)}
    if day and dated == len(rows):
        filled[day.id] = message("〔{field}〕取自列的表头", field=day.header)
    return TablePlan(sheet, ledger.id, table.id, (row,), columns, rows, [], filled)


def _value(field: FieldSchema, text: str, today: date) -> Value:
    return CellParser(field, today)(text).value


def _kind(table: TableSchema, title: str) -> dict[str, Value]:
    """The choice that the title is."""
    for f in table.fields:
        if f.type == "choice" and (read := ChoiceReader(f).one(title)) is not None:
            return {f.id: read.value}
    return {}


def _lower(
    listing: Listing, ledger: LedgerSchema, cross: Cross, above: Sequence[TakenRow],
    decided: Decided,
) -> TablePlan:  # fmt: skip
    child, width = cross.child, listing.grid.width
    child.ignored |= {a.column.index for a in cross.columns}
    records = listing.sorted(ledger.id, child).records
    each = decided(cross.amount.id)
    lines: dict[int, Sequence[Line]] = {}
    parents: dict[int, TakenRow] = {}
    number, untold = 0, 0
    for n in range(1, listing.grid.height + 1):
        found = list(_split(listing.grid.rows[n - 1], cross, each)) if n in records else None
        lines[n] = [[*listing.grid.rows[n - 1], ""]] if found is None else [x for x, _ in found]
        for i, (line, at) in enumerate(found or (), 1):
            parents[number + i] = above[at]
            untold += line[-1] == ""
        number += len(lines[n])
    listing.sheet = listing.sheet.with_column({})[0].expanded(lines)
    listing.added[width + 1] = HeaderColumn(width + 1, (cross.amount.header,), (1,))
    child.give(width + 1, cross.amount, 1.0)
    rows = listing.sorted(ledger.id, child)
    filled = {f.id: told for f, told in complete(listing, child, rows, lambda _: None) if f}
    data = listing.read(ledger.id, child)
    taken = records_of(data, listing, listing.around.file, frozenset())
    for at, record in zip(data.rows, taken, strict=True):
        record.parent = parents.get(at)
    filled[cross.link.id] = message("〔{field}〕按列", field=cross.link.header)
    table = TablePlan(
        listing.grid.sheet, ledger.id, child.table.id, data.header_rows, [], taken,
        list(left_out(listing, data)), filled,
    )  # fmt: skip
    if untold and each is None:  # a tick says that somebody was there, not how long
        child.fields.pop(width + 1)
    else:
        filled[cross.amount.id] = counted(
            "〔{field}〕取自 {n} 格", len(taken), field=cross.amount.header
        )
    count_findings(table, data)
    return table


def _split(line: Line, cross: Cross, each: str | None) -> Iterator[tuple[Line, int]]:
    """One line for each activity that the person was at, with the hours at the end."""
    for i, a in enumerate(cross.columns):
        raw = line[a.column.index - 1]
        text = squeeze(typed(raw)) if not is_blank(raw) else ""
        if text and text not in NOT:
            hours = a.hours or (each if each and each != EMPTY else "")
            is_number = _is_amount(cross.amount, text) and not (text == "1" and hours)
            yield [*line, raw if is_number else hours], i
