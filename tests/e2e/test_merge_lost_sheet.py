"""A primary that lost a whole sheet gets it back from the journal; nothing is removed by that."""

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from tests.community import Book, Community, counted

from ledgersync.cli import cli
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish

MATTERS = """
事项编号 | 人员编号 | 事项内容 | 办理日期   | 办理结果
SX-1     | A1       | 修路灯   | 2022-05-01 | 好
SX-2     | A2       | 修门     | 2022-05-02 |
"""
SAID = "工作表“事项”不见了，已按日志补回"


pytestmark = pytest.mark.town(matters=MATTERS)


def without(town: Community, *sheets: str) -> Book:
    """The primary as somebody saves it after deleting whole sheets."""
    primary = town.open_primary()
    for name in sheets:
        del primary.file[name]
    primary.save()
    return primary


def matters(town: Community) -> list[list[str]]:
    return town.shown("事项编号 人员编号 事项内容 办理日期", "事项")


def waiting(town: Community) -> list[str]:
    with town.session() as session:
        return [p.reason for p in session.journal.writes.pending()]


def test_the_sheet_comes_back_with_its_records(town: Community) -> None:
    before, ids = matters(town), town.shown("_LS_ID", "事项")
    without(town, "事项")
    report = town.merge()
    assert [(w.ledger, w.status) for w in report.writes if w.message] == [("roster", "written")]
    assert SAID in next(w.message.zh for w in report.writes if w.message)
    assert report.submissions == [] or {s.status for s in report.submissions} == {"unchanged"}
    assert matters(town) == before
    assert town.shown("_LS_ID", "事项") == ids
    assert waiting(town) == []
    town.assert_consistent()
    assert [w.message for w in town.merge().writes] == [None] * 5


def test_it_is_said_on_screen_and_in_json(town: Community) -> None:
    without(town, "事项")
    shown = CliRunner().invoke(cli, ["-C", str(town.root), "merge"])
    assert SAID in shown.output
    assert shown.exit_code == 0


def test_several_sheets_lost_at_once(town: Community) -> None:
    book = town.issue("王芳")
    book["经过"].add(经过编号="BZ-1", 经过说明="上门", 经过日期="2022-06-02")
    town.hand_in(book)
    without(town, "事项", "经过")
    town.merge()
    assert [r[0] for r in matters(town)] == ["SX-1", "SX-2"]
    assert town.shown("经过编号 经过说明", "经过") == [["BZ-1", "上门"]]
    town.assert_consistent()


def test_what_is_merged_meanwhile_is_merged(town: Community) -> None:
    book = town.issue("王芳")
    without(town, "事项")
    book.people.set("A1", "备注", "新")
    book.matters.set("SX-1", "办理结果", "已修").add(事项内容="修窗", 办理日期="2022-06-01")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("merged", {"applied": 2, "added": 1})
    assert town.cell("A1", "备注") == "新"
    assert [r[2] for r in matters(town)] == ["修路灯", "修门", "修窗"]
    town.assert_consistent()


def test_a_sheet_without_records_is_not_missed(town: Community) -> None:
    without(town, "经过")
    report = town.merge()
    assert [w.message for w in report.writes if w.message] == []
    assert "经过" not in load_workbook(town.primary).sheetnames
    town.assert_consistent()


def test_while_it_is_open_the_sheet_waits_and_nothing_is_removed(town: Community) -> None:
    without(town, "事项")
    owner = town.primary.with_name("~$名册.xlsx")
    owner.write_bytes(bytes([4]) + "站长".encode("gb18030") + b" " * 50)
    town.merge()
    assert ["打开" in reason for reason in waiting(town)] == [True]
    owner.unlink()
    town.merge()
    assert len(matters(town)) == 2 and waiting(town) == []
    town.assert_consistent()


def test_a_sheet_that_cannot_be_added_keeps_only_its_own_waiting(town: Community) -> None:
    """A sheet of that name is there, but nobody can tell any more that it is the table."""
    one, other = town.issue("王芳"), town.issue("李强")
    primary = without(town, "事项")
    primary.file.create_sheet("事项")["A1"] = "随便写写"
    primary.save()
    one.people.set("A1", "备注", "新")
    assert town.hand_in(one).status == "merged"
    assert town.cell("A1", "备注") == "新"
    other.matters.set("SX-1", "办理结果", "已修")
    result = town.hand_in(other)
    assert result.status == "pending" and result.message and "事项" in result.message.zh
    assert len(waiting(town)) == 1
    report = town.merge()
    assert [w.status for w in report.writes if w.ledger == "roster"] == ["pending"]
    assert len(waiting(town)) == 1


def test_the_empty_sheet_put_back_by_hand_removes_nothing(town: Community) -> None:
    """What the message advises: the table's sheet is copied from a template."""
    primary = without(town, "事项")
    primary.file.create_sheet("事项")["A1"] = "随便写写"
    primary.save()
    town.merge()
    primary = town.open_primary()
    del primary.file["事项"]
    ws = primary.file.create_sheet("事项")
    ws.append(["事项编号", "人员编号", "事项内容", "办理日期", "办理结果", "_LS_ID"])
    primary.save()
    town.merge()
    with town.session() as session:
        assert session.journal.held.open() == []
    assert [r[0] for r in matters(town)] == ["SX-1", "SX-2"]
    assert waiting(town) == []
    town.assert_consistent()


def test_the_sheet_brought_back_by_undo_converges_and_its_edits_count(town: Community) -> None:
    primary = town.open_primary()
    without(town, "事项")
    owner = town.primary.with_name("~$名册.xlsx")
    owner.write_bytes(bytes([4]) + "站长".encode("gb18030") + b" " * 50)
    town.merge()
    owner.unlink()
    primary.matters.set("SX-1", "办理结果", "改过")
    primary.save()
    town.merge()
    assert town.conflicts() == []
    assert town.shown("办理结果", "事项")[0] == ["改过"]
    assert len(matters(town)) == 2
    town.assert_consistent()


def test_rows_removed_by_hand_after_it_came_back_are_removals(town: Community) -> None:
    without(town, "事项")
    town.merge()
    primary = town.open_primary()
    primary["事项"].remove("SX-2")
    primary.save()
    town.merge()
    assert [r[0] for r in matters(town)] == ["SX-1"]
    town.assert_consistent()


def test_a_run_cut_short_right_after_the_sheet_was_put_in_place(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(town, "事项")

    class Cut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("ledgersync.sync.primary.write._done", cut)
        with pytest.raises(Cut):
            town.merge()
    town.merge()
    with town.session() as session:
        assert session.journal.held.open() == []
        finish(session, MergeReport(0))
    assert len(matters(town)) == 2
    town.assert_consistent()
