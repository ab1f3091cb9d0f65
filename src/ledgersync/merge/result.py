"""What a merge comes to: operations, conflicts, what goes back, what is held, and the counts.

Order everywhere: base, ours (the primary), theirs (the copy).
"""

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.model import Row, RowFault, Rows, Value

Faults = Callable[[Row], list[RowFault]]
OperationKind = Literal["add", "edit", "remove"]
ConflictKind = Literal["edit/edit", "edit/delete", "add/add", "key"]
Side = Value | Row  # a cell, or a whole record
Agreed = tuple[str, str | None]  # a cell (or removed row) that both sides changed alike


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of the primary: a cell, or (field None) a whole row added or removed."""

    kind: OperationKind
    record: str
    field: str | None
    old: Side
    new: Side


@dataclass(frozen=True, slots=True)
class ConflictCandidate:
    """What a person has to decide; the primary keeps `ours` until then.

    field None: whole rows, where None means that the record is not there. `add/add` without a
    field is a row of which nobody can say whose record it is: `record` is a fresh id, `ours` the
    record it may be; taking theirs adds the row as a record of its own. `key` is a cell, or without
    a field a whole record, that wants a key which another record has: `ours` is that record then.
    """

    kind: ConflictKind
    record: str
    field: str | None
    base: Side
    ours: Side
    theirs: Side


@dataclass(frozen=True, slots=True)
class Returned:
    """A cell, or (field None) a whole row, that goes back to its sender with the reason.

    `position` is the row's index in the copy's table, `row` the row as it was submitted.
    """

    record: str | None
    position: int | None
    field: str | None
    rule: str
    message: Message
    typed: Value
    row: Row


@dataclass(frozen=True, slots=True)
class Warned:
    """A cell that the merge left as it was, and said so (`id.precision_lost`)."""

    record: str
    position: int | None
    field: str
    rule: str
    message: Message


@dataclass(frozen=True, slots=True)
class HeldRemoval:
    """A removal that waits for a person; `row` is what the copy's base held."""

    record: str
    row: Row


@dataclass(slots=True)
class Counts:
    """`changes` of the contract: a row event counts 1, otherwise each changed cell does."""

    applied: int = 0
    added: int = 0
    removed: int = 0
    converged: int = 0
    conflicts: int = 0
    returned: int = 0
    held: int = 0

    @property
    def total(self) -> int:
        return sum(self.as_dict().values())

    def as_dict(self) -> dict[str, int]:
        """In the order of the contract."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __add__(self, other: "Counts") -> "Counts":
        mine, more = self.as_dict(), other.as_dict()
        return Counts(**{name: mine[name] + more[name] for name in mine})


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What identity could not settle, for `merge_table`.

    `returned`: rows that go back whole, by record id; `again`: those of them that went back
    before, with all that share their key, and are as they were. `review`: rows that may be
    another record, with that record's id (or None). `contested`: records whose new key belongs to
    a record the copy never saw. `seen`: records that are not missing, though no row is theirs for
    certain. `converged`: rows that repeat another row of the submission exactly, by its record.
    """

    returned: Mapping[str, Returned] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    review: Mapping[str, str | None] = field(default_factory=dict)
    contested: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    converged: tuple[str, ...] = ()


@dataclass(slots=True)
class MergeResult:
    """The new primary and all that has to be written down about it.

    `last_submission` is what the copy said (absent columns filled); `unsettled` holds, for the few
    records where that is not what was taken in, the row that was (None: the record was not taken
    in at all). Store both; next time `base = settled(last_submission, unsettled)`.
    `reported` are faults that a hand edit brought in (`strict_returns=False`).
    """

    merged: Rows
    operations: list[Operation] = field(default_factory=list)
    conflicts: list[ConflictCandidate] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    held: list[HeldRemoval] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)
    reported: list[Returned] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    last_submission: Rows = field(default_factory=dict)
    unsettled: dict[str, Row | None] = field(default_factory=dict)
    agreed: list[Agreed] = field(default_factory=list)

    def still_back(self, record: str, position: int | None = None) -> bool:
        """Whether a record (or its cell at this place of the row) still waits for correction."""
        if record not in self.unsettled or record not in self.last_submission:
            return False
        taken = self.unsettled[record]
        return (
            taken is None
            or position is None
            or taken[position] != self.last_submission[record][position]
        )


def settled(last_submission: Rows, unsettled: Mapping[str, Row | None]) -> Rows:
    """What was taken in of what a copy said last: the base of its next submission."""
    rows = dict(last_submission)
    for record, row in unsettled.items():
        if row is None:
            rows.pop(record, None)
        else:
            rows[record] = row
    return rows
