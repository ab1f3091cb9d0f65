"""更新: colleagues' entries into the open workbook, without touching one's own.

The snapshot tells what was posted since the revision that the workbook shows. A cell that still
holds the value of that revision takes the new one; a cell that was edited here keeps what was
typed, and the merge will judge it as any other submission. Rows are found by their `_LS_ID`.
"""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

import xlwings

from ledgersync.dataclass import dataclass
from ledgersync.model import Row, TableData, Value
from ledgersync.plugin.grid import cell_of
from ledgersync.plugin.reader import SnapshotReader, decoded_row
from ledgersync.schema import FieldSchema, TableKey, TableSchema
from ledgersync.values import from_json, shown

_TEXT = frozenset({"id_number", "phone", "digits", "code"})


@dataclass
class Posted:
    """All that happened to one record since a revision."""

    added: bool = False
    removed: bool = False
    before: dict[str, Any] = field(default_factory=dict)  # field → JSON value at that revision
    after: dict[str, Any] = field(default_factory=dict)
    last_row: dict[str, Any] = field(default_factory=dict)  # of a removed record


@dataclass
class Taken:
    """What an update did; `clashes` are cells that were edited here and there."""

    cells: int = 0
    added: int = 0
    removed: int = 0
    clashes: list[tuple[str, int, str]] = field(default_factory=list)  # sheet, row, header


def posted_since(
    reader: SnapshotReader, ledger: str, revision: int
) -> dict[str, dict[str, Posted]]:
    """By table and record what was posted to a ledger after a revision."""
    found: dict[str, dict[str, Posted]] = {}
    rows = reader.all(
        "SELECT tbl, record, kind, field, old, new FROM change"
        " WHERE ledger = ? AND revision > ? ORDER BY id",
        ledger,
        revision,
    )
    for table, record, kind, name, old, new in rows:
        one = found.setdefault(table, {}).setdefault(record, Posted())
        if kind == "edit":
            one.before.setdefault(name, json.loads(old) if old else None)
            one.after[name] = json.loads(new) if new else None
        else:
            one.added = one.added or kind == "add"
            one.removed = kind == "remove"
            one.last_row = json.loads(old) if one.removed and old else {}
    return found


class Scope:
    """What a copy's owner sees: own fields limit a table, a reference limits the one below it.

    As `issue` does it; `homes` are the referenced values that stand in the open workbook.
    """

    def __init__(self, limits: Mapping[str, Sequence[str]]) -> None:
        self.limits = limits
        self.homes: dict[str, set[str]] = {}

    def note(self, key: TableKey, field_: str, values: Iterable[Value]) -> None:
        self.homes.setdefault(f"{key[0]}.{key[1]}.{field_}", set()).update(map(shown, values))

    def holds(self, table: TableSchema, row: Row) -> bool:
        if not self.limits:
            return True
        own = [name for name in self.limits if name in table.position]
        if own:
            return all(self._fits(row[table.position[name]], self.limits[name]) for name in own)
        links = [f for f in table.fields if f.ref in self.homes]
        return all(self._fits(row[table.position[f.id]], self.homes[f.ref or ""]) for f in links)

    @staticmethod
    def _fits(value: Value, allowed: Container[str]) -> bool:
        return value is None or shown(value) in allowed


class Updater:
    """Brings one table of the open workbook up to the snapshot."""

    def __init__(self, sheet: xlwings.Sheet, data: TableData, reader: SnapshotReader) -> None:
        self.sheet = sheet
        self.data = data
        self.reader = reader
        self.key: TableKey = (data.ledger, data.table)
        self.table: TableSchema = reader.catalog.table(*self.key)
        self.place = {record: i for i, record in enumerate(data.record_ids) if record}
        self._columns = {c.field: c.index for c in data.columns}
        self._free = [(row, rid) for row, rid in data.reserved if row > max(data.rows, default=0)]
        self._next = max([*data.rows, *(row for row, _ in data.reserved), *data.header_rows]) + 1
        self.taken = Taken()

    def apply(self, posted: Mapping[str, Posted], scope: Scope) -> Taken:
        """Edits, then additions, then removals from below, so that row numbers hold."""
        for name, values in self.data.values.items():
            scope.note(self.key, name, values)
        for record, one in posted.items():
            if record in self.place and not one.removed:
                self._edit(self.place[record], one)
        for record, one in posted.items():
            if record not in self.place and not one.removed and one.added:
                self._add(record, scope)
        gone = {self.place[r]: one for r, one in posted.items() if one.removed and r in self.place}
        for i in sorted(gone, reverse=True):
            self._remove(i, gone[i])
        return self.taken

    def _edit(self, i: int, one: Posted) -> None:
        for name, after in one.after.items():
            if name not in self._columns:
                continue
            field_ = self.table.by_id[name]
            own, base = self.data.values[name][i], from_json(field_, one.before[name])
            new = from_json(field_, after)
            if shown(own) == shown(new):
                continue
            if shown(own) != shown(base):
                self.taken.clashes.append((self.sheet.name, self.data.rows[i], field_.header))
                continue
            self._write(self.data.rows[i], field_, new)
            self.taken.cells += 1

    def _write(self, row: int, field_: FieldSchema, value: Value) -> None:
        cell = self.sheet.range((row, self._columns[field_.id]))
        if field_.type in _TEXT:
            cell.number_format = "@"
        cell.value = cell_of(value)

    def _add(self, record: str, scope: Scope) -> None:
        row = self._current(record)
        if row is None or not scope.holds(self.table, row):
            return
        at = self._free.pop(0)[0] if self._free else self._next
        self._next = max(self._next, at + 1)
        for field_, value in zip(self.table.fields, row, strict=True):
            if value is not None and field_.id in self._columns:
                self._write(at, field_, value)
        if self.data.id_column:
            self.sheet.range((at, self.data.id_column)).value = record
        for name, position in self.table.position.items():
            scope.note(self.key, name, [row[position]])
        self.taken.added += 1

    def _current(self, record: str) -> Row | None:
        found = self.reader.all(
            "SELECT row FROM record WHERE ledger = ? AND tbl = ? AND record = ?", *self.key, record
        )
        return decoded_row(self.table, found[0][0]) if found else None

    def _remove(self, i: int, one: Posted) -> None:
        row = self.data.rows[i]
        if self._edited_here(i, one):
            self.taken.clashes.append((self.sheet.name, row, "整行"))
            return
        width = max([*self._columns.values(), self.data.id_column or 0])
        self.sheet.range((row, 1), (row, width)).delete("up")
        self.taken.removed += 1

    def _edited_here(self, i: int, one: Posted) -> bool:
        """Some cell differs from what the record held at the revision that is shown here."""
        for name, values in self.data.values.items():
            stored = one.before.get(name, one.last_row.get(name))
            if shown(values[i]) != shown(from_json(self.table.by_id[name], stored)):
                return True
        return False
