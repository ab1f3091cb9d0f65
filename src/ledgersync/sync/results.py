"""What a merge run did, submission by submission."""

from dataclasses import field
from typing import TYPE_CHECKING, Any

from ledgersync.dataclass import dataclass
from ledgersync.journal import NoticeCase, ReturnedCase
from ledgersync.journal.notices import PRIMARY
from ledgersync.messages import Message, literal, message
from ledgersync.model import Finding, column_letters
from ledgersync.privacy import mask_text

if TYPE_CHECKING:
    from ledgersync.sync.intake.unsent import Unsent
    from ledgersync.sync.words.offers import Offer

_COUNTED = ("applied", "added", "removed", "converged", "conflicts", "returned", "held")
LEFT_OUT = "column.left_out"
UNREAD = "file.unread"  # rules about a whole file
FOREIGN = "stamp.foreign"
NO_CHANGES = dict.fromkeys(_COUNTED, 0)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was left out or taken with a doubt, at its cell.

    `notice`: its number where it is kept until somebody mends or dismisses it; `known`: an earlier
    run said it.
    """

    finding: Finding
    staff: str
    notice: int | None = None
    known: bool = False
    in_primary: bool = False

    @classmethod
    def of(cls, file: str, case: NoticeCase) -> "Notice":
        in_primary = case.copy == PRIMARY
        return cls(notice_finding(case, file), case.staff, case.id, case.known, in_primary)

    @property
    def is_news(self) -> bool:
        """To be said in full; what stands in a column that cannot be merged is so in every run."""
        return not self.known or self.finding.rule == LEFT_OUT

    def as_json(self) -> dict[str, Any]:
        f = self.finding
        return {
            "file": f.file,
            "staff": self.staff,
            "sheet": f.sheet,
            "row": f.row,
            "column": column_letters(f.column) if f.column else None,
            "cell": f.cell,
            "ledger": f.ledger,
            "table": f.table,
            "field": f.field,
            "rule": f.rule,
            "severity": f.severity,
            "message": mask_text(f.message.zh),
            "notice": None if self.notice is None else str(self.notice),
            "known": self.known,
        }


def notice_finding(case: NoticeCase, file: str) -> Finding:
    """A notice as a finding of a file."""
    return Finding(
        *(file, case.sheet, case.sheet_row, case.sheet_column, case.ledger, case.table),
        *(case.field, case.rule, case.severity, literal(case.zh, case.en)),
    )


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
    warnings: list[Finding] = field(default_factory=list)  # a damaged id beside a good one
    notices: list[NoticeCase] = field(default_factory=list)  # left out, or taken with a doubt
    remarks: list[Message] = field(default_factory=list)  # how the file was understood
    left_out: list[Message] = field(default_factory=list)  # columns of formulas
    tables: set[str] = field(default_factory=set)  # those in which something was changed
    known: bool = False
    rule: str = UNREAD  # why a file could not be taken in

    @property
    def is_refused(self) -> bool:
        """Nothing was taken in, no removal is held: its owner left, or it is another unit's."""
        held_only = self.status == "held" and not self.changes["held"]
        return held_only or self.rule != UNREAD

    def told(self) -> list[Notice]:
        """Its cells and rows that were not, or not surely, taken in."""
        found = [Notice(f, self.staff) for f in self.warnings]
        return found + [Notice.of(self.file, case) for case in self.notices]

    def unread(self) -> list[Notice]:
        """The file itself, where it could not be taken in."""
        if (self.status != "unreadable" and self.rule != FOREIGN) or not self.message:
            return []
        finding = Finding(self.file, *(None,) * 6, self.rule, "error", self.message)
        return [Notice(finding, self.staff, known=self.known)]

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
        return message("冲突 {id} 的裁定没有执行：{reason}", id=self.id, reason=self.message)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "take": self.take,
            "done": self.done,
            "message": self.message.zh,
        }


def not_in_force(book: str) -> Message:
    """A ledger whose changed file touches records, and waits."""
    return message(
        "{book}的定义文件改了，影响已有的数据，还按原来的办；下一步：ledgersync ledgers check "
        "看影响，再 ledgersync ledgers accept",
        book=book,
    )


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
    unknown_primaries: list[str] = field(default_factory=list)  # ledgers; see PrimaryView
    in_primaries: list[Notice] = field(default_factory=list)
    unsent: "list[Unsent]" = field(default_factory=list)
    words: "list[Offer]" = field(default_factory=list)  # that came back often
    ledgers: list[Message] = field(default_factory=list)  # whose changed file does not rule yet

    def told(self) -> list[Notice]:
        """What was not, or not surely, taken in, in the order of the files."""
        found = [notice for s in self.submissions for notice in s.told()]
        return found + self.in_primaries

    def _unread(self) -> list[Notice]:
        found = [notice for s in self.submissions for notice in s.unread()]
        return found + [Notice(u.finding, u.staff or "") for u in self.unsent]

    def notices(self) -> list[Notice]:
        """Those of which somebody has to see to: they are kept until that is done."""
        return [notice for notice in self.told() if notice.notice is not None]

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
            "warnings": [n.as_json() for n in [*self._unread(), *self.told()]],
            "hand_faults": self.hand_faults,
            "unknown_primaries": self.unknown_primaries,
            "decisions": [d.as_json() for d in self.decisions],
            "words": [w.as_json() for w in self.words],
        }
