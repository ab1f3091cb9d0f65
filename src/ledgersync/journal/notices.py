"""What was left out of a file, or taken with a doubt, and is told until it is mended."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ledgersync.dataclass import dataclass
from ledgersync.model import Severity

PRIMARY = "primary"  # the copy id in a primary's stamp

_COLUMNS = (
    "submission, copy, staff, ledger, tbl, record, field, sheet, sheet_row, sheet_column,"
    " rule, severity, zh, en, content"
)


@dataclass(frozen=True, slots=True)
class NoticeCase:
    """One notice at its place; `submission` None and `copy` PRIMARY where it is in a primary.

    `record` and `field` are known where the row is a record; `content` is the value that was
    taken. `severity` is `error` for what was left out, `warning` for what was taken with a doubt.
    `known`: it was told before.
    """

    submission: int | None
    copy: str
    staff: str
    ledger: str
    table: str | None
    record: str | None
    field: str | None
    sheet: str | None
    sheet_row: int | None
    sheet_column: int | None
    rule: str
    severity: Severity
    zh: str
    en: str
    content: str | None = None
    id: int = 0
    status: str = "open"
    known: bool = False

    @property
    def subject(self) -> tuple[str | None, ...]:
        """What it is about, wherever it stands now."""
        return self.table, self.record, self.field, self.rule, self.zh, self.content


class NoticeCases:
    """Table `notice`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def open(
        self, *, copy: str | None = None, staff: str | None = None, ledger: str | None = None
    ) -> list[NoticeCase]:
        """What is still to be mended, of one copy, person or ledger, or all."""
        return self._select(
            "WHERE status = 'open' AND (? IS NULL OR copy = ?) AND (? IS NULL OR staff = ?)"
            " AND (? IS NULL OR ledger = ?) ORDER BY id",
            (copy, copy, staff, staff, ledger, ledger),
        )

    def rename(self, staff: str, new: str) -> None:
        """What waits for a person waits under another name."""
        self._db.execute(
            "UPDATE notice SET staff = ? WHERE staff = ? AND status = 'open'", (new, staff)
        )

    def get(self, number: int) -> NoticeCase | None:
        return next(iter(self._select("WHERE id = ?", (number,))), None)

    def replace(self, copy: str, ledger: str, found: Sequence[NoticeCase]) -> list[NoticeCase]:
        """All that a copy says of a ledger now; what it does not say any more is settled.

        Returns what is to be told, without that which a person dismissed.
        """
        before = defaultdict(list)
        for case in self.open(copy=copy, ledger=ledger):
            before[case.subject].append(case)
        dismissed = {c.subject for c in self._of_status("dismissed", ledger)}
        told = [
            self._kept(case, before[case.subject])
            for case in found
            if case.subject not in dismissed
        ]
        self.close((c.id for cases in before.values() for c in cases), "settled")
        return told

    def close(self, numbers: Iterable[int], status: str) -> None:
        """`settled`: somebody mended it. `dismissed`: somebody looked, and it may stay."""
        self._db.executemany(
            "UPDATE notice SET status = ? WHERE id = ?", [(status, n) for n in numbers]
        )

    def _kept(self, case: NoticeCase, before: list[NoticeCase]) -> NoticeCase:
        """The case under the number that it had before, at its place of today; else a new one."""
        if before:
            known = before.pop(0)
            self._db.execute(
                "UPDATE notice SET submission = ?, sheet = ?, sheet_row = ?, sheet_column = ?"
                " WHERE id = ?",
                (case.submission, case.sheet, case.sheet_row, case.sheet_column, known.id),
            )
            return replace(case, id=known.id, known=True)
        cursor = self._db.execute(
            f"INSERT INTO notice ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(case.submission, case.copy, case.staff, case.ledger, case.table, case.record),
                *(case.field, case.sheet, case.sheet_row, case.sheet_column),
                *(case.rule, case.severity, case.zh, case.en, case.content),
            ),
        )
        return replace(case, id=int(cursor.lastrowid or 0))

    def _of_status(self, status: str, ledger: str) -> list[NoticeCase]:
        return self._select("WHERE status = ? AND ledger = ?", (status, ledger))

    def _select(self, rest: str, arguments: tuple[object, ...]) -> list[NoticeCase]:
        rows = self._db.execute(f"SELECT {_COLUMNS}, id, status FROM notice {rest}", arguments)
        return [NoticeCase(*row) for row in rows.fetchall()]
