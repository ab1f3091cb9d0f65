"""Which record a row is: by id and key, and where they fail by content and position."""

import random

from tests.merging import Desk, Ledger

from ledgersync.merge import MergeResult, Submitted
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
PEOPLE = Ledger(CATALOG.table("care", "people"), {"category": ("独居老人",)})
VISITS = Ledger(CATALOG.table("visit", "visits"))
HOMES = """
编号 | 姓名 | 身份证号           | 住址
r1   | 王芳 | 110101199003070134 | 幸福路1号
r2   | 李强 | 110101195001010017 | 幸福路2号
r3   | 赵敏 | 110101196001010011 | 幸福路3号
r4   | 钱进 | 110101197001010016 | 幸福路4号
r5   | 孙丽 | 110101198001010010 | 幸福路5号
r6   | 周涛 | 110101198101010018 | 幸福路6号
"""
NEW_ID = "110101195505050012"
CALLS = """
编号 | 走访编号 | 走访日期   | 走访人 | 户址 | 备注
v1   |          | 2022-06-01 | 李明   | 一号楼   | 甲
v2   |          | 2022-06-02 | 李明   | 二号楼   | 乙
v3   |          | 2022-06-03 | 李明   | 三号楼   | 丙
"""


def counted(result: MergeResult) -> dict[str, int]:
    return {name: n for name, n in result.counts.as_dict().items() if n}


def people() -> Desk:
    desk = Desk(PEOPLE.table, PEOPLE.rows(HOMES))
    for name in ("甲", "乙"):
        desk.issue(name)
    return desk


def names(desk: Desk) -> dict[str, object]:
    return {r: PEOPLE.cell(desk.ours, r, "name") for r in desk.ours}


def no_ids(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join([lines[0], *[line[line.index("|") - 1 :] for line in lines[1:]]])


def test_without_ids_the_key_tells() -> None:
    desk = people()
    copy = no_ids(HOMES).replace("幸福路1号", "新路1号")
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"applied": 1}
    assert PEOPLE.cell(desk.ours, "r1", "address") == "新路1号"


def test_without_a_key_the_fallback_key_tells() -> None:
    desk = people()
    copy = no_ids(HOMES).replace("110101199003070134", "").replace("幸福路1号", "幸福路 1 号")
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"applied": 2}, "id and address"
    assert list(desk.ours) == ["r1", "r2", "r3", "r4", "r5", "r6"]


def test_a_corrected_key_keeps_its_record() -> None:
    desk = people()
    copy = HOMES.replace("110101199003070134", NEW_ID)
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"applied": 1}
    assert PEOPLE.cell(desk.ours, "r1", "id_number") == NEW_ID


def test_a_key_that_another_record_got_meanwhile_is_for_a_person() -> None:
    desk = people()
    desk.submit("乙", PEOPLE.copy(HOMES + f"x1 | 吴霞 | {NEW_ID} | 幸福路7号\n"))
    copy = HOMES.replace("110101199003070134", NEW_ID).replace("幸福路1号", "新路1号")
    result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {"applied": 1, "conflicts": 1}
    assert (result.conflicts[0].record, result.conflicts[0].field) == ("r1", "id_number")
    assert names(desk)["x1"] == "吴霞" and names(desk)["r1"] == "王芳"


def test_rows_sorted_beside_their_ids_find_their_records_by_key() -> None:
    desk = people()
    rows = PEOPLE.copy(HOMES.replace("幸福路1号", "新路1号"))
    shifted = [Submitted(i, rows[i - 1].record_id, s.row) for i, s in enumerate(rows)]
    assert counted(desk.submit("甲", shifted)) == {"applied": 1}
    assert PEOPLE.cell(desk.ours, "r1", "address") == "新路1号"


def test_a_copied_row_with_another_key_is_a_new_record() -> None:
    desk = people()
    copy = HOMES.replace("r2 ", f"r1 | 王芳 | {NEW_ID} | 幸福路1号\nr2 ")
    for _ in range(2):
        result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {} and len(desk.ours) == 7
    assert PEOPLE.cell(desk.ours, "r1", "id_number") == "110101199003070134"


def test_of_two_rows_with_one_id_and_no_key_of_it_the_upper_keeps_it() -> None:
    desk = people()
    copy = HOMES.replace("110101199003070134", NEW_ID)
    copy = copy.replace("r2 ", "r1 | 王方 | 110101195505050020 | 幸福路1号\nr2 ")
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"applied": 1, "added": 1}
    assert (names(desk)["r1"], PEOPLE.cell(desk.ours, "r1", "id_number")) == ("王芳", NEW_ID)
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {}


def test_equal_rows_converge_and_different_ones_all_go_back() -> None:
    desk = people()
    line = f"x1 | 吴霞 | {NEW_ID} | 幸福路7号\n"
    equal = HOMES + line + line.replace("x1", "x2")
    assert counted(desk.submit("甲", PEOPLE.copy(equal))) == {"added": 1, "converged": 1}
    assert counted(desk.submit("甲", PEOPLE.copy(equal))) == {}
    desk = people()
    differ = HOMES + line + line.replace("x1", "x2").replace("7号", "8号")
    result = desk.submit("甲", PEOPLE.copy(differ))
    assert counted(result) == {"returned": 2}
    assert {(r.rule, r.field, r.position) for r in result.returned} == {
        ("duplicate.key", None, 6),
        ("duplicate.key", None, 7),
    }
    assert counted(desk.submit("甲", PEOPLE.copy(differ))) == {}, "still back"
    assert counted(desk.submit("甲", PEOPLE.copy(HOMES + line))) == {"added": 1}


def test_a_record_and_a_row_that_repeats_its_key_differently() -> None:
    desk = people()
    copy = HOMES.replace("r2 ", "r1 | 王芳 | 110101199003070134 | 新路1号\nr2 ")
    result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {"returned": 2} and len(desk.ours) == 6
    assert PEOPLE.cell(desk.ours, "r1", "address") == "幸福路1号"
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {}
    kept = HOMES.replace("幸福路1号", "新路1号")
    assert counted(desk.submit("甲", PEOPLE.copy(kept))) == {"applied": 1}


def test_two_people_with_the_same_template_ids() -> None:
    desk = Desk(PEOPLE.table, {})
    for name in ("甲", "乙"):
        desk.issue(name)
    header = HOMES.strip().splitlines()[0] + "\n"
    first = header + "t1 | 王芳 | 110101199003070134 | 幸福路1号\n"
    second = header + "t1 | 李强 | 110101195001010017 | 幸福路2号\n"
    assert counted(desk.submit("甲", PEOPLE.copy(first))) == {"added": 1}
    assert counted(desk.submit("乙", PEOPLE.copy(second))) == {"added": 1}
    assert sorted(map(str, names(desk).values())) == ["李强", "王芳"]
    moved = second.replace("110101195001010017", NEW_ID)
    assert counted(desk.submit("乙", PEOPLE.copy(moved))) == {"applied": 1}
    assert names(desk)["t1"] == "王芳"


def test_a_row_typed_on_monday_and_edited_on_wednesday_is_one_record() -> None:
    desk = Desk(VISITS.table, {})
    assert counted(desk.submit("甲", VISITS.copy(CALLS))) == {"added": 3}
    edited = CALLS.replace("2022-06-02", "2022-06-05")
    assert counted(desk.submit("甲", VISITS.copy(edited))) == {"applied": 1}
    assert list(desk.ours) == ["v1", "v2", "v3"]


def test_without_ids_and_keys_content_then_position_tell() -> None:
    desk = Desk(VISITS.table, {})
    rows = no_ids(CALLS)
    assert counted(desk.submit("甲", VISITS.copy(rows))) == {"added": 3}
    before = list(desk.ours)
    assert counted(desk.submit("甲", VISITS.copy(rows))) == {}
    edited = rows.replace("| 乙", "| 丁").replace("2022-06-03", "2022-06-30")
    assert counted(desk.submit("甲", VISITS.copy(edited))) == {"applied": 2}
    more = edited + "\n | | 2022-06-09 | 李明 | 九号楼 | 戊\n"
    assert counted(desk.submit("甲", VISITS.copy(more))) == {"added": 1}
    assert list(desk.ours)[:3] == before


def test_without_ids_and_keys_a_riddle_is_for_a_person() -> None:
    desk = Desk(VISITS.table, {})
    rows = no_ids(CALLS)
    desk.submit("甲", VISITS.copy(rows))
    # the second row was changed beyond recognition, and another one stands beside it
    line = next(x for x in rows.splitlines() if "乙" in x)
    riddle = rows.replace(
        line,
        " | | 2022-06-20 | 李明 | 八号楼 | 戊\n | | 2022-06-21 | 李明 | 九号楼 | 己",
    )
    result = desk.submit("甲", VISITS.copy(riddle), hold=False)
    assert result.counts.conflicts == 2 and result.counts.added == 0
    assert counted(desk.submit("甲", VISITS.copy(riddle))) == {}


def test_the_order_of_rows_does_not_matter() -> None:
    desk = people()
    rows = PEOPLE.copy(HOMES.replace("幸福路1号", "新路1号"))
    random.Random(1).shuffle(rows)
    assert counted(desk.submit("甲", rows)) == {"applied": 1}
    assert list(desk.ours) == ["r1", "r2", "r3", "r4", "r5", "r6"]


def test_an_invalid_key_does_not_identify_and_never_matches_another_invalid_one() -> None:
    desk = people()
    copy = HOMES + "x1 | 吴霞 | 123 | 幸福路7号\nx2 | 郑爽 | 123 | 幸福路8号\n"
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"added": 2}


def test_old_duplicates_of_the_primary_are_not_a_persons_doing() -> None:
    twice = HOMES + "r7 | 王芳 | 110101199003070134 | 别处\n"
    desk = Desk(PEOPLE.table, PEOPLE.rows(twice))
    changed = twice.replace("幸福路1号", "新路1号").replace("别处", "另一处")
    assert counted(desk.submit("甲", PEOPLE.copy(changed))) == {"applied": 2}


def test_two_records_that_got_the_same_key_stay_back_until_one_is_mended() -> None:
    desk = people()
    copy = HOMES.replace("110101199003070134", NEW_ID).replace("110101195001010017", NEW_ID)
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"returned": 2}
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {}
    assert PEOPLE.cell(desk.ours, "r1", "id_number") == "110101199003070134"
    mended = HOMES.replace("110101199003070134", NEW_ID)
    assert counted(desk.submit("甲", PEOPLE.copy(mended))) == {"applied": 1}


def test_without_ids_and_keys_sorted_rows_are_known_by_their_content() -> None:
    rows = no_ids(CALLS)
    # two rows that differ in the remark only: nothing but the whole content tells them apart
    twins = rows.replace("2022-06-02", "2022-06-01").replace("二号楼", "一号楼")
    for text in (rows, twins):
        desk = Desk(VISITS.table, {})
        desk.submit("甲", VISITS.copy(text))
        before = desk.ours
        header, *lines = text.splitlines()
        turned = "\n".join([header, *reversed(lines)])
        assert counted(desk.submit("甲", VISITS.copy(turned))) == {}
        assert desk.ours == before and len(before) == 3
