"""Is everything still what the journal says: operations, chain, originals, primaries."""

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.journal import Originals
from ledgersync.messages import literal, message
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema
from ledgersync.sync.history.archives import troubles_of_archives
from ledgersync.sync.history.invariants import broken_invariants
from ledgersync.sync.history.troubles import Trouble
from ledgersync.sync.primary.view import view_primary
from ledgersync.sync.primary.write import ingest, is_touched
from ledgersync.sync.session import Session
from ledgersync.sync.year.books import ingest_archives


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: damage, and hand edits that it took in before looking."""

    troubles: list[Trouble]
    hand_edits: list[str]
    revisions: int
    records: int
    originals: int


def verify(session: Session, *, deep: bool = False) -> Verdict:
    """Replays the journal and compares it with the primaries and the archived originals.

    `deep`: all that must hold of the whole state besides.
    """
    troubles: list[Trouble] = []
    hand_edits = _ingest_hand_edits(session, troubles)
    ingest_archives(session)
    _check_chain(session, troubles)
    records = _check_replay(session, troubles)
    originals = _check_originals(session, troubles)
    _check_packages(session, troubles)
    for ledger in session.catalog:
        if session.journal.writes.primary(ledger.id) is not None:
            _check_primary(session, ledger, troubles)
    troubles += troubles_of_archives(session)
    if deep:
        troubles += broken_invariants(session)
    return Verdict(troubles, hand_edits, session.journal.log.last, records, originals)


def _ingest_hand_edits(session: Session, troubles: list[Trouble]) -> list[str]:
    """Hand edits are not damage; a primary that cannot be read is."""
    taken = []
    for ledger in session.catalog:
        try:
            if is_touched(session, ledger) and ingest(session, ledger).changes:
                taken.append(ledger.id)
        except LedgerSyncError as error:
            troubles.append(Trouble("primary.unreadable", ledger.id, error.message))
    return taken


_ENTRIES = {
    "revision": message("修订"),
    "submission": message("提交"),
    "conflict": message("裁定"),
    "package": message("上报包"),
    "review": message("审核记录"),
    "letter": message("上级来函"),
    "closing": message("关账记录"),
    "purged": message("清理记录"),
    "match_letter": message("核对函"),
}


def _check_chain(session: Session, troubles: list[Trouble]) -> None:
    for revision in session.journal.log.revisions():
        if session.journal.log.digest_of(revision.id) != revision.digest:
            what = str(revision.id)
            told = message("修订 {what} 与其校验值不符：日志被改动过", what=what)
            troubles.append(Trouble("journal.tampered", what, told))
            return
    for kind, number in session.journal.audit.breaks():
        entry = _ENTRIES.get(kind) or message("审计记录")
        told = message("{entry} {number} 与审计记录不符：日志被改动过", entry=entry, number=number)
        troubles.append(Trouble("journal.tampered", f"{kind} {number}", told))


def _check_replay(session: Session, troubles: list[Trouble]) -> int:
    records = 0
    for ledger, table in session.catalog.tables():
        state, key = session.journal.state, (ledger.id, table.id)
        replayed = state.replay(*key)
        records += len(state.rows(*key))
        if replayed != state.rows(*key) or replayed != state.stored(*key):
            what = f"{ledger.id}.{table.id}"
            told = message(
                "{workbook}“{sheet}”与重放日志的结果不一致",
                workbook=literal(ledger.workbook, ledger.id),
                sheet=table.sheet,
            )
            troubles.append(Trouble("state.differs", what, told))
    return records


def _check_originals(session: Session, troubles: list[Trouble]) -> int:
    wanted = {
        s.sha256: s.file
        for s in session.journal.submissions.all()
        if s.base not in ("hand", "handover")
    }
    gone = session.journal.purged.hashes()
    for sha256, file in wanted.items():
        if not session.originals.is_intact(sha256):
            there = session.originals.has(sha256)
            if not there and sha256 in gone:
                continue
            kind = "original.damaged" if there else "original.missing"
            lost = message("已损坏") if there else message("不见了")
            told = message(
                "{file} 的原件{lost}（{sha256}…）", file=file, lost=lost, sha256=sha256[:12]
            )
            troubles.append(Trouble(kind, file, told))
    return len(wanted)


def _check_packages(session: Session, troubles: list[Trouble]) -> None:
    """Every package that came or went, and what periods were closed with, is still what it was."""
    kept = Originals(session.workspace.packages)
    packages = session.journal.packages
    for package in (*packages.all("in"), *packages.all("out")):
        if not kept.is_intact(package.sha256):
            told = message("上报包 {file} 的存档不见了或已损坏", file=package.file)
            troubles.append(Trouble("package.damaged", package.file, told))
    closed = Originals(session.workspace.closed)
    for closing in session.journal.closings.all():
        if closing.sha256 and not closed.is_intact(closing.sha256):
            told = message("{period} 关账的存档不见了或已损坏", period=closing.period)
            troubles.append(Trouble("closing.damaged", closing.period, told))


def _written_state(session: Session, ledger: LedgerSchema) -> dict[str, Rows]:
    """What the primary should show: the state, or that of its last write while one is due."""
    known = session.journal.writes.primary(ledger.id)
    if known is None or session.journal.log.last_of(ledger.id) <= known.revision:
        return session.shown(ledger)
    return {t.id: session.shown_at(ledger.id, t.id, known.revision) for t in ledger.tables}


def _check_primary(session: Session, ledger: LedgerSchema, troubles: list[Trouble]) -> None:
    path = session.workspace.primary(ledger)
    if not path.exists():
        told = message("主台账 {path} 不见了", path=path.name)
        troubles.append(Trouble("primary.missing", ledger.id, told))
        return
    waiting = {p.ledger for p in session.journal.writes.pending()}
    if ledger.id in waiting or session.journal.held.hand_of(ledger.id):
        return
    state = _written_state(session, ledger)
    try:
        view = view_primary(session, ledger, lambda _: state)
    except LedgerSyncError as error:
        troubles.append(Trouble("primary.unreadable", ledger.id, error.message))
        return
    for table in ledger.tables:
        there: Rows = view.tables[table.id].rows if table.id in view.tables else {}
        if there != state[table.id]:
            told = message(
                "{path}“{sheet}”与日志不一致；运行 merge 会把它改回一致",
                path=path.name,
                sheet=table.sheet,
            )
            troubles.append(Trouble("primary.differs", f"{ledger.id}.{table.id}", told))
