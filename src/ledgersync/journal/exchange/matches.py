"""Letters about what stands in another unit, too: those that were sent, and those that came."""

import sqlite3
from dataclasses import astuple
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail

_COLUMNS = "direction, unit, cases, sha256, made, at"


@dataclass(frozen=True, slots=True)
class MatchLetter:
    """`unit` is the padded code of who got it (out) or sent it (in), `cases` a JSON list."""

    direction: Literal["in", "out"]
    unit: str
    cases: str
    sha256: str
    made: str
    at: str


class MatchBook:
    """Table `match_letter`; append-only, each row in the audit trail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, letter: MatchLetter) -> bool:
        """Keeps a letter; False when it is here already."""
        cursor = self._db.execute(
            f"INSERT OR IGNORE INTO match_letter ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            astuple(letter),
        )
        if cursor.rowcount:
            self._audit.add("match_letter", int(cursor.lastrowid or 0))
        return bool(cursor.rowcount)

    def latest(self, direction: Literal["in", "out"]) -> list[MatchLetter]:
        """The newest by its sender's clock, of each unit: it says all that is known."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM match_letter WHERE direction = ? ORDER BY made, id",
            (direction,),
        )
        newest = {letter.unit: letter for letter in (MatchLetter(*row) for row in rows)}
        return [newest[unit] for unit in sorted(newest)]
