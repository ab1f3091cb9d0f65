"""Two people of one name: whose a row is that only says 王芳."""

import pytest
from tests.community import Community

from ledgersync.sync.staff.namesakes import Grids, free_name, is_theirs, namesakes

STAFF = """
[[staff]]
name = "王芳"
scope = { grid = ["第1网格"] }

[[staff]]
name = "王芳2"
scope = { grid = ["第2网格"] }

[[staff]]
name = "李强"

[[staff]]
name = "王芳3"
left_to = "李强"
"""
MATTERS = """
人员编号 | 事项内容 | 办理日期
A1 | 送米 | 2022-02-01
A5 | 送油 | 2022-02-02
"""
pytestmark = pytest.mark.town(config=STAFF, matters=MATTERS)


def test_who_left_is_nobodys_namesake_and_her_name_stays_hers(town: Community) -> None:
    with town.session() as session:
        assert namesakes(session, "王芳") == ["王芳2"]
        assert namesakes(session, "王芳2") == ["王芳"]
        assert namesakes(session, "李强") == []
        assert free_name(session, "王芳") == "王芳4"
        assert free_name(session, "李强") == "李强2"


@pytest.mark.parametrize(
    ("said", "grid", "whose"),
    [
        ("王芳", "第1网格", "王芳"),
        ("王芳", "第2网格", "王芳2"),
        ("王芳", "2网格", "王芳2"),  # the same grid, typed otherwise
        ("王芳", "第9网格", "王芳"),  # nobody walks there: as it is said
        ("王芳", None, "王芳"),
        ("王芳2", "第1网格", "王芳2"),  # said exactly
        ("王芳2", None, "王芳2"),
        ("李强", "第1网格", "李强"),
        ("李强2", None, None),
        ("王", "第1网格", None),
        (None, "第1网格", None),
        (7, "第1网格", None),
    ],
    ids=str,
)
def test_a_row_is_hers_in_whose_grid_it_lies(
    town: Community, said: object, grid: str | None, whose: str | None
) -> None:
    with town.session() as session:
        found = [n for n in ("王芳", "王芳2", "李强") if is_theirs(session, n, said, grid)]
    assert found == ([whose] if whose else [])


def test_the_grid_of_a_row_is_its_own_or_that_of_whom_it_is_about(town: Community) -> None:
    with town.session() as session:
        tables = {t.id: t for t in session.catalog.ledger("roster").tables}
        rows = {name: session.journal.state.rows("roster", name).values() for name in tables}
        of_people = Grids(session, "roster", tables["people"])
        assert [of_people.of(r) for r in rows["people"]] == ["第1网格"] * 3 + ["第2网格"] * 3
        of_matters = Grids(session, "roster", tables["matters"])
        assert [of_matters.of(r) for r in rows["matters"]] == ["第1网格", "第2网格"]
        of_steps = Grids(session, "roster", tables["steps"])  # refers to a table without grids
        assert of_steps.of((None,) * len(tables["steps"].fields)) is None
