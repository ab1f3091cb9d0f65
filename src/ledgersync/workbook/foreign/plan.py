"""What taking over a workbook would do, before anything is done."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.model import Value, column_letters

OWN = "="  # said of a column: it is kept as it is
SURE = 0.9  # under nine in ten a proposal is a question
Kind = Literal["column", "value", "ledger"]
SHOWN_ROWS = 12  # rows that a message names
Reason = Literal["title", "caption", "hint", "total", "blank", "note", "twice", "other"]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column of a sheet and the field that it is taken for; `confidence` from 0 to 1.

    `field` is None for a column that is kept as the office's own, or stays out (`is_left`);
    `proposals` are fields that it may be, the likeliest first.
    """

    column: int
    header: str
    samples: tuple[str, ...]
    table: str
    field: str | None
    confidence: float
    proposals: tuple[str, ...] = ()
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to say; `field` is the one that has no column, where it is about one."""

    sheet: str
    kind: Kind
    table: str
    message: Message
    column: int | None = None
    header: str = ""
    field: str | None = None
    proposals: tuple[str, ...] = ()

    @property
    def letters(self) -> str | None:
        return column_letters(self.column) if self.column else None


@dataclass(slots=True)
class TakenRow:
    """A record to be: the sheet row it comes from, its values, and texts of own columns."""

    sheet: str
    row: int
    values: dict[str, Value]
    extras: dict[str, str] = field(default_factory=dict)
    file: str = ""
    parent: "TakenRow | None" = None  # the record of the table above that it belongs to


@dataclass(frozen=True, slots=True)
class LeftOut:
    row: int
    reason: Reason


@dataclass(slots=True)
class TablePlan:
    """The rows of one table that a sheet gives; `filled` says which fields come from elsewhere."""

    sheet: str
    ledger: str
    table: str
    header_rows: tuple[int, ...]
    columns: list[ColumnPlan]
    rows: list[TakenRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    filled: dict[str, Message] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0


@dataclass(slots=True)
class SheetPlan:
    """One sheet: its tables, what is said about it, and what is to be asked."""

    file: str
    sheet: str
    tables: list[TablePlan] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    is_plain: bool = True  # it can be taken as it stands, formats and all


@dataclass(slots=True)
class Plan:
    """All files that are taken over into one ledger together."""

    ledger: str
    sheets: list[SheetPlan] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        return [q for s in self.sheets for q in s.questions]

    def tables(self) -> Iterator[TablePlan]:
        return (t for s in self.sheets for t in s.tables)

    def rows(self, table: str) -> list[TakenRow]:
        return [row for t in self.tables() if t.table == table for row in t.rows]

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for t in self.tables():
            found[t.table] = found.get(t.table, 0) + len(t.rows)
        return found


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person has said: the field (or `-`) by header, values of fields without a column.

    A field is an id, with its table before it (`members.name`) where both have one of the name;
    `=` is a column that is kept as the office's own. Keys are (sheet, normalised header) and
    (sheet, field id); the sheet may be "" for every one. `left_out` are sheets not taken.
    """

    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def column(self, sheet: str, key: str, letters: str = "") -> str | None:
        """What was said of a header; of one that stands twice, of the column `header@F`."""
        if letters and (decided := self.column(sheet, f"{key}@{letters}")) is not None:
            return decided
        return self.columns.get((sheet, key), self.columns.get(("", key)))

    def value(self, sheet: str, name: str) -> str | None:
        return self.values.get((sheet, name), self.values.get(("", name)))
