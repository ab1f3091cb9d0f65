"""Somebody saves an older state of the primary over the newer one that the program wrote.

Happens where no lock file says that the workbook is open (a share without them, a program that
writes none): only what that person changed counts, each change once.
"""

import shutil
from pathlib import Path

from tests.community import Book, Community, counted

from ledgersync.cli.common.merge_report import exit_code
from ledgersync.errors import ExitCode
from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.cases.held import dismiss
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish
from ledgersync.workbook.lists.conflict_lines import Decision


def newer(town: Community, staff: str = "李强", **notes: str) -> None:
    """A colleague's copy comes in and is written: the primary gets another revision."""
    book = town.issue(staff)
    for key, note in notes.items():
        book.people.set(key, "备注", note)
    assert sum(counted(town.hand_in(book, f"{town.saves}.xlsx")).values()) == len(notes)


def hand_counts(town: Community) -> list[dict[str, int]]:
    with town.session() as session:
        found = [s for s in session.journal.submissions.all() if s.base == "hand"]
        return [{k: n for k, n in s.changes.items() if n} for s in found]


def test_saved_as_it_was_it_changes_nothing(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.save()
    town.merge()
    assert town.cell("A1", "备注") == "新"
    assert hand_counts(town) == [] and town.conflicts() == []
    town.assert_consistent()


def test_other_cells_are_taken_in_and_the_newer_ones_stay(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.people.set("A1", "网格", "第9网格").set("A2", "备注", "手改")
    stale.save()
    town.merge()
    assert town.shown("网格 备注")[:2] == [["第9网格", "新"], ["第1网格", "手改"]]
    assert hand_counts(town) == [{"applied": 2}] and town.conflicts() == []
    town.assert_consistent()


def test_the_newer_value_typed_by_hand_too_converges(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.people.set("A1", "备注", "新")
    stale.save()
    town.merge()
    assert hand_counts(town) == [{"converged": 1}] and town.conflicts() == []
    town.assert_consistent()


def test_another_value_in_that_cell_is_a_conflict(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.people.set("A1", "备注", "另一个")
    stale.save()
    town.merge()
    assert town.conflicts() == [("edit/edit", "note", '"新"', '"另一个"')]
    assert town.cell("A1", "备注") == "新"
    town.assert_consistent()


def test_rows_that_came_and_went_meanwhile(town: Community) -> None:
    stale = town.open_primary()
    book = town.issue("李强")
    book.people.remove("A5").add(编号="B1", 姓名="吴刚", 人口=2)
    assert counted(town.hand_in(book)) == {"added": 1, "removed": 1}
    stale.people.set("A2", "备注", "手改")
    stale.save()
    town.merge()
    assert [r[0] for r in town.shown("编号")] == ["A1", "A2", "A3", "A4", "A6", "B1"]
    assert hand_counts(town) == [{"applied": 1}]
    town.assert_consistent()


def test_a_second_save_of_the_old_state_says_only_what_is_new(town: Community) -> None:
    stale = town.open_primary()
    stale.people.set("A1", "备注", "手改")
    stale.save()
    town.merge()
    newer(town, A1="后来改的")
    stale.people.set("A2", "备注", "又一处")
    stale.save()
    town.merge()
    assert town.conflicts() == []
    assert town.shown("备注")[:2] == [["后来改的"], ["又一处"]]
    assert hand_counts(town) == [{"applied": 1}, {"applied": 1}]
    newer(town, A2="再改")
    stale.people.set("A3", "备注", "第三处")
    stale.save()
    town.merge()
    assert town.conflicts() == []
    assert town.shown("备注")[:3] == [["后来改的"], ["再改"], ["第三处"]]
    town.assert_consistent()


def test_a_decided_conflict_does_not_come_back_with_the_next_save(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.people.set("A1", "备注", "另一个")
    stale.save()
    town.merge()
    with town.session() as session:
        [case] = session.journal.conflicts.open()
        resolve(session, Decision(case.id, "ours"), "站长")
        finish(session, MergeReport(0))
    stale.people.set("A2", "备注", "手改")
    stale.save()
    town.merge()
    assert town.conflicts() == []
    assert town.shown("备注")[:2] == [["新"], ["手改"]]
    town.assert_consistent()


def test_a_row_typed_by_hand_and_changed_since_stays_one_record(town: Community) -> None:
    stale = town.open_primary()
    stale.people.add(reserved=False, 编号="B1", 姓名="吴刚", 人口=2, 备注="手填")
    stale.save()
    town.merge()
    newer(town, B1="同事改的")
    stale.people.set("A2", "备注", "手改")
    stale.save()
    town.merge()
    assert town.conflicts() == []
    assert town.cell("B1", "备注") == "同事改的"
    assert len(town.shown("编号")) == 7
    town.assert_consistent()


def test_a_removal_that_was_taken_back_is_not_repeated(town: Community) -> None:
    stale = town.open_primary()
    stale.people.remove("A6")
    stale.save()
    town.merge()
    with town.session() as session:
        undo_revision(session, session.journal.log.last, "站长")
        finish(session, MergeReport(0))
    stale.people.set("A2", "备注", "手改")
    stale.save()
    town.merge()
    assert "A6" in [r[0] for r in town.shown("编号")]
    assert town.cell("A2", "备注") == "手改"
    town.assert_consistent()


def test_a_row_removed_in_the_second_save_is_removed(town: Community) -> None:
    stale = town.open_primary()
    stale.people.set("A1", "备注", "手改")
    stale.save()
    town.merge()
    newer(town, A1="后来改的")
    stale.people.remove("A6")
    stale.save()
    town.merge()
    assert [r[0] for r in town.shown("编号")] == ["A1", "A2", "A3", "A4", "A5"]
    assert town.cell("A1", "备注") == "后来改的"
    town.assert_consistent()


def test_a_backup_from_before_a_hand_edit_reverts_nothing(town: Community) -> None:
    backup = town.primary.read_bytes()
    stale = town.open_primary()
    stale.people.set("A1", "备注", "手改").remove("A6")
    stale.save()
    town.merge()
    newer(town, A2="新")
    town.primary.write_bytes(backup)
    town.merge()
    assert town.shown("编号 备注")[:2] == [["A1", "手改"], ["A2", "新"]]
    assert "A6" not in [r[0] for r in town.shown("编号")]
    assert town.conflicts() == []
    town.assert_consistent()


def test_a_third_value_in_the_second_save_counts(town: Community) -> None:
    """The person has seen their own value of the first save, whatever the stamp says."""
    stale = town.open_primary()
    stale.people.set("A1", "备注", "手改")
    stale.save()
    town.merge()
    stale.people.set("A1", "备注", "二次改")
    stale.save()
    town.merge()
    assert town.cell("A1", "备注") == "二次改"
    assert town.conflicts() == []
    town.assert_consistent()


def test_an_edit_taken_back_and_a_row_removed_again_in_the_second_save(town: Community) -> None:
    stale = town.open_primary()
    stale.people.set("A1", "备注", "手改").set("A2", "备注", "也改")
    stale.people.add(reserved=False, 编号="B1", 姓名="吴刚", 人口=2)
    stale.save()
    town.merge()
    stale.people.set("A1", "备注", "一").remove("B1")
    stale.save()
    town.merge()
    assert town.shown("备注")[:2] == [["一"], ["也改"]]
    assert len(town.shown("编号")) == 6
    assert town.conflicts() == []
    town.assert_consistent()


def test_two_people_save_the_same_old_state_in_turn(town: Community) -> None:
    one, other = town.open_primary(), town.open_primary()
    one.people.set("A1", "备注", "甲")
    other.people.set("A2", "备注", "乙")
    for book in (one, other, one, other):
        book.save()
        town.merge()
    assert town.conflicts() == []
    assert town.shown("备注")[:2] == [["甲"], ["乙"]]
    town.assert_consistent()


def test_mass_removals_dismissed_once_are_not_held_again(town: Community) -> None:
    stale = town.open_primary()
    stale.people.remove("A1", "A2", "A3")
    stale.save()
    town.merge()
    with town.session() as session:
        dismiss(session, session.journal.held.open()[0].id)
        finish(session, MergeReport(0))
    newer(town, A1="新")
    stale.people.set("A4", "备注", "手改")
    stale.save()
    town.merge()
    with town.session() as session:
        assert session.journal.held.open() == []
    assert len(town.shown("编号")) == 6 and town.cell("A4", "备注") == "手改"
    town.assert_consistent()


def test_whoever_opens_the_newer_state_is_compared_with_it(town: Community) -> None:
    stale = town.open_primary()
    newer(town, A1="新")
    stale.people.set("A2", "备注", "手改")
    stale.save()
    town.merge()
    fresh = Book(town, "", town.primary)
    fresh.people.set("A1", "备注", "看到新之后改的")
    fresh.save()
    town.merge()
    assert town.conflicts() == []
    assert town.shown("备注")[:2] == [["看到新之后改的"], ["手改"]]
    town.assert_consistent()


def test_a_primary_of_a_revision_that_this_journal_never_had_is_told(
    town: Community, tmp_path: Path
) -> None:
    """Restored from a backup, and then the primary of the lost days is put over the newer one."""
    lost, kept = tmp_path / "丢了的", tmp_path / "名册.xlsx"
    shutil.copytree(town.root, lost)
    book = town.issue("李强")
    book.people.set("A2", "备注", "丢了的几天")
    town.hand_in(book)
    shutil.copy(town.primary, kept)
    shutil.rmtree(town.root)
    shutil.copytree(lost, town.root)
    book = town.issue("王芳")
    book.people.set("A1", "备注", "后来的")
    town.hand_in(book)
    shutil.copy(kept, town.primary)
    report = town.merge()
    assert report.unknown_primaries == ["roster"]
    assert exit_code(report) == ExitCode.PERSON_NEEDED
    assert town.merge().unknown_primaries == []
