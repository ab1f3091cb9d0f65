"""What waits for a person: conflicts, returned cells, held removals."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.journal.audit import AuditTrail
from ledgersync.model import ConflictSides

CONVERGED, WITHDRAWN, RENEWED = "converged", "withdrawn", "renewed:"
"""How a conflict ends without a decision: nothing differs any more, its sender says something
else by now, or (with the number) another one shows what has changed since.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictCase(ConflictSides[str | None]):
    """One conflict; base, ours and theirs are JSON (a row as an object where `field` is None).

    `decision`: ours, theirs, base or value, or how it ended without one (see above).
    """

    submission: int | None = None
    revision: int | None = None
    id: int = 0
    status: str = "open"
    decision: str | None = None

    @property
    def is_decided(self) -> bool:
        """A person has decided it."""
        return self.status != "open" and self.decision in ("ours", "theirs", "base", "value")

    @property
    def renewed_as(self) -> int | None:
        """The number of the conflict that has taken its place."""
        known, _, number = (self.decision or "").partition(RENEWED)
        return int(number) if number and not known and self.status != "open" else None


class ConflictCases:
    """Table `conflict`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._audit = AuditTrail(connection)

    def add(self, case: ConflictCase) -> int:
        """Stores a conflict; an open one with the same candidate is not stored twice."""
        same = self._db.execute(
            "SELECT id FROM conflict WHERE status = 'open' AND ledger = ? AND tbl = ?"
            " AND record = ? AND field IS ? AND kind = ? AND theirs IS ?",
            (case.ledger, case.table, case.record, case.field, case.kind, case.theirs),
        ).fetchone()
        if same:
            return int(same[0])
        cursor = self._db.execute(
            "INSERT INTO conflict (ledger, tbl, record, field, kind, base, ours, theirs, ours_by,"
            " theirs_by, at, submission, revision) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                case.ledger,
                case.table,
                case.record,
                case.field,
                case.kind,
                case.base,
                case.ours,
                case.theirs,
                case.ours_by,
                case.theirs_by,
                case.at,
                case.submission,
                case.revision,
            ),
        )
        return int(cursor.lastrowid or 0)

    def open(self) -> list[ConflictCase]:
        return self._select("WHERE status = 'open' ORDER BY id", ())

    def open_in(self, ledger: str, table: str) -> list[ConflictCase]:
        """What is open about the records of one table."""
        return self._select(
            "WHERE status = 'open' AND ledger = ? AND tbl = ? ORDER BY id", (ledger, table)
        )

    def open_of_copy(self, copy: str) -> list[tuple[ConflictCase, str]]:
        """What a copy brought up and is still open, each with the file that brought it."""
        files = dict(
            self._db.execute("SELECT id, file FROM submission WHERE copy = ?", (copy,)).fetchall()
        )
        found = self._select(
            "WHERE status = 'open' AND submission IN (SELECT id FROM submission WHERE copy = ?)"
            " ORDER BY id",
            (copy,),
        )
        return [(case, files[case.submission]) for case in found]

    def get(self, number: int) -> ConflictCase | None:
        return next(iter(self._select("WHERE id = ?", (number,))), None)

    def before(self, number: int) -> ConflictCase | None:
        """The conflict that this one has taken the place of."""
        return next(iter(self._select("WHERE decision = ?", (f"{RENEWED}{number}",))), None)

    def lost(self) -> list[int]:
        """Conflicts that ended in another one that is not there."""
        known = {int(row[0]) for row in self._db.execute("SELECT id FROM conflict")}
        over = self._select("WHERE status <> 'open' ORDER BY id", ())
        return [c.id for c in over if not c.decision or (c.renewed_as or c.id) not in known]

    def is_open(self, number: int) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM conflict WHERE id = ? AND status = 'open'", (number,)
        ).fetchone()
        return row is not None

    def renew(self, case: ConflictCase, now: Sequence[ConflictCase]) -> list[int]:
        """Puts conflicts that show what is there now in the place of one; their numbers."""
        self._db.execute("UPDATE conflict SET status = 'resolved' WHERE id = ?", (case.id,))
        numbers = [self.add(new) for new in now]
        self.close(case.id, f"{RENEWED}{numbers[0]}", None)
        return numbers

    def close(self, number: int, decision: str, revision: int | None) -> None:
        self._db.execute(
            "UPDATE conflict SET status = 'resolved', decision = ?, resolved_in = ? WHERE id = ?",
            (decision, revision, number),
        )
        self._audit.add("conflict", number)

    def open_of(self, revision: int) -> int:
        """How many open conflicts this very revision brought up."""
        row = self._db.execute(
            "SELECT count(*) FROM conflict WHERE status = 'open' AND revision = ?", (revision,)
        ).fetchone()
        return int(row[0])

    def withdraw_of(self, revision: int, resolved_in: int) -> None:
        """What a revision itself brought up, and no submission, ends when it is taken back."""
        found = self._db.execute(
            "SELECT id FROM conflict WHERE status = 'open' AND revision = ? AND submission IS NULL",
            (revision,),
        ).fetchall()
        for (number,) in found:
            self.close(number, WITHDRAWN, resolved_in)

    def reopen_of(self, revision: int) -> int:
        """Conflicts decided in a revision that is undone are open again; how many these are.

        What had been decided stays noted, for `close_again`.
        """
        return self._switch(revision, "resolved", "open")

    def close_again(self, revision: int) -> int:
        """What `reopen_of` opened and nobody decided since is closed as it was; how many."""
        return self._switch(revision, "open", "resolved")

    def _switch(self, revision: int, before: str, after: str) -> int:
        found = self._db.execute(
            "SELECT id FROM conflict WHERE resolved_in = ? AND status = ?", (revision, before)
        ).fetchall()
        for (number,) in found:
            self._db.execute("UPDATE conflict SET status = ? WHERE id = ?", (after, number))
            self._audit.add("conflict", number)
        return len(found)

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[ConflictCase]:
        rows = self._db.execute(
            "SELECT id, ledger, tbl AS 'table', record, field, kind, base, ours, theirs, ours_by,"
            f" theirs_by, at, submission, revision, status, decision FROM conflict {rest}",
            arguments,
        )
        return [ConflictCase(**dict(row)) for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class ReturnedCase:
    """A cell (or a row, `field` None) that went back to its sender, with the reason.

    `typed` is the cell as text; for a row all of it, as `encode_record` stores it.
    """

    submission: int
    staff: str
    ledger: str
    table: str
    record: str | None
    field: str | None
    sheet: str | None
    sheet_row: int | None
    sheet_column: int | None
    rule: str
    zh: str
    en: str
    typed: str | None
    id: int = 0
    status: str = "open"
    copy: str | None = None


class ReturnedCases:
    """Table `returned`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, cases: Iterable[ReturnedCase]) -> None:
        self._db.executemany(
            "INSERT INTO returned (submission, staff, ledger, tbl, record, field, sheet, sheet_row,"
            " sheet_column, rule, zh, en, typed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    c.submission,
                    c.staff,
                    c.ledger,
                    c.table,
                    c.record,
                    c.field,
                    c.sheet,
                    c.sheet_row,
                    c.sheet_column,
                    c.rule,
                    c.zh,
                    c.en,
                    c.typed,
                )
                for c in cases
            ],
        )

    def rename(self, staff: str, new: str) -> None:
        """What waits for a person waits under another name."""
        self._db.execute(
            "UPDATE returned SET staff = ? WHERE staff = ? AND status = 'open'", (new, staff)
        )

    def open(self, staff: str | None = None, ledger: str | None = None) -> list[ReturnedCase]:
        """What is still to be corrected, of one person or ledger or of all."""
        rows = self._db.execute(
            "SELECT r.submission, r.staff, r.ledger, r.tbl, r.record, r.field, r.sheet,"
            " r.sheet_row, r.sheet_column, r.rule, r.zh, r.en, r.typed, r.id, r.status, s.copy"
            " FROM returned r JOIN submission s ON s.id = r.submission WHERE r.status = 'open'"
            " AND (? IS NULL OR r.staff = ?) AND (? IS NULL OR r.ledger = ?) ORDER BY r.id",
            (staff, staff, ledger, ledger),
        )
        return [ReturnedCase(*row) for row in rows.fetchall()]

    def often(self, rules: Sequence[str], least: int) -> list[tuple[str, str, str, str, int, str]]:
        """What went back for one of these rules, open or not: ledger, table, field, what was typed.

        With it, how many records it stood in (`least` at least) and who wrote it, comma between.
        """
        marks = ",".join("?" * len(rules))
        rows = self._db.execute(
            "SELECT ledger, tbl, field, typed, count(DISTINCT coalesce(record, id)) AS n,"
            f" group_concat(DISTINCT staff) FROM returned WHERE rule IN ({marks})"
            " AND field IS NOT NULL AND typed <> '' GROUP BY ledger, tbl, field, typed"
            " HAVING n >= ? ORDER BY n DESC, ledger, tbl, field, typed",
            (*rules, least),
        )
        return [tuple(row) for row in rows]

    def replace(self, numbers: Iterable[int]) -> None:
        """A later submission has put something else into these cells."""
        self._db.executemany(
            "UPDATE returned SET status = 'replaced' WHERE id = ?", [(n,) for n in numbers]
        )

    def set_back(self, ledger: str, table: str, records: Iterable[str]) -> None:
        """Rows that an undo took away have nothing left to be corrected."""
        self._switch(ledger, table, records, "open", "undone")

    def bring_back(self, ledger: str, table: str, records: Iterable[str]) -> None:
        """Rows that an undo put back are to be corrected where they were before."""
        self._switch(ledger, table, records, "undone", "open")

    def _switch(
        self, ledger: str, table: str, records: Iterable[str], before: str, after: str
    ) -> None:
        self._db.executemany(
            "UPDATE returned SET status = ? WHERE status = ? AND ledger = ? AND tbl = ?"
            " AND record = ?",
            [(after, before, ledger, table, record) for record in records],
        )

    def move(self, number: int, submission: int, sheet: str, row: int, column: int | None) -> None:
        """A later submission of the same copy still holds the fault, at this place."""
        self._db.execute(
            "UPDATE returned SET submission = ?, sheet = ?, sheet_row = ?, sheet_column = ?"
            " WHERE id = ?",
            (submission, sheet, row, column, number),
        )


@dataclass(frozen=True, slots=True)
class HeldCase:
    """Removals that were too many to be believed; `since` is the revision they wait from."""

    submission: int
    staff: str
    ledger: str
    table: str
    records: tuple[str, ...]
    hand: bool = False
    since: int = 0
    id: int = 0
    status: str = "open"


class HeldCases:
    """Table `held`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, case: HeldCase) -> int:
        cursor = self._db.execute(
            "INSERT INTO held (submission, staff, ledger, tbl, records, hand, since)"
            " VALUES (?,?,?,?,?,?,?)",
            (
                case.submission,
                case.staff,
                case.ledger,
                case.table,
                json.dumps(case.records),
                int(case.hand),
                case.since,
            ),
        )
        return int(cursor.lastrowid or 0)

    def rename(self, staff: str, new: str) -> None:
        """What waits for a person waits under another name."""
        self._db.execute(
            "UPDATE held SET staff = ? WHERE staff = ? AND status = 'open'", (new, staff)
        )

    def open(self) -> list[HeldCase]:
        return self._select("WHERE status = 'open' ORDER BY id", ())

    def get(self, number: int) -> HeldCase | None:
        return next(iter(self._select("WHERE id = ?", (number,))), None)

    def hand_of(self, ledger: str) -> list[HeldCase]:
        """Open removals by hand in a primary: nothing is written to it until they are decided."""
        return self._select("WHERE status = 'open' AND hand AND ledger = ? ORDER BY id", (ledger,))

    def of_copy(self, copy: str) -> list[HeldCase]:
        """Open removals that a copy asked for."""
        return self._select(
            "WHERE status = 'open' AND submission IN (SELECT id FROM submission WHERE copy = ?)"
            " ORDER BY id",
            (copy,),
        )

    def keep_only(self, case: HeldCase, records: tuple[str, ...]) -> None:
        """Some of the rows are back: the case is about the rest, or about nothing any more."""
        if not records:
            self.close(case.id, "replaced", None)
        elif records != case.records:
            self._db.execute(
                "UPDATE held SET records = ? WHERE id = ?", (json.dumps(records), case.id)
            )

    def close(self, number: int, status: str, revision: int | None) -> None:
        self._db.execute(
            "UPDATE held SET status = ?, decided_in = ? WHERE id = ?", (status, revision, number)
        )

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[HeldCase]:
        rows = self._db.execute(
            "SELECT submission, staff, ledger, tbl AS 'table', records, hand, since, id, status"
            f" FROM held {rest}",
            arguments,
        )
        return [
            HeldCase(**{**dict(row), "records": tuple(json.loads(row["records"]))})
            for row in rows.fetchall()
        ]
