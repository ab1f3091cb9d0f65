"""Numbers that wait for the empty rows of issued copies, by record id."""

import sqlite3
from collections.abc import Iterable, Mapping


class ReservedNumbers:
    """Table `reserved_number`: what is reserved once is given to nobody else."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, ledger: str, table: str, records: Iterable[str]) -> dict[str, int]:
        """The numbers of those records that have one."""
        found: dict[str, int] = {}
        for record in records:
            row = self._db.execute(
                "SELECT number FROM reserved_number WHERE ledger = ? AND tbl = ? AND record = ?",
                (ledger, table, record),
            ).fetchone()
            if row:
                found[record] = int(row[0])
        return found

    def highest(self, ledger: str, table: str) -> int:
        """The highest number that was ever reserved, 0 for none."""
        row = self._db.execute(
            "SELECT max(number) FROM reserved_number WHERE ledger = ? AND tbl = ?", (ledger, table)
        ).fetchone()
        return int(row[0] or 0)

    def add(self, ledger: str, table: str, numbers: Mapping[str, int]) -> None:
        self._db.executemany(
            "INSERT INTO reserved_number VALUES (?, ?, ?, ?)",
            [(ledger, table, record, number) for record, number in numbers.items()],
        )
