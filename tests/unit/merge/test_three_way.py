"""The table of cells, row by row: what each pair of changes comes to, and how it counts."""

import pytest
from tests.merging import Desk, Ledger

from ledgersync.merge import ConflictCandidate, MergeResult, Operation, mass_removal
from ledgersync.model import Rows
from ledgersync.schema import load_catalog

PEOPLE = load_catalog().table("care", "people")
LEDGER = Ledger(PEOPLE, {"category": ("独居老人",)})
BASE = """
编号 | 姓名   | 身份证号           | 联系电话    | 住址
r1   | 王芳   | 110101199003070134 | 13800000001 | 幸福路1号
r2   | 李强   | 110101195001010017 | 13800000002 | 幸福路2号
r3   | 赵敏   | 110101196001010011 |             | 幸福路3号
r4   | 钱进   | 110101197001010016 | 13800000004 | 幸福路4号
r5   | 孙丽   | 110101198001010010 | 13800000005 | 幸福路5号
r6   | 周涛   | 110101198101010018 | 13800000006 | 幸福路6号
"""


def desk() -> Desk:
    found = Desk(PEOPLE, LEDGER.rows(BASE))
    for name in ("甲", "乙"):
        found.issue(name)
    return found


def counted(result: MergeResult) -> dict[str, int]:
    return {name: n for name, n in result.counts.as_dict().items() if n}


def phone(rows: Rows, record: str = "r1") -> object:
    return LEDGER.cell(rows, record, "phone")


NEW, OTHER = "13911111111", "13922222222"


def with_phone(number: str) -> str:
    return BASE.replace("13800000001", number)


def without(*records: str) -> str:
    return "\n".join(x for x in BASE.strip().splitlines() if x[:2] not in records)


def test_same_same_is_nothing() -> None:
    found = desk()
    result = found.submit("甲", LEDGER.copy(BASE))
    assert counted(result) == {} and result.operations == [] and result.unsettled == {}


def test_a_changed_cell_is_applied() -> None:
    found = desk()
    result = found.submit("甲", LEDGER.copy(with_phone(NEW)))
    assert result.operations == [Operation("edit", "r1", "phone", "13800000001", NEW)]
    assert phone(found.ours) == NEW and counted(result) == {"applied": 1}


def test_what_only_ours_changed_stays() -> None:
    found = desk()
    found.submit("甲", LEDGER.copy(with_phone(NEW)))
    assert counted(found.submit("乙", LEDGER.copy(BASE))) == {}
    assert phone(found.ours) == NEW


def test_the_same_change_twice_converges() -> None:
    found = desk()
    found.submit("甲", LEDGER.copy(with_phone(NEW)))
    assert counted(found.submit("乙", LEDGER.copy(with_phone(NEW)))) == {"converged": 1}


def test_different_changes_conflict_and_the_primary_keeps_ours() -> None:
    found = desk()
    found.submit("甲", LEDGER.copy(with_phone(NEW)))
    result = found.submit("乙", LEDGER.copy(with_phone(OTHER)))
    expected = ConflictCandidate("edit/edit", "r1", "phone", "13800000001", NEW, OTHER)
    assert result.conflicts == [expected] and counted(result) == {"conflicts": 1}
    assert phone(found.ours) == NEW
    assert counted(found.submit("乙", LEDGER.copy(with_phone(OTHER)))) == {}


def test_a_cleared_cell_is_a_change_and_an_absent_column_is_none() -> None:
    found = desk()
    assert counted(found.submit("甲", LEDGER.copy(with_phone("")))) == {"applied": 1}
    assert phone(found.ours) is None
    present = found.all_fields - {"address"}
    cleared = LEDGER.copy(BASE.replace("幸福路2号", ""))
    assert counted(found.submit("乙", cleared, present=present)) == {}
    assert LEDGER.cell(found.ours, "r2", "address") == "幸福路2号"


def test_removed_rows() -> None:
    found = desk()
    result = found.submit("甲", LEDGER.copy(without("r6")))
    assert counted(result) == {"removed": 1} and "r6" not in found.ours
    assert counted(found.submit("乙", LEDGER.copy(without("r6")))) == {"converged": 1}


def test_removed_in_ours_and_edited_in_theirs_is_one_conflict_per_record() -> None:
    found = desk()
    found.submit("甲", LEDGER.copy(without("r1")))
    edited = with_phone(NEW).replace("幸福路1号", "新路1号")
    result = found.submit("乙", LEDGER.copy(edited))
    assert counted(result) == {"conflicts": 1} and "r1" not in found.ours
    (conflict,) = result.conflicts
    assert (conflict.kind, conflict.field, conflict.ours) == ("edit/delete", None, None)
    assert conflict.theirs == LEDGER.rows(edited)["r1"] and conflict.base == LEDGER.rows(BASE)["r1"]


def test_edited_in_ours_and_removed_in_theirs_keeps_the_record() -> None:
    found = desk()
    found.submit("甲", LEDGER.copy(with_phone(NEW)))
    result = found.submit("乙", LEDGER.copy(without("r1")))
    assert counted(result) == {"conflicts": 1} and phone(found.ours) == NEW
    assert (result.conflicts[0].kind, result.conflicts[0].theirs) == ("edit/delete", None)
    again = found.submit("乙", LEDGER.copy(without("r1")))
    assert counted(again) == {}
    back = found.submit("乙", LEDGER.copy(BASE))
    assert counted(back) == {} and phone(found.ours) == NEW


def test_a_row_that_both_add_converges_cell_by_cell() -> None:
    found = desk()
    added = BASE + "a1 | 吴霞 | 110101195505050012 | 13800000007 | 幸福路7号\n"
    twin = BASE + "b1 | 吴霞 | 110101195505050012 | 13800000008 |\n"
    assert counted(found.submit("甲", LEDGER.copy(added))) == {"added": 1}
    result = found.submit("乙", LEDGER.copy(twin))
    # name, id number and category are equal, the phones differ, an empty cell says nothing
    assert counted(result) == {"converged": 3, "conflicts": 1}
    (conflict,) = result.conflicts
    assert (conflict.kind, conflict.record, conflict.field) == ("add/add", "a1", "phone")
    assert (conflict.ours, conflict.theirs) == ("13800000007", "13800000008")
    assert counted(found.submit("乙", LEDGER.copy(twin))) == {}
    renamed = twin.replace("吴霞", "吴侠").replace("110101195505050012", "110101195505050020")
    corrected = found.submit("乙", LEDGER.copy(renamed))
    assert counted(corrected) == {"applied": 2}, "the alias b1 → a1 is remembered"


def test_filling_what_the_other_left_empty_is_no_conflict() -> None:
    found = desk()
    first = BASE + "a1 | 吴霞 | 110101195505050012 | | 幸福路7号\n"
    second = BASE + "b1 | 吴霞 | 110101195505050012 | 13800000008 |\n"
    found.submit("甲", LEDGER.copy(first))
    assert counted(found.submit("乙", LEDGER.copy(second))) == {"converged": 3, "applied": 1}


@pytest.mark.parametrize(
    ("missing", "base", "copy", "held"),
    [
        (0, 0, 0, False),
        (5, 1000, 1000, False),
        (20, 1000, 1000, False),
        (21, 1000, 1000, True),
        (6, 100, 100, True),
        (3, 10, 10, True),
        (2, 10, 10, False),
        (1, 3, 3, True),
        (5, 5000, 20, True),
        (4, 5000, 20, False),
    ],
)
def test_the_guard(missing: int, base: int, copy: int, held: bool) -> None:
    assert mass_removal(missing, base, copy) is held


def test_mass_removals_are_held_and_the_rest_is_merged() -> None:
    found = desk()
    filtered = without("r2", "r3", "r4").replace("13800000001", NEW)
    result = found.submit("甲", LEDGER.copy(filtered))
    assert counted(result) == {"applied": 1, "held": 3} and len(found.ours) == 6
    assert [h.record for h in result.held] == ["r2", "r3", "r4"]
    assert counted(found.submit("甲", LEDGER.copy(filtered))) == {}
    whole = found.submit("甲", LEDGER.copy(with_phone(NEW)))
    assert counted(whole) == {}, "the rows are back, as the copy knew them"


def test_rows_are_no_removals_without_a_sure_base() -> None:
    found = desk()
    result = found.submit("甲", LEDGER.copy(without("r6")), removals=False)
    assert counted(result) == {} and "r6" in found.ours
    assert counted(found.submit("甲", LEDGER.copy(BASE))) == {}


def test_additive_adds_and_asks_about_every_difference() -> None:
    found = desk()
    copy = with_phone("") + " | 吴霞 | 110101195505050012 | | 幸福路7号\n"
    copy = copy.replace("| 13800000002", "| 13922222222").replace(
        "110101196001010011 |             ", f"110101196001010011 | {NEW}"
    )
    result = found.submit("甲", LEDGER.copy(copy), additive=True)
    assert (result.counts.added, result.counts.removed, result.counts.applied) == (1, 0, 0)
    asked = {(c.record, c.field, c.kind, c.ours, c.theirs) for c in result.conflicts}
    assert asked == {
        ("r2", "phone", "add/add", "13800000002", "13922222222"),
        ("r3", "phone", "add/add", None, NEW),
    }
    assert phone(found.ours) == "13800000001", "an empty cell of an old copy clears nothing"


def test_the_arguments_are_left_alone_and_untouched_rows_stay_the_same_objects() -> None:
    found = desk()
    before, rows = found.ours, dict(found.ours)
    found.submit("甲", LEDGER.copy(with_phone(NEW)))
    assert before == rows
    assert all(found.ours[r] is rows[r] for r in rows if r != "r1")
    assert list(found.ours) == list(rows)


def test_a_damaged_id_never_overwrites_a_good_one() -> None:
    found = desk()
    damaged = BASE.replace("110101199003070134", "1.10101199003070E+17")
    result = found.submit("甲", LEDGER.copy(damaged))
    assert counted(result) == {} and result.returned == []
    assert [(w.record, w.field, w.rule) for w in result.warned] == [
        ("r1", "id_number", "id.precision_lost")
    ]
    assert LEDGER.cell(found.ours, "r1", "id_number") == "110101199003070134"
    assert found.submit("甲", LEDGER.copy(damaged)).warned == []


def test_a_damaged_id_of_somebody_else_goes_back() -> None:
    found = desk()
    damaged = BASE.replace("110101199003070134", "3.20101199003070E+17")
    result = found.submit("甲", LEDGER.copy(damaged))
    assert counted(result) == {"returned": 1}
    assert LEDGER.cell(found.ours, "r1", "id_number") == "110101199003070134"
