"""Decisions about conflicts that are open no more: what the person has to know, by name."""

from ledgersync.journal import CONVERGED, WITHDRAWN, ConflictCase
from ledgersync.messages import Message, literal, message
from ledgersync.sync.cases.notes import leave_note
from ledgersync.sync.cases.titles import masked_side, masked_title, row_of_conflict
from ledgersync.sync.session import Session
from ledgersync.workbook.lists.conflict_lines import Decision

WORDS = {
    "ours": message("保留主台账"),
    "theirs": message("采用提交"),
    "base": message("恢复原值"),
    "value": message("另填"),
}


def is_known(case: ConflictCase, decision: Decision) -> bool:
    """What the decision wants was decided so, or is there without it."""
    if case.decision == CONVERGED:
        return decision.take == "theirs"
    return case.status != "open" and case.decision == decision.take


def why_over(session: Session, case: ConflictCase, decision: Decision) -> Message:
    """Why a decision is not carried out; noted for the conflict that has taken the place."""
    now = case
    while now.renewed_as is not None and (new := session.journal.conflicts.get(now.renewed_as)):
        now = new
    if now.status != "open":
        return _ended(session, now)
    table = session.catalog.table(case.ledger, case.table)
    was, shows = (masked_side(table, c.field, c.ours) for c in (case, now))
    where = place_of(session, now)
    changed = message("现值已由“{was}”变为“{shows}”，请按新值裁定", was=was, shows=shows)
    leave_note(session, now.id, decision, changed)
    return message(
        "{where}的主台账现值已由“{was}”变为“{shows}”，按旧值作的裁定没有执行"
        "；请看过新值，按编号 {now_id} 重新裁定",
        where=where,
        was=was,
        shows=shows,
        now_id=now.id,
    )


def _ended(session: Session, case: ConflictCase) -> Message:
    where = place_of(session, case)
    if case.decision == CONVERGED:
        return message("{where}：主台账已与提交的值相同，没有可裁定的了", where=where)
    if case.decision == WITHDRAWN:
        return message(
            "{where}：提交人后来改了自己的表，这一处不再有分歧，裁定没有执行", where=where
        )
    took = WORDS.get(case.decision or "") or case.decision or ""
    return message(
        "{where}：已裁定为“{took}”，这次没有再改；要改主意，请直接改主台账",
        where=where,
        took=took,
    )


def place_of(session: Session, case: ConflictCase, *, header: bool = True) -> Message:
    """Which record, which column: masked."""
    ledger = session.catalog.ledgers[case.ledger]
    table = ledger.by_id[case.table]
    title = masked_title(table, row_of_conflict(session, table, case), case.record)
    column = message("〔{header}〕", header=table.by_id[case.field].header) if case.field else None
    named: Message | str = (column or message("整行")) if header else ""
    return message(
        "{workbook}“{sheet}”{title}{column}",
        workbook=literal(ledger.workbook, ledger.id),
        sheet=table.sheet,
        title=title,
        column=named,
    )
