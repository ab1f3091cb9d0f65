"""One grid in all its spellings; rows in nobody's scope are told, and stay with their author."""

import json

import pytest
from openpyxl import load_workbook
from tests.commands import printed
from tests.community import Book, Community, counted, write_csv

from ledgersync.sync.check import check_workspace
from ledgersync.sync.run import merge_files
from ledgersync.sync.staff.people import add_staff
from ledgersync.sync.status import status_of
from ledgersync.workspace import clock

STAFF = """
[[staff]]
name = "王芳"
scope = { grid = ["第1网格"] }

[[staff]]
name = "李强"
scope = { grid = ["第2网格"] }

[[staff]]
name = "赵敏"
scope = { grid = ["网格三"] }
"""
SPELLINGS = ["1网格", "第一网格", "网格1", "第01网格", "第１网格", "一网格", "第1网格", "01网格"]


pytestmark = pytest.mark.town(config=STAFF)


def kept(town: Community) -> list[tuple[str, str]]:
    with town.session() as session:
        return [(n.staff, n.rule) for n in status_of(session).notices]


def shown(book: Book) -> list[str]:
    return sorted(row[0] for row in Book(book.community, "", book.path).people.texts(["编号"]))


def checked(town: Community) -> list[tuple[str, str]]:
    found = check_workspace(town.workspace, clock.today()).findings
    return [(f.rule, f.severity) for f in found if f.rule == "ref.scope"]


def test_one_grid_in_all_its_spellings_is_in_its_workers_copy(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    for n, text in enumerate(SPELLINGS[:6]):
        book.people.add(编号=f"B{n}", 姓名="吴刚", 电话=f"1380000001{n}", 网格=text)
    result = town.hand_in(book)
    assert (counted(result), result.notices) == ({"added": 6}, [])
    book = town.issue("王芳")
    assert {"A1", "A2", "A3", *(f"B{n}" for n in range(6))} <= set(shown(book))
    assert {row[0] for row in book.people.texts(["网格"])} == {"第1网格"}
    assert not {"B0", "A1"} & set(shown(other)) and checked(town) == []
    with town.session() as session:
        assert len(session.journal.state.rows("roster", "people")) == 12
    town.assert_consistent()


def test_another_spelling_of_the_same_grid_is_no_change(town: Community) -> None:
    book = town.issue("王芳")
    for n, text in enumerate(SPELLINGS[:3], 1):
        book.people.set(f"A{n}", "网格", text)
    assert counted(town.hand_in(book)) == {}
    primary = town.open_primary()
    primary.people.set("A4", "网格", "二网格")
    primary.save()
    town.merge()
    with town.session() as session:
        assert session.journal.log.last == 2  # begun, and one submission
    town.assert_consistent()
    assert town.cell("A4", "网格") == "二网格"  # what people typed into their workbook is theirs


def test_two_people_who_spell_it_differently_do_not_conflict(town: Community) -> None:
    book, other = town.issue("建账"), town.issue("统计")
    book.people.set("A6", "网格", "1网格")
    other.people.set("A6", "网格", "第一网格")
    town.hand_in(book)
    assert counted(town.hand_in(other)) == {"converged": 1}
    assert town.conflicts() == []


def test_a_row_in_nobodys_scope_is_told_and_stays_in_its_authors_copy(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    book.people.add(编号="B1", 姓名="吴刚", 电话="13800000019", 网格="9网格")
    book.people.add(编号="B2", 姓名="郑好", 电话="13800000018", 网格="三网格")
    book.send()
    code, text = printed(town.root, "merge", "--json")
    [warning] = json.loads(text)["warnings"]
    assert code == 1 and (warning["rule"], warning["severity"]) == ("ref.scope", "warning")
    assert "“第9网格”不在任何人的范围里" in warning["message"] and warning["field"] == "grid"
    assert kept(town) == [("王芳", "ref.scope")] and checked(town) == [("ref.scope", "warning")]
    code, text = printed(town.root, "status")
    assert code == 1 and "第9网格" in text
    mark = load_workbook(town.root / "returned" / "王芳" / "名册.xlsx")["人员"]
    assert any(c.comment and "第9网格" in c.comment.text for row in mark for c in row)
    assert "B1" in shown(book) and "B1" not in shown(other)  # refreshed after the merge
    assert "B2" not in shown(book) and "B2" in shown(town.issue("赵敏"))
    again = town.issue("王芳")
    assert "B1" in shown(again)
    again.people.set("B1", "网格", "1网格")
    town.hand_in(again)
    assert kept(town) == [] and checked(town) == []
    town.assert_consistent()


def test_it_is_settled_by_a_scope_that_grows(town: Community) -> None:
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 电话="13800000019", 网格="9网格")
    town.hand_in(book)
    assert kept(town) == [("王芳", "ref.scope")]
    with town.session() as session:
        add_staff(session, "陈静", {"grid": ("第九网格",)})
        assert session.workspace.config.staff_member("陈静").scope == {"grid": ("第9网格",)}
        merge_files(session)
    assert kept(town) == [] and "B1" in shown(town.issue("陈静"))


def test_typed_into_the_primary_it_is_told_in_every_run(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A5", "网格", "八网格")
    primary.save()
    for command in ("merge", "verify", "status", "merge"):
        code, text = printed(town.root, command)
        assert code == 1 and "第8网格" in text, command
    primary = town.open_primary()
    primary.people.set("A5", "网格", "网格2")
    primary.save()
    assert printed(town.root, "merge")[0] == 0 and printed(town.root, "verify")[0] == 0


def test_who_sees_everything_makes_it_somebodys_but_for_a_scoped_author(town: Community) -> None:
    with town.session() as session:
        add_staff(session, "周主任", {})
    write_csv(town.root / "inbox" / "周主任" / "补.csv", "编号|姓名|网格\nB7|吴刚|9网格")
    assert town.merge().told() == [] and checked(town) == []
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 电话="13800000019", 网格="9网格")
    assert [n.rule for n in town.hand_in(book).notices] == ["ref.scope"]
    assert "B1" in shown(town.issue("王芳")) and "B7" not in shown(town.issue("王芳"))


def test_a_scope_spelled_anew_spells_the_state_anew_and_is_nobodys_change(town: Community) -> None:
    book = town.issue("王芳")
    toml = town.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8").replace("第1网格", "一网格"), "utf-8")
    report = town.merge()
    assert [counted(s) for s in report.submissions] == [{}]
    assert town.verify().hand_edits == []
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert {row[0] for row in town.issue("王芳").people.texts(["网格"])} == {"一网格"}
    assert town.shown("编号 网格")[0] == ["A1", "第1网格"]
    town.assert_consistent()
