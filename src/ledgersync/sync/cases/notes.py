"""What the conflict list says beside a conflict: what became of a decision, what has changed."""

import json

from ledgersync.journal import ConflictCase
from ledgersync.messages import Message
from ledgersync.sync.cases.titles import masked_side
from ledgersync.sync.session import Session
from ledgersync.workbook.lists.conflict_lines import Decision

LIST_HASH = "conflict_list"  # in the journal's meta: the list as it was written, or ingested
_KEY = "conflict_note:"  # by conflict


def leave_note(session: Session, number: int, decision: Decision, reason: Message) -> None:
    """Remembers why a decision was not carried out, for the next list."""
    noted = {"take": decision.take, "value": decision.value, "zh": reason.zh, "en": reason.en}
    with session.journal.transaction():
        session.journal.set_meta(f"{_KEY}{number}", json.dumps(noted, ensure_ascii=False))


def drop_notes(session: Session, numbers: set[int]) -> None:
    """Forgets what was noted of all conflicts but these."""
    for name in session.journal.meta_names(_KEY):
        if int(name) not in numbers:
            session.journal.drop_meta(_KEY + name)


def note_of(session: Session, case: ConflictCase) -> str:
    """Why the last decision was not carried out; else what the conflict showed before."""
    stored = session.journal.meta(f"{_KEY}{case.id}")
    if stored:
        return f"未执行：{json.loads(stored)['zh']}"
    before = session.journal.conflicts.before(case.id)
    if before is None or before.field != case.field:
        return "" if before is None else f"原编号 {before.id}，这条记录后来有变动"
    table = session.catalog.table(case.ledger, case.table)
    return f"原编号 {before.id}，当时的现值是“{masked_side(table, before.field, before.ours)}”"
