"""One unit's rows from its primary workbooks, which are what people see.

Headers that the unit itself confirmed (`map`) are known here, too. What a status was earlier is
asked of the unit's journal, where there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ledgersync.errors import UnreadableFile
from ledgersync.journal import Journal
from ledgersync.journal.reading import readable
from ledgersync.messages import message
from ledgersync.model import TableData, WorkbookData
from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.facts import FactRow, FactTables, MissingKind, MissingUnit, Remark, UnitFacts
from ledgersync.rollup.folders import WORKBOOKS
from ledgersync.rollup.provenance import Identity, identify
from ledgersync.rollup.units import full_code
from ledgersync.schema import Catalog, LedgerSchema, TableKey
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Unit, Workspace
from ledgersync.workspace.config import CONFIG_NAME
from ledgersync.workspace.place import archive_paths


@dataclass
class Received:
    """What a unit's folder holds: its rows, what is missing, whose the workbooks are."""

    facts: UnitFacts
    missing: list[MissingUnit]
    identities: list[Identity]
    remarks: list[Remark]

    def without(self, ledger: str) -> None:
        """The ledger is another unit's and does not count."""
        kept = {key: rows for key, rows in self.facts.tables.items() if key[0] != ledger}
        past = {
            day: {key: rows for key, rows in tables.items() if key[0] != ledger}
            for day, tables in self.facts.as_of.items()
        }
        self.facts = replace(self.facts, tables=kept, as_of=past)


@dataclass(frozen=True)
class PrimarySource:
    """Reads `<folder>/primary/`; `past_days` are days whose state is wanted from the journal."""

    catalog: Catalog
    today: date
    past_days: frozenset[date] = frozenset()

    def receive(self, unit: Unit, folder: Path) -> Received:
        """The unit's rows, and the ledgers that are not there or cannot be read."""
        tables: dict[TableKey, Sequence[FactRow]] = {}
        files: dict[str, str] = {}
        received = Received(UnitFacts(unit, tables), [], [], [])
        mappings = {**self.catalog.mappings, **load_mappings(folder / MAPPINGS_NAME)}
        for ledger in self._wanted():
            paths = primaries_of(folder, ledger)
            try:
                path = paths[0] if paths else _none(ledger)
                found = read_workbook(path, self.catalog, today=self.today, mappings=mappings)
            except UnreadableFile as error:
                kind: MissingKind = "unreadable" if paths else "absent"
                received.missing.append(MissingUnit(unit.code, error.message, ledger.id, kind))
                continue
            files[ledger.id] = path.name
            received.missing += self._take(unit, ledger, found, tables)
            received.identities.append(identify(full_code(unit.code), ledger.id, found))
            received.remarks += _beside(unit, ledger, paths)
            received.missing += self._take_archives(unit, ledger, folder, mappings, tables)
        past = self._past(folder, tables)
        received.facts = UnitFacts(unit, tables, past, files)
        return received

    def _wanted(self) -> Iterable[LedgerSchema]:
        """Ledgers that some figure is counted from."""
        definitions = load_definitions(self.catalog)
        needed = {key for d in definitions for key in definitions.needs(d)}
        self_named = {ledger for ledger, _ in needed}
        return [ledger for ledger in self.catalog if ledger.id in self_named]

    def _take(
        self,
        unit: Unit,
        ledger: LedgerSchema,
        found: WorkbookData,
        tables: dict[TableKey, Sequence[FactRow]],
    ) -> Iterator[MissingUnit]:
        for table in ledger.tables:
            parts = [t for t in found.tables if (t.ledger, t.table) == (ledger.id, table.id)]
            if parts:
                tables[ledger.id, table.id] = [
                    row for part in parts for row in _rows(part, table.field_ids)
                ]
            else:
                reason = message("{file} 里没有“{sheet}”表", file=found.file, sheet=table.sheet)
                yield MissingUnit(unit.code, reason, ledger.id, "no_table")

    def _take_archives(
        self,
        unit: Unit,
        ledger: LedgerSchema,
        folder: Path,
        mappings: Mapping[str, str],
        tables: dict[TableKey, Sequence[FactRow]],
    ) -> Iterator[MissingUnit]:
        """Rows of closed years; one that the primary still shows as well counts once."""
        for path in archive_paths(folder, ledger):
            file = path.relative_to(folder).as_posix()
            try:
                found = read_workbook(path, self.catalog, today=self.today, mappings=mappings)
            except UnreadableFile as error:
                yield MissingUnit(unit.code, error.message, ledger.id, "unreadable")
                continue
            for part in (t for t in found.tables if t.ledger == ledger.id):
                key = (ledger.id, part.table)
                known = tables.get(key, ())
                there = {row.record for row in known}
                rows = _rows(part, self.catalog.table(*key).field_ids, file)
                tables[key] = [*known, *(row for row in rows if row.record not in there)]

    def _past(self, folder: Path, tables: FactTables) -> dict[date, FactTables]:
        """What the journal says of past days, for the tables that have it asked."""
        wanted = load_definitions(self.catalog).past_tables() & tables.keys()
        if not (folder / CONFIG_NAME).exists() or not self.past_days or not wanted:
            return {}
        workspace = Workspace.open(folder)
        if not workspace.journal_file.exists():
            return {}
        alike = {k for k in wanted if _same_fields(workspace.catalog, self.catalog, k)}
        with (
            readable(workspace.journal_file) as file,
            Journal.open(file, workspace.catalog) as journal,
        ):
            return {day: _on(journal, alike, day) for day in self.past_days}


def _on(journal: Journal, keys: Iterable[TableKey], day: date) -> FactTables:
    found = {key: journal.state.rows_on(*key, day) for key in keys}
    return {
        key: [FactRow(record, row, "", 0) for record, row in rows.items()]
        for key, rows in found.items()
        if rows is not None
    }


def _same_fields(one: Catalog, other: Catalog, key: TableKey) -> bool:
    if key[0] not in one.ledgers or key[1] not in one.ledgers[key[0]].by_id:
        return False
    return one.table(*key).field_ids == other.table(*key).field_ids


def _rows(data: TableData, field_ids: Sequence[str], file: str = "") -> Iterator[FactRow]:
    """The records of a sheet; one without an id is named by its place."""
    count = len(data.rows)
    columns = [data.values.get(name) or [None] * count for name in field_ids]
    values = zip(*columns, strict=True)
    for at, record, row in zip(data.rows, data.record_ids or [None] * count, values, strict=True):
        yield FactRow(record or f"{file}{data.sheet}!{at}", row, data.sheet, at, file)


def primaries_of(folder: Path, ledger: LedgerSchema) -> list[Path]:
    """The primaries of a ledger, the one that counts first."""
    primary = folder / "primary"
    paths = (primary / f"{ledger.workbook}{suffix}" for suffix in WORKBOOKS)
    return [path for path in paths if path.is_file()]


def _none(ledger: LedgerSchema) -> Path:
    raise UnreadableFile(
        message("没有{workbook}。", workbook=ledger.workbook),
        message("请向该单位收取。"),
    )


def _beside(unit: Unit, ledger: LedgerSchema, paths: Sequence[Path]) -> Iterator[Remark]:
    """The same ledger in another format: one of them counts."""
    for other in paths[1:]:
        text = message(
            "{name} 和 {name2} 都在 primary 里，只计了 {name2}",
            name=other.name,
            name2=paths[0].name,
        )
        yield Remark("duplicate_workbook", text, unit.code, ledger.id)
