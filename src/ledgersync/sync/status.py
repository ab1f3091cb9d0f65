"""Where everything stands: submissions, what waits for whom, whose copies are missing."""

from dataclasses import field
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.journal import NoticeCase, PendingWrite, ReturnedCase
from ledgersync.journal.notices import PRIMARY
from ledgersync.messages import Message, literal
from ledgersync.privacy import mask_text
from ledgersync.sync.intake.unsent import Unsent, unsent
from ledgersync.sync.lock import Owner, read_owner
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person, successors
from ledgersync.sync.words.offers import Offer, offers_of
from ledgersync.sync.year.turn import year_of


@dataclass(frozen=True, slots=True)
class HeldLine:
    id: int
    staff: str
    ledger: str
    table: str
    records: int
    year: int | None = None  # by whose closing all these rows would go


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What was left out or taken with a doubt; `staff` is to mend it, `file` has it."""

    id: int
    staff: str
    file: str
    ledger: str
    table: str | None
    field: str | None
    sheet: str | None
    row: int | None
    rule: str
    severity: str
    message: Message
    in_primary: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "staff": self.staff,
            "file": self.file,
            "ledger": self.ledger,
            "table": self.table,
            "field": self.field,
            "sheet": self.sheet,
            "row": self.row,
            "rule": self.rule,
            "severity": self.severity,
            "message": mask_text(self.message.zh),
        }


@dataclass(frozen=True, slots=True)
class Status:
    """A snapshot of the workspace; `successors` by the names of those who left."""

    unit: str
    revision: int
    records: dict[str, int]
    submissions: dict[str, int]
    conflicts: int
    returned: list[ReturnedCase]
    held: list[HeldLine]
    pending: list[PendingWrite]
    missing_staff: list[str]
    owner: Owner | None
    successors: dict[str, str] = field(default_factory=dict)
    notices: list[NoticeLine] = field(default_factory=list)
    unsent: list[Unsent] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)  # who has nothing to mend and nothing to hand in
    words: list[Offer] = field(default_factory=list)
    ledgers: list[str] = field(default_factory=list)  # whose changed file does not rule yet
    without_copy: list[str] = field(default_factory=list)  # of `missing_staff`, nothing was issued

    @property
    def person_needed(self) -> bool:
        waits = self.conflicts or self.returned or self.held or self.pending or self.notices
        return bool(waits or self.ledgers) or any(u.kind == "beside" for u in self.unsent)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": "ledgersync.status/v1",
            "unit": self.unit,
            "revision": self.revision,
            "records": self.records,
            "submissions": self.submissions,
            "conflicts": self.conflicts,
            "returned": [
                _returned_json(c, self.successors.get(c.staff, c.staff)) for c in self.returned
            ],
            "held": [
                {
                    "id": str(h.id),
                    "staff": h.staff,
                    "ledger": h.ledger,
                    "table": h.table,
                    "records": h.records,
                    "year": h.year,
                }
                for h in self.held
            ],
            "pending": [
                {"ledger": p.ledger, "reason": p.reason, "since": p.since} for p in self.pending
            ],
            "notices": [n.as_json() for n in self.notices],
            "unsent": [u.as_json() for u in self.unsent],
            "words": [w.as_json() for w in self.words],
            "missing_staff": self.missing_staff,
            "without_copy": self.without_copy,
            "idle": self.idle,
            "ledgers_waiting": self.ledgers,
            "running": self.owner.what if self.owner and not self.owner.is_stale else None,
        }


def _returned_json(case: ReturnedCase, staff: str) -> dict[str, Any]:
    """`staff` mends it; the marked workbook lies in the folder of whoever sent it."""
    return {
        "staff": staff,
        "folder": f"returned/{case.staff}",
        "ledger": case.ledger,
        "table": case.table,
        "record": case.record,
        "field": case.field,
        "sheet": case.sheet,
        "row": case.sheet_row,
        "rule": case.rule,
        "message": case.zh,
    }


def status_of(session: Session) -> Status:
    """Reads the journal, and looks at what lies around; no workbook is read."""
    journal = session.journal
    left_behind, notices = unsent(session), notice_lines(session)
    missing = _missing(session, journal.submissions.senders())
    held = [
        HeldLine(h.id, h.staff, h.ledger, h.table, len(h.records), year_of(session, h))
        for h in journal.held.open()
    ]
    return Status(
        session.workspace.unit.name,
        journal.log.last,
        journal.state.counts(),
        journal.submissions.counts(),
        len(journal.conflicts.open()),
        journal.returned.open(),
        held,
        journal.writes.pending(),
        missing,
        read_owner(session.workspace.home),
        successors(session),
        notices,
        left_behind,
        _idle(session, {*missing, *(u.staff for u in left_behind), *(n.staff for n in notices)}),
        offers_of(journal, session.workspace.catalog),
        _waiting(session),
        [name for name in missing if name not in journal.copies.holders()],
    )


def _waiting(session: Session) -> list[str]:
    """Ledgers whose changed file touches records."""
    catalog = session.workspace.catalog
    if not catalog.pending:
        return []
    from ledgersync.sync.migration.effects import effects_of  # files rarely change

    pending = catalog.pending.items()
    return [name for name, new in pending if effects_of(session, catalog.ledgers[name], new)]


def notice_lines(session: Session) -> list[NoticeLine]:
    """All open notices; those of somebody who left are the successor's to mend."""
    now = successors(session)
    return [
        NoticeLine(
            *(c.id, now.get(c.staff, c.staff), _file_of(session, c), c.ledger, c.table, c.field),
            *(c.sheet, c.sheet_row, c.rule, c.severity, literal(c.zh, c.en), c.copy == PRIMARY),
        )
        for c in session.journal.notices.open()
    ]


def _file_of(session: Session, case: NoticeCase) -> str:
    if case.copy == PRIMARY and case.ledger in session.catalog.ledgers:
        ledger = session.catalog.ledgers[case.ledger]
        return session.workspace.relative(session.workspace.primary(ledger))
    submission = session.journal.submissions.get(case.submission or 0)
    return submission.file if submission else ""


def _idle(session: Session, busy: set[str | None]) -> list[str]:
    """People who have sent what they have and have nothing to mend."""
    now = successors(session)
    busy = busy | {now.get(c.staff, c.staff) for c in session.journal.returned.open()}
    return sorted(_working(session) - busy)


def _working(session: Session) -> set[str]:
    """Who is listed, or has a copy."""
    known = {s.name for s in session.workspace.config.staff if not s.left_to}
    return known | session.journal.copies.holders()


def _missing(session: Session, senders: set[str]) -> list[str]:
    """People who have a copy, or are listed, and have not sent anything yet."""
    return sorted(_working(session) - {same_person(session, sender) for sender in senders})
