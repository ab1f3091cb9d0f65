"""Small counts of people in care are hidden, with what would give them away."""

from tests.unit.rollup.small import community, facts, rolled

from ledgersync.rollup.suppress import without_small_cells

PEOPLE = ("care", "people")
STREET = "360702001000"


def people(**counts: int) -> dict[tuple[str, str], str]:
    """So many people of each category, each in one only."""
    lines = [
        f"{category}{n} | {category} | 在册 | 解放路{n}号{category}"
        for category, count in counts.items()
        for n in range(count)
    ]
    return {PEOPLE: "姓名 | 人员类别 | 在册状态 | 住址\n" + "\n".join(lines)}


def units(*counts: dict[str, int]) -> list:
    return [facts(community(f"36070200100{n}"), people(**c)) for n, c in enumerate(counts, start=1)]


def test_two_small_cells_hide_each_other() -> None:
    found = without_small_cells(
        rolled(units({"孤儿": 4, "独居老人": 9}, {"孤儿": 3, "独居老人": 8}, {"孤儿": 7})), 5
    )
    hidden = {f.unit for f in found if f.indicator == "care_people.孤儿" and f.suppressed}
    assert hidden == {"360702001001", "360702001002"}
    assert found.value(STREET, "care_people.孤儿") == 14
    assert found.value("360702001003", "care_people.孤儿") == 7


def test_a_single_small_cell_takes_another_one_with_it() -> None:
    found = without_small_cells(rolled(units({"孤儿": 2}, {"孤儿": 9}, {"孤儿": 6})), 5)
    hidden = {f.unit for f in found if f.indicator == "care_people.孤儿" and f.suppressed}
    assert hidden == {"360702001001", "360702001003"}


def test_two_ones_are_not_enough() -> None:
    found = without_small_cells(rolled(units({"孤儿": 1}, {"孤儿": 1}, {"孤儿": 8})), 5)
    hidden = {f.unit for f in found if f.indicator == "care_people.孤儿" and f.suppressed}
    assert hidden >= {"360702001001", "360702001002", "360702001003"}


def test_the_only_unit_below_hides_the_total() -> None:
    found = without_small_cells(rolled(units({"孤儿": 3})), 5)
    assert {f.unit for f in found if f.indicator == "care_people.孤儿" and f.suppressed} == {
        "360702001001", STREET, "360702",
    }  # fmt: skip


def test_the_only_hidden_category_of_a_unit_takes_another_one_with_it() -> None:
    many = {"孤儿": 2, "独居老人": 6, "高龄老人": 9}
    found = without_small_cells(rolled(units(many, {"孤儿": 20, "独居老人": 30})), 5)
    hidden = {f.indicator for f in found if f.unit == "360702001001" and f.suppressed}
    assert hidden == {"care_people.孤儿", "care_people.独居老人"}
    assert found.value("360702001001", "care_people") == 17


def test_zero_and_k_are_shown_and_the_hidden_have_no_value() -> None:
    found = without_small_cells(rolled(units({"孤儿": 5}, {"孤儿": 6})), 5)
    assert [f for f in found if f.suppressed] == []
    assert found.value("360702001001", "care_people.独居老人") == 0
