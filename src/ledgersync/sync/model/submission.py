"""A file's tables put together per table of the ledger, ready to be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import chain, islice, repeat

from ledgersync.dataclass import dataclass
from ledgersync.merge import Identified, MergeResult, Submitted, submitted
from ledgersync.model import Row, Rows, TableData
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.extras import carry, extra_id


@dataclass(slots=True)
class SubmittedTable:
    """One table of a submission, which may lie on several sheets.

    `origins[position]` is the sheet's data and the record's index in it.
    """

    table: TableSchema
    records: list[Submitted] = field(default_factory=list)
    origins: list[tuple[TableData, int]] = field(default_factory=list)
    parts: list[TableData] = field(default_factory=list)

    @property
    def present(self) -> frozenset[str]:
        """The fields that have a column on any of the sheets."""
        return frozenset(c.field for part in self.parts for c in part.columns)

    @property
    def added_heads(self) -> frozenset[str]:
        """What the columns would be called if nobody knew their headers."""
        if not self.table.extras:
            return frozenset()
        return frozenset(extra_id(c.header) for part in self.parts for c in part.columns)

    @property
    def is_uneven(self) -> bool:
        """The sheets do not all have the same columns."""
        return len({frozenset(c.field for c in part.columns) for part in self.parts}) > 1

    def place(self, position: int) -> tuple[str, int]:
        """Sheet and row of a record."""
        part, index = self.origins[position]
        return part.sheet, part.rows[index]

    def column(self, position: int, field_id: str) -> int | None:
        return self.origins[position][0].column_of(field_id)

    def filled(self, rows: Rows, positions: dict[str, int], behind: Sequence[Rows]) -> Rows:
        """Rows in which a field that the record's own sheet lacks is taken from `behind`."""
        return {
            record: self._filled_row(row, positions.get(record), [b.get(record) for b in behind])
            for record, row in rows.items()
        }

    def _filled_row(self, row: Row, position: int | None, behind: Sequence[Row | None]) -> Row:
        if position is None:
            return row
        have = {c.field for c in self.origins[position][0].columns}
        known = next((b for b in behind if b is not None), None)
        if known is None:
            return row
        return tuple(
            cell if name in have else old
            for name, cell, old in zip(self.table.field_ids, row, known, strict=True)
        )


@dataclass(slots=True)
class MergedTable:
    """One table of a submission: as it came, whose records its rows are, what came of them."""

    whole: SubmittedTable
    identified: Identified
    result: MergeResult
    before: Rows  # what the copy said last, or was given
    missed: int  # rows that rest in an archive, and were taken out of the copy


def put_together(
    ledger: LedgerSchema, tables: Sequence[TableData], *, formulas: bool = False
) -> dict[str, SubmittedTable]:
    """The tables of one ledger in a file, in the ledger's order; absent ones are left out.

    `formulas`: in columns that people added, these count as what they show (see `carry`).
    """
    found: dict[str, SubmittedTable] = {}
    for schema in ledger.tables:
        parts = [t for t in tables if t.ledger == ledger.id and t.table == schema.id]
        if parts:
            found[schema.id] = _one_table(schema, parts, formulas=formulas)
    return found


def without_proposals(tables: dict[str, SubmittedTable]) -> None:
    """Drops proposed numbers from a file that was never issued to anybody.

    One template given to several people proposes the same numbers to all of them, so there they
    identify nothing; a number that somebody typed stays.
    """
    for whole in tables.values():
        for at in [whole.table.position[f.id] for f in whole.table.fields if f.generated]:
            whole.records = [_without_proposal(whole.table, s, at) for s in whole.records]


def _without_proposal(table: TableSchema, record: Submitted, at: int) -> Submitted:
    prefix = table.number_prefix or table.id.upper()
    if not record.record_id or record.row[at] != f"{prefix}-{record.record_id[-8:]}":
        return record
    return record._replace(row=(*record.row[:at], None, *record.row[at + 1 :]))


def _one_table(
    schema: TableSchema, parts: Sequence[TableData], *, formulas: bool
) -> SubmittedTable:
    whole = SubmittedTable(schema, parts=list(parts))
    for part in parts:
        carry(schema, part, formulas=formulas)
        count = len(part.rows)
        records = islice(chain(part.record_ids, repeat(None)), count)
        whole.records += submitted(records, _rows(schema, part), len(whole.records))
        whole.origins += zip(repeat(part), range(count))
    return whole


def _rows(schema: TableSchema, part: TableData) -> Iterator[Row]:
    columns = [part.values.get(name) for name in schema.field_ids]
    blank = [None] * len(part.rows)
    return zip(*(c if c is not None else blank for c in columns), strict=True)
