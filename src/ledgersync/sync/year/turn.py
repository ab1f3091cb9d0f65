"""Closing a year, and opening it again; rows that come late for a closed year follow it."""

import json
from dataclasses import field
from datetime import date
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal import HeldCase
from ledgersync.messages import Message, counted, message
from ledgersync.schema import LedgerSchema, TableKey, TableSchema
from ledgersync.sync.revision.entry import Entry, entry
from ledgersync.sync.session import Session
from ledgersync.sync.year.due import going

AUTHOR = "归档"  # who moves rows that came late
_CLOSED = "years.closed"  # in the journal's meta: by year, up to which revision it was looked at


@dataclass(slots=True)
class Turned:
    """What moved, by table and year, and how many records stay of the same days."""

    revision: int
    moved: dict[tuple[TableKey, int], int] = field(default_factory=dict)
    stayed: dict[TableKey, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        return sum(self.moved.values())

    def as_json(self) -> dict[str, Any]:
        moved = [
            {"ledger": key[0], "table": key[1], "year": year, "records": count}
            for (key, year), count in self.moved.items()
        ]
        stayed = [
            {"ledger": ledger, "table": table, "records": count}
            for (ledger, table), count in self.stayed.items()
        ]
        return {"revision": self.revision, "moved": moved, "stayed": stayed}


def closed_years(session: Session) -> dict[int, int]:
    """The years that are closed, each with the revision up to which late rows were moved."""
    stored = json.loads(session.journal.meta(_CLOSED) or "{}")
    return {int(year): int(revision) for year, revision in stored.items()}


def close_year(session: Session, year: int, who: str, *, dry: bool = False) -> Turned:
    """Rows of a year, and of those before, go to the archives of their years.

    Held removals of nothing but such rows are settled by it. Raises UsageFault for a year that has
    not ended.
    """
    if year >= session.today.year:
        raise UsageFault(
            message("{year} 年还没有过完，不能归档。", year=year),
            message("最近可以归档的是 {year} 年。", year=session.today.year - 1),
        )
    plan = _plan(session, date(year, 12, 31))
    turned = _turned(session, plan, date(year, 12, 31))
    if dry:
        return turned
    with entry(session, "year", who) as made:
        for ledger, table, marks in plan:
            made.rest(ledger, table, marks)
        _settle_held(session)
        known = closed_years(session)
        years = {year, *(y for _, y in turned.moved)} | known.keys()
        _remember(session, dict.fromkeys(years, session.journal.log.last))
        session.journal.log.event(session.now(), who, "year.closed", year=year)
    turned.revision = session.journal.log.last
    return turned


def open_year(session: Session, year: int, who: str) -> Turned:
    """What rests in the archive of a year comes back. Raises UsageFault where nothing does."""
    closed = closed_years(session)
    turned = Turned(session.journal.log.last)
    with entry(session, "year", who) as made:
        for ledger, table in session.catalog.tables():
            resting = session.journal.years.resting(ledger.id, table.id)
            back = [record for record, y in resting.items() if y == year]
            made.rest(ledger, table, dict.fromkeys(back))
            if back:
                turned.moved[(ledger.id, table.id), year] = len(back)
        if not turned.moved and year not in closed:
            raise UsageFault(
                message("没有 {year} 年的归档。", year=year),
                message("用 ledgersync year list 查看已归档的年度。"),
            )
        closed.pop(year, None)
        _remember(session, closed)
        session.journal.log.event(session.now(), who, "year.opened", year=year)
    turned.revision = session.journal.log.last
    return turned


def rest_late(session: Session) -> list[Message]:
    """Rows that came for a closed year rest with it; what is to be said of them."""
    closed, last = closed_years(session), session.journal.log.last
    if not closed or last <= min(closed.values()):
        return []
    turned = Turned(last)
    with entry(session, "year", AUTHOR) as made:
        for ledger, table, marks in _plan(session, date(max(closed), 12, 31)):
            since = min(closed.values())
            late = set(session.journal.years.added_since(ledger.id, table.id, since))
            found = {r: year for r, year in marks.items() if r in late and year in closed}
            made.rest(ledger, table, found)
            _count(turned, ledger, table, found)
        _remember(session, dict.fromkeys(closed, session.journal.log.last))
    return [
        counted(
            "{year} 年已归档：补报的 {sheet} {n} 行归入 {file}",
            n,
            year=year,
            sheet=session.catalog.table(*key).sheet,
            file=archive_name(session.catalog.ledgers[key[0]], year),
        )
        for (key, year), n in turned.moved.items()
    ]


def year_of(session: Session, case: HeldCase) -> int | None:
    """The year by whose closing a held removal is what it seems to be; None for any other."""
    ledger = session.catalog.ledgers.get(case.ledger)
    if ledger is None:
        return None
    last = date(session.today.year - 1, 12, 31)
    marks = going(session, ledger, last).get(case.table, {})
    if not case.records or not all(record in marks for record in case.records):
        return None
    return max(marks[record] for record in case.records)


def archive_name(ledger: LedgerSchema, year: int) -> str:
    """Where the rows of a year rest, from the workspace."""
    return f"archive/{year}/{ledger.file_name}"


def reverse(session: Session, made: Entry, revision: int) -> int:
    """Takes the moves of a revision back; how many records moved."""
    moved, years = 0, closed_years(session)
    for ledger, table in session.catalog.tables():
        before = session.journal.years.resting(ledger.id, table.id, revision - 1)
        after = session.journal.years.resting(ledger.id, table.id, revision)
        now = session.journal.years.resting(ledger.id, table.id)
        changed = {r for r in before.keys() | after.keys() if before.get(r) != after.get(r)}
        marks = {r: before.get(r) for r in changed if now.get(r) == after.get(r)}
        made.rest(ledger, table, marks)
        moved += len(marks)
        for record in marks:
            years.pop(after.get(record, 0), None)
            if year := before.get(record):
                years.setdefault(year, session.journal.log.last)
    _remember(session, years)
    return moved


Plan = list[tuple[LedgerSchema, TableSchema, dict[str, int]]]


def _plan(session: Session, last: date) -> Plan:
    """Every yearly table with the records of it that go."""
    return [
        (ledger, ledger.by_id[name], marks)
        for ledger in session.catalog
        for name, marks in going(session, ledger, last).items()
    ]


def _turned(session: Session, plan: Plan, last: date) -> Turned:
    """What a plan moves, and how many rows of the same days are still needed in the primary."""
    turned = Turned(session.journal.log.last)
    for ledger, table, marks in plan:
        _count(turned, ledger, table, marks)
        if table.yearly and table.yearly.date:
            at = table.position[table.yearly.date]
            rows = session.shown(ledger)[table.id].values()
            past = sum(isinstance(day := row[at], date) and day <= last for row in rows)
            if left := past - len(marks):
                turned.stayed[ledger.id, table.id] = left
    return turned


def _count(turned: Turned, ledger: LedgerSchema, table: TableSchema, marks: dict[str, int]) -> None:
    for year in sorted(set(marks.values())):
        count = sum(y == year for y in marks.values())
        turned.moved[(ledger.id, table.id), year] = count


def _settle_held(session: Session) -> None:
    """What rests is removed by nobody: held removals are about the rest of their rows."""
    for case in session.journal.held.open():
        resting = session.journal.years.resting(case.ledger, case.table)
        kept = tuple(record for record in case.records if record not in resting)
        session.journal.held.keep_only(case, kept)


def _remember(session: Session, years: dict[int, int]) -> None:
    session.journal.set_meta(_CLOSED, json.dumps(years))
