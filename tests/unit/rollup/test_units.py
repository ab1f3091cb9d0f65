"""Units: levels from codes, the tree, mergers and splits."""

from datetime import date

import pytest
from tests.unit.rollup.small import DISTRICT, community, facts, rolled

from ledgersync.errors import UsageFault
from ledgersync.rollup.units import build_tree, enclosing_code, level_of
from ledgersync.workspace.config import Unit

VISITS = ("visit", "visits")


def visits(*days: str) -> dict[tuple[str, str], str]:
    rows = "\n".join(f"{day} | 解放路{n}号" for n, day in enumerate(days, 1))
    return {VISITS: f"走访日期 | 户址\n{rows}"}


def test_levels_and_enclosing_units_from_the_code() -> None:
    assert [level_of(c) for c in ("360702", "360702001", "360702001000", "360702001005")] == [
        "district", "street", "street", "community",
    ]  # fmt: skip
    assert enclosing_code("360702001005", "street") == "360702001000"
    assert enclosing_code("360702001005", "district") == "360702000000"


def test_a_street_that_nobody_listed_is_made_from_the_code() -> None:
    tree = build_tree(DISTRICT, [community("360702001001"), community("360702002001")])
    assert list(tree.above("360702001001")) == ["360702001001", "360702001000", "360702000000"]
    assert [n.code for n in tree.children("360702")] == ["360702001000", "360702002000"]


def test_a_listed_parent_outranks_the_code() -> None:
    street = Unit(code="360702009", name="新区街道", level="street", parent="360702")
    moved = community("360702001001", parent="360702009")
    assert list(build_tree(DISTRICT, [street, moved]).above("360702001001"))[1] == "360702009000"


def test_a_unit_is_found_by_code_or_name() -> None:
    tree = build_tree(DISTRICT, [community("360702001001", "幸福社区")])
    assert tree.find("幸福社区").code == tree.find("360702001001").code
    with pytest.raises(UsageFault):
        tree.find("没有的社区")


def test_a_merged_unit_counts_under_its_successor() -> None:
    old = community("360702001001", valid_to="2022-03-31", succeeded_by=["360702001003"])
    new = community("360702001003", valid_from="2022-04-01")
    # the successor took over the old rows of March too: they count once
    found = rolled(
        [facts(old, visits("2022-03-01", "2022-05-01")),
         facts(new, visits("2022-03-01", "2022-04-10", "2022-05-02"))]
    )  # fmt: skip
    assert found.value(new.code, "visits_made") == 3
    assert found.value(old.code, "visits_made") is None
    assert found.value("360702", "visits_made") == 3
    tree = found.tree
    assert [n.code for n in tree.expected(date(2022, 6, 30))] == ["360702001003"]
    assert [n.code for n in tree.expected(date(2022, 3, 1))] == ["360702001001"]


def test_a_split_unit_counts_up_to_its_last_day() -> None:
    heirs = ["360702001005", "360702001006"]
    old = community("360702001001", valid_to="2022-03-31", succeeded_by=heirs)
    new = [community(code, valid_from="2022-04-01") for code in heirs]
    found = rolled(
        [facts(old, visits("2022-03-01", "2022-05-01")), facts(new[0], visits("2022-04-10"))],
        listed=new,
    )
    assert found.value(old.code, "visits_made") == 1
    assert found.value("360702001000", "visits_made") == 2
