"""Generated numbers and what refers to them, taking back, and what makes a base."""

import pytest
from tests.merging import Desk, Ledger

from ledgersync.merge import (
    apply,
    follow,
    followed,
    invert,
    number_added,
    overlap,
    undo,
)
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
VISITS = Ledger(CATALOG.table("visit", "visits"))
ISSUES = Ledger(CATALOG.table("visit", "issues"), {"status": "待处理"})
OLD = """
编号 | 走访编号  | 走访日期   | 户址
v1   | ZF-001-7  | 2022-06-01 | 一号楼
v2   | X-9       | 2022-06-02 | 二号楼
"""
NEW = """
编号 | 走访编号 | 走访日期   | 户址
w1   |          | 2022-06-03 | 三号楼
w2   | X-9      | 2022-06-04 | 四号楼
w3   | X-10     | 2022-06-05 | 五号楼
"""
RAISED = """
编号 | 走访编号 | 登记日期   | 问题描述
i1   | X-9      | 2022-06-04 | 路灯不亮
i2   | X-10     | 2022-06-05 | 井盖缺失
"""


def desk_with_a_colleagues_numbers() -> Desk:
    """Two visits in the primary that copy 甲 never saw."""
    desk = Desk(VISITS.table, {})
    desk.issue("甲")
    desk.ours = VISITS.rows(OLD)
    return desk


def test_empty_and_colliding_numbers_are_given_and_references_follow() -> None:
    desk = desk_with_a_colleagues_numbers()
    result = desk.submit("甲", VISITS.copy(NEW))
    given = number_added(VISITS.table, result, unit_tail="001", taken=["ZF-001-11"])
    assert given == {"w1": "ZF-001-12", "w2": "ZF-001-13"} and result.counts.added == 3
    numbers = {r: VISITS.cell(result.merged, r, "visit_no") for r in result.merged}
    assert numbers == {"v1": "ZF-001-7", "v2": "X-9", **given, "w3": "X-10"}
    added = {op.record: op.new for op in result.operations}
    assert added == {r: result.merged[r] for r in ("w1", "w2", "w3")}

    names = followed(VISITS.table, result.last_submission, result.merged)
    assert names == {"X-9": "ZF-001-13"}
    issues = follow(ISSUES.table, "visit.visits.visit_no", names, ISSUES.rows(RAISED))
    assert [ISSUES.cell(issues, r, "visit_no") for r in ("i1", "i2")] == ["ZF-001-13", "X-10"]


def test_a_given_number_is_no_edit_of_ours() -> None:
    desk = desk_with_a_colleagues_numbers()
    result = desk.submit("甲", VISITS.copy(NEW))
    number_added(VISITS.table, result, unit_tail="001")
    assert desk.submit("甲", VISITS.copy(NEW)).operations == []
    fewer = desk.submit("甲", VISITS.copy(NEW)[1:], hold=False)
    assert fewer.counts.removed == 1 and fewer.counts.conflicts == 0
    later = desk.submit("甲", VISITS.copy(NEW.replace("四号楼", "八号楼"))[1:])
    assert later.counts.applied == 1
    assert VISITS.cell(desk.ours, "w2", "visit_no") == "ZF-001-9"


BASE = """
编号 | 走访编号 | 走访日期   | 户址
v1   | A-1      | 2022-06-01 | 一号楼
v2   | A-2      | 2022-06-02 | 二号楼
v3   | A-3      | 2022-06-03 | 三号楼
v4   | A-4      | 2022-06-04 | 四号楼
v5   | A-5      | 2022-06-05 | 五号楼
"""
CHANGED = """
编号 | 走访编号 | 走访日期   | 户址
v1   | A-1      | 2022-06-11 | 六号楼
v2   | A-2      | 2022-06-02 | 二号楼
v3   | A-3      | 2022-06-03 | 三号楼
v4   | A-4      | 2022-06-04 | 四号楼
v6   | A-6      | 2022-06-06 | 九号楼
"""


def test_undo_restores_what_was_before() -> None:
    desk = Desk(VISITS.table, VISITS.rows(BASE))
    before = desk.ours
    result = desk.submit("甲", VISITS.copy(CHANGED))
    assert {op.kind for op in result.operations} == {"add", "edit", "remove"}
    assert apply(VISITS.table, before, result.operations) == desk.ours
    assert apply(VISITS.table, desk.ours, invert(result.operations)) == before
    taken_back = undo(VISITS.table, desk.ours, result.operations)
    assert taken_back.merged == before and taken_back.conflicts == []
    counts = taken_back.counts
    assert (counts.applied, counts.added, counts.removed) == (2, 1, 1)
    assert apply(VISITS.table, desk.ours, taken_back.operations) == before


def test_undo_makes_conflicts_of_what_later_edits_depend_on() -> None:
    desk = Desk(VISITS.table, VISITS.rows(BASE))
    first = desk.submit("甲", VISITS.copy(CHANGED))
    later = CHANGED.replace("六号楼", "七号楼").replace("九号楼", "十号楼")
    desk.submit("甲", VISITS.copy(later))
    result = undo(VISITS.table, desk.ours, first.operations)
    asked = {(c.kind, c.record, c.field) for c in result.conflicts}
    assert asked == {("edit/edit", "v1", "household"), ("edit/delete", "v6", None)}
    (cell,) = [c for c in result.conflicts if c.field]
    assert (cell.base, cell.ours, cell.theirs) == ("六号楼", "七号楼", "一号楼")
    assert VISITS.cell(result.merged, "v1", "household") == "七号楼"
    assert str(VISITS.cell(result.merged, "v1", "date")) == "2022-06-01"
    assert "v5" in result.merged and "v6" in result.merged


def test_undo_of_what_somebody_already_took_back_converges() -> None:
    desk = Desk(VISITS.table, VISITS.rows(BASE))
    first = desk.submit("甲", VISITS.copy(CHANGED))
    result = undo(VISITS.table, VISITS.rows(BASE), first.operations)
    assert result.counts.converged == len(first.operations) and result.operations == []


@pytest.mark.parametrize(("shown", "share"), [(5, 1.0), (4, 0.8), (3, 0.6), (0, 0.0)])
def test_the_share_of_a_base_that_appears(shown: int, share: float) -> None:
    copy = [s._replace(record_id=None) for s in VISITS.copy(BASE)[:shown]]
    assert overlap(VISITS.table, VISITS.rows(BASE), copy) == share
    assert overlap(VISITS.table, {}, copy) == 1.0


def test_rows_without_key_and_id_appear_by_their_content() -> None:
    rows = VISITS.copy(NEW)
    base = {s.record_id or "": s.row for s in rows}
    copy = [s._replace(record_id=None) for s in rows]
    assert overlap(VISITS.table, base, copy) == 1.0
    assert overlap(VISITS.table, base, copy[1:]) == pytest.approx(2 / 3)


def test_a_renamed_key_still_counts_by_its_id() -> None:
    copy = VISITS.copy(BASE.replace("A-", "B-"))
    assert overlap(VISITS.table, VISITS.rows(BASE), copy) == 1.0
