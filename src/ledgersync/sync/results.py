"""What a merge run did, submission by submission."""

from dataclasses import dataclass, field
from typing import Any

from ledgersync.errors import Message
from ledgersync.journal import ReturnedCase
from ledgersync.model import Finding

_COUNTED = ("applied", "added", "removed", "converged", "conflicts", "returned", "held")
NO_CHANGES = dict.fromkeys(_COUNTED, 0)


@dataclass(frozen=True, slots=True)
class CellWarning:
    """A cell that was not taken over, and rightly so: a damaged id never replaces a good one."""

    sheet: str
    row: int
    field: str
    rule: str
    message: Message

    def as_json(self, file: str) -> dict[str, Any]:
        return {
            "file": file,
            "sheet": self.sheet,
            "row": self.row,
            "field": self.field,
            "rule": self.rule,
            "message": self.message.zh,
        }


@dataclass(slots=True)
class SubmissionResult:
    """One file's part for one ledger; `ledger` None: the file could not be read at all.

    `known`: an earlier run said so, and the file has not changed since.
    """

    file: str
    sha256: str
    staff: str
    ledger: str | None
    base: str
    status: str
    changes: dict[str, int] = field(default_factory=lambda: dict(NO_CHANGES))
    message: Message | None = None
    returned: list[ReturnedCase] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    warnings: list[CellWarning] = field(default_factory=list)
    left_out: list[Message] = field(default_factory=list)  # columns that were not merged, and why
    tables: set[str] = field(default_factory=set)  # those in which something was changed
    known: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether it came from somebody who left: nothing was taken in, no removal is held."""
        return self.status == "held" and not self.changes["held"]

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sha256": self.sha256,
            "staff": self.staff,
            "ledger": self.ledger,
            "base": self.base,
            "status": self.status,
            "changes": self.changes,
        }


@dataclass(slots=True)
class WriteResult:
    """What became of a primary: written, already right, or pending and why.

    `waiting` are the tables that wait while the others are written; none: all of them do.
    """

    ledger: str
    status: str  # written | current | pending
    cells: int = 0
    rows: int = 0
    message: Message | None = None
    waiting: frozenset[str] = frozenset()

    def keeps_waiting(self, submission: SubmissionResult) -> bool:
        """Whether what a submission brought is still missing from the primary."""
        if self.status != "pending" or submission.ledger != self.ledger:
            return False
        return not self.waiting or bool(self.waiting & submission.tables)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one decision about a conflict."""

    id: int
    take: str
    done: bool
    message: Message

    @property
    def told(self) -> Message:
        """Why it was not carried out, with its number."""
        zh, en = self.message
        return Message(f"冲突 {self.id} 的裁定没有执行：{zh}", f"conflict {self.id}: {en}")

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "take": self.take,
            "done": self.done,
            "message": self.message.zh,
        }


@dataclass(slots=True)
class MergeReport:
    """A whole run."""

    revision: int
    submissions: list[SubmissionResult] = field(default_factory=list)
    writes: list[WriteResult] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    decisions: list[Resolution] = field(default_factory=list)  # from the conflict list
    hand_faults: dict[str, int] = field(default_factory=dict)  # by ledger, kept as typed

    @property
    def refused(self) -> list[Resolution]:
        """Decisions that were not carried out."""
        return [d for d in self.decisions if not d.done]

    def as_json(self) -> dict[str, Any]:
        return {
            "format": "ledgersync.merge/v1",
            "revision": self.revision,
            "submissions": [s.as_json() for s in self.submissions],
            "writes": [
                {
                    "ledger": w.ledger,
                    "status": w.status,
                    "cells": w.cells,
                    "rows": w.rows,
                    "message": w.message.zh if w.message else None,
                }
                for w in self.writes
            ],
            "warnings": [w.as_json(s.file) for s in self.submissions for w in s.warnings],
            "hand_faults": self.hand_faults,
            "decisions": [d.as_json() for d in self.decisions],
        }
