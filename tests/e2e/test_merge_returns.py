"""What does not get through: faulty cells, faulty rows, duplicates, numbers, mass removals."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import PEOPLE, TODAY, Book, Community, counted

from ledgersync.sync.cases.held import dismiss, release
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish
from ledgersync.sync.status import status_of

MATTERS = """
事项编号 | 人员编号 | 事项内容 | 办理日期   | 办理结果
SX-1     | A1       | 修路灯   | 2022-05-01 | 好
"""


pytestmark = pytest.mark.town(matters=MATTERS)


def back(town: Community) -> list[tuple[str, str | None, str]]:
    with town.session() as session:
        return [(c.staff, c.field, c.rule) for c in status_of(session).returned]


def test_a_faulty_cell_goes_back_and_the_rest_of_its_row_merges(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345").set("A1", "备注", "新")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("merged", {"applied": 1, "returned": 1})
    assert town.cell("A1", "电话") == "13800000001"
    assert town.cell("A1", "备注") == "新"
    assert back(town) == [("王芳", "phone", "phone.format")]
    assert "本行其余内容已合并，仅〔电话〕待更正" in result.returned[0].zh
    marked = load_workbook(town.root / "returned" / "王芳" / "名册.xlsx")["人员"]
    notes = [c.comment.text for row in marked for c in row if c.comment]
    assert len(notes) == 1 and "电话" in notes[0] and "其余内容" not in notes[0]
    reasons = (town.root / "returned" / "王芳" / "退回原因.txt").read_text("utf-8-sig")
    assert "名册" in reasons and "12345" not in reasons
    assert "本行其余内容已合并，仅〔电话〕待更正" in reasons
    town.assert_consistent()


def test_what_is_handed_back_again_keeps_the_rights_of_the_file_it_replaces(
    town: Community,
) -> None:
    book, marked = town.issue("王芳"), town.root / "returned" / "王芳" / "名册.xlsx"
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    marked.chmod(0o640)
    first = marked.read_bytes()
    book.people.set("A1", "电话", "678")
    town.hand_in(book)
    assert marked.read_bytes() != first and marked.stat().st_mode & 0o777 == 0o640


def test_a_csv_is_answered_with_a_workbook_with_short_comments(town: Community) -> None:
    text = "编号,姓名,电话,备注\nB1,吴刚,12345,新来的\n"
    path = town.root / "inbox" / "王芳" / "补.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8-sig")
    assert [counted(s) for s in town.merge().submissions if s.file.endswith("csv")] == [
        {"added": 1}
    ]
    marked = load_workbook(town.root / "returned" / "王芳" / "补.xlsx")["补"]
    notes = [c.comment.text for row in marked for c in row if c.comment]
    assert len(notes) == 1 and "电话" in notes[0] and "其余内容" not in notes[0]


def test_only_faults_is_returned_and_the_corrected_file_settles_it(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("returned", {"returned": 1})
    book.people.set("A2", "备注", "别的")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert back(town) == [("王芳", "phone", "phone.format")]
    book.people.set("A1", "电话", "13900000001")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert back(town) == []
    assert list((town.root / "returned" / "王芳").glob("*")) == []


def test_the_marked_workbook_itself_is_corrected_and_sent(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    marked = Book(town, "王芳", town.root / "returned" / "王芳" / "名册.xlsx")
    marked.people.set("A1", "电话", "13900000001")
    assert counted(town.hand_in(marked, "名册-更正.xlsx")) == {"applied": 1}
    assert back(town) == []


def test_another_copy_of_the_same_person_settles_nothing(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("王芳")
    first.people.set("A1", "电话", "12345")
    town.hand_in(first, "一.xlsx")
    second.people.set("A2", "备注", "别的")
    town.hand_in(second, "二.xlsx")
    assert back(town) == [("王芳", "phone", "phone.format")]
    second.people.set("A1", "电话", "13900000001")
    town.hand_in(second, "二.xlsx")
    assert back(town) == []


def test_a_row_about_nobody_goes_back_whole(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(姓名="无名", 备注="没有编号也没有电话")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("returned", {"returned": 1})
    assert len(town.shown("编号")) == 6
    book.people.set("无名", "编号", "B1")
    assert counted(town.hand_in(book)) == {"added": 1}
    assert back(town) == []


def test_a_rule_over_two_cells_returns_the_one_that_was_changed(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "人口", 1).set("A2", "备注", "好")
    result = town.hand_in(book)
    assert counted(result) == {"applied": 1, "returned": 1}
    assert town.cell("A1", "人口") == "3"
    assert [c[1] for c in back(town)] == ["size"]


def test_old_faults_of_the_primary_hold_nobody_up(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A1", "电话", "12345")
    primary.save()
    town.merge()
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}


def test_a_repeated_row_converges_and_differing_ones_all_go_back(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 人口=2)
    book.people.add(编号="B1", 姓名="吴刚", 人口=2)
    assert counted(town.hand_in(book)) == {"added": 1, "converged": 1}
    book = town.issue("李强")
    book.people.add(编号="C1", 姓名="郑爽", 人口=2)
    book.people.add(编号="C1", 姓名="郑爽", 人口=5)
    result = town.hand_in(book)
    assert counted(result) == {"returned": 2}
    assert {c.rule for c in result.returned} == {"duplicate.key"}
    assert "C1" not in [r[0] for r in town.shown("编号")]
    town.assert_consistent()


def test_a_copied_row_with_another_key_is_a_new_record(town: Community) -> None:
    book = town.issue("王芳")
    record = book.people.id("A1")
    row = book.people.copy_row("A1")
    book.people.fill(row, {"编号": "B1", "姓名": "吴刚", "电话": "13800000099"})
    assert counted(town.hand_in(book)) == {"added": 1}
    primary = town.open_primary().people
    assert primary.id("A1") == record != primary.id("B1")
    town.assert_consistent()


def test_numbers_are_given_and_references_follow(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    for book, what in ((first, "修门"), (second, "修窗")):
        book.matters.add(事项编号="SX-7", 事项内容=what, 办理日期="2022-06-01")
        book["经过"].add(经过编号="B1", 所属事项编号="SX-7", 经过说明=what, 经过日期="2022-06-02")
    assert counted(town.hand_in(first)) == {"added": 2}
    assert counted(town.hand_in(second)) == {"added": 2}
    matters = dict(reversed(r) for r in town.shown("事项编号 事项内容", "事项"))
    assert matters["修门"] == "SX-7"
    assert matters["修窗"].startswith("SX-001001-")
    steps = {r[0]: r[1] for r in town.shown("经过说明 所属事项编号", "经过")}
    assert steps == {"修门": "SX-7", "修窗": matters["修窗"]}
    assert len({r[0] for r in town.shown("经过编号", "经过")}) == 2
    town.assert_consistent()
    assert counted(town.hand_in(second)) == {}


def test_mass_removals_are_held_until_a_person_decides(town: Community) -> None:
    book = town.issue("王芳")
    book.people.remove("A1", "A2", "A3").set("A4", "备注", "新")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("held", {"applied": 1, "held": 3})
    assert len(town.shown("编号")) == 6
    with town.session() as session:
        assert release(session, 1, "站长") == 3
        finish(session, MergeReport(0))
    assert [r[0] for r in town.shown("编号")] == ["A4", "A5", "A6"]
    town.assert_consistent()


def test_dismissed_removals_leave_the_records(town: Community) -> None:
    book = town.issue("王芳")
    book.people.remove("A1", "A2", "A3")
    town.hand_in(book)
    with town.session() as session:
        assert dismiss(session, 1) == 3
        assert session.journal.held.open() == []
    assert len(town.shown("编号")) == 6
    town.assert_consistent()


def test_rows_that_come_back_are_no_longer_held(town: Community) -> None:
    book = town.issue("王芳")
    path = book.path
    book.people.remove("A1", "A2", "A3")
    town.hand_in(book)
    whole = Book(town, "王芳", path)
    assert counted(town.hand_in(whole)) == {}
    with town.session() as session:
        assert session.journal.held.open() == []


def test_a_record_edited_while_its_removal_waits_is_a_conflict(town: Community) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.remove("A1", "A2", "A3")
    town.hand_in(first)
    second.people.set("A2", "备注", "还在")
    town.hand_in(second)
    with town.session() as session:
        assert release(session, 1, "站长") == 2
        finish(session, MergeReport(0))
    assert [r[0] for r in town.shown("编号")] == ["A2", "A4", "A5", "A6"]
    assert [(c[0], c[1], c[3]) for c in town.conflicts()] == [("edit/delete", None, None)]
    town.assert_consistent()


def test_precision_damage_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = Community(tmp_path)
    from ledgersync.sync.copies.issue import issue_copies

    with town.session() as session:
        path = issue_copies(session, "王芳", [session.catalog.ledgers["care"]])[0]
    book = Book(town, "王芳", path)
    sheet = book.file.worksheets[0].title
    book[sheet].add(
        姓名="王芳", 身份证号="110101199003070134", 人员类别="独居老人", 住址="幸福路1号"
    )
    assert counted(town.hand_in(book))["added"] == 1
    book[sheet].set("王芳", "身份证号", 110101199003070000).set("王芳", "住址", "幸福路2号")
    assert counted(town.hand_in(book)) == {"applied": 1}
    shown = Book(town, "", town.root / "primary" / path.name)[sheet].texts(["身份证号", "住址"])
    assert shown == [["110101199003070134", "幸福路2号"]]


def test_people_table_is_the_one_the_tests_think_it_is() -> None:
    assert PEOPLE.count("\n") == 8
