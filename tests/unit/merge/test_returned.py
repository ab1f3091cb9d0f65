"""What does not get through: the faulty cell goes back, the rest of its row comes in."""

from decimal import Decimal

from tests.merging import Desk, Ledger

from ledgersync.merge import MergeResult
from ledgersync.model import Invalid
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
PEOPLE = Ledger(CATALOG.table("care", "people"), {"category": ("独居老人",)})
HOMES = Ledger(
    CATALOG.table("dibao", "households"),
    {"monthly_amount": Decimal("500.00"), "status": "在保"},
)
RECORDS = Ledger(CATALOG.table("volunteer", "records"))
BASE = """
编号 | 姓名 | 身份证号           | 联系电话    | 住址
r1   | 王芳 | 110101199003070134 | 13800000001 | 幸福路1号
r2   | 李强 | 110101195001010017 | 13800000002 | 幸福路2号
"""
HOME = """
编号 | 低保证号 | 户主姓名 | 户主身份证号       | 家庭人口数 | 保障人数
h1   | DB001    | 王芳     | 110101199003070134 | 4          | 3
"""


def counted(result: MergeResult) -> dict[str, int]:
    return {name: n for name, n in result.counts.as_dict().items() if n}


def fields(result: MergeResult) -> list[str | None]:
    return [r.field for r in result.returned]


def test_the_cell_goes_back_and_the_rest_of_its_row_comes_in() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    wrong = BASE.replace("13800000001", "1380").replace("幸福路1号", "新路1号")
    result = desk.submit("甲", PEOPLE.copy(wrong))
    assert counted(result) == {"applied": 1, "returned": 1}
    (back,) = result.returned
    assert (back.record, back.position, back.field, back.rule) == ("r1", 0, "phone", "phone.format")
    assert back.typed == Invalid("1380", "phone.format")
    assert "本行其余内容已合并，仅〔联系电话〕待更正" in back.message.zh
    assert "1380" not in back.message.zh + back.message.en
    assert PEOPLE.cell(desk.ours, "r1", "phone") == "13800000001"
    assert PEOPLE.cell(desk.ours, "r1", "address") == "新路1号"


def test_the_same_again_is_nothing_and_a_correction_comes_in() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    wrong = BASE.replace("13800000001", "1380")
    assert desk.submit("甲", PEOPLE.copy(wrong)).still_back("r1")
    again = desk.submit("甲", PEOPLE.copy(wrong))
    at = PEOPLE.table.position
    assert counted(again) == {} and again.returned == []
    assert again.still_back("r1", at["phone"]) and not again.still_back("r1", at["address"])
    elsewhere = desk.submit("甲", PEOPLE.copy(wrong.replace("幸福路1号", "新路1号")))
    assert counted(elsewhere) == {"applied": 1}, "the phone was not changed by this submission"
    mended = desk.submit("甲", PEOPLE.copy(BASE.replace("13800000001", "13900000009")))
    assert counted(mended) == {"applied": 2}, "the phone, and the address set back"
    assert PEOPLE.cell(desk.ours, "r1", "phone") == "13900000009"
    assert not mended.still_back("r1")


def test_a_colleagues_change_meanwhile_makes_a_correction_a_conflict() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    desk.issue("乙")
    desk.submit("甲", PEOPLE.copy(BASE.replace("13800000001", "1380")))
    desk.submit("乙", PEOPLE.copy(BASE.replace("13800000001", "13911111111")))
    result = desk.submit("甲", PEOPLE.copy(BASE.replace("13800000001", "13922222222")))
    assert counted(result) == {"conflicts": 1}
    (conflict,) = result.conflicts
    assert (conflict.base, conflict.ours) == ("13800000001", "13911111111")


def test_a_cleared_required_cell_goes_back_and_an_old_fault_does_not() -> None:
    rows = PEOPLE.rows(BASE)
    at = PEOPLE.table.position["name"]
    rows["r2"] = (None, *rows["r2"][1:]) if at == 0 else rows["r2"]
    desk = Desk(PEOPLE.table, rows)
    copy = BASE.replace("王芳", "").replace("李强", "").replace("幸福路2号", "新路2号")
    result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {"applied": 1, "returned": 1}
    assert [(r.record, r.rule) for r in result.returned] == [("r1", "required")]
    assert PEOPLE.cell(desk.ours, "r1", "name") == "王芳"


def test_a_new_row_comes_in_with_its_faulty_cell_empty() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    copy = BASE + "r3 | 赵敏 | 110101196001010018 | 1380 | 幸福路3号\n"
    result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {"added": 1}
    assert fields(result) == ["id_number", "phone"]
    assert PEOPLE.cell(desk.ours, "r3", "phone") is None
    assert PEOPLE.cell(desk.ours, "r3", "address") == "幸福路3号"


def test_a_row_of_which_nobody_can_tell_whom_it_is_about_goes_back_whole() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    copy = BASE + "r3 | | 110101196001010018 | 13800000003 |\n"
    result = desk.submit("甲", PEOPLE.copy(copy))
    assert counted(result) == {"returned": 1} and "r3" not in desk.ours
    (back,) = result.returned
    assert (back.field, back.position, back.rule) == (None, 2, "id.checksum")
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {}
    mended = copy.replace("110101196001010018", "110101196001010011").replace("r3 | ", "r3 | 赵敏")
    assert counted(desk.submit("甲", PEOPLE.copy(mended))) == {"added": 1}
    assert PEOPLE.cell(desk.ours, "r3", "name") == "赵敏"


def test_a_required_field_that_the_key_needs() -> None:
    desk = Desk(RECORDS.table, {})
    result = desk.submit(
        "甲",
        RECORDS.copy("""
        编号 | 活动编号 | 姓名 | 身份证号           | 服务时长(小时)
        s1   |          | 王芳 | 110101199003070134 | 2
        s2   | HD-1     | 李强 |                    | 3
        """),
    )
    assert counted(result) == {"returned": 1, "added": 1}
    assert list(desk.ours) == ["s2"] and result.returned[0].record == "s1"


def test_a_comparison_blames_the_cell_that_was_changed() -> None:
    desk = Desk(HOMES.table, HOMES.rows(HOME))
    fewer = HOME.replace("| 4 ", "| 2 ")
    result = desk.submit("甲", HOMES.copy(fewer))
    assert fields(result) == ["family_size"] and counted(result) == {"returned": 1}
    both = desk.submit("甲", HOMES.copy(HOME.replace("| 4 ", "| 2 ").replace("| 3", "| 2")))
    assert counted(both) == {"applied": 2}, "the returned cell fits now, so it comes in too"
    assert (HOMES.cell(desk.ours, "h1", "family_size"), both.unsettled) == (2, {})


def test_a_comparison_blames_the_cell_with_the_rule_when_both_were_changed() -> None:
    desk = Desk(HOMES.table, HOMES.rows(HOME))
    copy = HOMES.copy(HOME.replace("| 4 ", "| 5 ").replace("| 3", "| 6"))
    result = desk.submit("甲", copy)
    assert fields(result) == ["covered_persons"]
    assert counted(result) == {"applied": 1, "returned": 1}
    assert HOMES.cell(desk.ours, "h1", "family_size") == 5


def test_what_is_only_wanted_or_warned_of_never_goes_back() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    copy = BASE + "r3 | 赵敏 | 990101196001010015 | |\n"
    assert counted(desk.submit("甲", PEOPLE.copy(copy))) == {"added": 1}
    assert fields(desk.submit("甲", PEOPLE.copy(copy))) == []


def test_a_hand_edit_keeps_its_faulty_cells_and_reports_them() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    copy = BASE.replace("13800000001", "1380") + " | | | 1 |\n"
    result = desk.submit("甲", PEOPLE.copy(copy), strict_returns=False)
    assert counted(result) == {"applied": 1, "added": 1} and result.returned == []
    assert {(r.record, r.field) for r in result.reported} >= {("r1", "phone"), ("n1", "name")}
    assert PEOPLE.cell(desk.ours, "r1", "phone") == Invalid("1380", "phone.format")
    assert result.unsettled == {}


def test_rows_that_contradict_each_other_stay_in_a_hand_edit() -> None:
    desk = Desk(PEOPLE.table, PEOPLE.rows(BASE))
    copy = BASE + "r3 | 王方 | 110101199003070134 | | 别处\n"
    result = desk.submit("甲", PEOPLE.copy(copy), strict_returns=False)
    assert counted(result) == {"added": 1} and len(desk.ours) == 3
    assert {(r.record, r.rule) for r in result.reported} == {
        ("r1", "duplicate.key"),
        ("r3", "duplicate.key"),
    }


def test_an_invalid_cell_compares_by_what_was_typed() -> None:
    rows = PEOPLE.rows(BASE.replace("13800000001", "1380"))
    desk = Desk(PEOPLE.table, rows)
    assert counted(desk.submit("甲", PEOPLE.copy(BASE.replace("13800000001", "1380")))) == {}
    emptied = desk.submit("甲", PEOPLE.copy(BASE.replace("13800000001", "")))
    assert counted(emptied) == {"applied": 1}
