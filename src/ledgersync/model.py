"""The nouns that every part shares: cells, values, findings, what was read from a workbook.

Everything here is frozen and typed; `TableData` alone is filled once by the reader and then
only read. Rows and columns count from 1, as spreadsheet programs show them.
"""

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Generic, Literal, TypeVar

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message

V = TypeVar("V")

Severity = Literal["error", "warning", "info"]
SkipReason = Literal["title", "caption", "hint", "total", "blank", "note"]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A cell that fails its type, choice, id or phone rule: it compares by what was typed."""

    typed: str
    rule: str = field(compare=False)


# What a cell means once normalised. money is a Decimal with two places, decimal a float (an int
# where it is whole), choices a tuple in the order typed, an empty cell None.
Value = str | int | float | bool | Decimal | date | tuple[str, ...] | Invalid | None
Row = tuple[Value, ...]  # one record, in the order of its table's fields
Rows = dict[str, Row]  # by record id (`_LS_ID`)


@cache
def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class CellAddress:
    """A cell in a workbook; row and column count from 1."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a ledger, at its cell (row or column None: the whole row, column or file)."""

    file: str
    sheet: str | None
    row: int | None
    column: int | None
    ledger: str | None
    table: str | None
    field: str | None
    rule: str
    severity: Severity
    message: Message

    @property
    def cell(self) -> str | None:
        """`C7`, or None where the finding has no single cell."""
        if self.row is None or self.column is None:
            return None
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Note:
    """What a value's parser had to say beside the value; `rule` is a rule id of the contract."""

    rule: str
    severity: Severity
    message: Message


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault that a record's own row decides; `reads` are the fields that the rule looked at."""

    field: str
    rule: str
    severity: Severity
    message: Message
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """A fault that only several records, tables or ledgers show together, at one of the records."""

    ledger: str
    table: str
    record: str
    field: str | None
    rule: str
    severity: Severity
    message: Message


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed cell made into a value, with at most a few notes.

    An error note and an `Invalid` value come together; a value with warnings stays a value.
    """

    value: Value
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A recognised column: schema field, header as typed (rows joined), position from 1."""

    field: str
    header: str
    index: int


UnknownKind = Literal["own", "repeated", "bare", "formulas", "serial"]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that is no field of its table.

    `kind`: somebody's own; another column for a field that has one; one without a header; one in
    which nothing but formulas stands; one of serial numbers with words among them.
    """

    header: str
    index: int
    kind: UnknownKind = "own"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    row: int
    reason: SkipReason


@dataclass(slots=True)
class TableData:
    """One table found on one sheet, by column.

    `rows[i]` is the sheet row of record i; `values[field][i]` its value; `record_ids[i]` its
    `_LS_ID` where the column exists; `notes[(i, field)]` what the parsers said;
    `extras[header][i]` the text in columns that the schema does not know, in the order of
    `unknown_columns`.
    `reserved` are sheet rows that hold an `_LS_ID` and nothing else, with that id.
    `ticked` are fields of which some records have √ and the others nothing, which means no.
    `uncalculated[field]` are the records whose cell would show a proposal of our own workbook, had
    the program that saved it calculated its formulas.
    """

    ledger: str
    table: str
    sheet: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    unknown_columns: tuple[UnknownColumn, ...] = ()
    rows: list[int] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    record_ids: list[str | None] = field(default_factory=list)
    extras: dict[str, list[str | None]] = field(default_factory=dict)
    notes: dict[tuple[int, str], tuple[Note, ...]] = field(default_factory=dict)
    skipped: list[SkippedRow] = field(default_factory=list)
    reserved: list[tuple[int, str]] = field(default_factory=list)
    id_column: int | None = None
    ticked: set[str] = field(default_factory=set)
    uncalculated: dict[str, set[int]] = field(default_factory=dict)

    def column_of(self, field_id: str) -> int | None:
        """Sheet column of a field, None when the sheet does not have it."""
        return next((c.index for c in self.columns if c.field == field_id), None)

    def record(self, i: int) -> dict[str, Value]:
        return {name: column[i] for name, column in self.values.items()}

    def records(self) -> Iterator[dict[str, Value]]:
        return (self.record(i) for i in range(len(self.rows)))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an issued copy or a primary says about itself.

    `revision` is the base: the journal revision whose state the copy shows, and `digest` what that
    revision is known by; `copy_id` is new at every `issue`; a primary's is `primary`. Stamps of
    the first kind know no unit and no digest.
    """

    workspace: str
    ledger: str
    schema_version: int
    revision: int
    copy_id: str
    staff: str | None = None
    unit: str | None = None  # the unit's code
    unit_name: str | None = None
    digest: str | None = None


@dataclass(slots=True)
class WorkbookData:
    """All that was read from one file: tables, stamp, and its faults as a file.

    `office` is what stands behind 填报单位 above its tables, which anybody may type.
    `saved` is when it says it was saved last (ISO 8601, UTC), None where it does not say.
    `merges` are merged ranges by sheet (top, left, bottom, right), of sheets where they are known.
    """

    file: str
    sha256: str
    stamp: Stamp | None
    tables: list[TableData]
    findings: list[Finding] = field(default_factory=list)
    office: str | None = None
    saved: str | None = None
    merges: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)

    def ledgers(self) -> list[str]:
        """Ledger ids in the order they appear."""
        return list(dict.fromkeys(t.ledger for t in self.tables))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSides(Generic[V]):
    """A conflict at its place; base, ours and theirs in the form of whoever keeps or shows it."""

    id: int
    ledger: str
    table: str
    record: str
    field: str | None
    kind: str
    base: V
    ours: V
    theirs: V
    ours_by: str | None
    theirs_by: str | None
    at: str
