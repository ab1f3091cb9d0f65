"""The columns that people added: registered once per table, in their order, never forgotten."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from ledgersync.schema import ExtraField, TableKey


class ExtraBook:
    """Table `extra_field`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def fields(self) -> dict[TableKey, tuple[ExtraField, ...]]:
        """All that were ever registered, by table, in the order that rows are stored in."""
        found: dict[TableKey, list[ExtraField]] = defaultdict(list)
        for ledger, table, field, header, taken_by in self._db.execute(
            "SELECT ledger, tbl, field, header, taken_by FROM extra_field ORDER BY id"
        ):
            extra = ExtraField(id=field, header=header, type="text", taken_by=taken_by)
            found[ledger, table].append(extra)
        return {key: tuple(fields) for key, fields in found.items()}

    def add(self, key: TableKey, headers: Mapping[str, str]) -> None:
        """Registers fields with their headers; one that was taken over is read again."""
        self._db.executemany(
            "INSERT INTO extra_field (ledger, tbl, field, header) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET taken_by = NULL, header = excluded.header",
            [(*key, field, header) for field, header in headers.items()],
        )

    def retire(self, key: TableKey, field: str, taken_by: str) -> None:
        """Another field took over; "" where the column is none of the ledger's."""
        self._db.execute(
            "UPDATE extra_field SET taken_by = ? WHERE ledger = ? AND tbl = ? AND field = ?",
            (taken_by, *key, field),
        )

    def move_conflict(self, number: int, field: str | None, sides: tuple[str | None, ...]) -> None:
        """An open conflict is about the field that took over; its sides as that field has them."""
        self._db.execute(
            "UPDATE conflict SET field = ?, base = ?, ours = ?, theirs = ? WHERE id = ?",
            (field, *sides, number),
        )
