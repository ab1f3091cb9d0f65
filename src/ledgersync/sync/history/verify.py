"""Is everything still what the journal says: operations, chain, originals, primaries."""

from dataclasses import dataclass
from typing import Any

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import Message
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema
from ledgersync.sync.primary.view import view_primary
from ledgersync.sync.primary.write import is_touched, take_in
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not as it should be; `kind` is stable, `message` for people."""

    kind: str
    what: str
    message: Message

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "what": self.what, "message": self.message.zh}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: damage, and hand edits that it took in before looking."""

    troubles: list[Trouble]
    hand_edits: list[str]
    revisions: int
    records: int
    originals: int


def verify(session: Session) -> Verdict:
    """Replays the journal and compares it with the primaries and the archived originals."""
    troubles: list[Trouble] = []
    hand_edits = _take_in_hand_edits(session, troubles)
    _check_chain(session, troubles)
    records = _check_replay(session, troubles)
    originals = _check_originals(session, troubles)
    for ledger in session.catalog:
        if session.journal.writes.primary(ledger.id) is not None:
            _check_primary(session, ledger, troubles)
    return Verdict(troubles, hand_edits, session.journal.log.last, records, originals)


def _take_in_hand_edits(session: Session, troubles: list[Trouble]) -> list[str]:
    """Hand edits are not damage; a primary that cannot be read is."""
    taken = []
    for ledger in session.catalog:
        try:
            if is_touched(session, ledger) and take_in(session, ledger).changes:
                taken.append(ledger.id)
        except LedgerSyncError as error:
            troubles.append(Trouble("primary.unreadable", ledger.id, error.message))
    return taken


def _check_chain(session: Session, troubles: list[Trouble]) -> None:
    for revision in session.journal.log.revisions():
        if session.journal.log.digest_of(revision.id) != revision.digest:
            what = str(revision.id)
            message = Message(
                f"修订 {what} 与其校验值不符：日志被改动过",
                f"Revision {what} does not match its digest: the journal was altered",
            )
            troubles.append(Trouble("journal.tampered", what, message))
            return
    for kind, number in session.journal.audit.breaks():
        zh = {"revision": "修订", "submission": "提交", "conflict": "裁定"}.get(kind, "审计记录")
        message = Message(
            f"{zh} {number} 与审计记录不符：日志被改动过",
            f"{kind} {number} is not what the audit trail says: the journal was altered",
        )
        troubles.append(Trouble("journal.tampered", f"{kind} {number}", message))


def _check_replay(session: Session, troubles: list[Trouble]) -> int:
    records = 0
    for ledger, table in session.catalog.tables():
        stored = session.journal.state.rows(ledger.id, table.id)
        records += len(stored)
        if session.journal.state.replay(ledger.id, table.id) != stored:
            what = f"{ledger.id}.{table.id}"
            message = Message(
                f"{ledger.workbook}“{table.sheet}”与重放日志的结果不一致",
                f"{what} is not what replaying the journal gives",
            )
            troubles.append(Trouble("state.differs", what, message))
    return records


def _check_originals(session: Session, troubles: list[Trouble]) -> int:
    wanted = {
        s.sha256: s.file for s in session.journal.submissions.all() if s.base not in ("hand",)
    }
    for sha256, file in wanted.items():
        if not session.originals.is_sound(sha256):
            there = session.originals.has(sha256)
            kind = "original.damaged" if there else "original.missing"
            message = Message(
                f"{file} 的原件{'已损坏' if there else '不见了'}（{sha256[:12]}…）",
                f"The original of {file} is {'damaged' if there else 'missing'}",
            )
            troubles.append(Trouble(kind, file, message))
    return len(wanted)


def _written_state(session: Session, ledger: LedgerSchema) -> dict[str, Rows]:
    """What the primary should show: the state, or that of its last write while one is due."""
    known = session.journal.writes.primary(ledger.id)
    if known is None or session.journal.log.last_of(ledger.id) <= known.revision:
        return session.state(ledger)
    state = session.journal.state
    return {t.id: state.rows_at(ledger.id, t.id, known.revision) for t in ledger.tables}


def _check_primary(session: Session, ledger: LedgerSchema, troubles: list[Trouble]) -> None:
    path = session.workspace.primary(ledger)
    if not path.exists():
        message = Message(f"主台账 {path.name} 不见了", f"The primary {path.name} is gone")
        troubles.append(Trouble("primary.missing", ledger.id, message))
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
            message = Message(
                f"{path.name}“{table.sheet}”与日志不一致；运行 merge 会把它改回一致",
                f"{path.name} {table.id} differs from the journal; merge brings it back",
            )
            troubles.append(Trouble("primary.differs", f"{ledger.id}.{table.id}", message))
