"""`history` without a record, and what `undo` says, keeps and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.community import TODAY, Community, begun

from ledgersync.cli import main


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


class Desk:
    """The commands, called on a community."""

    def __init__(self, town: Community, capsys: pytest.CaptureFixture[str]) -> None:
        self.town, self.capsys = town, capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(self.town.root), *arguments])
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out, _ = self.run(*arguments, "--json")
        return code, json.loads(out)

    def revisions(self, *arguments: str) -> dict[int, dict[str, Any]]:
        code, document = self.json("history", *arguments)
        assert code == 0
        return {r["revision"]: r for r in document["revisions"]}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(begun(tmp_path), capsys)


def change(desk: Desk, staff: str, key: str, value: str, header: str = "备注") -> int:
    """One cell changed by a person; the revision that came of it."""
    book = desk.town.issue(staff)
    book.people.set(key, header, value)
    desk.town.hand_in(book)
    with desk.town.session() as session:
        return session.journal.log.last


def test_the_latest_revisions_are_listed(desk: Desk) -> None:
    mine = change(desk, "王芳", "A1", "新")
    lines = desk.revisions()
    assert list(lines) == [mine, mine - 1, mine - 2], "the newest first, down to the first"
    line = lines[mine]
    assert (line["author"], line["kind"], line["ledgers"]) == ("王芳", "submission", ["roster"])
    assert (line["rows_added"], line["rows_removed"], line["cells"]) == (0, 0, 1)
    assert line["file"].startswith("inbox/王芳/")
    assert (lines[mine - 1]["author"], lines[mine - 1]["rows_added"]) == ("建账", 6)
    assert lines[mine - 2]["kind"] == "init"
    assert list(desk.revisions("--limit", "1")) == [mine]
    assert desk.run("history", "--limit", "0")[0] == 2


def test_the_list_is_readable_on_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    mine = change(desk, "王芳", "A1", "新")
    desk.run("undo", str(mine), "--by", "站长")
    code, out, _ = desk.run("history")
    assert code == 0
    assert f"撤销第 {mine} 次" in out
    assert f"合并（第 {mine + 1} 次已撤销）" in out
    assert "新增 6 行" in out
    assert "建工作区" in out
    assert "加 --limit" in desk.run("history", "--limit", "1")[1]
    assert desk.run("history", "--unmask", "核对")[0] == 2


def test_a_records_history_is_as_before(desk: Desk) -> None:
    change(desk, "王芳", "A1", "新")
    record = desk.town.open_primary().people.id("A1")
    code, document = desk.json("history", record)
    assert code == 0
    assert [(e["kind"], e["field"]) for e in document["events"]] == [
        ("add", None),
        ("edit", "note"),
    ]
    assert "revisions" not in document


def test_a_second_undo_changes_nothing_and_says_so(desk: Desk) -> None:
    mine = change(desk, "王芳", "A1", "新")
    assert desk.json("undo", str(mine))[0] == 0
    code, out, _ = desk.run("undo", str(mine))
    assert code == 0
    assert f"第 {mine} 次修订已经撤销过（第 {mine + 1} 次修订）" in out
    code, document = desk.json("undo", str(mine))
    assert (code, document["already"], document["revision"]) == (0, mine + 1, mine + 1)
    assert set(document["changes"].values()) == {0}
    lines = desk.revisions()
    assert max(lines) == mine + 1, "no empty revision"
    assert (lines[mine]["undone_by"], lines[mine + 1]["undoes"]) == (mine + 1, mine)
    assert desk.town.cell("A1", "备注") == "一"


def test_an_undone_undo_can_be_undone_again(desk: Desk) -> None:
    mine = change(desk, "王芳", "A1", "新")
    for revision, shown in ((mine, "一"), (mine + 1, "新"), (mine, "一")):
        assert desk.json("undo", str(revision))[1]["already"] is None
        assert desk.town.cell("A1", "备注") == shown
    lines = desk.revisions()
    assert [lines[mine + n]["undone_by"] for n in range(4)] == [mine + 3, mine + 2, None, None]
    desk.town.assert_consistent()


def test_an_unknown_revision_leads_to_the_list(desk: Desk) -> None:
    code, _, err = desk.run("undo", "99")
    assert code == 2
    assert "没有第 99 次修订，最近一次是第 2 次" in err
    assert " history" in err
    assert desk.run("undo", "1")[0] == 2, "the first revision changed no record"


def test_a_decision_taken_back_says_which_conflicts_are_open_again(desk: Desk) -> None:
    one, other = desk.town.issue("王芳"), desk.town.issue("李强")
    one.people.set("A1", "备注", "甲")
    other.people.set("A1", "备注", "乙")
    desk.town.hand_in(one)
    desk.town.hand_in(other)
    assert desk.json("resolve", "1", "--take", "theirs")[0] == 0
    decided = max(desk.revisions())
    code, out, _ = desk.run("undo", str(decided))
    assert code == 0, "as asked: the decision is taken back"
    assert "重新出现 1 处" in out
    assert " conflicts 查看" in out
    assert len(desk.json("conflicts")[1]["conflicts"]) == 1


def test_an_undo_that_left_conflicts_needs_a_person_until_they_are_decided(desk: Desk) -> None:
    mine = change(desk, "王芳", "A1", "新")
    change(desk, "李强", "A1", "更新")
    code, document = desk.json("undo", str(mine))
    assert (code, document["changes"]["conflicts"]) == (1, 1)
    code, document = desk.json("undo", str(mine))
    assert (code, document["already"]) == (1, mine + 2)
    assert desk.json("resolve", "1", "--take", "ours")[0] == 0
    assert desk.json("undo", str(mine))[0] == 0


def test_an_undo_that_cannot_be_written_yet_says_why(desk: Desk) -> None:
    mine = change(desk, "王芳", "A1", "新")
    lock = desk.town.primary.with_name("~$名册.xlsx")
    lock.write_bytes(b"")
    code, out, _ = desk.run("undo", str(mine))
    assert code == 1
    assert "打开" in out
    lock.unlink()
    desk.town.merge()
    assert desk.town.cell("A1", "备注") == "一"


def test_rows_taken_back_leave_nothing_to_be_corrected(desk: Desk) -> None:
    book = desk.town.issue("王芳")
    book.people.add(编号="A7", 姓名="吴新", 电话="12", 状态="在册")
    assert len(desk.town.hand_in(book).returned) == 1
    folder = desk.town.root / "returned" / "王芳"
    mine = max(desk.revisions())
    assert len(desk.json("status")[1]["returned"]) == 1
    assert any(folder.iterdir())

    desk.run("undo", str(mine))
    assert desk.json("status")[1]["returned"] == []
    assert not any(folder.iterdir())

    desk.run("undo", str(mine + 1))
    [back] = desk.json("status")[1]["returned"]
    assert back["field"] == "phone", "with the row, its fault is back"
    book.people.set("A7", "电话", "13800000007")
    desk.town.hand_in(book)
    assert desk.json("status")[1]["returned"] == []
    desk.town.assert_consistent()


def test_undoing_an_undo_closes_the_conflicts_that_it_had_opened(desk: Desk) -> None:
    one, other = desk.town.issue("王芳"), desk.town.issue("李强")
    one.people.set("A1", "备注", "甲")
    other.people.set("A1", "备注", "乙")
    desk.town.hand_in(one)
    desk.town.hand_in(other)
    desk.json("resolve", "1", "--take", "theirs")
    decided = max(desk.revisions())

    def conflicts() -> list[Any]:
        return list(desk.json("conflicts")[1]["conflicts"])

    for step, (shown, waiting) in enumerate((("甲", 1), ("乙", 0), ("甲", 1), ("乙", 0))):
        code, document = desk.json("undo", str(decided + step))
        assert (code, document["reopened"], document["closed"]) == (0, waiting, 1 - waiting)
        assert desk.town.cell("A1", "备注") == shown
        assert len(conflicts()) == waiting
    assert desk.json("verify")[0] == 0
    desk.town.assert_consistent()


def test_a_conflict_decided_anew_stays_decided(desk: Desk) -> None:
    one, other = desk.town.issue("王芳"), desk.town.issue("李强")
    for book, note in ((one, "甲"), (other, "乙")):
        book.people.set("A1", "备注", note)
        desk.town.hand_in(book)
    desk.json("resolve", "1", "--take", "theirs")
    decided = max(desk.revisions())
    desk.run("undo", str(decided))
    assert desk.json("resolve", "1", "--take", "ours")[0] == 0
    document = desk.json("undo", str(decided + 1))[1]
    assert (document["closed"], document["reopened"]) == (0, 0)
    with desk.town.session() as session:
        case = session.journal.conflicts.get(1)
    assert case is not None and (case.status, case.decision) == ("resolved", "ours")


def test_an_edit_by_hand_without_a_name_is_nobodys(desk: Desk) -> None:
    primary = desk.town.open_primary()
    primary.people.set("A1", "备注", "手")
    primary.file.properties.lastModifiedBy = "LedgerSync"
    primary.save()
    desk.town.merge()
    line = next(iter(desk.revisions().values()))
    assert (line["kind"], line["author"]) == ("hand", "手工修改")


def test_a_record_goes_by_its_own_number(desk: Desk) -> None:
    change(desk, "王芳", "A1", "新")
    record = desk.town.open_primary().people.id("A1")
    code, document = desk.json("history", "A1")
    assert (code, document["record"]) == (0, record)
    assert document == desk.json("history", record)[1]
    assert desk.run("history", "A1")[0] == 0


def test_a_removed_record_is_found_by_its_number(desk: Desk) -> None:
    record = desk.town.open_primary().people.id("A1")
    book = desk.town.issue("王芳")
    book.people.remove("A1")
    desk.town.hand_in(book)
    code, document = desk.json("history", "A1")
    assert (code, document["record"]) == (0, record)
    assert [e["kind"] for e in document["events"]] == ["add", "remove"]


def test_a_number_that_two_tables_have_says_which(desk: Desk) -> None:
    book = desk.town.issue("王芳")
    book.matters.add(事项编号="A1", 事项内容="修灯", 办理日期="2022-06-01")
    desk.town.hand_in(book)
    code, _, err = desk.run("history", "A1")
    assert code == 2
    assert "A1 有 2 条记录：人员 " in err
    assert "事项 " in err
    assert desk.town.open_primary().people.id("A1") in err


def test_personal_numbers_are_no_names_of_records_and_not_echoed(desk: Desk) -> None:
    for number in ("110101199003070011", "13800000001"):
        code, _, err = desk.run("history", number)
        assert code == 2
        assert "没有记录" in err
        assert number not in err
