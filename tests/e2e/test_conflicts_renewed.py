"""A conflict shows the value that is there now, and a decision is about what was shown."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import TODAY, Book, Community, begun, counted

from ledgersync.cli import main

DECISION, VALUE, NOTE = 13, 14, 15  # columns of the list


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


class Office:
    """A community with one conflict: A1's remark is 甲 in the primary, 李强 sent 乙."""

    def __init__(self, town: Community, capsys: pytest.CaptureFixture[str]) -> None:
        self.town, self.capsys = town, capsys
        self.books = {name: town.issue(name) for name in ("王芳", "李强", "赵敏")}
        self.books["王芳"].people.set("A1", "备注", "甲")
        self.books["李强"].people.set("A1", "备注", "乙")
        for name in ("王芳", "李强"):
            town.hand_in(self.books[name])

    def run(self, *arguments: str) -> tuple[int, str]:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(self.town.root), *arguments])
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json")[1])

    def open(self) -> list[tuple[str, str | None, Any, Any]]:
        found = self.json("conflicts")["conflicts"]
        return [(c["kind"], c["field"], c["ours"], c["theirs"]) for c in found]

    def ids(self) -> list[str]:
        return [c["id"] for c in self.json("conflicts")["conflicts"]]

    @property
    def book(self) -> Path:
        return self.town.workspace.conflict_file

    def lines(self) -> list[list[Any]]:
        sheet = load_workbook(self.book).worksheets[0]
        return [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]

    def mark(self, path: Path, *decisions: tuple[str, str]) -> Path:
        """Fills in the decisions of a list, line by line."""
        book = load_workbook(path)
        for row, (take, value) in enumerate(decisions, 4):
            book.worksheets[0].cell(row, DECISION).value = take
            book.worksheets[0].cell(row, VALUE).value = value or None
        self.town.saves += 1
        book.properties.version = str(self.town.saves)
        book.save(path)
        return path

    def by_hand(self, key: str, header: str, value: Any) -> None:
        primary = self.town.open_primary()
        primary.people.set(key, header, value)
        primary.save()

    def removed(self, *keys: str) -> None:
        primary = self.town.open_primary()
        primary.people.remove(*keys)
        primary.save()


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(begun(tmp_path), capsys)


def test_a_colleagues_later_value_is_shown_under_a_new_number(office: Office) -> None:
    assert office.open() == [("edit/edit", "note", "甲", "乙")]
    fresh = office.town.issue("赵敏")
    fresh.people.set("A1", "备注", "丙")
    office.town.hand_in(fresh)
    assert office.open() == [("edit/edit", "note", "丙", "乙")]
    assert office.ids() == ["2"]
    [line] = office.lines()
    assert (line[0], line[7], line[9]) == (2, "丙", "乙")
    assert "1" in line[NOTE - 1] and "甲" in line[NOTE - 1]
    office.town.assert_consistent()


def test_a_decision_on_a_number_that_is_over_is_refused_by_name(office: Office) -> None:
    office.by_hand("A1", "备注", "丙")
    code, said = office.run("resolve", "1", "--take", "theirs")
    assert code == 1
    for word in ("王*", "〔备注〕", "甲", "丙", "编号 2"):
        assert word in said
    assert office.town.cell("A1", "备注") == "丙"
    assert office.run("resolve", "2", "--take", "theirs")[0] == 0
    assert office.town.cell("A1", "备注") == "乙"
    office.town.assert_consistent()


@pytest.mark.parametrize("take", ["保留主台账", "采用提交", "恢复原值", "另填"])
def test_an_outdated_list_is_refused_by_name(office: Office, take: str) -> None:
    office.mark(office.book, (take, "丁" if take == "另填" else ""))
    office.by_hand("A1", "备注", "丙")
    code, said = office.run("merge")
    assert code == 1
    for word in ("王*", "〔备注〕", "甲", "丙", "编号 2"):
        assert word in said
    assert office.town.cell("A1", "备注") == "丙"
    [line] = office.lines()
    assert line[0] == 2 and "未执行" in line[NOTE - 1] and "丙" in line[NOTE - 1]
    assert line[DECISION - 1] is None
    assert office.run("merge")[0] == 0, "told once"
    office.mark(office.book, ("采用提交", ""))
    assert office.run("merge")[0] == 0
    assert office.town.cell("A1", "备注") == "乙"
    office.town.assert_consistent()


def test_an_exported_list_is_outdated_too(office: Office, tmp_path: Path) -> None:
    exported = tmp_path / "带走.xlsx"
    office.run("conflicts", "--export", str(exported))
    office.mark(exported, ("采用提交", ""))
    office.by_hand("A1", "备注", "丙")
    code, said = office.run("resolve", str(exported))
    assert code == 1 and "〔备注〕" in said and "丙" in said
    assert office.town.cell("A1", "备注") == "丙"


def test_a_list_that_was_heard_says_nothing_twice(office: Office, tmp_path: Path) -> None:
    exported = tmp_path / "带走.xlsx"
    office.run("conflicts", "--export", str(exported))
    office.mark(exported, ("采用提交", ""))
    assert office.run("resolve", str(exported))[0] == 0
    code, said = office.run("resolve", str(exported))
    assert code == 0 and "已裁定 0 处" in said
    office.mark(exported, ("保留主台账", ""))
    code, said = office.run("resolve", str(exported))
    assert code == 1 and "采用提交" in said
    assert office.town.cell("A1", "备注") == "乙"


def test_a_conflict_ends_when_the_primary_says_the_same(office: Office) -> None:
    office.by_hand("A1", "备注", "乙")
    office.run("merge")
    assert office.open() == []
    assert not office.book.exists()
    revision = office.json("history")["revisions"][0]["revision"]
    office.run("undo", str(revision))
    assert office.open() == [("edit/edit", "note", "甲", "乙")], "and comes back with that"
    office.run("undo", str(revision + 1))
    assert office.open() == []
    office.town.assert_consistent()


def test_a_removed_record_is_asked_for_as_a_whole(office: Office) -> None:
    office.books["赵敏"].people.set("A1", "人口", 5)
    office.books["王芳"].people.set("A1", "人口", 4)
    office.town.hand_in(office.books["王芳"], "二.xlsx")
    office.books["李强"].people.set("A1", "人口", 6)
    office.town.hand_in(office.books["李强"])
    assert len(office.open()) == 2
    office.removed("A1")
    office.run("merge")
    [(kind, field, ours, theirs)] = office.open()
    assert (kind, field, ours) == ("edit/delete", None, None)
    assert (theirs["note"], theirs["size"]) == ("乙", 6)
    assert office.run("resolve", office.ids()[0], "--take", "theirs")[0] == 0
    assert (office.town.cell("A1", "备注"), office.town.cell("A1", "人口")) == ("乙", "6")
    assert office.open() == []
    office.town.assert_consistent()


def test_a_record_that_comes_back_is_asked_for_cell_by_cell(office: Office) -> None:
    office.removed("A1")
    office.run("merge")
    gone = office.json("history")["revisions"][0]["revision"]
    assert [c[0] for c in office.open()] == ["edit/delete"]
    office.run("undo", str(gone))
    assert office.open() == [("edit/edit", "note", "甲", "乙")]
    office.town.assert_consistent()


def test_theirs_of_a_removed_record_whose_key_is_taken(office: Office) -> None:
    office.removed("A1")
    office.run("merge")
    [number] = office.ids()
    office.books["赵敏"].people.remove("A1").add(编号="A1", 姓名="吴刚", 人口=2)
    fresh = office.town.issue("赵敏")
    fresh.people.add(编号="A1", 姓名="吴刚", 人口=2)
    office.town.hand_in(fresh)
    code, said = office.run("resolve", number, "--take", "theirs")
    assert code == 1 and "〔编号〕" in said and "吴*" in said
    assert [r[0] for r in office.town.shown("编号")].count("A1") == 1
    office.town.assert_consistent()


def test_a_removal_that_was_asked_for_shows_what_the_record_is_now(office: Office) -> None:
    office.books["赵敏"].people.remove("A1")
    office.town.hand_in(office.books["赵敏"])
    office.by_hand("A1", "备注", "丙")
    office.run("merge")
    shown = {c[0]: c[2] for c in office.open()}
    assert shown["edit/delete"]["note"] == "丙" and shown["edit/edit"] == "丙"
    office.removed("A1")
    office.run("merge")
    assert [c[0] for c in office.open()] == ["edit/delete"], "李强's value; the removal is done"
    office.town.assert_consistent()


def test_who_goes_back_withdraws_and_who_changes_again_has_one_conflict(office: Office) -> None:
    book = office.books["李强"]
    book.people.set("A1", "备注", "丁")
    assert counted(office.town.hand_in(book)) == {"conflicts": 1}
    assert office.open() == [("edit/edit", "note", "甲", "丁")]
    assert office.json("conflicts")["conflicts"][0]["base"] == "一"
    book.people.set("A2", "备注", "别的")
    assert counted(office.town.hand_in(book)) == {"applied": 1}, "the same again is no news"
    book.people.set("A1", "备注", "一")
    assert counted(office.town.hand_in(book)) == {}
    assert office.open() == []
    assert office.town.cell("A1", "备注") == "甲"
    book.people.set("A1", "备注", "甲")
    assert counted(office.town.hand_in(book)) == {"converged": 1}
    office.town.assert_consistent()


def test_another_file_of_the_same_copy_withdraws_nothing(office: Office, tmp_path: Path) -> None:
    source = tmp_path / "留底.xlsx"
    source.write_bytes(office.town.issue("李强").path.read_bytes())
    one = Book(office.town, "李强", source)
    one.people.set("A2", "备注", "丙")
    fresh = office.town.issue("王芳")
    fresh.people.set("A2", "备注", "丁")
    office.town.hand_in(fresh)
    office.town.hand_in(one, "一.xlsx")
    assert ("edit/edit", "note", "丁", "丙") in office.open()
    other = Book(office.town, "李强", source)
    other.people.set("A3", "备注", "新")
    office.town.hand_in(other, "二.xlsx")
    assert ("edit/edit", "note", "丁", "丙") in office.open()
    office.town.assert_consistent()


def refused_values() -> Sequence[tuple[str, str, str]]:
    return [("状态", "在逃", "状态"), ("人口", "很多", "人口"), ("登记日期", "明天", "登记日期")]


@pytest.mark.parametrize(("header", "typed", "named"), refused_values())
def test_a_value_that_does_not_fit_is_told_by_merge_and_in_the_list(
    office: Office, header: str, typed: str, named: str
) -> None:
    values = {"状态": ("注销", "在册"), "人口": (4, 5), "登记日期": ("2022-02-01", "2022-03-01")}
    for name in ("王芳", "李强"):
        office.books[name] = office.town.issue(name)
    for name, value in zip(("王芳", "李强"), values[header], strict=True):
        key = "A4" if header != "状态" else "A5"
        if header == "状态" and value == "在册":
            value = None
        office.books[name].people.set(key, header, value)
        office.town.hand_in(office.books[name], f"{name}{header}.xlsx")
    assert len(office.ids()) == 2
    office.mark(office.book, ("", ""), ("另填", typed))
    code, said = office.run("merge")
    assert code == 1 and f"〔{named}〕" in said
    line = office.lines()[1]
    assert (line[DECISION - 1], line[VALUE - 1]) == ("另填", typed)
    assert "未执行" in line[NOTE - 1]
    assert office.run("merge")[0] == 0, "told once, until somebody saves the list again"
    assert len(office.ids()) == 2
    office.town.assert_consistent()


def test_a_decision_saved_before_another_command_is_not_lost(office: Office) -> None:
    fresh = office.town.issue("赵敏")
    fresh.people.set("A2", "备注", "丙")
    office.town.hand_in(fresh)
    revision = office.json("history")["revisions"][0]["revision"]
    office.mark(office.book, ("采用提交", ""))
    office.run("undo", str(revision))
    assert office.town.cell("A1", "备注") == "乙"
    office.town.assert_consistent()
