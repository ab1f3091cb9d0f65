"""What changed: the journal's operations as typed rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ledgersync.api.found import Changed, Changes
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.sync.history.log import sides
from ledgersync.sync.session import Session

Moment = str | date | int


def changes_of(session: Session, since: Moment, until: Moment | None, *, unmask: bool) -> Changes:
    """All changes after a day began (or after a revision), up to the end of another."""
    log = session.journal.log
    after = since if isinstance(since, int) else log.revision_before(day_of(since))
    last = log.last if until is None else until
    last = last if isinstance(last, int) else log.revision_on(day_of(last))
    return Changes(tuple(_rows(session, after, last, unmask)))


def day_of(moment: str | date) -> str:
    """A day as the journal writes it. Raises UsageFault for what is none."""
    if isinstance(moment, datetime):
        return moment.date().isoformat()
    if isinstance(moment, date):
        return moment.isoformat()
    try:
        return date.fromisoformat(moment).isoformat()
    except ValueError as error:
        raise UsageFault(
            message("“{day}”不是日期。", day=moment), message("请写成 2022-06-30。")
        ) from error


def _rows(session: Session, after: int, last: int, unmask: bool) -> Iterator[Changed]:
    revisions = {r.id: r for r in session.journal.log.revisions(after + 1)}
    sent = session.journal.submissions.since(after + 1)
    files = {s.revision: s.file for s in sent if s.revision}
    for o in session.journal.log.operations(after=after):
        made = revisions[o.revision]
        if o.revision > last or (o.ledger not in session.catalog.ledgers):
            continue
        old, new = sides(session.catalog.table(o.ledger, o.table), o, unmask=unmask)
        yield Changed(
            *(o.ledger, o.table, o.record, o.kind, o.field, old, new),
            *(made.author, made.at, o.revision, files.get(o.revision)),
        )
