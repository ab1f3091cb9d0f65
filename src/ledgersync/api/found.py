"""The rows of answers: findings, changes, conflicts, what a merge did, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, ClassVar

from ledgersync.api.listing import Listing
from ledgersync.dataclass import dataclass
from ledgersync.model import ConflictSides, Finding, column_letters


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """One fault at its cell; `column` is a letter, `message` says what is wrong."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    ledger: str | None
    table: str | None
    field: str | None
    rule: str
    severity: str
    message: str

    @classmethod
    def of(cls, f: Finding) -> FoundFinding:
        column = column_letters(f.column) if f.column else None
        place = (f.file, f.sheet, f.row, column, f.cell)
        return cls(*place, f.ledger, f.table, f.field, f.rule, f.severity, f.message.zh)


@dataclass(frozen=True)
class Findings(Listing[FoundFinding]):
    """All findings of one or several files, in the order of their cells."""

    kind: ClassVar[type] = FoundFinding

    def count(self, severity: str = "error") -> int:
        """How many there are of one severity: error, warning, info."""
        return sum(f.severity == severity for f in self)


@dataclass(frozen=True, slots=True)
class MergedFile:
    """One file's part for one ledger: what became of it, and how much it changed."""

    file: str
    staff: str
    ledger: str | None
    status: str
    applied: int
    added: int
    removed: int
    converged: int
    conflicts: int
    returned: int
    held: int
    message: str | None


@dataclass(frozen=True)
class MergeResult(Listing[MergedFile]):
    """What a merge did; a row per file and ledger."""

    revision: int = 0
    pending: Mapping[str, str] = field(default_factory=dict)  # ledger → why it was not written
    needs_a_person: bool = False
    kind: ClassVar[type] = MergedFile

    def attributes(self) -> dict[str, object]:
        return {"revision": self.revision, "pending": dict(self.pending)}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for somebody: a conflict, a returned cell, a removal, a write."""

    kind: str  # conflicts, returned, held, notice, pending, missing
    staff: str | None
    ledger: str | None
    table: str | None
    row: int | None
    rule: str | None
    message: str | None
    count: int = 1


@dataclass(frozen=True)
class Status(Listing[Task]):
    """Where a workspace stands; its rows are what waits for somebody."""

    unit: str = ""
    revision: int = 0
    records: Mapping[str, int] = field(default_factory=dict)  # by `ledger.table`
    conflicts: int = 0
    missing_staff: tuple[str, ...] = ()
    kind: ClassVar[type] = Task

    @property
    def needs_a_person(self) -> bool:
        """Whether anything waits, other than people who have not sent anything yet."""
        return any(task.kind != "missing" for task in self)

    def attributes(self) -> dict[str, object]:
        return {"unit": self.unit, "revision": self.revision, "records": dict(self.records)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(ConflictSides[str | None]):
    """Two people changed the same cell to different values; personal values are masked."""

    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True)
class Conflicts(Listing[Conflict]):
    """The conflicts that nobody has decided yet."""

    kind: ClassVar[type] = Conflict


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of one record, as the journal logs it: of a whole row, `field` is nothing."""

    ledger: str
    table: str
    record: str
    kind: str  # add, edit, remove
    field: str | None
    old: str | None
    new: str | None
    by: str
    at: str
    revision: int
    file: str | None


@dataclass(frozen=True)
class Changes(Listing[Changed]):
    """Changes in their order."""

    kind: ClassVar[type] = Changed


def side(value: Any) -> str | None:
    """A side of a conflict as text: of a whole row its filled fields."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "；".join(f"{name}：{side(v) or ''}" for name, v in value.items())
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def named(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The first reason of each name."""
    found: dict[str, str] = {}
    for name, reason in pairs:
        found.setdefault(name, reason)
    return found
