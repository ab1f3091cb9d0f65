"""Which table is meant, and which of its records fit, in the order of a round."""

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.schema import load_catalog
from ledgersync.sync.lists.choose import choose, table_named

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("dibao.members", ("dibao", "members")),
        ("低保户", ("dibao", "households")),
        ("dibao", ("dibao", "households")),
        ("低保", ("dibao", "households")),
        (" visits ", ("visit", "visits")),
    ],
)
def test_a_table_goes_by_its_id_its_sheet_or_its_ledger(name: str, found: tuple[str, str]) -> None:
    ledger, table = table_named(CATALOG, name)
    assert (ledger.id, table.id) == found


@pytest.mark.parametrize(
    ("name", "hint"), [("保障状态=在保", "先写表，再写条件"), ("没有的表", "可用的表")]
)
def test_what_is_no_table_is_refused_with_what_to_write(name: str, hint: str) -> None:
    with pytest.raises(UsageFault) as caught:
        table_named(CATALOG, name)
    assert hint in caught.value.next_step.zh and "低保户" in caught.value.next_step.zh


def test_records_that_fit_come_by_grid_and_those_that_do_not_tell_apart(town: Community) -> None:
    with town.session() as session:
        ledger, table = table_named(session.catalog, "人员")
        rows = session.journal.state.rows("roster", "people")
        at = table.position["no"]
        every = choose(session, ledger, table, [])
        some = choose(session, ledger, table, ["网格=第2网格", "2022年1月登记"])
        none = choose(session, ledger, table, ["网格=第2网格", "网格=第1网格"])
        assert {row[at] for row in every.rows.values()} == {row[at] for row in rows.values()}
        assert [row[at] for row in some.rows.values()] == ["A4", "A5", "A6"]
        assert some.unknown == none.rows == {}
        gone = dict(next(iter(rows.items())) for _ in [0])
        session.journal.state.write("roster", "people", {}, gone)
        assert len(choose(session, ledger, table, []).rows) == len(every.rows) - 1
