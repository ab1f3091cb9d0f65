"""Whether the archives show what the journal says rests in them."""

from collections.abc import Iterator

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import message
from ledgersync.model import Rows
from ledgersync.sync.history.troubles import Trouble
from ledgersync.sync.model.submission import put_together
from ledgersync.sync.session import Session
from ledgersync.sync.year.books import Archive, archives


def troubles_of_archives(session: Session) -> Iterator[Trouble]:
    """An archive that is gone, cannot be read, or shows something else."""
    for archive in archives(session):
        if not any(archive.tables.values()) or archive.digest != archive.content:
            continue  # nothing rests there, or it is written by the next run
        if not (session.workspace.root / archive.file).is_file():
            told = message("归档 {file} 不见了；运行 merge 会按日志重写", file=archive.file)
            yield Trouble("archive.missing", archive.file, told)
            continue
        try:
            shown = _shown(session, archive)
        except LedgerSyncError as error:
            yield Trouble("archive.unreadable", archive.file, error.message)
            continue
        if shown != archive.tables:
            told = message("归档 {file} 与日志不一致；运行 merge 会把它改回一致", file=archive.file)
            yield Trouble("archive.differs", archive.file, told)


def _shown(session: Session, archive: Archive) -> dict[str, Rows]:
    """What the workbook shows, by table."""
    data = session.readings.read(session.workspace.root / archive.file)
    found: dict[str, Rows] = {t.id: {} for t in archive.ledger.tables}
    for name, whole in put_together(archive.ledger, data.tables).items():
        found[name] = {s.record_id or f"?{s.position}": s.row for s in whole.records}
    return found
