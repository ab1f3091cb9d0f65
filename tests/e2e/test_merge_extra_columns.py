"""Columns that people add themselves: merged like every other field, and never lost."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import ID, TODAY, Book, Community, Sheet, counted, write_book, write_csv

from ledgersync.sync.cases.conflicts import conflict_json
from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.create import adopt_workbook
from ledgersync.sync.history.log import history_of
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish, preview
from ledgersync.workbook.lists.conflict_lines import Decision


def add_column(sheet: Sheet, header: str, **cells: object) -> None:
    """Types a header and some cells (by the key of their row) to the right of everything."""
    column = sheet.ws.max_column + 1
    sheet.ws.cell(sheet.top, column).value = header
    sheet.columns[header] = column
    for key, value in cells.items():
        sheet.set(key, header, value)


def hand_in_column(town: Community, staff: str, header: str, **cells: object) -> None:
    """Somebody's newest copy comes back with a column more."""
    book = town.issue(staff)
    add_column(book.people, header, **cells)
    town.hand_in(book)


def hand_in_two_columns(town: Community, one: tuple[str, str], other: tuple[str, str]) -> None:
    """Two people's copies of one state come back, each with a header and its cell at A1."""
    books = town.issue("王芳"), town.issue("李强")
    for book, (header, value) in zip(books, (one, other), strict=True):
        add_column(book.people, header, A1=value)
    for book in books:
        town.hand_in(book)


def test_a_column_that_somebody_added_comes_to_everybody(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    add_column(book.people, "疫苗接种", A1="已接种", A3="禁忌")
    assert counted(town.hand_in(book)) == {"applied": 2}
    assert town.shown("编号 疫苗接种")[:3] == [["A1", "已接种"], ["A2", ""], ["A3", "禁忌"]]
    town.assert_consistent()
    refreshed = Book(town, "李强", other.path).people
    assert refreshed.texts(["编号", "疫苗接种"])[2] == ["A3", "禁忌"]
    assert town.issue("赵敏").people.texts(["疫苗接种"])[0] == ["已接种"]


def test_the_column_is_sorted_with_its_rows(town: Community) -> None:
    """In the primary it belongs to the sheet's table: a filter's arrows move it with the rest."""
    book = town.issue("王芳")
    add_column(book.people, "疫苗接种", A1="已接种")
    add_column(book.people, "医保 & 社保", A1="已办")
    town.hand_in(book)
    table = load_workbook(town.primary)["人员"].tables["tbl_people"]
    names = [column.name for column in table.tableColumns]
    assert names[-3:] == [ID, "疫苗接种", "医保 & 社保"]
    assert table.ref == table.autoFilter.ref == "A3:M9"
    assert [column.id for column in table.tableColumns] == list(range(1, 14))
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 疫苗接种="三针")
    town.hand_in(book)
    assert load_workbook(town.primary)["人员"].tables["tbl_people"].ref == "A3:M10"
    town.assert_consistent()


def test_a_copy_with_the_column_is_edited_and_merged_again(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="一针", A2="一针")
    book = town.issue("王芳")
    book.people.set("A1", "疫苗接种", "两针").set("A2", "疫苗接种", None).set(
        "A4", "疫苗接种", "无"
    )
    book.people.add(编号="B1", 姓名="吴刚", 疫苗接种="三针")
    assert counted(town.hand_in(book)) == {"applied": 3, "added": 1}
    shown = [["A1", "两针"], ["A2", ""], ["A3", ""], ["A4", "无"], ["A5", ""], ["A6", ""]]
    assert town.shown("编号 疫苗接种") == [*shown, ["B1", "三针"]]
    town.assert_consistent()


def test_two_people_with_the_same_header(town: Community) -> None:
    one, two = town.issue("王芳"), town.issue("李强")
    add_column(one.people, "疫苗接种", A1="已接种", A2="已接种")
    add_column(two.people, " 疫苗 接种", A1="未接种", A2="已接种", A3="禁忌")
    assert counted(town.hand_in(one)) == {"applied": 2}
    assert counted(town.hand_in(two)) == {"applied": 1, "converged": 1, "conflicts": 1}
    assert town.shown("疫苗接种")[:3] == [["已接种"], ["已接种"], ["禁忌"]]
    assert town.conflicts() == [("edit/edit", "x:疫苗接种", '"已接种"', '"未接种"')]
    listed = load_workbook(town.workspace.conflict_file).worksheets[0]
    assert "疫苗接种" in [c.value for row in listed.iter_rows() for c in row]
    with town.session() as session:
        case = session.journal.conflicts.open()[0]
        assert resolve(session, Decision(case.id, "theirs", ""), "站长").done
        finish(session, MergeReport(0))
    assert town.cell("A1", "疫苗接种") == "未接种"
    town.assert_consistent()


def test_a_column_typed_into_the_primary_by_hand(town: Community) -> None:
    book = town.issue("王芳")
    primary = town.open_primary()
    add_column(primary.people, "备用", A1="旧", A2="旧")
    primary.save()
    town.merge()
    town.assert_consistent()
    add_column(book.people, "备用", A1="新", A3="新")
    assert counted(town.hand_in(book)) == {"applied": 1, "conflicts": 1}
    assert town.shown("备用")[:3] == [["旧"], ["旧"], ["新"]]
    town.assert_consistent()
    primary = town.open_primary()
    primary.people.set("A2", "备用", "改")
    primary.save()
    town.merge()
    assert town.cell("A2", "备用") == "改"
    assert Book(town, "王芳", town.issue("王芳").path).people.texts(["备用"])[1] == ["改"]
    town.assert_consistent()


def test_undo_takes_the_column_back(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种")
    record = town.open_primary().people.id("A1")
    with town.session() as session:
        events = history_of(session, record)
        assert (events[-1].header, events[-1].new) == ("疫苗接种", "已接种")
        counts = undo_revision(session, events[-1].revision, "站长").counts
        assert counts.applied == 1
        finish(session, MergeReport(0))
    assert town.cell("A1", "疫苗接种") == ""
    assert "疫苗接种" not in town.issue("李强").people.columns
    town.assert_consistent()


def test_a_column_that_is_gone_clears_nothing(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种")
    book = town.issue("王芳")
    book.people.drop("疫苗接种").set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.shown("备注 疫苗接种")[0] == ["新", "已接种"]
    primary = town.open_primary()
    primary.people.drop("疫苗接种")
    primary.save()
    town.merge()
    book = town.issue("李强")
    book.people.set("A2", "备注", "又")
    town.hand_in(book)
    assert town.shown("备注 疫苗接种")[:2] == [["新", "已接种"], ["又", ""]]
    town.assert_consistent()


def test_re_sorted_and_moved(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="一", A2="二", A6="六")
    book = town.issue("王芳")
    book.people.resort(reverse=True).set("A2", "疫苗接种", "贰")
    book.people.reorder(["疫苗接种", "姓名"])
    assert counted(town.hand_in(book)) == {"applied": 1}
    primary = town.open_primary()
    primary.people.resort(reverse=True).set("A6", "疫苗接种", "陆")
    primary.save()
    town.merge()
    found = dict(town.shown("编号 疫苗接种"))  # type: ignore[arg-type]
    assert (found["A1"], found["A2"], found["A6"]) == ("一", "贰", "陆")
    town.assert_consistent()


def test_an_unstamped_csv_with_a_column_more(town: Community) -> None:
    town.issue("王芳")
    lines = [[*line, "已办" if line[0] == "A2" else ""] for line in town.shown("编号 姓名 备注")]
    text = "\n".join(" | ".join(line) for line in [["编号", "姓名", "备注", "医保"], *lines])
    path = write_csv(town.root / "inbox" / "王芳" / "名册.csv", text)
    report = town.merge(path)
    assert counted(report.submissions[0]) == {"applied": 1}
    assert town.shown("医保")[:2] == [[""], ["已办"]]
    town.assert_consistent()


def test_a_stranger_s_table_brings_the_column_with_new_records(town: Community) -> None:
    text = "编号 | 姓名 | 医保\nZ9 | 郑九 | 已办\nA1 | 王芳 | 已办"
    report = town.merge(write_book(town.root / "inbox" / "外人" / "x.xlsx", {"人员": text}))
    assert counted(report.submissions[0]) == {"added": 1, "converged": 2, "conflicts": 1}
    assert town.cell("Z9", "医保") == "已办"
    assert [c[:2] for c in town.conflicts()] == [("add/add", "x:医保")]
    town.assert_consistent()


def test_an_adopted_workbook_keeps_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = Community(tmp_path)
    own = write_book(
        tmp_path / "老台账.xlsx",
        {
            "人员": """
            编号 | 姓名 | 备注 | 备用1 | 备用2
            A1   | 王芳 | 一   | 甲    |
            A2   | 李强 | 二   | 乙    | 3.50
            """
        },
    )
    before = load_workbook(own).worksheets[0]
    adopt_workbook(town.workspace, town.workspace.catalog.ledger("roster"), own)
    after = load_workbook(town.primary)["人员"]
    assert [[c.value for c in row[:5]] for row in after] == [
        [c.value for c in row[:5]] for row in before
    ]
    book = town.issue("王芳")
    assert book.people.texts(["编号", "备用1", "备用2"]) == [["A1", "甲", ""], ["A2", "乙", "3.50"]]
    book.people.set("A1", "备用1", "改")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.shown("备用1 备用2") == [["改", ""], ["乙", "3.50"]]
    town.assert_consistent()


def test_what_is_not_carried_is_said(town: Community) -> None:
    book = town.issue("王芳")
    sheet = book.people
    add_column(sheet, "合计", A1="=1+1", A2="=2+2")
    add_column(sheet, "序号", A1=1, A2=2)
    add_column(sheet, "联系电话", A1="13811111111")
    add_column(sheet, "空列")
    bare = sheet.ws.max_column + 1
    sheet.ws.cell(sheet.line("A1"), bare).value = "没有表头的"
    sheet.set("A2", "备注", "新")
    result = town.hand_in(book)
    assert counted(result) == {"applied": 1}
    said = "\n".join(m.zh for m in [*result.left_out, *result.notices])
    assert [word in said for word in ("合计", "公式", "联系电话", "没有表头", "序号", "空列")] == [
        *[True] * 4,
        *[False] * 2,
    ]
    assert not {"合计", "序号", "空列"} & town.open_primary().people.columns.keys()
    town.assert_consistent()


def test_of_two_columns_with_one_header_the_first_is_merged_and_the_other_stays(
    town: Community,
) -> None:
    """Also when the first one has been cleared by a merge: the other's content is not its own."""
    primary = town.open_primary()
    add_column(primary.people, "备用", A1="甲")
    add_column(primary.people, "备用", A2="乙")
    primary.save()
    town.merge()
    book = town.issue("王芳")
    assert book.people.texts(["备用"])[:2] == [["甲"], [""]]
    book.people.set("A1", "备用", None)
    add_column(book.people, "另一列", A3="丙")
    assert counted(town.hand_in(book)) == {"applied": 2}
    town.assert_consistent()
    book = town.issue("李强")
    book.people.set("A4", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    sheet = town.open_primary().people  # of headers that are alike it knows the last
    assert sheet.texts(["编号", "备用"])[:3] == [["A1", ""], ["A2", "乙"], ["A3", ""]]
    town.assert_consistent()


def test_so_many_columns_and_no_more(town: Community) -> None:
    book = town.issue("王芳")
    for n in range(26):
        add_column(book.people, f"自加{n}", A1=f"值{n}")
    result = town.hand_in(book)
    assert counted(result) == {"applied": 18}
    assert [n.rule for n in result.notices] == ["column.left_out"] * 8
    assert "自加17" in town.open_primary().people.columns
    assert "自加18" not in town.open_primary().people.columns
    town.assert_consistent()


def test_text_stays_text(town: Community) -> None:
    book = town.issue("王芳")
    texts = {"A1": "=1+1", "A2": "+86", "A3": "@x", "A4": "007", "A5": "-", "A6": "#REF!"}
    sheet = book.people
    add_column(sheet, "杂", **texts)
    for key in ("A1", "A6"):
        sheet.ws.cell(sheet.line(key), sheet.columns["杂"]).data_type = "s"
    result = town.hand_in(book)
    assert counted(result) == {"applied": 5, "returned": 1}
    primary = town.open_primary().people
    cells = [primary.ws.cell(r, primary.columns["杂"]) for r in primary.lines()]
    whole = list(texts.values())[:5]
    assert [(c.value, c.data_type) for c in cells[:5]] == [(text, "s") for text in whole]
    again = town.issue("李强").people
    assert [r[0] for r in again.texts(["杂"])][:5] == whole
    town.assert_consistent()


def test_values_are_masked_as_remarks_are(town: Community) -> None:
    hand_in_two_columns(town, ("杂记", "电话13912345678"), ("杂记", "身份证11010519491231002X"))
    with town.session() as session:
        shown = str([conflict_json(session, c) for c in session.journal.conflicts.open()])
        shown += str(history_of(session, town.open_primary().people.id("A1")))
    assert "杂记" in shown
    assert "13912345678" not in shown
    assert "11010519491231002X" not in shown


@pytest.mark.parametrize(
    ("header", "one", "two", "hidden"),
    [
        ("监护人姓名", "欧阳文", "诸葛明", "文"),
        ("家属 ▸ 电话（备用）", "0797-8123456", "0797-8123457", "3456"),
        ("监护人身份证", "110105 19491231 002X", "无", "19491231"),
        ("老家住址", "东街5号2单元301室", "西街6号", "301"),
        ("是否户主", "是", "否", None),
    ],
)
def test_a_header_that_speaks_of_persons_masks_its_column(
    town: Community, header: str, one: str, two: str, hidden: str | None
) -> None:
    books = [town.issue("王芳"), town.issue("李强")]
    for book, value in zip(books, (one, two), strict=True):
        add_column(book.people, header, A1=value)
        town.hand_in(book)
    with town.session() as session:
        [case] = session.journal.conflicts.open()
        shown = str(conflict_json(session, case))
        shown += str(history_of(session, town.open_primary().people.id("A1")))
    assert header in shown
    assert f"'{one}'" in shown if hidden is None else hidden not in shown
    town.assert_consistent()


def test_a_dry_run_registers_nothing(town: Community) -> None:
    book = town.issue("王芳")
    add_column(book.people, "疫苗接种", A1="已接种")
    path = book.send()
    with town.session() as session:
        report = preview(session, [path], "王芳")
        assert counted(report.submissions[0]) == {"applied": 1}
        assert session.catalog.table("roster", "people").extras == ()
        assert {len(r) for r in session.journal.state.rows("roster", "people").values()} == {9}
    assert counted(town.merge(path).submissions[0]) == {"applied": 1}
    town.assert_consistent()


def test_a_copy_of_before_the_column_is_still_good(town: Community) -> None:
    old, book = town.issue("王芳"), town.issue("李强")
    old.people.set("A1", "备注", "早先的")
    add_column(book.people, "疫苗接种", A1="已接种")
    town.hand_in(book)
    assert counted(town.hand_in(old)) == {"applied": 1}
    assert town.shown("备注 疫苗接种")[0] == ["早先的", "已接种"]
    add_column(old.people, "疫苗接种", A1="已接种", A2="未")
    assert counted(town.hand_in(old)) == {"applied": 1, "converged": 1}
    town.assert_consistent()


def test_removed_and_brought_back_with_its_column(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种")
    book = town.issue("王芳")
    book.people.remove("A1")
    town.hand_in(book)
    with town.session() as session:
        undo_revision(session, session.journal.log.last, "站长")
        finish(session, MergeReport(0))
    assert town.cell("A1", "疫苗接种") == "已接种"
    town.assert_consistent()
