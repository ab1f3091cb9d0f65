"""Units: levels from codes, the tree, mergers and splits."""

from datetime import date

import pytest
from tests.unit.rollup.small import DISTRICT, community, facts, rolled

from ledgersync.errors import UsageFault
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.units.tree import build_tree
from ledgersync.workspace.config import Unit
from ledgersync.workspace.unitcodes import code_above, enclosing_code, level_of

VISITS = ("visit", "visits")


def visits(*days: str) -> dict[tuple[str, str], str]:
    rows = "\n".join(f"{day} | 解放路{n}号" for n, day in enumerate(days, 1))
    return {VISITS: f"走访日期 | 户址\n{rows}"}


def test_levels_and_enclosing_units_from_the_code() -> None:
    assert [level_of(c) for c in ("360702", "360702001", "360702001005", "3607", "36")] == [
        "district", "street", "community", "city", "province",
    ]  # fmt: skip
    assert enclosing_code("360702001005", "street") == "360702001000"
    assert enclosing_code("360702001005", "district") == "360702000000"


def test_what_is_right_above_by_the_code() -> None:
    above = {
        ("360702001005", "community"): "360702001000",
        ("360702001", "street"): "360702000000",
        ("360702", "district"): "360700000000",
        ("3607", "city"): "360000000000",
        ("110105", "district"): "110000000000",  # a municipality has no city
        ("429004", "district"): "420000000000",  # led by the province itself
        ("36", "province"): "360000000000",
    }
    assert {key: code_above(*key) for key in above} == above


def test_levels_between_that_nobody_listed_are_made_from_the_code() -> None:
    province = Unit(code="36", name="江西省", level="province")
    city = Unit(code="3607", name="赣州市", level="city")
    tree = build_tree(province, [city, community("360702001001"), community("360429001001")])
    assert list(tree.above("360702001001"))[1:] == [
        *("360702001000", "360702000000", "360700000000", "360000000000")
    ]
    made = tree.nodes["360400000000"].unit
    assert (made.name, made.level, tree.children("36")[0].unit) == ("市3604", "city", made)


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


S1, S2 = "360702001", "360702002"
STREETS = [
    Unit(code=S1, name="东门街道", level="street", parent="360702"),
    Unit(code=S2, name="西门街道", level="street", parent="360702"),
]
OLD, NEW, THIRD = "360702001001", "360702001003", "360702001004"


def made(found: RollUp, *units: str) -> list[object]:
    return [found.value(unit, "visits_made") for unit in units]


def test_a_merged_unit_counts_under_its_successor_from_then_on() -> None:
    old = community(OLD, valid_to="2022-03-31", succeeded_by=[NEW])
    new = community(NEW, valid_from="2022-04-01")
    # the successor took over the old rows of March too: they count once, where they were then
    kept = [
        facts(old, visits("2022-03-01", "2022-05-01")),
        facts(new, visits("2022-03-01", "2022-04-10", "2022-05-02")),
    ]
    assert made(rolled(kept), OLD, NEW, "360702") == [1, 3, 4]
    assert made(rolled(kept, "2022Q1"), OLD, NEW, "360702") == [1, None, 1]
    assert made(rolled(kept, "2022Q2"), OLD, NEW, "360702") == [None, 3, 3]


def test_the_tree_knows_who_is_there_when() -> None:
    old = community(OLD, valid_to="2022-03-31", succeeded_by=[NEW])
    tree = build_tree(DISTRICT, [old, community(NEW, valid_from="2022-04-01")])

    def expected(first: str, last: str) -> list[str]:
        days = date.fromisoformat(first), date.fromisoformat(last)
        return [node.code for node in tree.expected(*days)]

    assert expected("2022-04-01", "2022-06-30") == [NEW]
    assert expected("2022-01-01", "2022-03-01") == [OLD]
    assert expected("2022-01-01", "2022-06-30") == [OLD, NEW]


def test_a_split_unit_counts_up_to_its_last_day() -> None:
    heirs = ["360702001005", "360702001006"]
    old = community(OLD, valid_to="2022-03-31", succeeded_by=heirs)
    new = [community(code, valid_from="2022-04-01") for code in heirs]
    found = rolled(
        [facts(old, visits("2022-03-01", "2022-05-01")), facts(new[0], visits("2022-04-10"))],
        listed=new,
    )
    assert made(found, OLD, heirs[0], "360702001000") == [1, 1, 2]


def test_what_a_successor_keeps_of_absent_predecessors_is_theirs() -> None:
    """Of one it is the community's own, of two that of the street around both."""
    new = community(NEW, valid_from="2022-04-01")
    kept = [facts(new, visits("2022-03-01", "2022-04-10"))]
    gone = [community(OLD, valid_to="2022-03-31", succeeded_by=[NEW])]
    assert made(rolled(kept, listed=gone), OLD, NEW, "360702001000") == [1, 1, 2]
    gone.append(community(THIRD, valid_to="2022-03-31", succeeded_by=[NEW]))
    assert made(rolled(kept, listed=gone), NEW, "360702001000", "360702") == [1, 2, 2]


def test_a_row_from_before_a_unit_that_came_from_nowhere_is_nobodys() -> None:
    found = rolled([facts(community(NEW, valid_from="2022-04-01"), visits("2022-03-01"))])
    assert made(found, NEW, "360702") == [0, 0]


def test_a_unit_that_moved_counts_where_it_stood_on_the_day() -> None:
    stays = [
        community(OLD, parent=S1, valid_to="2022-03-31"),
        community(OLD, parent=S2, valid_from="2022-04-01"),
    ]
    rows = facts(stays[1], visits("2022-02-01", "2022-03-31", "2022-04-01"))
    half, first, second = (
        rolled([rows], period, listed=[*STREETS, *stays])
        for period in ("2022H1", "2022Q1", "2022Q2")
    )
    assert made(half, S1, S2, "360702", OLD) == [2, 1, 3, 3]
    assert made(first, S1, S2, "360702", OLD) == [2, None, 2, 2]
    assert made(second, S1, S2, "360702", OLD) == [None, 1, 1, 1]


def test_a_street_that_ended_hands_on_its_communities() -> None:
    streets = [
        STREETS[0].changed(valid_to=date(2022, 3, 31), succeeded_by=(S2,)),
        STREETS[1],
    ]
    unit = community(OLD, parent=S1)
    found = rolled([facts(unit, visits("2022-03-01", "2022-04-01"))], listed=[*streets, unit])
    assert made(found, S1, S2, "360702", OLD) == [1, 1, 2, 2]


def test_stocks_follow_the_tree_of_the_last_day() -> None:
    old = community(OLD, parent=S1, valid_to="2022-03-31", succeeded_by=[NEW])
    new = community(NEW, parent=S2, valid_from="2022-04-01")
    both = "低保证号 | 户主姓名 | 保障人数 | 享受起始日期 | 保障状态\n"
    first, second = "D1 | 王芳 | 1 | 2020-01-01 | 在保\n", "D2 | 李强 | 1 | 2021-01-01 | 在保\n"
    third = "D3 | 张伟 | 1 | 2022-05-01 | 在保\n"
    key = ("dibao", "households")
    # D1 was taken over, D2 was not
    kept = [facts(old, {key: both + first + second}), facts(new, {key: both + first + third})]

    def households(period: str) -> list[object]:
        found = rolled(kept, period, listed=STREETS)
        return [found.value(u, "dibao_households") for u in (S1, S2, "360702", OLD, NEW)]

    assert households("2022Q1") == [2, None, 2, 2, None]
    assert households("2022H1") == [None, 3, 3, None, 3]


def test_parents_in_a_circle_still_count_at_the_top() -> None:
    streets = [
        Unit(code=S1, name="东门街道", level="street", parent=S2),
        Unit(code=S2, name="西门街道", level="street", parent=S1),
    ]
    unit = community(OLD, parent=S1)
    assert made(rolled([facts(unit, visits("2022-03-01"))], listed=streets), "360702") == [1]
