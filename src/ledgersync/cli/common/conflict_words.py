"""Open conflicts in words: which record, which column, what each side says, masked.

Two values that look the same once masked get a number each (①, ②), the same on every side that has
this value: so one sees who says what, and nothing more is told about the person.
"""

from __future__ import annotations

import json
from itertools import takewhile
from typing import TYPE_CHECKING

from ledgersync.cli.common.words import person_words, plain_words, table_words, value_words
from ledgersync.dataclass import dataclass
from ledgersync.messages import counted, listed, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.cli.common.app import App
    from ledgersync.journal import ConflictCase
    from ledgersync.schema import FieldSchema, TableSchema
    from ledgersync.sync.session import Session

MARKS = "①②③"
_KINDS = {
    "edit/edit": message("两人改了同一格"),
    "edit/delete": message("一方改、一方删"),
    "add/add": message("两人都新增"),
    "key": message("编号已属别的记录"),
}
_MOST_FIELDS = 6  # of a whole row that differs
_LONG, _BEFORE = 60, 8

Sides = tuple[str | None, str | None, str | None]  # base, ours, theirs, as the journal stores them


@dataclass(frozen=True, slots=True)
class ConflictText:
    """One conflict as a person reads it."""

    id: int
    record_id: str
    table: str
    record: str
    field: str
    base: str
    ours: str
    ours_by: str
    theirs: str
    theirs_by: str
    at: str
    marked: bool


def conflict_text(app: App, session: Session, case: ConflictCase) -> ConflictText:
    """A conflict in words."""
    table = session.catalog.table(case.ledger, case.table)
    sides = (case.base, case.ours, case.theirs)
    kind = app.text(_KINDS[case.kind])
    if case.field:
        field = table.by_id[case.field]
        name, texts = field.header, _cells(app, field, sides)
    else:
        name, texts = app.text(message("整行（{kind}）", kind=kind)), _rows(app, table, sides)
    return ConflictText(
        case.id,
        case.record,
        table_words(session.catalog, case.ledger, case.table, "\n"),
        _record(app, session, table, case),
        name,
        *(texts[0], texts[1], person_words(app, case.ours_by)),
        *(texts[2], person_words(app, case.theirs_by)),
        case.at,
        any(mark in text for text in texts for mark in MARKS),
    )


def _record(app: App, session: Session, table: TableSchema, case: ConflictCase) -> str:
    """What people call the record, a line each: whom or what it is about and its keys, masked."""
    from ledgersync.sync.cases.titles import row_of_conflict, title_fields
    from ledgersync.values import to_json

    row = row_of_conflict(session, table, case)
    cells = dict(zip(table.field_ids, map(to_json, row), strict=True)) if row else {}
    texts = [value_words(f, cells.get(f.id)) for f in title_fields(table)]
    return "\n".join(t for t in texts if t) or app.text(message("（没有名称的记录）"))


def _cells(app: App, field: FieldSchema, sides: Sides) -> list[str]:
    values = [None if side is None else json.loads(side) for side in sides]
    empty = app.text(message("（空）"))
    return [text or empty for text in distinct(field, values)]


def _rows(app: App, table: TableSchema, sides: Sides) -> list[str]:
    """Of whole rows only the columns in which the sides that still have it differ."""
    rows = [None if side is None else json.loads(side) for side in sides]
    there = [row for row in rows if row is not None]
    differing = [f for f in table.fields if len({str(row.get(f.id)) for row in there}) > 1]
    if len(there) == 1:  # nothing to compare it with: what it holds
        differing = [f for f in table.fields if there[0].get(f.id) is not None]
    shown = differing[:_MOST_FIELDS]
    columns = [distinct(f, [row.get(f.id) for row in there]) for f in shown]
    told = iter(zip(*columns, strict=True) if columns else [()] * len(there))
    never, removed = app.text(message("（无）")), app.text(message("（已删除）"))
    gone = [never, removed if rows[0] else never, removed]
    more = len(differing) - len(shown)
    return [
        none if row is None else _row(app, shown, next(told), more)
        for none, row in zip(gone, rows, strict=True)
    ]


def _row(app: App, shown: Sequence[FieldSchema], texts: Sequence[str], more: int) -> str:
    empty = message("（空）")
    lines = [
        message("{field}：{value}", field=f.header, value=text or empty)
        for f, text in zip(shown, texts, strict=True)
    ]
    if more:
        lines.append(counted("……另有 {n} 项", more))
    return app.text(listed(lines, "\n") if lines else message("（保留）"))


def distinct(field: FieldSchema, values: Sequence[object]) -> list[str]:
    """The values as they may be shown; different ones that would look alike are numbered."""
    plain = [plain_words(field, value) for value in values]
    texts = [value_words(field, value) for value in values]
    texts = [_window(text, texts) for text in texts]
    alike = {
        text: list(dict.fromkeys(p for p, t in zip(plain, texts, strict=True) if t == text))
        for text in texts
    }
    return [
        f"{text}{MARKS[alike[text].index(own)]}" if len(alike[text]) > 1 else text
        for own, text in zip(plain, texts, strict=True)
    ]


def _window(text: str, texts: Sequence[str]) -> str:
    """Of a long text what is around the first difference."""
    if len(text) <= _LONG:
        return text
    filled = [t for t in texts if t]
    same = sum(1 for _ in takewhile(lambda cs: len(set(cs)) == 1, zip(*filled, strict=False)))
    start = max(0, same - _BEFORE) if len(set(filled)) > 1 else 0
    head, tail = "…" if start else "", "…" if len(text) > start + _LONG else ""
    return f"{head}{text[start : start + _LONG]}{tail}"
