"""A workbook that is about to be replaced and holds changes nobody handed in goes to the inbox."""

from pathlib import Path

from ledgersync.files import file_hash, put_in_place, sync_file, temporary_beside
from ledgersync.sync.session import Session
from ledgersync.workspace.place import person_folder


def rescue(session: Session, staff: str, path: Path, why: str, ours: str | None = None) -> None:
    """Copies it into the person's inbox, unless it is as we wrote it or was merged already.

    `ours` is the SHA-256 of what we wrote, where the journal does not know it; `why` goes into the
    file's new name.
    """
    journal, sha256 = session.journal, file_hash(path)
    if sha256 == ours or journal.copies.is_issued_file(sha256):
        return
    if journal.submissions.is_known(sha256):
        return
    inbox = session.workspace.inbox / person_folder(staff)
    inbox.mkdir(parents=True, exist_ok=True)
    target = inbox / f"{path.stem}（{why} {sha256[:6]}）{path.suffix}"
    with temporary_beside(target) as beside:
        beside.write_bytes(path.read_bytes())
        sync_file(beside)
        put_in_place(beside, target, None)
