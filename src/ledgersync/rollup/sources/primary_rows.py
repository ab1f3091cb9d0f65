"""One unit's rows from its primary workbooks, which are what people see.

Headers that the unit itself confirmed (`map`) are known here, too. What a status was earlier is
asked of the unit's journal, where there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.facts.part import Part
from ledgersync.facts.reader import PartReader, Wanted
from ledgersync.messages import message
from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.facts import (
    FactColumns,
    FactTable,
    MissingKind,
    MissingUnit,
    Remark,
    UnitFacts,
)
from ledgersync.rollup.sources.past_states import PastStates
from ledgersync.rollup.units.provenance import Identity, identify
from ledgersync.schema import LedgerSchema, TableKey
from ledgersync.workspace import Unit
from ledgersync.workspace.unitcodes import full_code


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
        past = {key: spans for key, spans in self.facts.history.items() if key[0] != ledger}
        self.facts = replace(self.facts, tables=kept, history=past)


@dataclass(frozen=True)
class PrimarySource:
    """Takes `<folder>/primary/`; `past_days` are days whose state is wanted from the journal."""

    parts: PartReader
    past_days: frozenset[date] = frozenset()

    def ahead(self, folders: Iterable[Path]) -> None:
        """Reads what is new in these folders, several workbooks at once."""
        self.parts.ahead(
            wanted
            for folder in folders
            for ledger in self._ledgers
            for wanted in (
                *self.parts.primaries(folder, ledger)[:1],
                *self.parts.archives(folder, ledger),
            )
        )

    def receive(self, unit: Unit, folder: Path) -> Received:
        """The unit's rows, and the ledgers that are not there or cannot be read."""
        tables: dict[TableKey, FactTable] = {}
        files: dict[str, str] = {}
        hashes: dict[str, str] = {}
        received = Received(UnitFacts(unit, tables), [], [], [])
        for ledger in self._ledgers:
            there = self.parts.primaries(folder, ledger)
            try:
                part = self.parts.part(there[0] if there else _none(ledger))
            except UnreadableFile as error:
                kind: MissingKind = "unreadable" if there else "absent"
                received.missing.append(MissingUnit(unit.code, error.message, ledger.id, kind))
                continue
            files[ledger.id], hashes[ledger.id] = part.file, part.sha256
            received.missing += _take(unit, ledger, part, tables)
            received.identities.append(identify(full_code(unit.code), part))
            received.remarks += _beside(unit, ledger, [one.path for one in there])
            received.missing += self._take_archives(unit, ledger, folder, tables)
        wanted = {key: fields for key, fields in self._then_fields.items() if key in tables}
        past = PastStates(self.parts, self.past_days).of(folder, wanted)
        received.facts = UnitFacts(unit, tables, {}, files, past, hashes)
        return received

    @cached_property
    def _ledgers(self) -> list[LedgerSchema]:
        """Ledgers that some figure is counted from."""
        definitions = load_definitions(self.parts.catalog)
        needed = {ledger for d in definitions for ledger, _ in definitions.needs(d)}
        return [ledger for ledger in self.parts.catalog if ledger.id in needed]

    @cached_property
    def _then_fields(self) -> Mapping[TableKey, tuple[str, ...]]:
        return load_definitions(self.parts.catalog).then_fields()

    def _take_archives(
        self, unit: Unit, ledger: LedgerSchema, folder: Path, tables: dict[TableKey, FactTable]
    ) -> Iterator[MissingUnit]:
        """Rows of closed years; one that the primary still shows as well counts once."""
        for wanted in self.parts.archives(folder, ledger):
            try:
                part = self.parts.part(wanted)
            except UnreadableFile as error:
                yield MissingUnit(unit.code, error.message, ledger.id, "unreadable")
                continue
            for name, rows in part.tables.items():
                key = (ledger.id, name)
                tables[key] = _with(tables.get(key), wanted.file, rows)


def _take(
    unit: Unit, ledger: LedgerSchema, part: Part, tables: dict[TableKey, FactTable]
) -> Iterator[MissingUnit]:
    for table in ledger.tables:
        if table.id in part.tables:
            tables[ledger.id, table.id] = _with(None, "", part.tables[table.id])
        else:
            reason = message("{file} 里没有“{sheet}”表", file=part.file, sheet=table.sheet)
            yield MissingUnit(unit.code, reason, ledger.id, "no_table")


def _with(known: FactTable | None, file: str, rows: pa.Table) -> FactColumns:
    """Further rows of a table; records that are known already are passed over."""
    pieces = known.pieces if isinstance(known, FactColumns) else ()
    for _, there in pieces:
        rows = rows.filter(pc.invert(pc.is_in(rows.column("_record"), there.column("_record"))))
    return FactColumns((*pieces, (file, rows)))


def _none(ledger: LedgerSchema) -> Wanted:
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
