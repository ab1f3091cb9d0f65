"""Several files saved from one copy, side by side in the inbox: what one lacks is no removal."""

from pathlib import Path

import pytest
from tests.community import Book, Community, counted

MATTERS = """
人员编号 | 事项内容 | 办理日期
A1       | 换灯     | 2022-05-01
"""


pytestmark = pytest.mark.town(matters=MATTERS)


def anew(town: Community, source: Path) -> Book:
    """The copy as it was issued, opened once more."""
    return Book(town, "王芳", source)


def kept(town: Community, folder: Path) -> Path:
    """The issued copy, put aside before a refresh replaces it."""
    path = folder / "留底.xlsx"
    path.write_bytes(town.issue("王芳").path.read_bytes())
    return path


def test_every_day_begun_anew_from_one_copy(town: Community, tmp_path: Path) -> None:
    """Three files, each with new rows in the first reserved rows: all of them are there."""
    source = kept(town, tmp_path)
    for day in (1, 2, 3):
        book = anew(town, source)
        for n in range(2):
            book.matters.add(人员编号="A2", 事项内容=f"事{day}{n}", 办理日期=f"2022-06-0{day}")
        book.people.set(f"A{day}", "备注", f"第{day}天")
        book.send(f"第{day}天.xlsx")
    report = town.merge()
    sums = [counted(s) for s in report.submissions if s.staff == "王芳"]
    assert sums == [{"applied": 1, "added": 2}] * 3
    told = {line[0] for line in town.shown("事项内容", "事项")}
    assert told == {"换灯", *(f"事{day}{n}" for day in (1, 2, 3) for n in range(2))}
    assert [town.cell(f"A{n}", "备注") for n in (1, 2, 3)] == ["第1天", "第2天", "第3天"]
    numbers = [line[0] for line in town.shown("事项编号", "事项")]
    assert len(set(numbers)) == 7 and all(numbers)
    assert town.conflicts() == []
    assert {s.status for s in town.merge().submissions} == {"unchanged"}
    town.assert_consistent()


def test_one_workbook_saved_under_a_new_name_every_day(town: Community) -> None:
    """Whoever goes on in the same workbook corrects what the file before said."""
    book = town.issue("王芳")
    book.matters.add(人员编号="A2", 事项内容="送药", 办理日期="2022-06-01")
    book.people.set("A1", "备注", "一号")
    assert counted(town.hand_in(book, "一.xlsx")) == {"applied": 1, "added": 1}
    book.matters.set("送药", "办理结果", "已送")
    book.people.set("A1", "备注", "二号")
    assert counted(town.hand_in(book, "二.xlsx")) == {"applied": 2}
    assert town.cell("送药", "办理结果", "事项") == "已送"
    assert town.cell("A1", "备注") == "二号"
    assert town.conflicts() == []
    town.assert_consistent()


FAULTY = {
    "no day of the calendar": {"办理日期": "2022-13-45"},
    "a word": {"办理日期": "昨天"},
    "emptied": {"办理日期": None},
    "a fault and an edit": {"办理日期": "昨天", "办理结果": "已送"},
    "the other one emptied": {"事项内容": None},
}


@pytest.mark.parametrize("change", FAULTY.values(), ids=list(FAULTY))
def test_a_cell_spoiled_under_a_new_name_begins_no_record(
    change: dict[str, str | None], town: Community
) -> None:
    """A required cell that cannot be taken goes back; its row is the one it was."""
    book = town.issue("王芳")
    book.matters.add(人员编号="A2", 事项内容="送药", 办理日期="2022-06-01")
    town.hand_in(book, "一.xlsx")
    for header, text in change.items():
        book.matters.set("送药", header, text)
    edits = len(change) - 1
    expected = {"returned": 1} | ({"applied": edits} if edits else {})
    assert counted(town.hand_in(book, "二.xlsx")) == expected
    assert town.shown("事项内容 办理日期", "事项") == [
        ["换灯", "2022-05-01"],
        ["送药", "2022-06-01"],
    ]
    town.assert_consistent()


def test_a_record_of_the_other_file_is_not_removed_and_a_removed_one_stays_away(
    town: Community, tmp_path: Path
) -> None:
    source = kept(town, tmp_path)
    one, other = anew(town, source), anew(town, source)
    one.people.remove("A6").set("A2", "备注", "改过")
    assert counted(town.hand_in(one, "一.xlsx")) == {"applied": 1, "removed": 1}
    other.people.set("A3", "备注", "另改")
    assert counted(town.hand_in(other, "二.xlsx")) == {"applied": 1}
    assert "A6" not in [line[0] for line in town.shown("编号")]
    assert [town.cell(f"A{n}", "备注") for n in (2, 3)] == ["改过", "另改"]
    town.assert_consistent()


def test_both_files_changed_one_cell(town: Community, tmp_path: Path) -> None:
    """The later file is the same person's later word."""
    source = kept(town, tmp_path)
    for name, note in (("一.xlsx", "甲"), ("二.xlsx", "乙")):
        book = anew(town, source)
        book.people.set("A1", "备注", note)
        assert counted(town.hand_in(book, name)) == {"applied": 1}
    assert town.cell("A1", "备注") == "乙"
    town.assert_consistent()


def test_a_file_that_was_renamed_is_the_same_file(town: Community, tmp_path: Path) -> None:
    """The older content under a new name, with the other file gone: a change back."""
    source = kept(town, tmp_path)
    book = anew(town, source)
    book.people.set("A1", "备注", "甲")
    town.hand_in(book, "一.xlsx")
    (town.root / "inbox" / "王芳" / "一.xlsx").unlink()
    assert counted(town.hand_in(anew(town, source), "二.xlsx")) == {"applied": 1}
    assert town.cell("A1", "备注") == "一"
    town.assert_consistent()
