"""What a changed ledger would do to the records that are there. Nothing is changed by looking."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted, message
from ledgersync.model import Invalid, Rows
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.changes import kept_as, with_past
from ledgersync.sync.session import Session
from ledgersync.values import refitter, shown, to_json

Kind = Literal["dropped", "unfit", "read_otherwise", "key", "table", "workbook"]
REFUSED: frozenset[Kind] = frozenset({"key", "table", "workbook"})
_MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of what is kept: how many cells (or records), and some of them, masked."""

    kind: Kind
    table: str | None
    field: str | None
    cells: int
    told: Message
    examples: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """It would break what is there, and cannot be accepted."""
        return self.kind in REFUSED

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "table": self.table,
            "field": self.field,
            "cells": self.cells,
            "examples": list(self.examples),
            "refused": self.is_refused,
            "message": self.told.zh,
        }


def effects_of(session: Session, old: LedgerSchema, new: LedgerSchema | None) -> list[Effect]:
    """What happens to the records of a ledger when `new` rules (None: it is taken away)."""
    rows = {t.id: session.journal.state.rows(old.id, t.id) for t in old.tables}
    total = sum(map(len, rows.values()))
    if total and (new is None or new.workbook != old.workbook):
        return [_workbook(old, new, total)]
    if new is None:
        return []
    new = with_past(new, [old], 0)
    found: list[Effect] = []
    for table in old.tables:
        if rows[table.id]:
            found += _table(table, new.by_id.get(table.id), rows[table.id])
    return found


def _workbook(old: LedgerSchema, new: LedgerSchema | None, total: int) -> Effect:
    if new is None:
        told = counted("定义文件不见了，台账里还有 {n} 条记录：请放回原处", total)
    else:
        told = message(
            "工作簿不能从“{old}”改名为“{new}”：里面有记录，请改回原名",
            old=old.workbook,
            new=new.workbook,
        )
    return Effect("workbook", None, None, total, told)


def _table(old: TableSchema, new: TableSchema | None, rows: Rows) -> Iterator[Effect]:
    if new is None:
        told = counted("表“{sheet}”还有 {n} 条记录，不能去掉", len(rows), sheet=old.sheet)
        yield Effect("table", old.id, None, len(rows), told)
        return
    for at, field in enumerate(old.fields):
        if field.is_extra:
            continue
        values = [row[at] for row in rows.values() if row[at] is not None]
        if field.id not in new.by_id:
            yield from _dropped(old, field, values)
        elif kept_as(field) != kept_as(new.by_id[field.id]):
            yield from _changed(old, new.by_id[field.id], values)
    if (old.key, old.fallback_key) != (new.key, new.fallback_key):
        yield from _key(old, new, rows)


def _dropped(table: TableSchema, field: FieldSchema, values: list[Any]) -> Iterator[Effect]:
    if values:
        told = counted(
            "“{sheet}”去掉〔{header}〕：{n} 格的内容留在主台账里，不再读、不再并，"
            "以后的副本里没有这一列",
            len(values),
            sheet=table.sheet,
            header=field.header,
        )
        yield Effect("dropped", table.id, field.id, len(values), told)


def _changed(table: TableSchema, field: FieldSchema, values: list[Any]) -> Iterator[Effect]:
    """Cells that fit no more, and cells that mean something else."""
    refit, unfit, other = refitter(field), Counter[str](), Counter[str]()
    for value in values:
        now = refit(to_json(value))
        if isinstance(now, Invalid) and not isinstance(value, Invalid):
            unfit[mask(field.privacy, shown(value))] += 1
        elif shown(now) != shown(value):
            other[mask(field.privacy, f"{shown(value)} → {shown(now)}")] += 1
    where = {"sheet": table.sheet, "header": field.header}
    if unfit:
        told = counted(
            "“{sheet}”〔{header}〕有 {n} 格不再合规则：照原样留着，check 会报，谁改到那一格谁更正",
            unfit.total(),
            **where,
        )
        yield Effect("unfit", table.id, field.id, unfit.total(), told, _some(unfit))
    if other:
        told = counted("“{sheet}”〔{header}〕有 {n} 格读法变了", other.total(), **where)
        yield Effect("read_otherwise", table.id, field.id, other.total(), told, _some(other))


def _some(found: Counter[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in found.most_common(_MOST_EXAMPLES))


def _key(old: TableSchema, new: TableSchema, rows: Rows) -> Iterator[Effect]:
    """Another key may not make two records one."""
    at = [old.position.get(name) for name in new.key]
    keys = Counter(tuple(None if i is None else shown(row[i]) for i in at) for row in rows.values())
    twice = sum(n for key, n in keys.items() if n > 1 and any(key))
    if twice:
        told = counted(
            "“{sheet}”改了关键字段：有 {n} 条记录按新的关键字段重复，请先改好",
            twice,
            sheet=new.sheet,
        )
        yield Effect("key", new.id, None, twice, told)
