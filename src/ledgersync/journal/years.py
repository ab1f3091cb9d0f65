"""Which records rest in the archive of which year: marks in the log beside their other changes.

A mark is an operation on the field `_year` that no table has, so that whoever replays the log
passes over it, while the chain of digests, the history and `undo` have it.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from ledgersync.journal.log import RevisionLog
from ledgersync.journal.rows import dumps

YEAR = "_year"
Marks = Mapping[str, int | None]  # by record; None: it is in the primary


class YearBook:
    """The marks of a journal."""

    def __init__(self, connection: sqlite3.Connection, log: RevisionLog) -> None:
        self._db = connection
        self._log = log

    def resting(self, ledger: str, table: str, revision: int | None = None) -> dict[str, int]:
        """The year of every record that rests in an archive, now or after a revision."""
        rows = self._db.execute(
            "SELECT record, new FROM operation WHERE ledger = ? AND tbl = ? AND field = '_year'"
            " AND (? IS NULL OR revision <= ?) ORDER BY id",
            (ledger, table, revision, revision),
        )
        found: dict[str, int] = {}
        for record, new in rows.fetchall():
            if new is None:
                found.pop(record, None)
            else:
                found[record] = int(json.loads(new))
        return found

    def years(self, ledger: str) -> list[int]:
        """The years of a ledger that ever had an archive."""
        rows = self._db.execute(
            "SELECT DISTINCT new FROM operation WHERE ledger = ? AND field = '_year'"
            " AND new IS NOT NULL",
            (ledger,),
        )
        return sorted(int(json.loads(new)) for [new] in rows.fetchall())

    def move(self, revision: int, ledger: str, table: str, marks: Marks) -> None:
        """Records go into the archive of a year, or come back."""
        before = self.resting(ledger, table)
        self._log.add(
            (revision, ledger, table, record, "edit", YEAR, _text(before.get(record)), _text(year))
            for record, year in marks.items()
        )

    def added_since(self, ledger: str, table: str, revision: int) -> Iterable[str]:
        """Records that were added after a revision."""
        rows = self._db.execute(
            "SELECT record FROM operation WHERE ledger = ? AND tbl = ? AND kind = 'add'"
            " AND revision > ?",
            (ledger, table, revision),
        )
        return [str(record) for [record] in rows.fetchall()]


def _text(year: int | None) -> str | None:
    return None if year is None else dumps(year)
