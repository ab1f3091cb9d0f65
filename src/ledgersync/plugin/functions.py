"""The worksheet functions that need no workspace: thin shells over `values` and `checks`. Pure.

None of them raises: what cannot be answered is answered with a message and its code, since a
cell that shows `#VALUE!` helps nobody. Every function takes a cell or a range.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from ledgersync.checks.ages import age_on
from ledgersync.checks.duplicates import Columns, cell_field, repeated
from ledgersync.checks.rows import RowChecker
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Note, Row, Value
from ledgersync.plugin import schemas
from ledgersync.plugin.grid import (
    Answer,
    Cell,
    Reply,
    column_of,
    each,
    first_cell,
    is_range,
    refusal,
    rows_of,
    text_of,
    worded,
)
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableSchema, header_key
from ledgersync.values import CellParser, parse_column
from ledgersync.values.dates import DateFault, to_date
from ledgersync.values.identity import (
    birth_date,
    clean_id,
    id_fault,
    precision_lost,
    region_name,
    sex,
)
from ledgersync.values.text import (
    clean_code,
    is_blank,
    is_ditto,
    is_empty_mark,
    is_error_text,
    is_program_blank,
    trim,
    typed,
)
from ledgersync.values.totals import is_total_row
from ledgersync.workspace import clock

_ID = FieldSchema(id="id_number", header="身份证号", type="id_number")
_PHONE = FieldSchema(id="phone", header="联系电话", type="phone")
_DATE = FieldSchema(id="date", header="日期", type="date")
_KINDS = {
    "姓名": "name",
    "身份证号": "id_number",
    "身份证": "id_number",
    "电话": "phone",
    "联系电话": "phone",
    "手机": "phone",
    "住址": "address",
    "地址": "address",
    "银行账号": "account",
    "账号": "account",
}
_INFO = ("出生日期", "性别", "年龄", "行政区划")


def today() -> date:
    """The users' day; a spoilt LEDGERSYNC_TODAY must not spoil the sheet."""
    try:
        return clock.today()
    except UsageFault:
        return datetime.now(clock.SHANGHAI).date()


def idcheck(value: object) -> Reply:
    return each(value, _noted(CellParser(_ID, today())))


def phone(value: object) -> Reply:
    return each(value, _noted(CellParser(_PHONE, today())))


def _noted(parse: CellParser) -> Callable[[Cell], Answer]:
    return lambda cell: _first(parse(cell).notes)


def _first(notes: Sequence[Note]) -> str:
    return worded(notes[0]) if notes else ""


def to_day(value: object) -> Reply:
    parse = CellParser(_DATE, today())

    def answer(cell: Cell) -> Answer:
        parsed = parse(cell)
        if isinstance(parsed.value, date):
            return date(parsed.value.year, parsed.value.month, parsed.value.day)
        return _first(parsed.notes)

    return each(value, answer)


def idinfo(value: object, item: object = None) -> Reply:
    """The named item of each id; without a name all four, side by side."""
    wanted = text_of(item)
    if wanted:
        if wanted not in _INFO:
            return refusal("item.unknown", message("项目只有：{known}", known=_INFO))
        return each(value, lambda cell: _id_facts(cell)[_INFO.index(wanted)])
    return [_id_facts(row[0] if row else None) for row in rows_of(value)]


def _id_facts(cell: Cell) -> list[Answer]:
    """Birth date, sex, age, region; for a faulty id its fault, and nothing else."""
    if is_blank(cell):
        return ["", "", "", ""]
    parsed = CellParser(_ID, today())(cell)
    number = parsed.value
    born = birth_date(number) if isinstance(number, str) else None
    if not isinstance(number, str) or born is None:
        return [_first(parsed.notes), "", "", ""]
    return [born, sex(number), age_on(born, today()), region_name(number[:6]) or ""]


def age(value: object, on: object = None) -> Reply:
    """Full years at `on` (today), from an id number or a birth date."""
    day = today()
    if not is_blank(first_cell(on)):
        written = to_date(first_cell(on))
        if isinstance(written, DateFault):
            return refusal(written.value, message("计算年龄的日期不对"))
        day = written
    return each(value, lambda cell: _age_of(cell, day))


def _age_of(cell: Cell, day: date) -> Answer:
    if is_blank(cell):
        return ""
    number = clean_id(cell)
    looks_like_date = isinstance(cell, datetime) or len(number) < 15
    born = to_date(cell) if looks_like_date else _born(cell)
    if isinstance(born, date) and born <= day:
        return age_on(born, day)
    if looks_like_date:
        told = message("不是身份证号，也不是出生日期")
        return refusal("type.date", told)
    return _first(CellParser(_ID, day)(cell).notes)


def _born(cell: Cell) -> date | None:
    number = CellParser(_ID, today())(cell).value
    return birth_date(number) if isinstance(number, str) else None


def dup(value: object) -> Reply:
    """For every cell that stands more than once in the range: where else."""
    rows = rows_of(value)
    where: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        for cell in row:
            if key := _same(cell):
                where[key].append(number)
    answers = [[_repeated(where[_same(cell)], n) for cell in row] for n, row in enumerate(rows, 1)]
    return answers if is_range(value) else answers[0][0]


def _same(cell: Cell) -> str:
    """What two cells share when `check` would call them the same: codes, ids in any spelling."""
    if is_blank(cell) or (isinstance(cell, str) and _no_value(cell)):
        return ""
    number = clean_id(cell)
    if precision_lost(cell) or id_fault(number, today()):
        return clean_code(typed(cell))
    return number[:17] if len(number) == 18 else f"{number[:6]}19{number[6:]}"


def _no_value(text: str) -> bool:
    return (
        is_empty_mark(text) or is_program_blank(text) or is_ditto(text) or is_error_text(trim(text))
    )


def _repeated(numbers: list[int], own: int) -> Answer:
    others = [n for n in numbers if n != own] or numbers[1:]
    if not others:
        return ""
    shown = "、".join(map(str, others[:5])) + ("…" if len(others) > 5 else "")
    return refusal("duplicate.key", message("与本区域第{rows}行重复", rows=shown))


def masked(value: object, kind: object = None) -> Reply:
    """Personal data as it may be shown; without a kind, ids and numbers inside the text."""
    by_name = text_of(kind)
    if by_name and by_name not in _KINDS:
        return refusal("kind.unknown", message("类型只有：{known}", known=_KINDS))
    return each(value, lambda cell: mask(_KINDS.get(by_name, "text"), typed(cell).strip()))


def check(ledger: object, table: object, header_row: object, rows: object) -> Reply:
    """One message per row: all errors and warnings of its values and of the row itself."""
    found = schemas.find_table(text_of(ledger), text_of(table))
    if isinstance(found, str):
        return found
    columns = columns_of(found, rows_of(header_row))
    if not columns:
        told = message("表头一个也不认识，请把表头行作为第三个参数")
        return refusal("table.unrecognised", told)
    return column_of(RowMessages(found, columns, today())(rows_of(rows)))


def columns_of(table: TableSchema, header_rows: Sequence[Sequence[Cell]]) -> dict[int, FieldSchema]:
    """Field by position (from 0); of several header rows the last that is known wins."""
    index = table.header_index
    found: dict[int, FieldSchema] = {}
    for row in header_rows:
        for position, cell in enumerate(row):
            field = index.get(header_key(typed(cell)))
            if field is not None and field not in found.values():
                found[position] = field
    return found


class RowMessages:
    """What is to be said about each row of a table whose columns are known."""

    def __init__(self, table: TableSchema, columns: dict[int, FieldSchema], day: date) -> None:
        self.table = table
        self.columns = columns
        self.checker = RowChecker(table, day)
        self.parsers = {f.id: CellParser(f, day) for f in columns.values()}
        self._empty: Row = (None,) * len(table.fields)

    def __call__(self, rows: Sequence[Sequence[Cell]]) -> list[Answer]:
        return ["；".join(map(worded, notes.values())) for notes in self.notes(rows)]

    def notes(self, rows: Sequence[Sequence[Cell]]) -> list[dict[tuple[str, str], Note]]:
        """Errors, then warnings, of each row by (field, rule); nothing for a blank row."""
        values, noted = self._parsed(rows)
        records = [i for i, row in enumerate(rows) if self._is_record(row)]
        found = {i: self._of_row(values[i], noted[i]) for i in records}
        for i, field, note in self._repeated(values, records):
            found[i].setdefault((field, note.rule), note)
        return [_gravest_first(found.get(i, {})) for i in range(len(rows))]

    def _is_record(self, row: Sequence[Cell]) -> bool:
        """Something is in it, and it is no row of totals."""
        cells = [(f, row[at]) for at, f in self.columns.items() if at < len(row)]
        return _filled(row, self.columns) and not is_total_row(cells)

    def _repeated(
        self, values: Sequence[Sequence[Value]], records: Sequence[int]
    ) -> Iterator[tuple[int, str, Note]]:
        """As `check` says it of the records of a file, here of the rows that were handed over."""
        at = self.table.position
        columns = Columns(self.table, len(records), lambda f: [values[i][at[f]] for i in records])
        for group in repeated(columns):
            field = cell_field(self.table, group.fields)
            for n in group.members[1 if group.same else 0 :]:
                others = [records[other] + 1 for other in group.members if other != n]
                header = self.table.by_id[field].header
                note = _same_row(others[0]) if group.same else _same_key(header, others)
                yield records[n], "" if group.same else field, note

    def _parsed(
        self, rows: Sequence[Sequence[Cell]]
    ) -> tuple[list[list[Value]], list[list[tuple[str, Note]]]]:
        values = [list(self._empty) for _ in rows]
        told: list[list[tuple[str, Note]]] = [[] for _ in rows]
        for position, field in self.columns.items():
            cells = [row[position] if position < len(row) else None for row in rows]
            column, noted = parse_column(self.parsers[field.id], cells)
            at = self.table.position[field.id]
            for i, value in enumerate(column):
                values[i][at] = value
            for i, notes in noted.items():
                told[i].extend((field.id, note) for note in notes if note.severity != "info")
        return values, told

    def _of_row(
        self, values: list[Value], told: list[tuple[str, Note]]
    ) -> dict[tuple[str, str], Note]:
        present = {f.id for f in self.columns.values()}
        notes = {(field, note.rule): note for field, note in told}
        for fault in self.checker.faults(tuple(values)):
            if fault.field in present:
                key = (fault.field, fault.rule)
                notes.setdefault(key, Note(fault.rule, fault.severity, fault.message))
        return notes


def _gravest_first(notes: dict[tuple[str, str], Note]) -> dict[tuple[str, str], Note]:
    return dict(sorted(notes.items(), key=lambda item: item[1].severity != "error"))


def _same_row(other: int) -> Note:
    told = message("与本区域第{row}行完全相同，请确认是否重复录入", row=other)
    return Note("duplicate.row", "warning", told)


def _same_key(header: str, others: Sequence[int]) -> Note:
    told = message(
        "〔{header}〕与本区域第{rows}行重复，而其他内容不同，请核对后保留一行",
        header=header,
        rows="、".join(map(str, others[:5])) + ("…" if len(others) > 5 else ""),
    )
    return Note("duplicate.key", "error", told)


def _filled(row: Sequence[Cell], columns: dict[int, FieldSchema]) -> bool:
    return any(p < len(row) and not is_blank(row[p]) for p in columns)
