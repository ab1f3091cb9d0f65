"""Which record a text names, and what its history tells."""

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.sync.history.log import history_of, latest_revisions, record_named


def test_a_record_goes_by_its_id_and_by_its_number(town: Community) -> None:
    with town.session() as session:
        record = next(iter(session.journal.state.rows("roster", "people")))
        assert record_named(session, record) == record_named(session, "A1") == record


def test_a_record_that_is_gone_is_found_when_no_other_has_its_number(town: Community) -> None:
    book = town.issue("王芳")
    with town.session() as session:
        gone = record_named(session, "A1")
    book.people.remove("A1")
    town.hand_in(book)
    with town.session() as session:
        assert record_named(session, "A1") == gone
        assert [e.kind for e in history_of(session, gone)] == ["add", "remove"]
    other = town.issue("王芳")
    other.people.set("A2", "编号", "A1")
    town.hand_in(other)
    with town.session() as session:
        assert record_named(session, "A1") != gone


@pytest.mark.parametrize("text", ["A99", "王芳", "13800000001", ""])
def test_nobodys_number_and_peoples_own_data_name_no_record(town: Community, text: str) -> None:
    with town.session() as session, pytest.raises(UsageFault) as caught:
        record_named(session, text)
    assert "13800000001" not in caught.value.message.zh


def test_a_history_is_masked_unless_somebody_asks_otherwise(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "13911112222").set("A1", "备注", "改")
    town.hand_in(book)
    with town.session() as session:
        record = record_named(session, "A1")
        [*_, one, two] = history_of(session, record)
        assert {one.header, two.header} == {"电话", "备注"}
        shown = {e.header: (e.old, e.new) for e in (one, two)}
        assert shown["备注"] == ("一", "改")
        assert shown["电话"] == ("138****0001", "139****2222")
        open_ = {e.header: e.new for e in history_of(session, record, unmask=True)}
        assert open_["电话"] == "13911112222"


def test_the_latest_revisions_come_first_and_no_more_than_asked_for(town: Community) -> None:
    for note in ("一改", "二改"):
        book = town.issue("王芳")
        book.people.set("A1", "备注", note)
        town.hand_in(book)
    with town.session() as session:
        last = session.journal.log.last
        assert [line.revision for line in latest_revisions(session, 2)] == [last, last - 1]
