"""Writes the dataset: one part per unit and table, then the manifest, then what is stale goes."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from ledgersync import __version__
from ledgersync.checks import RowChecker
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write, file_hash
from ledgersync.messages import message
from ledgersync.model import Row
from ledgersync.privacy import mask_text
from ledgersync.rollup.assembly import FaultyRow
from ledgersync.rollup.collect import Collected
from ledgersync.rollup.columns import cycle_columns, derived_names, plain_value
from ledgersync.rollup.dataset.layout import (
    MANIFEST,
    SCHEMA_VERSION,
    contents,
    history_schema,
    part_schema,
    table_folder,
    unit_folder,
)
from ledgersync.rollup.dataset.manifest import ExportedUnit, Manifest, Part
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.facts import FactRow, UnitFacts
from ledgersync.rollup.keys import home_key
from ledgersync.rollup.sql.statements import Statements
from ledgersync.rollup.units import full_code
from ledgersync.schema import Catalog, TableKey, TableSchema
from ledgersync.workspace import Unit

_FAR = date(9999, 12, 31)
Source = Callable[[Unit, str], Path | None]  # the workbook of a unit by its file name


@dataclass(frozen=True)
class Export:
    """One writing of a dataset; `pseudonyms` is None where persons stay as they are."""

    folder: Path
    statements: Statements
    today: date
    now: datetime
    pseudonyms: Pseudonyms | None
    period: str | None = None
    source: Source | None = None
    private: bool = False

    @property
    def catalog(self) -> Catalog:
        return self.statements.definitions.catalog

    def write(self, found: Collected) -> Manifest:
        """All units that were collected; other units' parts in the folder stay.

        Raises UsageFault where another unit of the same code is there already.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "manifest.lock"):
            before = self._before()
            _check_names(before, found)
            parts = tuple(part for facts in found.facts for part in self._parts(facts))
            fresh = Manifest(__version__, tuple(self._units(found)), parts, self._columns())
            whole = before.replaced_by(fresh) if before else fresh
            whole.write(self.folder, private=self.private)
            self._remove_stale(whole, {unit.code for unit in fresh.units})
        return whole

    def _before(self) -> Manifest | None:
        return Manifest.read(self.folder) if (self.folder / MANIFEST).exists() else None

    def _units(self, found: Collected) -> Iterator[ExportedUnit]:
        """The units that were expected or have rows; of an office only where it has some."""
        have = {full_code(f.unit.code) for f in found.facts}
        missing = {full_code(m.unit) for m in found.missing}
        for node in found.tree:
            if node.code not in have | missing:
                continue
            unit, parent = node.unit, node.parent
            said = tuple(
                {"ledger": m.ledger, "zh": m.reason.zh, "en": m.reason.en}
                for m in found.missing
                if full_code(m.unit) == node.code
            )
            yield ExportedUnit(
                node.code,
                unit.name,
                unit.level,
                parent,
                unit.households,
                unit.residents,
                _iso(unit.valid_from),
                _iso(unit.valid_to),
                tuple(full_code(code) for code in unit.succeeded_by),
                self.pseudonyms.key_id if self.pseudonyms else None,
                self.now.isoformat(),
                self.period,
                said,
            )

    def _columns(self) -> dict[str, dict[str, str]]:
        """Names and types per table, for whoever reads the dataset without this program."""
        return {
            table_folder((ledger.id, table.id)): {f.name: str(f.type) for f in self._schema(table)}
            for ledger, table in self.catalog.tables()
        }

    def _schema(self, table: TableSchema) -> pa.Schema:
        return part_schema(table, self.statements.named_columns, plain=self.pseudonyms is None)

    def _parts(self, facts: UnitFacts) -> Iterator[Part]:
        for key, rows in facts.tables.items():
            table = self.catalog.table(*key)
            columns = PartColumns(self, table, full_code(facts.unit.code))
            arrow = pa.table(columns.of(rows), self._schema(table))
            yield self._written(facts, key, arrow, history=False)
        for key, fields in self.statements.then_fields.items():
            held = _intervals(facts, key, self.catalog.table(*key), fields)
            if held:
                arrow = self._history(key, full_code(facts.unit.code), fields, held)
                yield self._written(facts, key, arrow, history=True)

    def _history(
        self, key: TableKey, code: str, fields: Sequence[str], held: "list[Held]"
    ) -> pa.Table:
        table = self.catalog.table(*key)
        columns: dict[str, list[Any]] = {
            "_unit": [code] * len(held),
            "_record": [h.record for h in held],
            "_from": [h.since for h in held],
            "_until": [h.until for h in held],
        }
        hide = {c.field.id: c.hashed for c in contents(table, fields, plain=not self.pseudonyms)}
        for position, name in enumerate(fields):
            values = [h.values[position] for h in held]
            columns[name] = self.hashed(values) if hide[name] else values
        return pa.table(columns, history_schema(table, fields))

    def hashed(self, values: Sequence[Any]) -> list[str | None]:
        assert self.pseudonyms is not None, "nothing is hashed in a plain dataset"
        return [self.pseudonyms.of(value) for value in values]

    def _written(self, facts: UnitFacts, key: TableKey, arrow: pa.Table, *, history: bool) -> Part:
        code, file = full_code(facts.unit.code), facts.files.get(key[0], "")
        said = {"unit": code, "table": table_folder(key), "schema_version": str(SCHEMA_VERSION)}
        arrow = arrow.replace_schema_metadata({f"ledgersync.{k}": v for k, v in said.items()})
        buffer = BytesIO()
        pq.write_table(arrow, buffer, compression="zstd", row_group_size=262_144)
        content = buffer.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        name = f"part-{digest[:16]}.parquet"
        path = f"{table_folder(key, history=history)}/{unit_folder(code)}/{name}"
        target = self.folder / path
        if not target.exists() or file_hash(target) != digest:
            atomic_write(target, content, private=self.private)
        workbook = self.source(facts.unit, file) if file and self.source else None
        source_hash = file_hash(workbook) if workbook and workbook.exists() else ""
        return Part(
            *key, code, path, arrow.num_rows, len(content), digest, file, source_hash, history
        )

    def _remove_stale(self, manifest: Manifest, codes: set[str]) -> None:
        """Parts of these units that the manifest no longer names."""
        kept = {part.path for part in manifest.parts}
        for code in codes:
            for path in self.folder.glob(f"*/{unit_folder(code)}/part-*.parquet"):
                if path.relative_to(self.folder).as_posix() not in kept:
                    path.unlink()


@dataclass(frozen=True)
class PartColumns:
    """The columns of one unit's rows of one table."""

    export: Export
    table: TableSchema
    code: str

    def of(self, rows: Sequence[FactRow]) -> dict[str, list[Any]]:
        faults = [self._faults(r.row) for r in rows]
        found: dict[str, list[Any]] = {
            "_unit": [self.code] * len(rows),
            "_record": [r.record for r in rows],
            "_sheet": [r.sheet for r in rows],
            "_row": [r.sheet_row for r in rows],
            "_faulty": [always for always, _ in faults],
            "_faulty_until": [until for _, until in faults],
        }
        plain = self.export.pseudonyms is None
        named = self.export.statements.named_columns
        for position, content in enumerate(contents(self.table, named, plain=plain)):
            f = content.field
            values = [plain_value(r.row[position]) for r in rows]
            if f.privacy == "address":
                found[derived_names(f)[0]] = self._homes(values)
            found.update(cycle_columns(f, values))
            if content.kept:
                found[f.id] = self._shown(values, hashed=content.hashed, text=f.type == "text")
        return found

    def _shown(self, values: list[Any], *, hashed: bool, text: bool) -> list[Any]:
        if hashed:
            return self.export.hashed(values)
        if text and self.export.pseudonyms:
            return [mask_text(v) if v else v for v in values]
        return values

    def _homes(self, values: list[Any]) -> list[str | None]:
        keys = [(home_key(v) if isinstance(v, str) else "") or None for v in values]
        return self.export.hashed(keys) if self.export.pseudonyms else list(keys)

    def _faults(self, row: Row) -> tuple[bool, date | None]:
        """Whether the row has an error for good, else the last day of one that ends by itself."""
        if not self._now(row):
            return False, None
        ahead = [v for v in row if isinstance(v, date) and v > self.export.today]
        if not ahead or self._later(row):
            return True, None
        return False, max(ahead) - timedelta(1)

    @cached_property
    def _now(self) -> FaultyRow:
        return FaultyRow(RowChecker(self.table, self.export.today))

    @cached_property
    def _later(self) -> FaultyRow:
        return FaultyRow(RowChecker(self.table, _FAR))


@dataclass(frozen=True, slots=True)
class Held:
    """What some fields of a record held from a first to a last day."""

    record: str
    since: date
    until: date
    values: tuple[Any, ...]


def _intervals(
    facts: UnitFacts, key: TableKey, table: TableSchema, fields: Sequence[str]
) -> list[Held]:
    """What the journal says of past days; days that follow each other and say the same are one."""
    positions = [table.position[name] for name in fields]
    open_: dict[str, Held] = {}
    found: list[Held] = []
    for day, tables in sorted(facts.as_of.items()):
        now: dict[str, Held] = {}
        for row in tables.get(key, ()):
            values = tuple(plain_value(row.row[at]) for at in positions)
            before = open_.pop(row.record, None)
            if before and before.values == values:
                now[row.record] = replace(before, until=day)
            else:
                now[row.record] = Held(row.record, day, day, values)
                found += [before] if before else []
        found += open_.values()
        open_ = now
    return [*found, *open_.values()]


def _check_names(before: Manifest | None, found: Collected) -> None:
    known: Mapping[str, str] = {u.code: u.name for u in before.units} if before else {}
    for node in found.tree:
        other = known.get(node.code)
        if other is not None and other != node.unit.name:
            raise UsageFault(
                message(
                    "数据集里代码 {code} 已是“{other}”，与“{name}”不是同一单位，没有写入。",
                    code=node.code,
                    other=other,
                    name=node.unit.name,
                ),
                message("请核对两个单位的代码；确是改名时，删去该单位的旧文件夹和清单后重新导出。"),
            )


def _iso(day: object) -> str | None:
    return str(day) if day else None
