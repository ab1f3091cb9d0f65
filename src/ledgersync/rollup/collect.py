"""Gets the facts of a unit and of all units below it, and says which are missing and why.

A `FactSource` knows how to get one unit's rows. The one here reads the primary workbooks, which
are what people see, and asks the unit's journal (where there is one) what a status was earlier.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from ledgersync.errors import LedgerSyncError, UnreadableFile
from ledgersync.journal import Journal
from ledgersync.messages import message
from ledgersync.model import TableData, WorkbookData
from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.engine import window_periods
from ledgersync.rollup.facts import FactRow, FactTables, MissingUnit, UnitFacts
from ledgersync.rollup.periods import Period
from ledgersync.rollup.units import UnitTree, build_tree, full_code
from ledgersync.schema import Catalog, LedgerSchema, TableKey
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Unit, Workspace
from ledgersync.workspace.config import CONFIG_NAME

_FORMATS = (".xlsx", ".xlsm", ".xls", ".et", ".csv")


class FactSource(Protocol):
    """Where a unit's rows come from."""

    def facts(self, unit: Unit, folder: Path) -> tuple[UnitFacts, list[MissingUnit]]:
        """The unit's rows, and the ledgers that are not there or cannot be read."""


@dataclass(frozen=True)
class Collected:
    """The tree of units, the facts of those that have any, and who is missing."""

    tree: UnitTree
    facts: tuple[UnitFacts, ...]
    missing: tuple[MissingUnit, ...]


@dataclass(frozen=True)
class PrimarySource:
    """Reads `<folder>/primary/`; `past_days` are days whose state is wanted from the journal."""

    catalog: Catalog
    today: date
    past_days: frozenset[date] = frozenset()

    def facts(self, unit: Unit, folder: Path) -> tuple[UnitFacts, list[MissingUnit]]:
        tables: dict[TableKey, Sequence[FactRow]] = {}
        files: dict[str, str] = {}
        missing: list[MissingUnit] = []
        for ledger in self._wanted():
            try:
                path = _primary(folder, ledger)
                found = read_workbook(path, self.catalog, today=self.today)
            except UnreadableFile as error:
                missing.append(MissingUnit(unit.code, error.message.zh, ledger.id))
                continue
            files[ledger.id] = path.name
            missing += self._take(unit, ledger, found, tables)
        as_of = self._past(folder, tables)
        facts = UnitFacts(unit, tables, unit.households, unit.residents, as_of, files)
        return facts, missing

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
                reason = f"{found.file} 里没有“{table.sheet}”表"
                yield MissingUnit(unit.code, reason, ledger.id)

    def _past(self, folder: Path, tables: FactTables) -> dict[date, FactTables]:
        """What the journal says of past days, for the tables that have it asked."""
        wanted = load_definitions(self.catalog).past_tables() & tables.keys()
        if not (folder / CONFIG_NAME).exists() or not self.past_days or not wanted:
            return {}
        workspace = Workspace.open(folder)
        if not workspace.journal_file.exists():
            return {}
        alike = {k for k in wanted if _same_fields(workspace.catalog, self.catalog, k)}
        with Journal.open(workspace.journal_file, workspace.catalog) as journal:
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


def _rows(data: TableData, field_ids: Sequence[str]) -> Iterator[FactRow]:
    """The records of a sheet; one without an id is named by its place."""
    count = len(data.rows)
    columns = [data.values.get(name) or [None] * count for name in field_ids]
    values = zip(*columns, strict=True)
    for at, record, row in zip(data.rows, data.record_ids or [None] * count, values, strict=True):
        yield FactRow(record or f"{data.sheet}!{at}", row, data.sheet, at)


def _primary(folder: Path, ledger: LedgerSchema) -> Path:
    """The primary of a ledger; raises UnreadableFile when there is none."""
    primary = folder / "primary"
    for suffix in _FORMATS:
        path = primary / f"{ledger.workbook}{suffix}"
        if path.is_file():
            return path
    raise UnreadableFile(
        message("没有{workbook}。", workbook=ledger.workbook),
        message("请向该单位收取。"),
    )


@dataclass
class Collection:
    """Walks a workspace and the units below it."""

    source: FactSource
    day: date  # a unit that does not exist then is not expected
    units: dict[str, Unit] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    facts: list[UnitFacts] = field(default_factory=list)
    missing: list[MissingUnit] = field(default_factory=list)

    def collect(self, workspace: Workspace) -> Collected:
        tree = self.tree(workspace)
        for node in tree:
            self._take(node.unit, expected=node in tree.expected(self.day))
        return Collected(tree, tuple(self.facts), tuple(self.missing))

    def tree(self, workspace: Workspace) -> UnitTree:
        """The units that are here, before anything of theirs is read."""
        self._discover(workspace)
        return build_tree(workspace.unit, list(self.units.values()))

    def _discover(self, workspace: Workspace) -> None:
        """The unit, those its configuration lists, and those of streets below it."""
        self._note(workspace.unit, workspace.root)
        for unit in workspace.config.units:
            self._note(unit, None)
        below = workspace.root / "units"
        for folder in sorted(below.iterdir()) if below.is_dir() else []:
            if (folder / CONFIG_NAME).exists():
                self._discover_below(folder)
            elif folder.is_dir():
                self.folders[full_code(folder.name)] = folder

    def _discover_below(self, folder: Path) -> None:
        try:
            self._discover(Workspace.open(folder))
        except LedgerSyncError:  # what is wrong with it is said when its rows are wanted
            self.folders[full_code(folder.name)] = folder

    def _note(self, unit: Unit, folder: Path | None) -> None:
        """What the office above says of a unit outranks what the unit says of itself."""
        code = full_code(unit.code)
        known = self.units.get(code)
        self.units[code] = _filled(known, unit) if known else unit
        if folder is not None:
            self.folders[code] = folder

    def _take(self, unit: Unit, *, expected: bool) -> None:
        folder = self.folders.get(full_code(unit.code))
        if folder is None or not (folder / "primary").is_dir():
            if expected:
                self.missing.append(MissingUnit(unit.code, "没有收到该单位的台账"))
            return
        facts, missing = self.source.facts(unit, folder)
        if unit.level != "community":  # an office's own ledgers count only where it keeps any
            if any(facts.tables.values()):
                self.facts.append(facts)
            return
        self.missing += missing
        if facts.tables:
            self.facts.append(facts)


def _filled(known: Unit, other: Unit) -> Unit:
    """The known unit with what it does not say taken from the other."""
    more = {k: v for k, v in other.model_dump().items() if not getattr(known, k)}
    return known.model_copy(update=more)


def units_of(workspace: Workspace, today: date) -> UnitTree:
    """The tree of a workspace's units; no ledger is read for it."""
    return Collection(PrimarySource(workspace.catalog, today), today).tree(workspace)


def collect(workspace: Workspace, period: Period, today: date) -> Collected:
    """The facts for a period from a workspace and the units below it."""
    periods = window_periods(period).values()
    days = {day for p in periods for day in (p.last, p.opening) if day < today}
    source = PrimarySource(workspace.catalog, today, frozenset(days))
    return Collection(source, min(period.last, today)).collect(workspace)
