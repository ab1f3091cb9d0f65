"""Vertically merged cells in an adopted primary: the workbook says what the journal says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import TODAY, Book, Community, counted, write_book

from ledgersync.sync.create import adopt_workbook
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.primary import difference
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish

OWN = """
编号 | 姓名 | 电话        | 状态 | 登记日期   | 人口 | 享受人数 | 网格    | 备注 | 联系人
A1   | 王芳 | 13800000001 | 在册 | 2022-01-01 | 3    | 2        | 第1网格 | 一   | 甲
A2   | 李强 | 13800000002 | 在册 | 2022-01-02 |      |          |         | 二   |
A3   | 赵敏 | 13800000003 | 在册 | 2022-01-03 |      |          |         | 三   |
A4   | 钱进 | 13800000004 | 在册 | 2022-01-04 | 4    | 2        | 第2网格 | 四   | 乙
A5   | 孙丽 | 13800000005 | 在册 | 2022-01-05 |      |          |         | 五   |
A6   | 周涛 | 13800000006 | 在册 | 2022-01-06 | 2    | 2        | 第2网格 | 六   | 丙
"""
SHOWN = "编号 人口 享受人数 网格"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    """Persons, number and grid of A1 to A3 and of A4 and A5 are merged cells, as is one own."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = Community(tmp_path)
    own = write_book(tmp_path / "人员.xlsx", {"人员": OWN})
    book = load_workbook(own)
    for column in "FGHJ":
        book["人员"].merge_cells(f"{column}2:{column}4")
        book["人员"].merge_cells(f"{column}5:{column}6")
    book.save(own)
    adopt_workbook(town.workspace, town.workspace.catalog.ledger("roster"), own)
    return town


def merges(town: Community, column: str) -> list[str]:
    ranges = map(str, load_workbook(town.primary)["人员"].merged_cells.ranges)
    return sorted(r for r in ranges if r.startswith(column))


def first_goes(book: Book) -> None:
    book.people.remove("A1")


def last_goes(book: Book) -> None:
    book.people.remove("A5")


def first_text(book: Book) -> None:
    book.people.set("A1", "网格", "第9网格")


def second_text(book: Book) -> None:
    book.people.set("A2", "网格", "第9网格")


def second_is_cleared(book: Book) -> None:
    book.people.set("A2", "网格", None)


def second_number(book: Book) -> None:
    book.people.set("A2", "人口", 2)


def first_number(book: Book) -> None:
    book.people.set("A1", "人口", 5)


def own_text(book: Book) -> None:
    book.people.set("A2", "联系人", "丁")


def first_goes_and_second_changes(book: Book) -> None:
    book.people.remove("A4").set("A5", "人口", 7).set("A5", "网格", "第3网格")


def all_alike(book: Book) -> None:
    for key in ("A1", "A2", "A3"):
        book.people.set(key, "网格", "第9网格")


OPERATIONS = (
    first_goes,
    last_goes,
    first_text,
    second_text,
    second_is_cleared,
    second_number,
    first_number,
    own_text,
    first_goes_and_second_changes,
    all_alike,
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
def test_journal_and_workbook_agree(town: Community, operation: Callable[[Book], None]) -> None:
    book = town.issue("王芳")
    operation(book)
    wanted = [[row[0], *map(str, row[1:])] for row in book.people.texts(SHOWN.split())]
    assert town.hand_in(book).status == "merged"
    town.assert_consistent()
    assert counted(town.merge().submissions[0]) == {}
    assert town.issue("李强").people.texts(SHOWN.split()) == wanted
    town.assert_consistent()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
def test_undone_it_is_as_before(town: Community, operation: Callable[[Book], None]) -> None:
    book = town.issue("王芳")
    before = sorted(book.people.texts(SHOWN.split()))
    operation(book)
    town.hand_in(book)
    with town.session() as session:
        undo_revision(session, session.journal.log.last, "站长")
        finish(session, MergeReport(0))
    town.assert_consistent()
    assert sorted(town.issue("李强").people.texts(SHOWN.split())) == before


def test_the_amount_goes_with_the_person_it_was_said_of(town: Community) -> None:
    book = town.issue("王芳")
    book.people.remove("A1")
    town.hand_in(book)
    assert town.shown(SHOWN)[:2] == [["A2", "", "", "第1网格"], ["A3", "", "", ""]]
    assert merges(town, "H") == ["H2:H3", "H4:H5"]  # what is alike stays one block
    assert merges(town, "J") == ["J2:J3", "J4:J5"]


def test_a_block_that_is_alike_no_more_is_taken_apart(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A2", "网格", "第9网格")
    town.hand_in(book)
    assert [row[3] for row in town.shown(SHOWN)[:3]] == ["第1网格", "第9网格", "第1网格"]
    assert (merges(town, "H"), merges(town, "J")) == (["H5:H6"], ["J2:J4", "J5:J6"])


def test_merged_numbers_are_taken_apart_when_a_workbook_becomes_a_primary(town: Community) -> None:
    """The number stays in the row it belongs to; what is the same for all rows stays merged."""
    assert merges(town, "F") == merges(town, "G") == []
    assert merges(town, "H") == ["H2:H4", "H5:H6"]
    assert [row[1] for row in town.shown(SHOWN)] == ["3", "", "", "4", "", "2"]


def test_numbers_that_somebody_merges_in_a_primary_are_taken_apart_and_told(
    town: Community,
) -> None:
    book = load_workbook(town.primary)
    book["人员"].merge_cells("F5:F6")
    book.save(town.primary)
    copy = town.issue("王芳")
    copy.people.set("A1", "备注", "新")
    assert town.hand_in(copy).status == "merged"
    assert merges(town, "F") == []
    assert [row[1] for row in town.shown(SHOWN)] == ["3", "", "", "4", "", "2"]


def test_ranges_above_the_records_are_remembered_and_stay(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheet is not searched for merged cells again while none can have moved."""
    book = load_workbook(town.primary)
    for column in "HJ":
        book["人员"].unmerge_cells(f"{column}2:{column}4")
        book["人员"].unmerge_cells(f"{column}5:{column}6")
    book["人员"].insert_rows(1)
    book["人员"]["A1"] = "人员名册"
    book["人员"].merge_cells("A1:J1")
    book.save(town.primary)
    monkeypatch.setattr(difference, "merged_areas", None)  # whoever calls it fails
    for n in range(3):
        copy = town.issue("王芳")
        copy.people.set("A3", "备注", f"改{n}")
        if n == 0:
            copy.people.remove("A1")
        assert town.hand_in(copy).status == "merged"
        town.assert_consistent()
        assert merges(town, "A") == ["A1:J1"]
    book = load_workbook(town.primary)
    book["人员"].merge_cells("H3:H4")
    book.save(town.primary)
    copy = town.issue("王芳")
    copy.people.set("A3", "网格", "第8网格")
    assert town.hand_in(copy).status == "merged"
    town.assert_consistent()
    assert merges(town, "H") == []
