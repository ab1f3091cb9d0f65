"""One table written onto a sheet, row by row, with the reading that is expected of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.model import Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from tests.layouts.faults import type_fault
from tests.layouts.headings import Slot, depth_of, header_cells
from tests.layouts.plans import Plan
from tests.layouts.typing_habits import Hand, Typed, type_value

Record = dict[str, Value]
Expected = dict[str, Any]
EXTRA_TEXTS = ("农商行", "建设银行", "P-0012", "已签", "是")
NOTES = (
    ("备注：1.本表每月5日前上报；2.身份证号须为18位。",),
    ("备注：1.本表一式两份；", "2.身份证号须为18位。"),
    ("说明：本表由网格员填写，社区汇总。",),
    ("注：本表数据截至填报日期。",),
    ("备注:请于每月5日前报送，逾期视为零报告。",),
    ("填表说明：1.身份证号须为18位；2.日期写成2022-06-01。",),
)
SIGNATURES = (
    "填表人：\u3000\u3000\u3000\u3000审核人：\u3000\u3000\u3000\u3000负责人：",
    "填表人：\u3000\u3000\u3000\u3000审核人：",
    "制表：\u3000\u3000\u3000\u3000审核：\u3000\u3000\u3000\u3000",
)
TITLES = (
    "{unit}{year}年{book}",
    "{unit}{year}年{book}",
    "{year}年上半年{book}",
    "{unit}{title}",
    "一品街道{unit}{year}年度{book}",
)
CAPTIONS = (
    "填报单位：{unit}　　填报人：王芳　　填报日期：2022年7月1日",
    "填报单位：{unit}　　填报人：王芳　　填报日期：2022年7月1日",
    "填报单位（盖章）：{unit}    填报日期：2022.7.1",
    "填报单位:{unit}   联系电话:0510-82345678   单位：元",
    "填报日期：2022-07-01",
)
TOTALS = ("合计", "总计", "合  计", "合　计")
SUBTOTALS = ("小计", "本页小计", "小 计")


@dataclass(slots=True)
class Page:
    """A table on its way onto a sheet: where the next row goes, what is expected so far."""

    sheet: Worksheet
    plan: Plan
    hand: Hand
    ledger: LedgerSchema
    table: TableSchema
    slots: Sequence[Slot]
    unit: str
    today: date
    row: int = 1
    left: int = 1
    header_rows: list[int] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    typed: dict[str, list[Typed]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return len(self.slots) + self.plan.serial

    @property
    def first(self) -> int:
        """The sheet column of the first slot."""
        return self.left + self.plan.serial

    def expected(self) -> Expected:
        return {
            "ledger": self.ledger.id,
            "table": self.table.id,
            "sheet": self.sheet.title,
            "header_rows": self.header_rows,
            "records": self.records,
            "findings": self.findings,
            "skipped": self.skipped,
        }


def write_table(page: Page, records: Sequence[Record]) -> Expected:
    """All rows of the table, from its title down to its notes."""
    _above(page)
    _header(page)
    if page.plan.hint:
        _hints(page)
    if page.plan.total == "above":
        _total_above(page, len(records))
    _body(page, records)
    _ticks(page)
    if page.plan.total == "below":
        _total(page, records, page.hand.rng.choice(TOTALS))
    if page.plan.notes:
        _notes(page)
    return page.expected()


def put(page: Page, column: int, content: object, number_format: str | None = None) -> None:
    """One cell of the current row; text that looks like a formula stays text."""
    cell = page.sheet.cell(page.row, column)
    assert isinstance(cell, Cell)
    cell.value = content  # type: ignore[assignment]
    if isinstance(content, str) and not content.startswith("#"):
        cell.data_type = "s"
    if number_format:
        cell.number_format = number_format


def _skip(page: Page, reason: str) -> None:
    page.skipped.append({"row": page.row, "reason": reason})
    page.row += 1


def _above(page: Page) -> None:
    """An empty row or two, a title merged across, a caption."""
    rng, plan = page.hand.rng, page.plan
    if plan.shifted:
        page.row, page.left = page.row + rng.randint(1, 2), page.left + rng.randint(1, 2)
    if plan.title:
        put(page, page.left, rng.choice(TITLES).format(**_words(page)))
        if plan.letter != "z" or rng.random() < 0.8:
            _merge(page, page.left, 1, page.width)
        _skip(page, "title")
    if plan.caption:
        put(page, page.left, rng.choice(CAPTIONS).format(**_words(page)))
        _skip(page, "caption")
    if plan.letter == "z" and rng.random() < 0.3:
        page.row += 1  # an empty row above the header is no row "between records"


def _words(page: Page) -> dict[str, object]:
    ledger = page.ledger
    return {"unit": page.unit, "year": page.today.year, "book": ledger.workbook} | {
        "title": ledger.title or ledger.workbook
    }


def _merge(page: Page, column: int, rows: int, columns: int) -> None:
    if rows * columns > 1:
        page.sheet.merge_cells(
            start_row=page.row,
            start_column=column,
            end_row=page.row + rows - 1,
            end_column=column + columns - 1,
        )


def _header(page: Page) -> None:
    """The header's texts; `header_rows` are all its rows, without the hints below."""
    top, depth = page.row, depth_of(page.slots)
    if page.plan.serial:
        put(page, page.left, "序号")
        _merge(page, page.left, depth, 1)
    cells = header_cells(page.slots, depth)
    loose = page.plan.loose_header and depth == 2
    low = loose and page.hand.sloppy()
    for cell in cells:
        lone = loose and cell.columns == 1 and cell.rows > 1
        page.row = top + cell.row + (cell.rows - 1 if lone and low else 0)
        put(page, page.first + cell.column, cell.text)
        if not lone:  # else the text stands in its first or last row, the others are empty
            _merge(page, page.first + cell.column, cell.rows, cell.columns)
    page.header_rows = list(range(top, top + depth))
    page.row = top + depth


def _hints(page: Page) -> None:
    """What may be filled in, in brackets: `【城市、农村】`, `（①城市、②农村）`, `（格式：…）`."""
    circled = page.hand.mess > 0 and page.hand.rng.random() < 0.3
    hints = [_hint(s.field, circled) if s.field else None for s in page.slots]
    for column, hint in enumerate(hints, start=page.first):
        if hint:
            put(page, column, hint)
    if any(hints):
        _skip(page, "hint")


def _hint(f: FieldSchema, circled: bool) -> str | None:
    if f.type == "date":
        return "（格式：2022-06-01）"
    if f.type == "bool" and circled:
        return "【是/否】"
    words = list(f.choices)
    if circled and 0 < len(words) <= 20:
        return "（" + "、".join(f"{chr(0x2460 + n)}{w}" for n, w in enumerate(words)) + "）"
    return "【" + "、".join(words) + "】" if words else None


def _total_above(page: Page, count: int) -> None:
    """`合计28户，核定28户` in the second column, as in the field set; sums beside it as text."""
    words = page.hand.word("合计{0}户，核定{0}户", "合计{0}户，选定{0}户", "合计：{0}", "合计{0}人")
    put(page, page.left + 1, words.format(count))
    if page.width > 6 and page.hand.sloppy(0.5):
        put(page, page.left + 5, "1,570.441")
    _skip(page, "total")


def _body(page: Page, records: Sequence[Record]) -> None:
    """The records; blank rows and sub-totals come between whole groups of a merged key."""
    key = next((s.field for s in page.slots if s.field and s.field.ref), None)
    merged = key if page.plan.merged_keys else None
    groups: Iterable[list[Record]] = ([r] for r in records)
    if merged:  # rows without a key are not merged with each other
        own = ((r[merged.id] or n, r) for n, r in enumerate(records))
        groups = ([r for _, r in g] for _, g in groupby(own, lambda pair: pair[0]))
    todo = list(groups)
    written = 0
    for n, group in enumerate(todo, start=1):
        _group(page, group, merged, written)
        written += len(group)
        if n < len(todo):
            _between(page, records[:written])
    if page.plan.hidden:
        letter = get_column_letter(page.first + page.hand.rng.randrange(len(page.slots)))
        page.sheet.column_dimensions[letter].hidden = True
        page.sheet.auto_filter.ref = (
            f"{page.sheet.cell(page.header_rows[-1], page.left).coordinate}:"
            f"{page.sheet.cell(page.row - 1, page.left + page.width - 1).coordinate}"
        )


def _between(page: Page, so_far: Sequence[Record]) -> None:
    """Now and then a blank row or a sub-total; both are skipped rows, since records follow."""
    rng, plan = page.hand.rng, page.plan
    if plan.blanks and rng.random() < 0.12:
        for _ in range(rng.choice((1, 1, 2))):
            _blank(page)
    if plan.subtotals and rng.random() < 0.12:
        _total(page, so_far, rng.choice(SUBTOTALS))


def _blank(page: Page) -> None:
    """Nothing, spaces, or a serial number alone: none of them is a record."""
    kind = page.hand.rng.choice(("nothing", "nothing", "spaces", "serial"))
    if kind == "spaces":
        put(page, page.first, " \u3000")
    if kind == "serial" and page.plan.serial:
        put(page, page.left, len(page.records) + 1)
    _skip(page, "blank")


def _group(page: Page, group: Sequence[Record], merged: FieldSchema | None, written: int) -> None:
    """Records that share a vertically merged key: it is typed once and holds for all of them."""
    shared = None
    for n, record in enumerate(group):
        if n == 0 and merged:
            shared = type_value(page.hand, merged, record[merged.id])
            column = page.first + [s.field for s in page.slots].index(merged)
            _merge(page, column, len(group), 1)
        if page.plan.serial:
            put(page, page.left, written + n + 1)
        _record(page, record, merged, shared, n == 0)
        if page.plan.hidden and page.hand.rng.random() < 0.2:
            page.sheet.row_dimensions[page.row].hidden = True
        page.row += 1


def _record(
    page: Page, record: Record, merged: FieldSchema | None, shared: Typed | None, first: bool
) -> None:
    values: dict[str, Any] = {}
    ticked = _tick_columns(page)
    for column, slot in enumerate(page.slots, start=page.first):
        if slot.field is None:
            put(page, column, _stray(page, slot))
            continue
        f = slot.field
        is_shared = shared is not None and f is merged
        typed = shared if is_shared and shared else _typed(page, f, record[f.id], f.id in ticked)
        if first or not is_shared:
            put(page, column, typed.cell, typed.number_format)
        values[f.id] = typed.value
        page.typed.setdefault(f.id, []).append(typed)
        if typed.rule:
            page.findings.append({"row": page.row, "field": f.id, "rule": typed.rule})
    page.records.append({"row": page.row, "values": values})


def _stray(page: Page, slot: Slot) -> object:
    """What stands in a column that the schema does not know."""
    rng = page.hand.rng
    if slot.header in ("电话", "手机"):
        return f"137{rng.randrange(10**8):08d}"
    return rng.choice((None, *EXTRA_TEXTS))


def _tick_columns(page: Page) -> set[str]:
    """bool columns where √ is the only mark: about every third, the same for the whole sheet."""
    if not page.hand.mess:
        return set()
    fields = [s.field.id for s in page.slots if s.field and s.field.type == "bool"]
    return {f for f in fields if (page.header_rows[0] + len(page.slots) + len(f)) % 3 == 0}


def _typed(page: Page, f: FieldSchema, value: Value, ticked: bool) -> Typed:
    if ticked:
        return Typed("√", True) if value else Typed(None, None)
    if page.hand.rng.random() < page.plan.faults:
        faulty = type_fault(page.hand, f, value)
        if faulty:
            return faulty
    return type_value(page.hand, f, value)


def _ticks(page: Page) -> None:
    """Where √ turned out to be a column's only mark, its blanks are false."""
    for slot in page.slots:
        if slot.field is None or slot.field.type != "bool":
            continue
        name = slot.field.id
        cells = page.typed.get(name, [])
        if {t.cell for t in cells if t.cell is not None} == {"√"}:
            for typed, record in zip(cells, page.records, strict=True):
                record["values"][name] = typed.cell == "√"


def _total(page: Page, records: Sequence[Record], label: str) -> None:
    """A label in the first column, sums under the numbers, some of them as text."""
    put(page, page.left, label)
    for column, slot in enumerate(page.slots, start=page.first):
        if slot.field and slot.field.type in ("integer", "money") and column > page.left:
            total = sum(_number(r[slot.field.id]) for r in records)
            put(page, column, f"{total:,.2f}" if page.hand.sloppy(0.2) else total)
    if page.width > 6 and page.plan.serial:
        put(page, page.left + 5, len(records))
    _skip(page, "total")


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | Decimal) else 0.0


def _notes(page: Page) -> None:
    """Notes and a signature line below the table, with or without an empty row between."""
    rng = page.hand.rng
    page.row += rng.choice((0, 1, 1))
    for line in rng.choice(NOTES):
        put(page, page.left + rng.choice((0, 1)), line)
        _skip(page, "note")
    put(page, page.left + rng.choice((0, 1)), rng.choice(SIGNATURES))
    _skip(page, "note")
