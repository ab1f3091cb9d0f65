"""Which spellings are looked at, and what a decision about them does."""

from collections.abc import Sequence

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.model import Invalid, Value
from ledgersync.sync.session import Session
from ledgersync.sync.tidy.decide import APART, take_spellings
from ledgersync.sync.tidy.found import Cluster, find_clusters


def people(session: Session, field: str, values: Sequence[Value]) -> list[Cluster]:
    """What is found where a column of the roster has these values."""
    ledger = session.catalog.ledgers["roster"]
    table = ledger.by_id["people"]
    at = table.position[field]
    rows = session.journal.state.rows("roster", "people")
    changed = {
        r: tuple(value if i == at else cell for i, cell in enumerate(row))
        for (r, row), value in zip(rows.items(), values, strict=True)
    }
    session.journal.state.write("roster", "people", changed, ())
    return [c for c in find_clusters(session, [ledger]) if c.field.id == field]


GRIDS = ("第1网格", "第1网格", "第1 网格", "第2网格", "第2网格", "第2网格")


def test_spellings_of_one_thing_are_one_group_the_most_frequent_first(town: Community) -> None:
    with town.session() as session:
        [cluster] = people(session, "grid", GRIDS)
        assert cluster.spellings == (("第1网格", 2), ("第1 网格", 1))
        assert not cluster.is_place


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("grid", ("第1网格",) * 3 + ("第2网格",) * 3),
        ("note", tuple(f"各不相同的话{n}" for n in range(6))),
        (
            "note",
            ("这是很长的一段话，谁也不会把它当成一个可以选的词",) * 3
            + ("这是很长的一段话，谁也不会把它当成一个可选的词",) * 3,
        ),
    ],
)
def test_what_is_spelled_alike_or_is_no_list_is_left_alone(
    town: Community, field: str, values: tuple[str, ...]
) -> None:
    with town.session() as session:
        assert people(session, field, values) == []


def test_a_word_that_is_no_choice_is_asked_about_with_the_choices(town: Community) -> None:
    odd = Invalid("在着", "choice")
    with town.session() as session:
        [cluster] = people(session, "status", ("在册", odd, odd, "注销", "在册", "在册"))
        assert cluster.spellings == (("在着", 2),) and cluster.options == ("在册", "注销")
        with pytest.raises(UsageFault, match="不在"):
            take_spellings(session, [cluster], {cluster.key: "不在"}, "站长")
        done = take_spellings(session, [cluster], {cluster.key: "在册"}, "站长")
        assert (done.changed, done.remembered) == (2, 1)
        assert people_with(session, "status") == {"在册": 5, "注销": 1}


def people_with(session: Session, field: str) -> dict[Value, int]:
    at = session.catalog.table("roster", "people").position[field]
    values = [row[at] for row in session.journal.state.rows("roster", "people").values()]
    return {value: values.count(value) for value in values}


def test_a_decision_changes_the_other_spellings_in_one_revision(town: Community) -> None:
    with town.session() as session:
        [cluster] = people(session, "grid", GRIDS)
        before = session.journal.log.last
        done = take_spellings(session, [cluster], {cluster.key: "第1网格"}, "站长")
        assert (done.revision, done.changed) == (before + 1, 1)
        assert people_with(session, "grid") == {"第1网格": 3, "第2网格": 3}


@pytest.mark.parametrize(("answer", "apart"), [(APART, 1), (None, 0)])
def test_groups_that_stay_apart_or_are_not_answered_change_nothing(
    town: Community, answer: str | None, apart: int
) -> None:
    with town.session() as session:
        [cluster] = people(session, "grid", GRIDS)
        before = session.journal.log.last
        answers = {} if answer is None else {cluster.key: answer}
        done = take_spellings(session, [cluster], answers, "站长")
        assert (done.changed, done.apart, session.journal.log.last) == (0, apart, before)
