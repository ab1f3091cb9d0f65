"""A new workspace, and an existing workbook taken in as a primary."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledgersync.errors import PatchRefused, UnreadableFile, UsageFault
from ledgersync.files import (
    atomic_write,
    file_hash,
    open_elsewhere,
    put_in_place,
    sync_file,
    temporary_beside,
)
from ledgersync.journal import Journal, Originals, PrimaryFile
from ledgersync.journal.notices import PRIMARY
from ledgersync.messages import literal, message
from ledgersync.model import Stamp, TableData
from ledgersync.schema import LedgerSchema
from ledgersync.sync.opening import bring_up_to_date, check_identity, open_session
from ledgersync.sync.primary.merged_cells import take_numbers_apart
from ledgersync.sync.primary.parts import leave_first_part
from ledgersync.sync.primary.places import remember_empty
from ledgersync.sync.primary.remembered import note_own_office, note_wording
from ledgersync.sync.primary.sheets import complete_workbook
from ledgersync.sync.primary.write import ingest, write_primary
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.build import SheetRows
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workspace import Unit, Workspace, clock
from ledgersync.workspace.config import CONFIG_NAME
from ledgersync.workspace.place import IDENTITY, create_folders, keep_private, write_config


def create_workspace(folder: Path, unit: Unit) -> Workspace:
    """A workspace with the four empty primaries and a journal at revision 1.

    Raises WorkspaceFault when there is one already.
    """
    root = folder.resolve()
    root.mkdir(parents=True, exist_ok=True)
    if not _is_half_made(root):
        write_config(root, unit)
    create_folders(root)
    workspace = Workspace.open(root)
    workspace.state.mkdir(parents=True, exist_ok=True)
    for leftover in workspace.state.glob("journal.db*"):
        leftover.unlink()
    with Journal.create(workspace.journal_file, workspace.catalog) as journal:
        keep_private(workspace.journal_file)
        session = Session(workspace, journal, Originals(workspace.originals), clock.today())
        with journal.transaction():
            journal.log.seal(journal.log.begin("init", "ledgersync", session.now()))
        for ledger in workspace.catalog:
            new_primary(session, ledger)
        bring_up_to_date(session)  # so that what only reads finds nothing to be done first
        check_identity(workspace, journal.workspace_id)
    return workspace


def _is_half_made(root: Path) -> bool:
    """An `init` was cut short here: the mark that it writes last is missing, and nothing merged."""
    if not (root / CONFIG_NAME).exists() or (root / ".ledgersync" / IDENTITY).exists():
        return False
    return not Journal.was_used(Workspace.open(root).journal_file)


def add_missing_primaries(session: Session) -> None:
    """Empty primaries for ledgers that came after `init`: one more TOML file is a new ledger.

    A workbook that stands there already is taken in, never written over.
    """
    for ledger in session.catalog:
        if session.journal.writes.primary(ledger.id) is not None:
            continue
        if session.workspace.primary(ledger).exists():
            _ingest_standing(session, ledger)
        else:
            new_primary(session, ledger)


def _ingest_standing(session: Session, ledger: LedgerSchema) -> None:
    """Takes in the workbook that stands in a primary's place, given what it lacks of one.

    One with a stamp is ours already. Where completing it is refused, or somebody has it open, it
    is taken in as it is.
    """
    path = session.workspace.primary(ledger)
    if open_elsewhere(path) is None and read_stamp(path) is None:
        present = _tables_in(session, ledger, path)
        if present:
            with suppress(PatchRefused):
                complete_workbook(path, ledger, present, _primary_stamp(session, ledger))
    ingest(session, ledger)


def _tables_in(session: Session, ledger: LedgerSchema, file: Path) -> set[str]:
    """The tables of a ledger that a file holds. Raises UnreadableFile."""
    return {t.table for t in _read_tables(session, ledger, file)}


def _read_tables(session: Session, ledger: LedgerSchema, file: Path) -> list[TableData]:
    data = read_workbook(file, session.workspace.catalog, today=session.today)
    return [t for t in data.tables if t.ledger == ledger.id]


def _primary_stamp(session: Session, ledger: LedgerSchema) -> Stamp:
    """The stamp of a primary that shows the journal as it is now."""
    return stamp_now(session, ledger, PRIMARY)


def new_primary(session: Session, ledger: LedgerSchema) -> None:
    """An empty primary workbook, known to the journal."""
    path = session.workspace.primary(ledger)
    from ledgersync.workbook.build import ledger_workbook  # primaries are rarely made

    content = ledger_workbook(
        ledger,
        session.catalog,
        kind="primary",
        unit=session.workspace.unit.name,
        rows={t.id: SheetRows((), ()) for t in ledger.tables},
        stamp=_primary_stamp(session, ledger),
        today=session.today,
    )
    atomic_write(path, content)
    keep_private(path)
    file, sha256 = session.workspace.relative(path), file_hash(path)
    with session.journal.transaction():
        last = session.journal.log.last
        session.journal.writes.set_primary(PrimaryFile(ledger.id, file, sha256, last, last))
        note_wording(session, ledger.id)
        note_own_office(session, ledger.id)
        remember_empty(session, ledger, sha256)


def adopt_workbook(workspace: Workspace, ledger: LedgerSchema, file: Path) -> dict[str, int]:
    """Makes an existing workbook, with all its formats, the primary of a ledger.

    Its records become the ledger's; only a primary that is still empty may be replaced. Returns
    the number of records per table. Tables that it lacks get empty sheets. Raises UnreadableFile,
    UsageFault, and PatchRefused when they cannot be added; then nothing has changed.
    """
    if file.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise UsageFault(
            message("{file} 不是 .xlsx 或 .xlsm，不能直接作主台账。", file=file.name),
            message("请先在表格软件里另存为 .xlsx；或者放进收件箱合并。"),
        )
    with open_session(workspace, "adopt") as session:
        _refuse_when_used(session, ledger)
        tables = _read_tables(session, ledger, file)
        if not tables:
            raise _no_table(ledger, file)
        return _replace_primary(session, ledger, file, tables)


def _replace_primary(
    session: Session, ledger: LedgerSchema, file: Path, tables: Sequence[TableData]
) -> dict[str, int]:
    """Puts the workbook in place in one step, takes its records in, gives them their ids.

    Two originals are kept: the workbook as it came, and with what it lacked, as it is taken in.
    """
    empty = session.workspace.primary(ledger)
    target = empty.with_suffix(file.suffix.casefold())
    with temporary_beside(target) as beside:
        shutil.copyfile(file, beside)
        original = beside.read_bytes()
        try:
            present = {t.table for t in tables}
            complete_workbook(beside, ledger, present, _primary_stamp(session, ledger))
            take_numbers_apart(beside, tables, ledger)
        except PatchRefused as refusal:
            raise _not_adoptable(refusal, beside.name, file) from refusal
        for content in (original, beside.read_bytes()):
            session.originals.keep(content)
        sync_file(beside)
        put_in_place(beside, target, None)
    keep_private(target)
    if target != empty:
        empty.unlink(missing_ok=True)
    return _take_in(session, ledger, file.name)


def _take_in(session: Session, ledger: LedgerSchema, names: str) -> dict[str, int]:
    """What the new primary holds becomes the ledger's records; how many there are by table."""
    ingest(session, ledger, author=f"adopt:{names}", kind="adopt")
    write_primary(session, ledger)
    leave_first_part(session, ledger)
    session.journal.keep_columns()
    return {t.id: len(session.journal.state.rows(ledger.id, t.id)) for t in ledger.tables}


def adopt_content(
    session: Session,
    ledger: LedgerSchema,
    content: bytes,
    originals: Sequence[bytes],
    names: str,
) -> dict[str, int]:
    """Makes a workbook that was made of others the primary; the others are kept as they came.

    Raises UsageFault where the ledger has records.
    """
    _refuse_when_used(session, ledger)
    for original in (*originals, content):
        session.originals.keep(original)
    empty = session.workspace.primary(ledger)
    target = empty.with_suffix(".xlsx")
    atomic_write(target, content)
    keep_private(target)
    if target != empty:
        empty.unlink(missing_ok=True)
    return _take_in(session, ledger, names)


def _refuse_when_used(session: Session, ledger: LedgerSchema) -> None:
    if any(session.state(ledger).values()):
        raise UsageFault(
            message("{workbook}里已有记录，不能再收入另一本。", workbook=ledger.workbook),
            message("请把那本放进 inbox/<姓名>/ 用 merge 合并。"),
        )


def _no_table(ledger: LedgerSchema, file: Path) -> UnreadableFile:
    return UnreadableFile(
        message(
            "{file} 里没有认出{workbook}的表。",
            file=file.name,
            workbook=literal(ledger.workbook, ledger.id),
        ),
        message("请用 ledgersync read 查看读到了什么，或用 map 确认表头。"),
    )


def _not_adoptable(refusal: PatchRefused, name: str, file: Path) -> PatchRefused:
    """The refusal in the words of `adopt`; `name` is that of the copy that was tried."""
    reason = literal(
        *(t.replace(name, file.name) for t in (refusal.message.zh, refusal.message.en))
    )
    return PatchRefused(
        refusal.reason,
        message(
            "{file} 不能收为主台账，缺少的工作表加不进去。{reason}", file=file.name, reason=reason
        ),
        message(
            "主台账未改动。同名的工作表请先改名，或用 ledgersync map 确认其表头；其他"
            "原因处理后重试，也可放进收件箱合并。"
        ),
    )
