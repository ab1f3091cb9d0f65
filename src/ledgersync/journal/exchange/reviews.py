"""What was decided about packages: here about those from below, above about ours."""

import json
import sqlite3
from typing import Any, Literal

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail
from ledgersync.journal.rows import dumps

Step = Literal["approve", "return", "lock", "unlock"]


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """A step of the review of a unit's period; `places` are the indicators a return names."""

    unit: str
    period: str
    version: int
    step: Step
    reason: str | None
    places: tuple[str, ...]
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What an office says of a package: its receipt, or that it is returned and why."""

    kind: Literal["receipt", "return"]
    office: str
    period: str
    version: int
    status: str
    reason: str | None
    places: tuple[str, ...]
    sha256: str
    made: str
    at: str


class ReviewBook:
    """Tables `review` and `letter`; append-only, each row in the audit trail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, step: ReviewStep) -> int:
        cursor = self._db.execute(
            "INSERT INTO review (unit, period, version, step, reason, places, who, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(step.unit, step.period, step.version, step.step, step.reason),
                *(dumps(list(step.places)), step.who, step.at),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._audit.add("review", number)
        return number

    def steps(self, period: str, unit: str | None = None) -> list[ReviewStep]:
        """The steps of a period, in order; of one unit or of all."""
        rows = self._db.execute(
            "SELECT unit, period, version, step, reason, places, who, at FROM review"
            " WHERE period = ? AND (? IS NULL OR unit = ?) ORDER BY id",
            (period, unit, unit),
        )
        return [ReviewStep(*_placed(row, 5)) for row in rows.fetchall()]

    def locked(self) -> set[str]:
        """The periods of which some unit is locked."""
        last = self._db.execute(
            "SELECT period, step FROM review WHERE id IN"
            " (SELECT max(id) FROM review GROUP BY period, unit)"
        )
        return {str(period) for period, step in last.fetchall() if step == "lock"}

    def write_letter(self, letter: Letter) -> bool:
        """Keeps a letter; False when it is here already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO letter (kind, office, period, version, status, reason, places,"
            " sha256, made, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(letter.kind, letter.office, letter.period, letter.version, letter.status),
                *(letter.reason, dumps(list(letter.places)), letter.sha256),
                *(letter.made, letter.at),
            ),
        )
        if cursor.rowcount:
            self._audit.add("letter", int(cursor.lastrowid or 0))
        return bool(cursor.rowcount)

    def letters(self, period: str | None = None) -> list[Letter]:
        """In the order in which they came."""
        rows = self._db.execute(
            "SELECT kind, office, period, version, status, reason, places, sha256, made, at"
            " FROM letter WHERE ? IS NULL OR period = ? ORDER BY id",
            (period, period),
        )
        return [Letter(*_placed(row, 6)) for row in rows.fetchall()]


def _placed(row: sqlite3.Row, at: int) -> list[Any]:
    """A row with its list of places read."""
    values = list(row)
    values[at] = tuple(json.loads(values[at]))
    return values
