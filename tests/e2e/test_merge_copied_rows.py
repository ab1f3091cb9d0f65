"""A row copied whole and edited, in a copy and in the primary: a record of its own."""

import pytest
from tests.community import Community, counted

MATTERS = """
事项编号 | 人员编号 | 事项内容 | 办理日期   | 办理结果
         | A1       | 换灯     | 2022-05-01 | 好
         | A2       | 送药     | 2022-05-02 | 好
         | A3       | 修门     | 2022-05-03 | 好
"""


pytestmark = pytest.mark.town(matters=MATTERS)


def matters(town: Community) -> list[list[str]]:
    return sorted(town.shown("事项内容 办理日期", "事项"))


def numbers(town: Community, header: str = "事项编号") -> list[str]:
    return [line[0] for line in town.shown(header, "事项")]


@pytest.mark.parametrize("edited", ["copy", "original", "both"])
def test_in_a_copy(town: Community, edited: str) -> None:
    book = town.issue("王芳")
    sheet = book.matters
    before = dict(zip(numbers(town), numbers(town, "_LS_ID"), strict=True))
    row = sheet.copy_row("送药")
    if edited != "original":
        sheet.fill(row, {"办理日期": "2022-06-09"})
    if edited != "copy":
        sheet.set("送药", "办理结果", "已送")
    result = counted(town.hand_in(book))
    assert result == (
        {"added": 1}
        if edited == "copy"
        else {"applied": 1, "added": 1}
        if edited == "both"
        else {"added": 1}
    )
    assert len(set(numbers(town))) == 4 and all(numbers(town))
    assert len(set(numbers(town, "_LS_ID"))) == 4
    after = dict(zip(numbers(town), numbers(town, "_LS_ID"), strict=True))
    assert before.items() <= after.items(), "no record has changed its id or number"
    assert counted(town.hand_in(book)) == {}
    sheet.fill(row, {"办理结果": "再改"})
    assert counted(town.hand_in(book)) == {"applied": 1}
    town.assert_consistent()


def test_in_the_primary(town: Community) -> None:
    primary = town.open_primary()
    row = primary.matters.copy_row("送药")
    primary.matters.fill(row, {"办理日期": "2022-06-09"})
    primary.save()
    town.merge()
    assert [m for m in matters(town) if m[0] == "送药"] == [
        ["送药", "2022-05-02"],
        ["送药", "2022-06-09"],
    ]
    assert len(set(numbers(town))) == len(set(numbers(town, "_LS_ID"))) == 4
    town.assert_consistent()
    copy = town.issue("李强")
    copy.matters.set("2022-06-09", "办理结果", "已送")
    assert counted(town.hand_in(copy)) == {"applied": 1}
    town.assert_consistent()


def test_references_of_the_copy_stay_with_the_record(town: Community) -> None:
    """Steps that name the number go on belonging to the record whose number it is."""
    number = town.cell("送药", "事项编号", "事项")
    book = town.issue("王芳")
    book["经过"].add(所属事项编号=number, 经过说明="看过", 经过日期="2022-06-02")
    row = book.matters.copy_row("送药")
    book.matters.fill(row, {"事项内容": "送饭"})
    assert counted(town.hand_in(book)) == {"added": 2}
    assert (
        town.cell("看过", "所属事项编号", "经过") == number == town.cell("送药", "事项编号", "事项")
    )
    assert town.cell("送饭", "事项编号", "事项") != number
    town.assert_consistent()


def test_a_forgotten_number_of_ones_own_goes_back_with_what_to_do(town: Community) -> None:
    book = town.issue("王芳")
    row = book.people.copy_row("A2")
    book.people.fill(row, {"姓名": "吴刚", "电话": "13900000001"})
    result = town.hand_in(book)
    assert counted(result) == {"returned": 2}
    assert {c.rule for c in result.returned} == {"duplicate.key"}
    assert all("填它自己的〔编号〕" in c.zh for c in result.returned)
    book.people.fill(row, {"编号": "A7"})
    assert counted(town.hand_in(book)) == {"added": 1}
    assert town.cell("A2", "姓名") == "李强"
    town.assert_consistent()
