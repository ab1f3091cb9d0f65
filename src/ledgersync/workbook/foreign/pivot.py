"""Months or days as columns made into rows: one for each cell that says something."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.foreign.rewrite import Line, Rewritten
from ledgersync.workbook.read.layout.evidence import NUMBERS, looks_like_name
from ledgersync.workbook.read.layout.headers import HeaderColumn

_LEAST = 3
_MONTH = re.compile(r"(?:(20\d\d)年?[-./年]?)?(1[0-2]|0?[1-9])月份?")
_MONTH_DAY = re.compile(r"(?:(20\d\d)[-./年])?(1[0-2]|0?[1-9])[-./月]([12]\d|3[01]|0?[1-9])[日号]?")
_DAY = re.compile(r"(?:(1[0-2]|[1-9])[月./])?([12]\d|3[01]|0?[1-9])[日号]?")
TICK = frozenset("√✓✔是1Vv")
NOT = frozenset({"×", "✗", "否", "0", "/", "-", "—", "无", "未"})


@dataclass(frozen=True, slots=True)
class When:
    """What a column's header says: a month, or a day; the year where it says that."""

    year: int | None
    month: int
    day: int | None

    def text(self, year: int | None, day: int | None) -> str:
        """As a date is typed; without a day, the month."""
        day = self.day or day
        start = f"{self.year or year}年" if self.year or year else ""
        return f"{start}{self.month}月" + (f"{day}日" if day else "")


def pivoted_columns(columns: Sequence[HeaderColumn]) -> dict[int, When]:
    """The columns that are months or days, where there are several."""
    found = {c.index: when for c in columns if (when := _when(c)) is not None}
    return found if len(found) >= _LEAST else {}


def _when(column: HeaderColumn) -> When | None:
    text = squeeze(column.leaf)
    if (m := _MONTH.fullmatch(text)) is not None:
        return When(int(m[1]) if m[1] else None, int(m[2]), None)
    try:
        day = datetime.fromisoformat(text[:10]).date() if len(text) >= 10 else None
    except ValueError:
        day = None
    if day is not None:
        return When(day.year, day.month, day.day)
    if (m := _MONTH_DAY.fullmatch(text)) is not None:
        return When(int(m[1]) if m[1] else None, int(m[2]), int(m[3]))
    return None


@dataclass(frozen=True, slots=True)
class Pivot:
    """The columns that become rows, and the fields that their header and their cells are."""

    columns: dict[int, When]
    day: FieldSchema
    value: FieldSchema | None

    def rows(self, sheet: Rewritten, rows: Sequence[int], year: int | None) -> Rewritten:
        """One row for each cell that says something, with two more columns: the day, the value."""
        lines: dict[int, Sequence[Line]] = {}
        width, records = sheet.grid.width, set(rows)
        for n in range(1, sheet.grid.height + 1):
            line = [*sheet.grid.rows[n - 1], "", ""]
            lines[n] = list(self._split(line, year)) if n in records else [line]
        wide = sheet.with_column({})[0].with_column({})[0]
        assert wide.grid.width == width + 2
        return wide.expanded(lines)

    def _split(self, line: Line, year: int | None) -> Iterator[Line]:
        for column, when in self.columns.items():
            raw = line[column - 1]
            text = squeeze(typed(raw)) if not is_blank(raw) else ""
            if not text or text in NOT:
                continue
            new = list(line)
            for other in self.columns:
                new[other - 1] = ""
            new[-2], new[-1] = self._cell(when, raw, text, year)
            yield new

    def _cell(self, when: When, raw: object, text: str, year: int | None) -> tuple[object, object]:
        if isinstance(raw, date):
            return raw, ""
        is_number = self.value is not None and self.value.type in NUMBERS
        if is_number:
            return when.text(year, None), raw
        day = _DAY.fullmatch(text)
        if day is not None and when.day is None and text not in TICK:
            return when.text(year, int(day[2])), ""
        return when.text(year, None), "" if text in TICK else raw


def pivot_of(columns: dict[int, When], assigned: Assigned, cells: Sequence[object]) -> Pivot | None:
    """What the months of a table's list are: its day, and a number, a name or a remark."""
    have = {m.field.id for m in assigned.fields.values()}
    free = [f for f in assigned.table.fields if f.id not in have]
    days = [f for f in free if f.type == "date"]
    day = next((f for f in days if f.required), days[0] if days else None)
    if day is None:
        return None
    return Pivot(columns, day, _value_field(free, cells))


def _value_field(free: Sequence[FieldSchema], cells: Sequence[object]) -> FieldSchema | None:
    number = next((f for f in free if f.required and f.type in NUMBERS), None)
    if number is not None:
        return number
    texts = [squeeze(typed(c)) for c in cells if not is_blank(c)]
    if texts and all(map(looks_like_name, texts)):
        return next((f for f in free if f.type == "name" and f.wanted), None)
    return next((f for f in free if f.id == "remark"), None)


def pivot_fields(pivot: Pivot, width: int) -> dict[int, FieldSchema]:
    """The fields of the two added columns; `width` is that of the sheet with them."""
    found = {width - 1: pivot.day}
    return found | ({width: pivot.value} if pivot.value is not None else {})


def propose_latest(assigned: Assigned, months: dict[int, When], cells: Cells) -> None:
    """In a roster with a column a month, the last one filled may be the number that is missing."""
    missing = [f for f in assigned.missing if f.type == "money"]
    filled = [at for at in months if any(not is_blank(c) for c in cells[at])]
    if len(missing) == 1 and filled:
        for at in months:
            assigned.proposals.pop(at, None)
        last = max(filled, key=lambda at: (months[at].year or 0, months[at].month, at))
        assigned.proposals[last] = (missing[0],)
