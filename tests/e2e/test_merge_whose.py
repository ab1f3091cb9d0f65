"""Whose a workbook is: another unit's, another journal's, another person's."""

import shutil
from pathlib import Path

import pytest
from tests.community import PEOPLE, Book, Community, counted, write_book

from ledgersync.filenames import readable
from ledgersync.sync.create import create_workspace
from ledgersync.workspace.config import new_unit


def neighbour(town: Community, code: str = "360702001002") -> Community:
    """Another unit's workspace with the same ledger and other people (or the same unit, anew)."""
    other = Community.__new__(Community)
    other.root, other.saves = town.root.parent / "别处" / "w", 0
    (other.root / "ledgers").mkdir(parents=True)
    shutil.copy(town.root / "ledgers" / "roster.toml", other.root / "ledgers")
    create_workspace(other.root, new_unit("别处社区", code, "community"))
    people = PEOPLE.replace("A", "B").replace("1380000", "1390000")
    return other.begin(people=people if code.endswith("2") else PEOPLE)


def test_another_units_copy_in_an_inbox_is_held_and_said_to_be_theirs(town: Community) -> None:
    book = neighbour(town).issue("王芳")
    book.people.set("B1", "备注", "别处来的")
    book.community = town
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("held", {})
    assert result.message and "“别处社区”（360702001002）" in result.message.zh
    assert len(town.shown("编号")) == 6
    town.assert_consistent()


def test_another_units_workbook_over_a_primary_is_no_hand_edit(town: Community) -> None:
    right = town.primary.read_bytes()
    shutil.copy(neighbour(town).primary, town.primary)
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("pending", {"applied": 1})
    assert result.message and "别处社区" in result.message.zh
    with town.session() as session:
        assert len(session.journal.state.rows("roster", "people")) == 6
    assert [t.kind for t in town.verify().troubles] == ["primary.unreadable"]
    town.primary.write_bytes(right)
    town.merge()
    assert town.cell("A1", "备注") == "新"
    town.assert_consistent()


def test_a_workbook_without_stamp_and_with_other_people_is_no_hand_edit(town: Community) -> None:
    strange = Book(neighbour(town), "", neighbour_primary(town)).unstamp().without_ids()
    strange.save(town.primary)
    report = town.merge()
    assert [w.status for w in report.writes if w.ledger == "roster"] == ["pending"]
    with town.session() as session:
        assert len(session.journal.state.rows("roster", "people")) == 6


def neighbour_primary(town: Community) -> Path:
    return town.root.parent / "别处" / "w" / "primary" / "名册.xlsx"


def test_this_unit_set_up_anew_knows_an_old_copy_by_its_content(town: Community) -> None:
    """Same code, another workspace: the base is unknown, and what was given here tells."""
    town.issue("王芳")
    old = neighbour(town, "360702001001").issue("王芳")
    old.people.set("A1", "备注", "新")
    old.community = town
    result = town.hand_in(old)
    assert (result.base, counted(result)) == ("content", {"applied": 1})
    town.assert_consistent()


def test_after_a_restore_a_lost_revisions_copy_is_compared_by_content(town: Community) -> None:
    """The journal is put back; another revision gets the number that a copy in use names."""
    town.issue("王芳")
    theirs = town.issue("李强")
    backup = town.root.parent / "sicherung"
    shutil.copytree(town.root, backup)
    theirs.people.set("A2", "备注", "丢失的修订")
    assert counted(town.hand_in(theirs)) == {"applied": 1}
    hers = Book(town, "王芳", town.root / "issued" / "王芳" / "名册.xlsx")  # of the lost revision
    shutil.rmtree(town.root)
    shutil.copytree(backup, town.root)
    later = Book(town, "李强", town.root / "issued" / "李强" / "名册.xlsx")
    later.people.set("A3", "备注", "恢复之后").set("A1", "人口", 9)
    assert counted(town.hand_in(later)) == {"applied": 2}
    hers.people.set("A4", "备注", "王芳")
    result = town.hand_in(hers)
    assert (result.base, counted(result)) == ("content", {"applied": 2})
    assert [town.cell(f"A{n}", "备注") for n in (2, 3, 4)] == ["丢失的修订", "恢复之后", "王芳"]
    assert town.cell("A1", "人口") == "9"
    town.assert_consistent()


def test_a_stamped_copy_in_the_root_of_the_inbox_is_its_owners(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    book.save(town.root / "inbox" / "名册.xlsx")
    result = next(s for s in town.merge().submissions if s.file == "inbox/名册.xlsx")
    assert (result.staff, result.base, counted(result)) == ("王芳", "stamped", {"applied": 1})
    assert [s.status for s in town.merge().submissions if s.file == "inbox/名册.xlsx"] == [
        "unchanged"
    ]


def test_in_another_persons_folder_that_is_said(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    book.save(town.root / "inbox" / "李强" / "名册.xlsx")
    result = next(s for s in town.merge().submissions if s.staff == "李强")
    assert counted(result) == {"applied": 1}
    assert ["发给王芳" in m.zh and "由李强" in m.zh for m in result.remarks] == [True]


@pytest.mark.parametrize("name", ["王\u200b芳", "王芳\ufeff", "王 芳", "\u202a王芳"])
def test_a_name_with_an_invisible_mark_is_the_same_person(town: Community, name: str) -> None:
    town.issue("王芳")
    text = PEOPLE.replace("| 一", "| 新")
    write_book(town.root / "inbox" / name / "名册.xlsx", {"人员": text})
    shown = f"inbox/{readable(name)}/名册.xlsx"
    result = next(s for s in town.merge().submissions if s.file == shown)
    assert (result.staff, result.base, counted(result)) == ("王芳", "content", {"applied": 1})
    with town.session() as session:
        assert session.journal.copies.holders() == {"王芳"}
