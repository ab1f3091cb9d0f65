"""Copies for people: written, stamped with their base, with empty rows reserved."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgersync.files import (
    file_hash,
    open_elsewhere,
    put_in_place,
    refused,
    sync_file,
    temporary_beside,
)
from ledgersync.journal import Copy
from ledgersync.model import Stamp
from ledgersync.schema import LedgerSchema
from ledgersync.sync.copies.content import CopyContent, content_for, note_frame
from ledgersync.sync.copies.patching import Order, patched_copy
from ledgersync.sync.copies.rescue import rescue
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.build import SheetRows
from ledgersync.workspace.place import person_folder


def issue_copies(session: Session, staff: str, ledgers: Sequence[LedgerSchema] = ()) -> list[Path]:
    """Writes `issued/<staff>/<workbook>.xlsx` for the ledgers named, or for all of them."""
    staff = same_person(session, staff)
    person_folder(staff)
    (session.workspace.inbox / person_folder(staff)).mkdir(parents=True, exist_ok=True)
    return [issue_one(session, staff, ledger) for ledger in ledgers or list(session.catalog)]


def issue_one(
    session: Session,
    staff: str,
    ledger: LedgerSchema,
    reserved: Mapping[str, Sequence[str]] | None = None,
    only_over: str | None = None,
    before: Copy | None = None,
) -> Path:
    """One copy under a new copy id; the ids that an earlier one `reserved` are used first.

    With `only_over` it replaces a file with that hash and no other. `before` is a copy that lies
    there as it was issued: where only records differ, it is patched, else a copy is built. Raises
    PatchRefused when the file there is open, or changed just now.
    """
    ledger = session.catalog.ledgers[ledger.id]
    content = content_for(session, staff, ledger, reserved or {})
    stamp = stamp_now(session, ledger, uuid.uuid4().hex, staff)  # a new copy id
    path = session.workspace.issued(staff, ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as beside:
        patched = before and patched_copy(session, before, content, stamp, beside)
        if not patched:
            beside.write_bytes(_built(session, content, stamp))
            sync_file(beside)
            order = {name: list(rows) for name, rows in content.visible.items()}
            patched = order, file_hash(beside)
        copy = _copy_of(session, stamp, content, path, *patched)
        _place(session, copy, content, beside, path, only_over)
    return path


def _copy_of(
    session: Session, stamp: Stamp, content: CopyContent, path: Path, order: Order, sha256: str
) -> Copy:
    """The copy as the journal knows it; `order` is that of its rows."""
    return Copy(
        stamp.copy_id,
        stamp.staff or "",
        stamp.ledger,
        "issued",
        stamp.revision,
        session.now().isoformat(),
        session.workspace.relative(path),
        sha256,
        order,
        content.spare,
        revoked=False,
        placed=False,
    )


def _place(
    session: Session,
    copy: Copy,
    content: CopyContent,
    beside: Path,
    path: Path,
    only_over: str | None,
) -> None:
    """First the journal knows the copy, then its file is put in place, then that is noted.

    So whatever a crash leaves in `issued/`, the journal knows it by its stamp.
    """
    if open_elsewhere(path) is not None:
        raise refused("target.open", path.name)
    with session.journal.transaction():
        session.journal.copies.add(copy)
        note_frame(session, copy, content)
    there = only_over
    if there is None and path.exists():
        there = file_hash(path)
        rescue(session, copy.staff, path, "换发前")
    put_in_place(beside, path, there)
    session.journal.copies.place(copy.id)


def _built(session: Session, content: CopyContent, stamp: Stamp) -> bytes:
    from ledgersync.workbook.build import ledger_workbook  # most copies are patched

    ledger, visible, spare = content.ledger, content.visible, content.spare
    return ledger_workbook(
        ledger,
        session.catalog,
        kind="copy",
        unit=content.unit,
        rows={
            t.id: SheetRows(tuple(visible[t.id].items()), tuple(spare[t.id]), content.numbers[t.id])
            for t in ledger.tables
        },
        stamp=stamp,
        today=session.today,
        staff=stamp.staff,
        proposals=content.proposals,
    )
