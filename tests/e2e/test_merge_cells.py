"""The table of the merge design, row by row, on real copies that people edited and handed in."""

import json
from pathlib import Path

import pytest
from tests.community import PEOPLE, TODAY, Community, begun, counted


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


def test_the_first_workbook_becomes_the_primary(town: Community) -> None:
    lines = [[c.strip() for c in line.split("|")] for line in PEOPLE.strip().splitlines()]
    assert town.shown(" ".join(lines[0])) == lines[1:]
    town.assert_consistent()


def test_a_copy_nobody_touched_changes_nothing(town: Community) -> None:
    book = town.issue("王芳")
    result = town.hand_in(book)
    assert (result.status, result.base, counted(result)) == ("unchanged", "stamped", {})


def test_an_edit_is_applied(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新").set("A2", "状态", "注销").set("A3", "备注", None)
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("merged", {"applied": 3})
    assert town.shown("编号 状态 备注")[:3] == [
        ["A1", "在册", "新"],
        ["A2", "注销", "二"],
        ["A3", "在册", ""],
    ]
    town.assert_consistent()


def test_what_only_the_primary_changed_stays(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "甲")
    town.hand_in(first)
    result = town.hand_in(second)
    assert counted(result) == {}
    assert town.cell("A1", "备注") == "甲"


def test_the_same_change_twice_converges(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "新")
    second.people.set("A1", "备注", "新")
    town.hand_in(first)
    assert counted(town.hand_in(second)) == {"converged": 1}


def test_different_changes_are_a_conflict_and_the_primary_keeps_ours(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "甲")
    second.people.set("A1", "备注", "乙").set("A1", "人口", 4)
    town.hand_in(first)
    result = town.hand_in(second)
    assert (result.status, counted(result)) == ("merged", {"applied": 1, "conflicts": 1})
    assert town.conflicts() == [("edit/edit", "note", '"甲"', '"乙"')]
    assert town.cell("A1", "备注") == "甲"
    assert town.cell("A1", "人口") == "4"
    assert (town.root / "conflicts" / "冲突清单.xlsx").exists()
    town.assert_consistent()


def test_an_edit_of_a_removed_record_is_one_conflict(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.remove("A1")
    second.people.set("A1", "备注", "乙").set("A1", "人口", 4)
    assert counted(town.hand_in(first)) == {"removed": 1}
    assert counted(town.hand_in(second)) == {"conflicts": 1}
    (kind, field, ours, theirs) = town.conflicts()[0]
    assert (kind, field, ours) == ("edit/delete", None, "")
    assert json.loads(theirs or "")["note"] == "乙"
    assert [row[0] for row in town.shown("编号")] == ["A2", "A3", "A4", "A5", "A6"]


def test_the_removal_of_an_edited_record_is_one_conflict(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "甲")
    second.people.remove("A1")
    town.hand_in(first)
    assert counted(town.hand_in(second)) == {"conflicts": 1}
    assert [(c[0], c[1], c[3]) for c in town.conflicts()] == [("edit/delete", None, None)]
    assert town.cell("A1", "备注") == "甲"


def test_removed_by_both_converges(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.remove("A1")
    second.people.remove("A1")
    town.hand_in(first)
    assert counted(town.hand_in(second)) == {"converged": 1}


def test_a_removal_is_soft_and_absent_from_new_copies(town: Community) -> None:
    book = town.issue("王芳")
    book.people.remove("A1")
    town.hand_in(book)
    assert [row[0] for row in town.shown("编号")] == ["A2", "A3", "A4", "A5", "A6"]
    assert "A1" not in [row[0] for row in town.issue("李强").people.texts(["编号"])]
    town.assert_consistent()


def test_a_new_record_keeps_the_id_of_its_reserved_row(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 人口=2)
    reserved = book.people.id("B1")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert town.open_primary().people.id("B1") == reserved
    book.people.set("B1", "备注", "周三补")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.cell("B1", "备注") == "周三补"
    town.assert_consistent()


def test_two_people_add_the_same_record(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.add(编号="B1", 姓名="吴刚", 人口=2, 备注="甲")
    second.people.add(编号="B1", 姓名="吴刚", 人口=2, 备注="乙")
    town.hand_in(first)
    result = town.hand_in(second)
    assert counted(result) == {"converged": 3, "conflicts": 1}
    assert town.conflicts() == [("add/add", "note", '"甲"', '"乙"')]
    assert [r for r in town.shown("编号 备注") if r[0] == "B1"] == [["B1", "甲"]]
    town.assert_consistent()


def test_the_same_file_twice_and_under_another_name(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    path = book.send()
    assert [s.status for s in town.merge().submissions if s.staff == "王芳"] == ["merged"]
    (path.parent / "名册(1).xlsx").write_bytes(path.read_bytes())
    found = [s for s in town.merge().submissions if s.staff == "王芳"]
    assert [s.status for s in found] == ["unchanged", "unchanged"]
    assert [s.status for s in town.merge(path).submissions] == ["unchanged"]


def test_an_older_content_saved_again_at_the_same_place_is_a_change_back(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "第一")
    path = book.send()
    town.merge()
    old = path.read_bytes()
    book.people.set("A1", "备注", "第二")
    town.hand_in(book)
    assert town.cell("A1", "备注") == "第二"
    path.write_bytes(old)
    town.merge()
    assert town.cell("A1", "备注") == "第一"
    assert [s.status for s in town.merge().submissions if s.staff == "王芳"] == ["unchanged"]


def test_a_copy_that_comes_back_after_months(town: Community) -> None:
    old = town.issue("王芳")
    other = town.issue("李强")
    for n in range(3):
        other.people.set("A2", "备注", f"第{n}次")
        town.hand_in(other)
        other = town.issue("李强")
    town.issue("王芳")
    old.people.set("A1", "备注", "迟到").set("A2", "人口", 5)
    result = town.hand_in(old)
    assert (result.base, counted(result)) == ("stamped", {"applied": 2})
    assert town.cell("A2", "备注") == "第2次"
    town.assert_consistent()


def test_one_person_with_two_copies(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("王芳")
    first.people.set("A1", "备注", "甲")
    second.people.set("A2", "备注", "乙")
    assert counted(town.hand_in(first, "旧.xlsx")) == {"applied": 1}
    assert counted(town.hand_in(second, "新.xlsx")) == {"applied": 1}
    assert town.shown("备注")[:2] == [["甲"], ["乙"]]


def test_two_people_share_one_file(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "甲")
    path = book.send()
    town.merge()
    book.people.set("A2", "备注", "乙")
    shared = book.save(town.root / "inbox" / "李强" / "名册.xlsx")
    result = next(s for s in town.merge().submissions if s.file.startswith("inbox/李强"))
    assert (result.staff, result.base, counted(result)) == ("李强", "stamped", {"applied": 1})
    assert path.exists() and shared.exists()


def test_sort_order_and_column_order_do_not_matter(town: Community) -> None:
    book = town.issue("王芳")
    book.people.resort(reverse=True).reorder(["备注", "电话", "姓名", "编号"])
    book.people.set("A3", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert [r[0] for r in town.shown("编号")] == ["A1", "A2", "A3", "A4", "A5", "A6"]


def test_a_dropped_column_clears_nothing(town: Community) -> None:
    book = town.issue("王芳")
    book.people.drop("电话").set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.cell("A1", "电话") == "13800000001"


def test_a_renamed_column_is_known_by_its_alias(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "13900000001").rename("电话", "联系电话")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.cell("A1", "电话") == "13900000001"


def test_a_corrected_key_keeps_the_record(town: Community) -> None:
    book = town.issue("王芳")
    record = book.people.id("A1")
    book.people.set("A1", "编号", "A9")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.open_primary().people.id("A9") == record


def test_a_hidden_or_filtered_row_is_a_row(town: Community) -> None:
    book = town.issue("王芳")
    book.people.ws.row_dimensions[book.people.line("A3")].hidden = True
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert len(town.shown("编号")) == 6


def test_a_missing_sheet_removes_nothing(tmp_path: Path) -> None:
    header = "事项编号 | 人员编号 | 事项内容 | 办理日期 | 办理结果"
    town = begun(tmp_path, matters=header + "\nSX1 | A1 | 修灯 | 2022-05-01 | 好")
    book = town.issue("王芳")
    del book.file["事项"]
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.shown("事项编号", "事项") == [["SX1"]]


def test_synonyms_and_formats_are_no_change(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "状态", "正常").set("A2", "登记日期", "2022年1月2日")
    book.people.set("A3", "电话", "138-0000-0003").set("A4", "人口", "３")
    assert counted(town.hand_in(book)) == {}
