"""Small counts of people in care are hidden by one local rule, the same in every report."""

import pytest
from tests.unit.rollup.small import community, facts, published

from ledgersync.declared import DeclarationFault
from ledgersync.report.wording import value_text
from ledgersync.rollup.facts import UnitFacts
from ledgersync.rollup.figures import RollUp
from ledgersync.schema import Indicator
from ledgersync.workspace.config import Unit

PEOPLE = ("care", "people")
A, B, C = (f"36070200100{n}" for n in (1, 2, 3))
STREET, DISTRICT = "360702001000", "360702"
TOTAL, ORPHANS, ALONE, OLD = (
    f"care_people{member}" for member in ("", ".孤儿", ".独居老人", ".高龄老人")
)


def people(counts: dict[str, int]) -> dict[tuple[str, str], str]:
    """So many people of each category; several categories of one person are joined by `+`."""
    lines = [
        f"{category}{n} | {category.replace('+', '、')} | 在册 | 解放路{n}号{category}"
        for category, count in counts.items()
        for n in range(count)
    ]
    return {PEOPLE: "姓名 | 人员类别 | 在册状态 | 住址\n" + "\n".join(lines)}


def units(*counts: dict[str, int]) -> list[UnitFacts]:
    return [
        facts(community(code, code), people(c)) for code, c in zip((A, B, C), counts, strict=False)
    ]


def hidden(found: RollUp, line: str) -> dict[str, object]:
    """The units whose figure is hidden, with what their sum comes to at least."""
    return {f.unit: f.at_least for f in found if f.indicator == line and f.suppressed}


def test_a_small_count_is_hidden_and_sums_say_what_they_come_to_at_least() -> None:
    found = published(units({"孤儿": 4, "独居老人": 9, "高龄老人": 2}, {"孤儿": 7}))
    assert hidden(found, ORPHANS) == {A: None, STREET: 7, DISTRICT: 7}
    assert found.value(B, ORPHANS) == 7
    assert found.value(A, TOTAL) == 15, "a total is shown"
    [line] = [x for x in found.lines if x.id == ORPHANS]
    assert value_text(found.get(DISTRICT, ORPHANS), line) == "不少于7"
    assert value_text(found.get(A, ORPHANS), line) == "*"


ONE_UNIT = [
    # people by category, and which lines are hidden
    ({"孤儿": 5, "独居老人": 6}, set()),
    ({"孤儿": 1, "独居老人+孤儿": 4}, {ALONE}),
    ({"孤儿+独居老人": 2, "独居老人": 6}, {ORPHANS}),  # the total tells nothing of the two
    ({"孤儿": 2, "独居老人": 6}, "all"),  # 8 - 6 tells that there are two at least
    ({"孤儿": 4, "独居老人": 4, "高龄老人": 9}, "all"),  # 8 must be two fours
    ({"孤儿": 2, "独居老人": 2, "高龄老人": 9}, {ORPHANS, ALONE}),
    ({"孤儿": 3}, {TOTAL, ORPHANS}),
    ({"孤儿": 1, "独居老人": 3}, {TOTAL, ORPHANS, ALONE}),
    ({}, set()),
]


@pytest.mark.parametrize(("counts", "lines"), ONE_UNIT)
def test_what_one_community_shows(counts: dict[str, int], lines: object) -> None:
    found = published(units(counts, {"孤儿": 10, "独居老人": 10}))
    care = [x.id for x in found.lines if x.id.startswith("care_people")]
    gone = {f.indicator for f in found if f.unit == A and f.suppressed}
    assert gone == ({x for x in care if x != TOTAL} if lines == "all" else lines)


def test_a_cell_is_hidden_for_its_own_unit_alone() -> None:
    """Nothing is hidden in another unit because it stands beside a hidden one."""
    found = published(units({"孤儿+独居老人": 1, "独居老人": 9}, {"孤儿": 9}, {"孤儿": 6}))
    assert hidden(found, ORPHANS) == {A: None, STREET: 15, DISTRICT: 15}
    own = Unit(code=A, name=A, level="community")
    alone = published(units({"孤儿+独居老人": 1, "独居老人": 9})[:1], own=own)
    assert hidden(alone, ORPHANS) == {A: None}


def test_nobody_counts_twice_in_what_a_sum_comes_to_at_least() -> None:
    """The same six people are in two communities; a third one has two of its own."""
    ids = [f"11010119400101{tail}" for tail in ("0012", "0020", "0039", "0047", "0055", "0063")]
    text = "姓名 | 身份证号 | 人员类别 | 在册状态\n" + "\n".join(
        f"甲 | {ident} | 孤儿 | 在册" for ident in ids
    )
    both = [facts(community(code, code), {PEOPLE: text}) for code in (A, B)]
    found = published([*both, facts(community(C, C), people({"孤儿": 2}))])
    assert found.value(A, ORPHANS) == found.value(B, ORPHANS)
    assert hidden(found, ORPHANS)[DISTRICT] == found.value(A, ORPHANS), "not twice as many"


def test_why_something_cannot_be_compared_gives_no_bound_away() -> None:
    found = published(units({"孤儿": 2, "独居老人": 6}, {"孤儿": 9}), "2022Q2")
    told = {(unit, line) for unit, line, _ in found.not_comparable}
    assert told.isdisjoint({(f.unit, f.indicator) for f in found if f.suppressed})


def test_flows_cannot_be_private() -> None:
    """The months of a quarter would give a hidden month away."""
    said = {"id": "a", "name": "甲", "measure": "人", "rows": "t", "value": "count(*)"}
    assert Indicator.validated({**said, "kind": "stock", "private": True}).private
    with pytest.raises(DeclarationFault, match="private"):
        Indicator.validated({**said, "kind": "flow", "private": True})
