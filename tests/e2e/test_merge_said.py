"""What a merge has to say beside its counts: hand edits that break rules, damaged ids, numbers."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import TODAY, Sheet, begun

from ledgersync.model import Invalid
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.create import create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.run import merge_files
from ledgersync.workspace.config import new_unit


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


def test_a_row_added_by_hand_gets_its_number(tmp_path: Path) -> None:
    town = begun(tmp_path)
    book = town.open_primary()
    book.matters.add(事项内容="修路灯", 办理日期="2022-06-01")
    book.save()
    town.merge()
    [[number, what]] = town.shown("事项编号 事项内容", "事项")
    assert (number, what) == ("SX-001001-1", "修路灯")
    town.assert_consistent()


def test_faults_typed_into_a_primary_stay_and_are_said(tmp_path: Path) -> None:
    town = begun(tmp_path)
    book = town.open_primary()
    book.people.set("A1", "电话", "12").set("A2", "备注", "好的")
    book.save()
    report = town.merge()
    assert report.hand_faults == {"roster": 1}
    assert town.cell("A1", "电话") == "12"
    assert town.merge().hand_faults == {}


def test_an_id_that_lost_its_last_digits_is_kept_and_said(tmp_path: Path) -> None:
    from stdnum.cn import ric

    body = "36070219510324220"
    good = body + str(ric.calc_check_digit(body + "0"))
    workspace = create_workspace(tmp_path / "w", new_unit("幸福社区", "360702001001", "community"))
    row = {"户主姓名": "张伟", "家庭人口数": 2, "保障人数": 1, "月保障金额(元)": 500}
    row |= {"保障状态": "在保", "户主身份证号": good, "低保证号": "D1"}
    for number in (good, int(good[:15] + "000")):
        with open_session(workspace, "test") as session:
            [copy] = issue_copies(session, "王芳", [session.catalog.ledger("dibao")])
            book = load_workbook(copy)
            sheet = Sheet(book["低保户"])
            sheet.fill(sheet.top + 1, {**row, "户主身份证号": number})
            target = workspace.inbox / "王芳" / f"{number}.xlsx"
            book.save(target)
            report = merge_files(session)
            [stored] = session.journal.state.rows("dibao", "households").values()
    at = workspace.catalog.table("dibao", "households").position["head_id"]
    assert stored[at] == good
    assert not isinstance(stored[at], Invalid)
    [warning] = report.as_json()["warnings"]
    assert (warning["rule"], warning["field"]) == ("id.precision_lost", "head_id")
    assert good not in str(warning)


def test_undo_does_not_take_back_what_a_colleague_wanted_too(tmp_path: Path) -> None:
    from ledgersync.sync.history.undo import undo_revision

    town = begun(tmp_path)
    one, other = town.issue("王芳"), town.issue("李强")
    for book in (one, other):
        book.people.set("A1", "备注", "同值").remove("A6")
    one.people.set("A2", "备注", "只有我")
    town.hand_in(one)
    with town.session() as session:
        revision = session.journal.log.last
    assert town.hand_in(other).changes["converged"] == 2
    with town.session() as session:
        counts = undo_revision(session, revision, "主任").counts
    assert (counts.applied, counts.conflicts) == (1, 2)
    town.merge()
    assert town.cell("A1", "备注") == "同值"
    assert town.cell("A2", "备注") == "二"
    assert ["A6"] not in town.shown("编号")
    town.assert_consistent()


def test_a_conflict_list_that_cannot_be_opened_stops_nothing(tmp_path: Path) -> None:
    town = begun(tmp_path)
    one, other = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "备注", "甲")
    other.people.set("A1", "备注", "乙")
    town.hand_in(one)
    town.hand_in(other)
    path = town.workspace.conflict_file
    path.write_bytes(b"PK\x03\x04 half a file")
    report = town.merge()
    assert "打不开" in report.messages[0].zh
    assert len(list(path.parent.glob("冲突清单-打不开-*.xlsx"))) == 1
    assert load_workbook(path).active is not None
