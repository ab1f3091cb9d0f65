"""What a roll-up counts: the rows of each unit, each with the place where it can be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from ledgersync.messages import Message
from ledgersync.model import Row
from ledgersync.schema import TableKey
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


FactTables = Mapping[TableKey, Sequence[FactRow]]


@dataclass(frozen=True)
class UnitFacts:
    """One community's rows. A table that is absent here is missing, not empty.

    `as_of` holds the rows as the journal had them at the end of a day: what fields without a
    date of their own (a status) held then. `files` says in which file a ledger's rows stand.
    """

    unit: Unit
    tables: FactTables
    as_of: Mapping[date, FactTables] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


MissingKind = Literal[
    "absent", "unreadable", "no_table", "empty", "not_begun", "foreign", "ambiguous"
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
