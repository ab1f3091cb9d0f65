"""Rows of a copy in which no formula proposed anything: what it proposes comes in there too.

A prepared row shows the person's grid and name, and what belongs to a chosen name, by formulas, as
soon as something is typed into it. An inserted row, or one below the prepared ones, has no such
formulas and no record id; and a program that only writes cells calculates none of them.
"""

from collections.abc import Mapping
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted
from ledgersync.model import Row, Value
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.copies.proposals import defaults_for, names_for
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import MergedTable, SubmittedTable
from ledgersync.sync.session import Session
from ledgersync.workbook.build import NameList

Added = dict[int, tuple[str, ...]]
"""By position of a row: the fields that were filled in."""


@dataclass(slots=True)
class OfferedTable:
    """What was filled in: in rows outside the prepared ones, and in prepared ones."""

    outside: Added = field(default_factory=dict)
    prepared: Added = field(default_factory=dict)


Offered = Mapping[str, OfferedTable]
_OUTSIDE = counted("“{sheet}”有 {n} 行填在预留行之外，{names}空着的已按副本的主人补上。", 0)
_PREPARED = counted(
    "“{sheet}”有 {n} 行是用不计算公式的软件存的，{names}空着的已照表里的公式补上。", 0
)


@dataclass(frozen=True, slots=True)
class _Proposed:
    """What a table's empty cells get: fixed values, and what belongs to a name chosen."""

    table: TableSchema
    defaults: Mapping[str, Value]
    lists: Mapping[str, NameList]

    def of(self, row: Row) -> dict[str, Value]:
        at = self.table.position
        found = dict(self.defaults)
        for source, names in self.lists.items():
            who = row[at[source]]
            if isinstance(who, str) and who in names.names:
                n = list(names.names).index(who)
                found |= {target: values[n] for target, values in names.fills.items()}
        return {f: v for f, v in found.items() if v is not None and row[at[f]] is None}


def fill_offered(
    session: Session, ledger: LedgerSchema, tables: Mapping[str, SubmittedTable], basis: Basis
) -> Offered:
    """Fills empty cells of new rows, in place, as the copy's own formulas would have."""
    if not basis.copy.staff:
        return {}  # an archive is a copy of nobody's
    person = session.workspace.config.staff_member(basis.copy.staff)
    lists = names_for(session, ledger)
    filled: dict[str, OfferedTable] = {}
    for name, whole in tables.items():
        table = whole.table
        own = {source: names for source, names in lists.items() if source in table.position}
        proposed = _Proposed(table, defaults_for(table, person), own)
        filled[name] = _fill(whole, proposed, basis.tables[name])
    return filled


def _fill(whole: SubmittedTable, proposed: _Proposed, given: Mapping[str, Row]) -> OfferedTable:
    told = OfferedTable()
    present = whole.present
    for n, submitted in enumerate(whole.records):
        if submitted.record_id in given:
            continue
        values = {f: v for f, v in proposed.of(submitted.row).items() if f in present}
        if submitted.record_id is not None:
            part, index = whole.origins[submitted.position]
            values = {f: v for f, v in values.items() if index in part.uncalculated.get(f, ())}
        if values:
            whole.records[n] = submitted._replace(row=_with(whole.table, submitted.row, values))
            to = told.outside if submitted.record_id is None else told.prepared
            to[submitted.position] = tuple(values)
    return told


def _with(table: TableSchema, row: Row, values: Mapping[str, Value]) -> Row:
    return tuple(values.get(f, cell) for f, cell in zip(table.field_ids, row, strict=True))


def told_of_offered(offered: Offered, merged: Mapping[str, MergedTable]) -> list[Message]:
    """How many new rows of each table got something, and what."""
    found = []
    for name, part in merged.items():
        told = offered.get(name, OfferedTable())
        added = {op.record for op in part.result.operations if op.kind == "add"}
        new = {at for record, at in part.identified.positions.items() if record in added}
        for text, rows in ((_OUTSIDE, told.outside), (_PREPARED, told.prepared)):
            if filled := {at: fields for at, fields in rows.items() if at in new}:
                table = part.whole.table
                names = _names(table, filled)
                found.append(text.filled(sheet=table.sheet, names=names).of(len(filled)))
    return found


def _names(table: TableSchema, rows: Added) -> str:
    used = {f for fields in rows.values() for f in fields}
    return "".join(f"〔{f.header}〕" for f in table.fields if f.id in used)
