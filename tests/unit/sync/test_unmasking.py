"""Showing what is masked is written down, with who and why."""

import json

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.sync.unmasking import journal_unmasking


def test_it_is_in_the_journal_with_its_reason(town: Community) -> None:
    with town.session() as session:
        journal_unmasking(session, " 区局核查 ", table="people")
        [row] = session.journal.connection.execute(
            "SELECT detail FROM event WHERE what = 'unmask'"
        ).fetchall()
    assert json.loads(row[0]) == {"reason": "区局核查", "table": "people"}


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_without_a_reason_it_is_refused_and_nothing_is_written(
    town: Community, reason: str
) -> None:
    with town.session() as session:
        with pytest.raises(UsageFault):
            journal_unmasking(session, reason)
        count = "SELECT count(*) FROM event WHERE what = 'unmask'"
        assert session.journal.connection.execute(count).fetchone()[0] == 0
