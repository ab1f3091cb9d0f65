"""Removals that wait for a person: carried out, or left where they are."""

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.journal.cases import HeldCase
from ledgersync.sync.cases.held import dismiss, release
from ledgersync.sync.session import Session


def held(session: Session) -> tuple[int, list[str]]:
    records = list(session.journal.state.rows("roster", "people"))[:3]
    last = session.journal.submissions.latest(1)[0].id
    since = session.journal.log.last
    case = HeldCase(last, "王芳", "roster", "people", tuple(records), since=since)
    with session.journal.transaction():
        return session.journal.held.add(case), records


def test_what_is_released_is_removed_in_one_revision(town: Community) -> None:
    with town.session() as session:
        number, records = held(session)
        before = session.journal.log.last
        assert release(session, number, "站长") == 3
        assert not set(records) & session.journal.state.rows("roster", "people").keys()
        assert session.journal.log.last == before + 1 and session.journal.held.open() == []


def test_what_is_dismissed_stays_and_is_decided_once_only(town: Community) -> None:
    with town.session() as session:
        number, records = held(session)
        assert dismiss(session, number) == 3
        assert set(records) <= session.journal.state.rows("roster", "people").keys()
        for decide in (lambda: dismiss(session, number), lambda: release(session, number, "站长")):
            with pytest.raises(UsageFault):
                decide()


def test_a_record_that_was_edited_meanwhile_stays_as_a_conflict(town: Community) -> None:
    book = town.issue("李强")
    with town.session() as session:
        number, records = held(session)
        edited = str(session.journal.state.rows("roster", "people")[records[0]][0])
    book.people.set(edited, "备注", "改过")
    town.hand_in(book)
    with town.session() as session:
        assert release(session, number, "站长") == 2
        assert records[0] in session.journal.state.rows("roster", "people")
        [case] = session.journal.conflicts.open()
        assert (case.kind, case.record) == ("edit/delete", records[0])


def test_a_number_that_nobody_has_is_refused(town: Community) -> None:
    with town.session() as session, pytest.raises(UsageFault, match="99"):
        release(session, 99, "站长")
