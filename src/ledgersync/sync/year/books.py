"""The workbooks of the archive: written from the journal, and taken in when people change them.

An archive stands in `archive/<year>/` under the name of its ledger. Its rows are records like all
others; what is typed into it comes in as one more submission. A row that is left out of it is not
removed: the next run writes it again.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.files import atomic_write, file_hash, open_elsewhere
from ledgersync.journal import Copy
from ledgersync.journal.rows import encode_record
from ledgersync.messages import Message, message
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema
from ledgersync.sync.columns.extras import shown_ledger
from ledgersync.sync.intake.submit import submit
from ledgersync.sync.primary.write import HAND
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import stamp_now
from ledgersync.sync.year.turn import archive_name
from ledgersync.workbook.build import SheetRows
from ledgersync.workbook.properties import last_modified_by
from ledgersync.workspace.place import keep_private

_KEY = "archive:"  # in the journal's meta, by `ledger/year`: hash of the file, digest of its rows


@dataclass(frozen=True, slots=True)
class Archive:
    """What rests of one ledger and year, and what is known of its workbook."""

    ledger: LedgerSchema
    year: int
    tables: dict[str, Rows]
    sha256: str | None
    content: str | None

    @property
    def file(self) -> str:
        return archive_name(self.ledger, self.year)

    @property
    def digest(self) -> str:
        """Of the rows and the columns that they are written with."""
        found = hashlib.sha256(self.ledger.wordings.encode())
        for table in self.ledger.tables:
            for record, row in self.tables[table.id].items():
                found.update(f"{record} {encode_record(table, row)}\n".encode())
        return found.hexdigest()


def archives(session: Session) -> Iterator[Archive]:
    """Every archive that has rows, or had some and still has its file."""
    for ledger in session.catalog:
        years = session.journal.years.years(ledger.id)
        resting = {
            t.id: session.journal.years.resting(ledger.id, t.id) for t in ledger.tables if years
        }
        for year in years:
            rows = {
                t.id: _of_year(session, ledger, t.id, resting[t.id], year) for t in ledger.tables
            }
            stored = json.loads(session.journal.meta(f"{_KEY}{ledger.id}/{year}") or "[null, null]")
            yield Archive(ledger, year, rows, *stored)


def _of_year(
    session: Session, ledger: LedgerSchema, table: str, resting: dict[str, int], year: int
) -> Rows:
    rows = session.journal.state.rows(ledger.id, table)
    return {r: row for r, row in rows.items() if resting.get(r) == year}


def ingest_archives(session: Session) -> list[SubmissionResult]:
    """Takes in what people changed in the archives; only files with our stamp are read."""
    results: list[SubmissionResult] = []
    for archive in archives(session):
        path = session.workspace.root / archive.file
        with suppress(LedgerSyncError, OSError):
            if path.is_file() and archive.sha256 and file_hash(path) != archive.sha256:
                results += submit(session, path, last_modified_by(path) or HAND)
    return results


def write_archives(session: Session) -> list[Message]:
    """Brings every archive on disk to the journal's state; what could not be written, and why."""
    waiting = []
    for archive in archives(session):
        path = session.workspace.root / archive.file
        try:
            if not any(archive.tables.values()):
                _drop(session, archive, path)
            elif archive.digest != archive.content or not _is_ours(archive, path):
                if open_elsewhere(path) is not None:
                    waiting.append(
                        message("{file} 正开着，关闭后下次合并写入。", file=archive.file)
                    )
                else:
                    _write(session, archive, path)
        except OSError as error:
            waiting.append(
                message("{file} 没有写成（{why}）。", file=archive.file, why=os_reason(error))
            )
    return waiting


def _is_ours(archive: Archive, path: Path) -> bool:
    return path.is_file() and file_hash(path) == archive.sha256


def _write(session: Session, archive: Archive, path: Path) -> None:
    """First the journal knows the copy that the stamp names, then its file is put in place."""
    ledger, rows = shown_ledger(archive.ledger, archive.tables)
    stamp = stamp_now(session, ledger, uuid.uuid4().hex)
    from ledgersync.workbook.build import ledger_workbook  # a year is rarely closed

    content = ledger_workbook(
        ledger,
        session.catalog,
        kind="primary",
        unit=session.workspace.unit.name,
        rows={t.id: SheetRows(tuple(rows[t.id].items())) for t in ledger.tables},
        stamp=stamp,
        today=session.today,
    )
    records = {name: list(found) for name, found in archive.tables.items()}
    copy = Copy(
        *(stamp.copy_id, "", ledger.id, "own", stamp.revision, session.now().isoformat()),
        *(archive.file, hashlib.sha256(content).hexdigest(), records, {}, False),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, path.parent.parent):
        folder.chmod(0o700)
    with session.journal.transaction():
        session.journal.copies.add(copy)
        session.journal.set_meta(
            f"{_KEY}{ledger.id}/{archive.year}", json.dumps([copy.sha256, archive.digest])
        )
    atomic_write(path, content)
    keep_private(path)


def _drop(session: Session, archive: Archive, path: Path) -> None:
    """Nothing rests there any more: the file goes, with its folder where that is empty."""
    if archive.sha256 is None:
        return
    if _is_ours(archive, path):
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()
    with session.journal.transaction():
        session.journal.drop_meta(f"{_KEY}{archive.ledger.id}/{archive.year}")
