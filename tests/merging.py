"""A primary and the copies of it, kept in memory as the sync layer keeps them on disk.

Records are written as small text tables, one line each; the first column is the row's `_LS_ID`:

    编号 | 姓名 | 住址
    r1   | 王芳 | 幸福路1号
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from ledgersync.checks import RowChecker
from ledgersync.merge import MergeResult, Submitted, merge_table, resolve_identity, settled
from ledgersync.merge.result import Faults
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema, header_key
from ledgersync.values import CellParser

TODAY = date(2022, 6, 30)


@dataclass
class CopyState:
    """What is remembered of one copy."""

    last_submission: Rows
    unsettled: Mapping[str, Row | None] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


class Desk:
    """One table: `ours` is the primary, `submit` takes a copy in."""

    def __init__(self, table: TableSchema, ours: Rows, faults: Faults | None = None) -> None:
        self.table, self.ours = table, ours
        self.faults = faults or RowChecker(table, TODAY).faults
        self.copies: dict[str, CopyState] = {}
        self.all_fields = frozenset(table.field_ids)
        self._ids = (f"n{i}" for i in count(1))

    def issue(self, copy: str) -> None:
        self.copies[copy] = CopyState(dict(self.ours))

    def submit(
        self,
        copy: str,
        rows: Sequence[Submitted],
        *,
        present: frozenset[str] | None = None,
        **terms: Any,
    ) -> MergeResult:
        """Merges a copy, issuing it first if it was not; the primary becomes what comes of it."""
        if copy not in self.copies:
            self.issue(copy)
        state, present = self.copies[copy], present or self.all_fields
        base = settled(state.last_submission, state.unsettled)
        who = resolve_identity(
            self.table,
            rows,
            base,
            self.ours,
            new_id=lambda: next(self._ids),
            last_submission=state.last_submission,
            present=present,
            aliases=state.aliases,
        )
        known: dict[str, Any] = {"removals": True, **terms}
        result = merge_table(
            self.table,
            base,
            self.ours,
            who.rows,
            last_submission=state.last_submission,
            unresolved=who.unresolved,
            positions=who.positions,
            present=present,
            faults=self.faults,
            **known,
        )
        self.ours = result.merged
        self.copies[copy] = CopyState(result.last_submission, result.unsettled, who.aliases)
        return result


class Ledger:
    """Reads the text tables of a test; `filled` are cells that every record has beside them."""

    def __init__(self, table: TableSchema, filled: Mapping[str, Value] | None = None) -> None:
        self.table, self.filled = table, filled or {}
        self._parsers = {f.id: CellParser(f, TODAY) for f in table.fields}

    def rows(self, text: str) -> Rows:
        return {s.record_id or "": s.row for s in self.copy(text)}

    def copy(self, text: str) -> list[Submitted]:
        """The records of a copy in the order written; a blank first column is no id."""
        headers, *lines = [
            [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
        ]
        names = [self.table.header_index[header_key(h)].id for h in headers[1:]]
        return [
            Submitted(i, cells[0] or None, self.row(dict(zip(names, cells[1:], strict=True))))
            for i, cells in enumerate(lines)
        ]

    def row(self, typed: Mapping[str, str]) -> Row:
        cells = {name: self._parsers[name](text).value for name, text in typed.items()}
        return tuple({**self.filled, **cells}.get(name) for name in self.table.field_ids)

    def cell(self, rows: Rows, record: str, name: str) -> Value:
        return rows[record][self.table.position[name]]


def submitted(rows: Rows) -> list[Submitted]:
    """A copy that shows these records, each with its id."""
    return [Submitted(i, record, row) for i, (record, row) in enumerate(rows.items())]
