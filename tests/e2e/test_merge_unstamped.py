"""Files without a stamp: rebuilt by a colleague, sent as .csv, typed from scratch."""

from pathlib import Path

import pytest
from tests.community import PEOPLE, TODAY, Community, begun, counted, write_book, write_csv


def test_four_fifths_of_the_base_make_it_the_last_issued_copy(town: Community) -> None:
    book = town.issue("王芳").unstamp().without_ids()
    book.people.remove("A6").set("A1", "备注", "新")
    result = town.hand_in(book)
    assert (result.base, counted(result)) == ("content", {"applied": 1, "held": 1})
    assert len(town.shown("编号")) == 6
    town.assert_consistent()


def test_less_than_that_only_adds(town: Community) -> None:
    town.issue("王芳")
    text = "编号 | 姓名 | 电话 | 备注\nA1 | 王芳 | 13800000001 | 改了\nB1 | 吴刚 | 13800000009 | 新"
    path = write_book(town.root / "inbox" / "王芳" / "补报.xlsx", {"人员": text})
    result = next(s for s in town.merge().submissions if s.file.endswith(path.name))
    assert result.base == "none"
    assert counted(result) == {"added": 1, "converged": 3, "conflicts": 1}
    assert town.cell("A1", "备注") == "一"
    assert len(town.shown("编号")) == 7
    town.assert_consistent()


def test_a_damaged_stamp_counts_as_none(town: Community) -> None:
    book = town.issue("王芳")
    book.unstamp()
    book.people.set("A1", "备注", "新")
    result = town.hand_in(book)
    assert (result.base, counted(result)) == ("content", {"applied": 1})


def test_half_a_stamp_is_enough(town: Community) -> None:
    book = town.issue("王芳")
    del book.file["_ledgersync"]
    book.people.set("A1", "备注", "新")
    assert town.hand_in(book).base == "stamped"


def test_a_csv_of_a_copy(town: Community) -> None:
    town.issue("王芳")
    path = write_csv(
        town.root / "inbox" / "王芳" / "名册.csv",
        PEOPLE.replace("一", "逗号里的新").replace("｜", ""),
    )
    result = next(s for s in town.merge().submissions if s.file.endswith(path.name))
    assert (result.base, counted(result)) == ("content", {"applied": 1})
    assert town.cell("A1", "备注") == "逗号里的新"


def test_a_csv_with_a_fault_is_answered_with_a_workbook(town: Community) -> None:
    town.issue("王芳")
    write_csv(town.root / "inbox" / "王芳" / "名册.csv", PEOPLE.replace("13800000001", "12345"))
    result = next(s for s in town.merge().submissions if s.file.endswith(".csv"))
    assert counted(result) == {"returned": 1}
    assert (town.root / "returned" / "王芳" / "名册.xlsx").exists()


def test_an_unstamped_file_is_compared_with_itself_next_time(town: Community) -> None:
    path = town.root / "inbox" / "李强" / "自制.xlsx"
    text = "编号 | 姓名 | 电话\nB1 | 吴刚 | 13800000009\nB2 | 郑爽 | 13800000010"
    write_book(path, {"人员": text})
    assert counted(town.merge(path).submissions[0]) == {"added": 2}
    write_book(path, {"人员": text.replace("郑爽", "郑霜")})
    result = town.merge(path).submissions[0]
    assert (result.base, counted(result)) == ("previous", {"applied": 1})
    assert town.cell("B2", "姓名") == "郑霜"
    town.assert_consistent()


def test_without_ids_re_sorted_rows_are_known_by_their_keys(town: Community) -> None:
    book = town.issue("王芳").without_ids()
    book.people.resort(reverse=True).set("A2", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.cell("A2", "备注") == "新"


def test_an_extra_column_does_not_disturb(town: Community) -> None:
    book = town.issue("王芳")
    ws = book.people.ws
    column = ws.max_column + 1
    ws.cell(book.people.top, column).value = "自己加的一列"
    ws.cell(book.people.line("A1"), column).value = "随手记"
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 2}
    town.assert_consistent()


MATTERS = """
人员编号 | 事项内容 | 办理日期   | 办理结果
A1       | 换灯泡   | 2022-03-01 | 已办
A2       | 修水管   | 2022-03-02 | 已办
A3       | 补手续   | 2022-03-03 | 未办
"""


@pytest.mark.parametrize("head", ["事项内容", "办理日期", "办理结果"])
def test_edited_rows_of_a_rebuilt_sheet_are_no_further_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str
) -> None:
    """No stamp, no ids, no numbers: an edited row is the record, or waits for a decision."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = begun(tmp_path, matters=MATTERS)
    book = town.issue("王芳").unstamp().without_ids()
    sheet = book.matters
    for row in sheet.lines():
        sheet.ws.cell(row, sheet.columns["事项编号"]).value = None
    sheet.set("修水管", head, "2022-03-22" if head == "办理日期" else "改过了")
    town.hand_in(book)
    assert len(town.shown("事项内容", "事项")) == 3
    changed = town.cell("A2", head, "事项") in ("2022-03-22", "改过了")
    assert changed or len(town.conflicts()) == 1
    town.assert_consistent()
