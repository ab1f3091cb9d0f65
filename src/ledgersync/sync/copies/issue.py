"""Copies for people: written anew, stamped with their base, with empty rows reserved."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
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
from ledgersync.model import Rows, Stamp
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.extras import shown_ledger
from ledgersync.sync.copies.proposals import proposals_for
from ledgersync.sync.copies.rescue import rescue
from ledgersync.sync.revision.numbers import reserve_numbers
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.staff.scope import in_scope, nobodys_own
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.build import (
    SheetRows,
    ledger_workbook,
    new_record_id,
)
from ledgersync.workspace import Staff
from ledgersync.workspace.place import person_folder

MOST_ROWS = 2000  # prepared in one table of a copy, however much somebody once pasted


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
) -> Path:
    """One copy under a new copy id; `reserved` record ids of an earlier copy are used first.

    With `only_over` it replaces a file with that hash and no other. Raises PatchRefused when the
    file there is open, or changed just now.
    """
    ledger = session.catalog.ledgers[ledger.id]
    content = _content_for(session, staff, ledger, reserved or {})
    stamp = stamp_now(session, ledger, uuid.uuid4().hex, staff)  # a new copy id
    path = session.workspace.issued(staff, ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as beside:
        beside.write_bytes(_built(session, content, stamp))
        sync_file(beside)
        copy = _copy_of(session, stamp, content, path, file_hash(beside))
        _place(session, copy, beside, path, only_over)
    return path


@dataclass(frozen=True, slots=True)
class _Content:
    """What a person's copy shows: the records in their scope, and ids for the empty rows."""

    ledger: LedgerSchema  # with those of the columns that people added that hold something here
    person: Staff
    visible: Mapping[str, Rows]
    spare: dict[str, list[str]]
    numbers: Mapping[str, Mapping[str, str]]  # of the empty rows, by table


def _content_for(
    session: Session, staff: str, ledger: LedgerSchema, reserved: Mapping[str, Sequence[str]]
) -> _Content:
    person = session.workspace.config.staff_member(staff)
    own = nobodys_own(session, ledger, person)
    visible = in_scope(ledger, session.catalog, session.shown(ledger), person, own)
    ledger, visible = shown_ledger(ledger, visible)
    spare = {
        t.id: _reserve(session, staff, ledger, t, reserved.get(t.id, ())) for t in ledger.tables
    }
    numbers = {t.id: reserve_numbers(session, ledger, t, spare[t.id]) for t in ledger.tables}
    return _Content(ledger, person, visible, spare, numbers)


def _copy_of(session: Session, stamp: Stamp, content: _Content, path: Path, sha256: str) -> Copy:
    """The copy as the journal knows it."""
    return Copy(
        stamp.copy_id,
        stamp.staff or "",
        stamp.ledger,
        "issued",
        stamp.revision,
        session.now().isoformat(),
        session.workspace.relative(path),
        sha256,
        {name: list(rows) for name, rows in content.visible.items()},
        content.spare,
        revoked=False,
        placed=False,
    )


def _place(session: Session, copy: Copy, beside: Path, path: Path, only_over: str | None) -> None:
    """First the journal knows the copy, then its file is put in place, then that is noted.

    So whatever a crash leaves in `issued/`, the journal knows it by its stamp.
    """
    if open_elsewhere(path) is not None:
        raise refused("target.open", path.name)
    with session.journal.transaction():
        session.journal.copies.add(copy)
    there = only_over
    if there is None and path.exists():
        there = file_hash(path)
        rescue(session, copy.staff, path, "换发前")
    put_in_place(beside, path, there)
    session.journal.copies.place(copy.id)


def _built(session: Session, content: _Content, stamp: Stamp) -> bytes:
    ledger, visible, spare = content.ledger, content.visible, content.spare
    return ledger_workbook(
        ledger,
        session.catalog,
        kind="copy",
        unit=session.workspace.unit.name,
        rows={
            t.id: SheetRows(tuple(visible[t.id].items()), tuple(spare[t.id]), content.numbers[t.id])
            for t in ledger.tables
        },
        stamp=stamp,
        today=session.today,
        staff=stamp.staff,
        proposals=proposals_for(session, ledger, content.person),
    )


def _reserve(
    session: Session, staff: str, ledger: LedgerSchema, table: TableSchema, known: Sequence[str]
) -> list[str]:
    """Record ids for empty rows: unused ones of the copy before, then new ones."""
    wanted = rows_wanted(session, staff, ledger, table)
    kept = list(known)[:wanted]
    return kept + [new_record_id() for _ in range(wanted - len(kept))]


def rows_wanted(session: Session, staff: str, ledger: LedgerSchema, table: TableSchema) -> int:
    """So many empty rows: twice what this person ever added at once in the last year, at least
    what the configuration says; none where it says none.
    """
    least = session.workspace.config.rules.reserved_rows
    names = session.workspace.config.staff_member(staff).names
    since = session.now() - timedelta(days=365)
    most = session.journal.submissions.most_added(ledger.id, table.id, names, since)
    return max(least, min(2 * most, MOST_ROWS)) if least else 0
