"""Writes the dataset: one part per unit and table, then the manifest, then what is stale goes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from ledgersync import __version__
from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.facts.columns import PLACE, derived_names
from ledgersync.files import atomic_write, file_hash
from ledgersync.messages import message
from ledgersync.privacy import mask_text
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
from ledgersync.rollup.dataset.past import spans_of
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.facts import FactColumns, FactTable, UnitFacts
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.sql.statements import Statements
from ledgersync.schema import Catalog, TableKey, TableSchema
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True)
class Export:
    """One writing of a dataset; `pseudonyms` is None where persons stay as they are."""

    folder: Path
    statements: Statements
    today: date
    now: datetime
    pseudonyms: Pseudonyms | None
    period: str | None = None
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
            reasons = tuple(
                {"ledger": m.ledger, "zh": m.reason.zh, "en": m.reason.en}
                for m in found.missing
                if full_code(m.unit) == node.code
            )
            yield ExportedUnit(
                code=node.code,
                name=unit.name,
                level=unit.level,
                parent=parent,
                households=unit.households,
                residents=unit.residents,
                valid_from=_iso(unit.valid_from),
                valid_to=_iso(unit.valid_to),
                succeeded_by=tuple(full_code(code) for code in unit.succeeded_by),
                key=self.pseudonyms.key_id if self.pseudonyms else None,
                exported=self.now.isoformat(),
                period=self.period,
                missing=reasons,
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
            arrow = PartColumns(self, table, full_code(facts.unit.code)).of(rows)
            yield self._written(facts, key, arrow, history=False)
        for key, fields in self.statements.then_fields.items():
            code, table = full_code(facts.unit.code), self.catalog.table(*key)
            spans = facts.history.get(key)
            if spans is None:
                spans = spans_of(facts, key, table, fields)
            if spans.num_rows:
                arrow = self._history(table, code, fields, spans)
                yield self._written(facts, key, arrow, history=True)

    def _history(
        self, table: TableSchema, code: str, fields: Sequence[str], spans: pa.Table
    ) -> pa.Table:
        columns: dict[str, Any] = {
            "_unit": pa.array([code] * spans.num_rows, pa.string()),
            **{name: spans.column(name) for name in ("_record", "_from", "_until")},
        }
        for content in contents(table, fields, plain=not self.pseudonyms):
            name = content.field.id
            if name in fields:
                given = spans.column(name)
                hashed = self.hashed(given.to_pylist()) if content.hashed else given
                columns[name] = hashed
        schema = history_schema(table, fields)
        return pa.table([columns[name] for name in schema.names], schema)

    def hashed(self, values: Sequence[Any]) -> list[str | None]:
        assert self.pseudonyms is not None, "nothing is hashed in a plain dataset"
        return [self.pseudonyms.of(value) for value in values]

    def _written(self, facts: UnitFacts, key: TableKey, arrow: pa.Table, *, history: bool) -> Part:
        code, file = full_code(facts.unit.code), facts.files.get(key[0], "")
        labels = {"unit": code, "table": table_folder(key), "schema_version": str(SCHEMA_VERSION)}
        arrow = arrow.replace_schema_metadata({f"ledgersync.{k}": v for k, v in labels.items()})
        buffer = BytesIO()
        pq.write_table(arrow, buffer, compression="zstd", row_group_size=262_144)
        content = buffer.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        name = f"part-{digest[:16]}.parquet"
        path = f"{table_folder(key, history=history)}/{unit_folder(code)}/{name}"
        target = self.folder / path
        if not target.exists() or file_hash(target) != digest:
            atomic_write(target, content, private=self.private)
        return Part(
            ledger=key[0],
            table=key[1],
            unit=code,
            path=path,
            rows=arrow.num_rows,
            bytes=len(content),
            sha256=digest,
            source=file,
            source_sha256=facts.hashes.get(key[0], ""),
            history=history,
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
    """The columns of one unit's rows of one table, as they leave the workspace."""

    export: Export
    table: TableSchema
    code: str

    def of(self, rows: FactTable) -> pa.Table:
        columns = FactColumns.of(self.table, rows, self.export.today)
        given = pa.concat_tables([part for _, part in columns.pieces])
        names = [name for name, _ in PLACE]
        found: dict[str, Any] = {name: given.column(name) for name in names}
        found["_unit"] = pa.array([self.code] * given.num_rows, pa.string())
        plain = self.export.pseudonyms is None
        for content in contents(self.table, self.export.statements.named_columns, plain=plain):
            f = content.field
            for name in derived_names(f):
                found[name] = self._shown(given.column(name), hashed=f.privacy == "address")
            if content.kept:
                text = f.type == "text"
                found[f.id] = self._shown(given.column(f.id), hashed=content.hashed, text=text)
        schema = part_schema(self.table, self.export.statements.named_columns, plain=plain)
        return pa.table([found[name] for name in schema.names], schema)

    def _shown(self, column: Any, *, hashed: bool, text: bool = False) -> Any:
        """Hashed, with the numbers in it masked, or as it is."""
        if self.export.pseudonyms is None or not (hashed or text):
            return column
        values = column.to_pylist()
        if hashed:
            return pa.array(self.export.hashed(values), pa.string())
        return pa.array([mask_text(v) if v else v for v in values], pa.string())


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
