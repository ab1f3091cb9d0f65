"""What a roll-up counts: the rows of each unit, each with the place where it can be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Literal, NamedTuple

import pyarrow as pa

from ledgersync.dataclass import dataclass
from ledgersync.facts.rows import PlacedRow, RowColumns
from ledgersync.messages import Message
from ledgersync.model import Row
from ledgersync.schema import TableKey, TableSchema
from ledgersync.workspace.config import Unit


class FactRow(NamedTuple):
    """A record of a table, its values in field order, and where it stands.

    `file` is empty for the workbook in which most of its unit's rows stand.
    """

    record: str
    row: Row
    sheet: str
    sheet_row: int
    file: str = ""


@dataclass(frozen=True)
class FactColumns:
    """The rows of a table as columns (`facts.columns.part_schema`), with the file of each piece."""

    pieces: tuple[tuple[str, pa.Table], ...]

    def __len__(self) -> int:
        return sum(rows.num_rows for _, rows in self.pieces)

    @classmethod
    def of(cls, table: TableSchema, rows: "FactTable", today: date) -> "FactColumns":
        """Rows as columns; what are columns already stay as they are."""
        if isinstance(rows, FactColumns):
            return rows
        made = RowColumns(table, today)
        by_file: dict[str, list[PlacedRow]] = {"": []}
        for row in rows:
            by_file.setdefault(row.file, []).append(PlacedRow(*row[:4]))
        return cls(tuple((file, made.of(part)) for file, part in by_file.items()))


FactTable = Sequence[FactRow] | FactColumns
FactTables = Mapping[TableKey, FactTable]


@dataclass(frozen=True)
class UnitFacts:
    """One community's rows. A table that is absent here is missing, not empty.

    `as_of` holds the rows as the journal had them at the end of a day: what fields without a
    date of their own (a status) held then; `history` is the same as spans of days
    (`facts.history`). `files` says in which file a ledger's rows stand, `hashes` which bytes of it.
    """

    unit: Unit
    tables: FactTables
    as_of: Mapping[date, FactTables] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    history: Mapping[TableKey, pa.Table] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)


MissingKind = Literal[
    "absent", "unreadable", "no_table", "empty", "not_begun", "foreign", "ambiguous", "returned"
]
RemarkKind = Literal[
    "duplicate_folder",
    "misnamed_folder",
    "unknown_folder",
    "unlisted_unit",
    "duplicate_unit",
    "parents_differ",
    "duplicate_workbook",
    "another_office",
    "unowned_rows",
    "ended_unit",
    "package_differs",
    "package_unit",
    "closed_changed",
    "closed_inside",
]


@dataclass(frozen=True, slots=True)
class MissingUnit:
    """A unit, or one ledger of it, that could not be counted, and why."""

    unit: str
    reason: Message
    ledger: str | None = None
    kind: MissingKind = "absent"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not counted, or doubted, though no unit is missing for it."""

    kind: RemarkKind
    text: Message
    unit: str | None
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class Submissions:
    """How many submissions a unit owed in the period, and how many came on time."""

    unit: str
    due: int
    on_time: int
