"""Packages of figures, every version: what went up from here, and what came from below."""

import sqlite3
from dataclasses import astuple
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail

Direction = Literal["in", "out"]
_COLUMNS = "unit, period, version, sha256, previous, file, signer, encrypted, made, at"


@dataclass(frozen=True, slots=True)
class KeptPackage:
    """One version. `unit` is the padded code of its sender, `signer` the key that signed it."""

    unit: str
    period: str
    version: int
    sha256: str
    previous: str | None
    file: str
    signer: str | None
    encrypted: bool
    made: str
    at: str


class PackageBook:
    """Table `package`; append-only, each row in the audit trail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, direction: Direction, package: KeptPackage) -> int:
        """A new version; raises IntegrityError when that version is there."""
        cursor = self._db.execute(
            f"INSERT INTO package (direction, {_COLUMNS}) VALUES (?, {', '.join('?' * 10)})",
            (direction, *astuple(package)),
        )
        number = int(cursor.lastrowid or 0)
        self._audit.add("package", number)
        return number

    def versions(self, direction: Direction, unit: str, period: str) -> list[KeptPackage]:
        """All versions of a unit's period, the oldest first."""
        return self._where("direction = ? AND unit = ? AND period = ?", direction, unit, period)

    def last(self, direction: Direction, unit: str, period: str) -> KeptPackage | None:
        found = self.versions(direction, unit, period)
        return found[-1] if found else None

    def version(
        self, direction: Direction, unit: str, period: str, version: int
    ) -> KeptPackage | None:
        found = self.versions(direction, unit, period)
        return next((p for p in found if p.version == version), None)

    def last_received(self) -> list[tuple[str, str]]:
        """When each unit's newest package came, by padded code."""
        rows = self._db.execute(
            "SELECT unit, max(at) FROM package WHERE direction = 'in' GROUP BY unit"
        )
        return [(str(unit), str(at)) for unit, at in rows.fetchall()]

    def of_period(self, direction: Direction, period: str) -> list[KeptPackage]:
        """All versions of all units for a period."""
        return self._where("direction = ? AND period = ?", direction, period)

    def all(self, direction: Direction) -> list[KeptPackage]:
        return self._where("direction = ?", direction)

    def _where(self, condition: str, *values: object) -> list[KeptPackage]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM package WHERE {condition} ORDER BY unit, period, version",
            values,
        )
        return [_kept(row) for row in rows.fetchall()]


def _kept(row: sqlite3.Row) -> KeptPackage:
    values = list(row)
    values[7] = bool(values[7])
    return KeptPackage(*values)
