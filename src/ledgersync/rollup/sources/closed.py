"""The facts of a unit as a period was closed with them, whatever its workbooks say since.

One archive per closing: what it says of itself, every table and history as Parquet, and what the
closing kept beside (`figures.json`, `checks.json`). The journal names it by its hash.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.facts.columns import part_schema
from ledgersync.journal import Closing, Journal, Originals
from ledgersync.journal.database.reading import readable
from ledgersync.messages import literal, message
from ledgersync.rollup.facts import FactColumns, FactTable, MissingUnit, UnitFacts
from ledgersync.rollup.period.months import Period
from ledgersync.schema import Catalog, TableKey
from ledgersync.workspace import Unit, Workspace

FORMAT = "ledgersync.closed/1"
_STATEMENT = "closed.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FAULTS = (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile, zlib.error)


def closed_archive(
    period: Period,
    day: date,
    facts: UnitFacts,
    missing: Sequence[MissingUnit],
    catalog: Catalog,
    beside: Mapping[str, bytes],
) -> bytes:
    """The facts of a unit on the day of closing; the same facts give the same bytes."""
    tables: list[dict[str, Any]] = []
    parts: dict[str, bytes] = {}
    for key, rows in facts.tables.items():
        for file, piece in FactColumns.of(catalog.table(*key), rows, day).pieces:
            name = f"tables/{len(tables)}.parquet"
            tables.append({"table": key, "file": file, "part": name})
            parts[name] = _parquet(piece)
    history = {".".join(key): f"history/{n}.parquet" for n, key in enumerate(facts.history)}
    for key, spans in facts.history.items():
        parts[history[".".join(key)]] = _parquet(spans)
    statement = {
        "format": FORMAT,
        "unit": facts.unit.code,
        "period": period.text,
        "closing_day": period.closing_day,
        "day": day.isoformat(),
        "files": dict(facts.files),
        "tables": tables,
        "history": history,
        "missing": [[m.reason.zh, m.reason.en, m.ledger, m.kind] for m in missing],
    }
    text = json.dumps(statement, ensure_ascii=False, indent=1).encode()
    return _zipped({_STATEMENT: text, **beside, **parts})


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return buffer.getvalue()


@dataclass(frozen=True)
class Closed:
    """A closed period of one unit."""

    closing: Closing
    statement: Mapping[str, Any]
    parts: Mapping[str, bytes]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.statement["day"])

    def facts(self, unit: Unit, catalog: Catalog) -> UnitFacts:
        """What was counted then, in the columns of the ledgers of today."""
        tables: dict[TableKey, FactTable] = {}
        for key, file, part in self._tables(catalog):
            pieces = known.pieces if isinstance(known := tables.get(key), FactColumns) else ()
            rows = _conformed(self._table(part), part_schema(catalog.table(*key)))
            tables[key] = FactColumns((*pieces, (file, rows)))
        history = {
            key: self._table(part)
            for name, part in self.statement["history"].items()
            if (key := _key(name.split("."))) in tables
        }
        return UnitFacts(unit, tables, {}, dict(self.statement["files"]), history)

    def missing(self, unit: Unit) -> list[MissingUnit]:
        return [
            MissingUnit(unit.code, literal(zh, en), ledger, kind)
            for zh, en, ledger, kind in self.statement["missing"]
        ]

    def _tables(self, catalog: Catalog) -> Iterator[tuple[TableKey, str, str]]:
        for one in self.statement["tables"]:
            key = _key(one["table"])
            if key[0] in catalog.ledgers and key[1] in catalog.ledgers[key[0]].by_id:
                yield key, one["file"], one["part"]

    def _table(self, part: str) -> pa.Table:
        return pq.read_table(io.BytesIO(self.parts[part]))


def _key(path: Sequence[str]) -> TableKey:
    ledger, table = path
    return ledger, table


def _conformed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Columns that came since are empty, those that are gone are left out."""
    names = set(rows.column_names)
    columns = [
        rows.column(f.name).cast(f.type) if f.name in names else pa.nulls(rows.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)


@dataclass(frozen=True)
class Closings:
    """The periods that a unit has closed and not opened again."""

    workspace: Workspace
    steps: tuple[Closing, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> "Closings":
        if not workspace.closed.is_dir() or not workspace.journal_file.exists():
            return cls(workspace, ())
        with (
            readable(workspace.journal_file) as file,
            Journal.open(file, workspace.catalog) as journal,
        ):
            return cls(workspace, journal.closings.closed())

    def closed(self, period: Period) -> Closed | None:
        """What a period was closed with; None where it is open. Raises UnreadableFile."""
        closing = next((c for c in self.steps if c.period == period.text), None)
        found = None if closing is None else read_closed(self.workspace, closing)
        return found if found and found.statement["closing_day"] == period.closing_day else None


def read_closed(workspace: Workspace, closing: Closing) -> Closed:
    """The archive of a closing; raises UnreadableFile where it is not what it was."""
    store, sha256 = Originals(workspace.closed), closing.sha256 or ""
    try:
        if not store.is_intact(sha256):
            raise ValueError
        with zipfile.ZipFile(io.BytesIO(store.load(sha256))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return Closed(closing, json.loads(parts[_STATEMENT]), parts)
    except _FAULTS as error:
        raise UnreadableFile(
            message(
                "{unit} {period} 关账的存档不见了或已损坏。",
                unit=workspace.unit.name,
                period=closing.period,
            ),
            message("请从备份恢复 closed 文件夹；没有备份就用 close --reopen 重新开账。"),
        ) from error
