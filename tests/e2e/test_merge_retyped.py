"""What went back is settled by whoever types it anew, and by nothing that only looks like it."""

from pathlib import Path

import pytest
from tests.community import Book, Community, counted, write_book

from ledgersync.journal import ReturnedCase
from ledgersync.sync.status import status_of


def back(town: Community) -> list[ReturnedCase]:
    with town.session() as session:
        return status_of(session).returned


def open_rules(town: Community) -> list[tuple[str, str | None, str]]:
    return [(c.staff, c.field, c.rule) for c in back(town)]


def nameless(town: Community, staff: str = "王芳") -> Book:
    """A copy with a row that has neither key nor fallback key, handed in: the row went back."""
    book = town.issue(staff)
    book.people.add(姓名="吴刚", 人口=2, 备注="新来的")
    assert counted(town.hand_in(book)) == {"returned": 1}
    assert len(back(town)) == 1
    return book


def test_a_new_row_in_the_same_copy_settles_the_old_one(town: Community) -> None:
    book = nameless(town)
    book.people.add(编号="B1", 姓名="吴刚", 人口=2, 备注="新来的")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert back(town) == []
    assert list((town.root / "returned" / "王芳").glob("*")) == []
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert back(town) == []
    town.assert_consistent()


def test_a_row_in_another_copy_of_the_same_person_settles_it(town: Community) -> None:
    nameless(town)
    other = town.issue("王芳")
    other.people.add(编号="B1", 姓名="吴刚", 电话="13900000001", 人口=2, 备注="新来的", 网格="三")
    assert counted(town.hand_in(other, "再交.xlsx")) == {"added": 1}
    assert back(town) == []


def test_another_person_settles_it_with_the_same_content(town: Community) -> None:
    nameless(town)
    other = town.issue("李强")
    other.people.add(编号="B1", 姓名="吴刚", 人口=2, 备注="新来的")
    assert counted(town.hand_in(other)) == {"added": 1}
    assert back(town) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"姓名": "吴刚", "人口": 3, "备注": "新来的"},
        {"姓名": "吴强", "人口": 2, "备注": "新来的"},
        {"姓名": "吴刚", "人口": 2, "备注": "新来的", "网格": "第2网格"},
    ],
)
def test_other_content_of_another_person_settles_nothing(
    town: Community, typed: dict[str, object]
) -> None:
    nameless(town)
    other = town.issue("李强")
    other.people.add(编号="B1", **typed)
    assert counted(town.hand_in(other)) == {"added": 1}
    assert open_rules(town) == [("王芳", None, "required")]


def test_a_file_that_nobody_issued_settles_it(town: Community, tmp_path: Path) -> None:
    nameless(town)
    text = "编号 | 姓名 | 人口 | 备注\nB1 | 吴刚 | 2 | 新来的\n"
    path = write_book(town.root / "inbox" / "王芳" / "补交.xlsx", {"人员": text})
    assert [counted(s) for s in town.merge(path).submissions] == [{"added": 1}]
    assert back(town) == []


def test_the_row_typed_into_the_primary_by_hand_settles_it(town: Community) -> None:
    nameless(town)
    primary = town.open_primary()
    primary.people.add(reserved=False, 编号="B1", 姓名="吴刚", 人口=2, 备注="新来的")
    primary.save()
    town.merge()
    assert back(town) == []


def test_a_row_that_was_there_already_settles_nothing(town: Community) -> None:
    """王芳 A1 is in everybody's copy; that is no answer to a new row without a key."""
    book = town.issue("王芳")
    values = ["姓名", "状态", "登记日期", "人口", "享受人数", "网格", "备注"]
    [line] = [r for r in book.people.texts(values) if r[0] == "王芳"]
    typed = dict(zip(values, line, strict=True)) | {"人口": 3, "享受人数": 2}
    book.people.add(**typed)
    assert counted(town.hand_in(book)) == {"returned": 1}
    other = town.issue("李强")
    other.people.set("A2", "备注", "新")
    town.hand_in(other)
    assert open_rules(town) == [("王芳", None, "required")]


def test_duplicates_are_settled_by_one_good_row_of_that_key(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(编号="C1", 姓名="郑爽", 人口=2)
    book.people.add(编号="C1", 姓名="郑爽", 人口=5)
    assert counted(town.hand_in(book)) == {"returned": 2}
    other = town.issue("李强")
    other.people.set("A1", "备注", "新")
    town.hand_in(other)
    assert len(back(town)) == 2
    other.people.add(编号="C1", 姓名="郑爽", 人口=4)
    assert counted(town.hand_in(other)) == {"added": 1}
    assert back(town) == []
    town.assert_consistent()


def test_duplicates_of_a_record_wait_until_that_record_is_said_anew(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(编号="A1", 姓名="另一人", 人口=5)
    book.people.set("A1", "备注", "改过")
    assert counted(town.hand_in(book)) == {"returned": 2}
    text = "编号 | 姓名 | 电话 | 备注\nA1 | 王芳 | 13800000001 | 一\n"
    write_book(town.root / "inbox" / "李强" / "散.xlsx", {"人员": text})
    town.merge()
    assert len(back(town)) == 2


def test_a_faulty_row_changed_and_still_faulty_is_listed_once(town: Community) -> None:
    book = nameless(town)
    book.people.set("吴刚", "备注", "改了别的")
    assert counted(town.hand_in(book)) == {"returned": 1}
    assert len(back(town)) == 1
    book.people.set("吴刚", "编号", "B1")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert back(town) == []


def test_a_faulty_cell_changed_and_still_faulty_is_listed_once(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    book.people.set("A1", "电话", "123456")
    assert counted(town.hand_in(book)) == {"returned": 1}
    assert open_rules(town) == [("王芳", "phone", "phone.format")]


def test_a_faulty_cell_put_right_by_anybody_is_settled(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    other.people.set("A1", "备注", "别的")
    town.hand_in(other)
    assert open_rules(town) == [("王芳", "phone", "phone.format")]
    other.people.set("A1", "电话", "13900000001")
    town.hand_in(other)
    assert back(town) == []


def test_a_faulty_cell_put_right_in_the_primary_is_settled(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    primary = town.open_primary()
    primary.people.set("A1", "备注", "别的")
    primary.save()
    town.merge()
    assert len(back(town)) == 1
    primary = town.open_primary()
    primary.people.set("A1", "电话", "13900000001")
    primary.save()
    town.merge()
    assert back(town) == []
    assert town.cell("A1", "电话") == "13900000001"
    town.assert_consistent()


def lacking(town: Community) -> Book:
    """A copy with a new row that needs a name and has none, and a wrong phone: both went back."""
    book = town.issue("王芳")
    book.people.add(编号="B1", 电话="12345", 备注="新来的")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert {c.field for c in back(town)} == {"name", "phone"}
    return book


def test_an_empty_required_cell_waits_for_a_value(town: Community) -> None:
    lacking(town)
    book = Book(town, "王芳", town.root / "returned" / "王芳" / "名册.xlsx")
    book.people.set("B1", "电话", "13900000001")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert open_rules(town) == [("王芳", "name", "required")]
    book.people.set("B1", "备注", "又改了")
    town.hand_in(book)
    assert open_rules(town) == [("王芳", "name", "required")]
    [case], line = back(town), book.people.line("B1")
    assert case.sheet_row == line, "the mark follows the row"
    book.people.set("B1", "姓名", "吴刚")
    town.hand_in(book)
    assert back(town) == []
    town.assert_consistent()


def test_a_wrong_required_cell_that_is_emptied_waits_for_a_value(town: Community) -> None:
    book = town.issue("王芳")
    book.matters.add(人员编号="A1", 事项内容="办证", 办理日期="说不清")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert [c.field for c in back(town)] == ["day"]
    book.matters.set("办证", "办理日期", None)
    town.hand_in(book)
    assert [c.field for c in back(town)] == ["day"]
    book.matters.set("办证", "办理日期", "2022-06-01")
    town.hand_in(book)
    assert back(town) == []


def test_a_required_cell_filled_by_others_is_settled(town: Community) -> None:
    book = lacking(town)
    other = town.issue("李强")
    other.people.set("B1", "备注", "别的")
    town.hand_in(other)
    assert {c.field for c in back(town)} == {"name", "phone"}
    other.people.set("B1", "姓名", "吴刚")
    town.hand_in(other)
    assert {c.field for c in back(town)} == {"phone"}
    book.people.set("B1", "电话", "13900000001")
    town.hand_in(book)
    assert back(town) == []


def test_a_required_cell_filled_in_the_primary_is_settled(town: Community) -> None:
    lacking(town)
    primary = town.open_primary()
    primary.people.set("B1", "姓名", "吴刚").set("B1", "电话", "13900000001")
    primary.save()
    town.merge()
    assert back(town) == []


def test_a_record_that_is_gone_needs_no_value(town: Community) -> None:
    book = lacking(town)
    book.people.remove("B1")
    assert counted(town.hand_in(book)) == {"removed": 1}
    assert back(town) == []
    town.assert_consistent()


def test_a_required_cell_emptied_waits_only_while_the_copy_says_so(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "姓名", None)
    assert counted(town.hand_in(book)) == {"returned": 1}
    book.people.set("A1", "备注", "别的")
    town.hand_in(book)
    assert open_rules(town) == [("王芳", "name", "required")]
    book.people.set("A1", "姓名", "王芳")
    town.hand_in(book)
    assert back(town) == []
