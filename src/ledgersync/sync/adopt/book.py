"""A plan as the lines of 接收预览.xlsx, and the answers in one as decisions."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message
from ledgersync.model import column_letters
from ledgersync.schema import LedgerSchema
from ledgersync.schema.mappings import IGNORED
from ledgersync.schema.words import choices_of
from ledgersync.sync.columns.extras import header_name
from ledgersync.workbook.foreign.lists import EMPTY as NO_VALUE
from ledgersync.workbook.foreign.plan import (
    OWN,
    SHOWN_ROWS,
    ColumnPlan,
    Decisions,
    Plan,
    Reason,
    SheetPlan,
    TablePlan,
)
from ledgersync.workbook.lists.adopt_book import (
    EMPTY,
    KEPT,
    LEAVE,
    NOT_TAKEN,
    TAKE,
    AdoptBook,
)
from ledgersync.workbook.lists.answers import Answers, Line

_TAB = "\t"
_REASONS = {
    "title": message("标题"),
    "caption": message("填报说明"),
    "hint": message("填写提示"),
    "total": message("合计"),
    "note": message("备注或签名"),
    "twice": message("重复的行"),
    "blank": message("空行"),
    "other": message("别的台账的行"),
}


def book_of(ledger: LedgerSchema, plan: Plan, files: Sequence[Path], unit: str) -> AdoptBook:
    book = AdoptBook(f"{unit}{ledger.workbook}", ledger.id, tuple(str(f.resolve()) for f in files))
    for sheet in plan.sheets:
        book.questions += _questions(ledger, sheet)
        book.columns += _columns(ledger, sheet)
        book.rows += _rows(ledger, sheet)
    book.rows += [Line(("", "", told.zh), "", (), "") for told in plan.remarks]
    return book


def _questions(ledger: LedgerSchema, sheet: SheetPlan) -> Iterator[Line]:
    for q in sheet.questions:
        if q.kind == "value":
            known = ledger.by_id[q.table].by_id.get(q.field or "")
            options = (*(choices_of(known) if known else ()), EMPTY)
            key = _TAB.join(("value", sheet.sheet, q.field or ""))
            yield Line((sheet.sheet, q.message.zh), "", options, key, is_open=True)
        else:
            yield Line((sheet.sheet, f"{q.message.zh}（在“各列”里选）"), "", (), "", is_open=True)


def field_name(ledger: LedgerSchema, table: str, name: str) -> str:
    """As a drop-down shows a field: `低保户·户主姓名`."""
    schema = ledger.by_id[table]
    return f"{schema.sheet}·{schema.by_id[name].header}"


def fields_of(ledger: LedgerSchema) -> dict[str, str]:
    """All fields of a ledger by what a drop-down shows."""
    pairs = [(t, f) for t in ledger.tables for f in t.fields]
    return {field_name(ledger, t.id, f.id): f"{t.id}.{f.id}" for t, f in pairs}


def _columns(ledger: LedgerSchema, sheet: SheetPlan) -> Iterator[Line]:
    options = (KEPT, NOT_TAKEN, *fields_of(ledger))
    asked = {q.column for q in sheet.questions if q.kind == "column"}
    heads = [c.header for t in sheet.tables for c in t.columns]
    for table in sheet.tables:
        for c in table.columns:
            answer = field_name(ledger, c.table, c.field) if c.field else _unread(c)
            is_open = c.column in asked
            name = header_name(c.header.replace(" ▸ ", "▸"))
            name += f"@{column_letters(c.column)}" if heads.count(c.header) > 1 else ""
            key = _TAB.join(("column", sheet.sheet, name))
            texts = (sheet.file, sheet.sheet, column_letters(c.column), c.header)
            samples = (*c.samples, "", "", "")[:3]
            sure = f"{c.confidence:.0%}" if c.field else _likely(ledger, c)
            yield Line((*texts, *samples, sure), "" if is_open else answer, options, key, is_open)


def _unread(column: ColumnPlan) -> str:
    return NOT_TAKEN if column.is_left else KEPT


def _likely(ledger: LedgerSchema, column: ColumnPlan) -> str:
    names = [ledger.by_id[column.table].by_id[name].header for name in column.proposals]
    return "或许" + "、".join(names) if names else ""


def _rows(ledger: LedgerSchema, sheet: SheetPlan) -> Iterator[Line]:
    key = _TAB.join(("sheet", sheet.sheet, ""))
    for n, table in enumerate(sheet.tables):
        text = "；".join(_of_table(ledger, table))
        answer, options = ("", ()) if n else (TAKE, (TAKE, LEAVE))
        yield Line((sheet.file, sheet.sheet, text), answer, options, key)
    for told in sheet.remarks:
        yield Line((sheet.file, sheet.sheet, told.zh), "", (), "")


def _of_table(ledger: LedgerSchema, table: TablePlan) -> Iterator[str]:
    yield f"{ledger.by_id[table.table].sheet} {len(table.rows)} 条"
    for reason, rows in reasons_of(table):
        yield f"不收第 {'、'.join(rows)} 行（{reason.zh}）"
    yield from (told.zh for told in table.filled.values())
    if table.errors or table.warnings:
        yield f"待核对：错误 {table.errors} 处，警告 {table.warnings} 处"


def reasons_of(table: TablePlan) -> Iterator[tuple[Message, list[str]]]:
    """Why rows stay out, and which: the first dozen of each."""
    by_reason: dict[Reason, list[str]] = {}
    for out in table.left_out:
        by_reason.setdefault(out.reason, []).append(str(out.row))
    for reason, rows in by_reason.items():
        yield _REASONS[reason], [*rows[:SHOWN_ROWS], *(["…"] if len(rows) > SHOWN_ROWS else [])]


def decisions_of(ledger: LedgerSchema, answers: Answers) -> Decisions:
    """An answer holds for the same question on other sheets, where nothing else is said there.

    Raises UsageFault for an answer that is none of those offered.
    """
    columns: dict[tuple[str, str], str] = {}
    values: dict[tuple[str, str], str] = {}
    left: set[str] = set()
    for key, answer in answers.changed.items():
        kind, sheet, name = (*key.split(_TAB), "", "")[:3]
        if kind == "column":
            columns[sheet, name] = _field(ledger, answer)
            columns.setdefault(("", name), columns[sheet, name])
        elif kind == "value":
            values[sheet, name] = NO_VALUE if answer == EMPTY else answer
            values.setdefault(("", name), values[sheet, name])
        elif kind == "sheet" and answer == LEAVE:
            left.add(sheet)
    return Decisions(columns, values, frozenset(left))


def _field(ledger: LedgerSchema, answer: str) -> str:
    known = {KEPT: OWN, NOT_TAKEN: IGNORED, **fields_of(ledger)}
    if answer in known:
        return known[answer]
    raise UsageFault(
        message("接收预览里的“{answer}”不是可选的项目。", answer=answer),
        message("请从下拉列表里选，再 adopt --with 一次。"),
    )
