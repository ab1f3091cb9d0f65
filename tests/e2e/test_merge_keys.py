"""Keys stay unique: undo, redo and decisions keep to the same rules as submissions do."""

import pytest
from tests.community import Book, Community, counted

from ledgersync.merge import Counts
from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.results import MergeReport, Resolution
from ledgersync.sync.run import finish
from ledgersync.workbook.lists.conflict_lines import Decision

MATTERS = """
事项编号 | 人员编号 | 事项内容 | 办理日期
         | A1       | 换灯     | 2022-05-01
         | A2       | 送药     | 2022-05-02
"""


pytestmark = pytest.mark.town(matters=MATTERS)


def last(town: Community) -> int:
    with town.session() as session:
        return session.journal.log.last


def undo(town: Community, revision: int) -> dict[str, int]:
    """What an undo came to, without the zeros."""
    with town.session() as session:
        done = undo_revision(session, revision, "站长")
        finish(session, MergeReport(0))
    return _told(done.counts)


def _told(counts: Counts) -> dict[str, int]:
    return {name: n for name, n in counts.as_dict().items() if n}


def decide(town: Community, number: int, take: str, value: str = "") -> Resolution:
    with town.session() as session:
        done = resolve(session, Decision(number, take, value), "站长")
        finish(session, MergeReport(0))
    return done


def keys(town: Community, header: str = "编号", sheet: str = "人员") -> list[str]:
    return sorted(line[0] for line in town.shown(header, sheet))


def edited(town: Community, staff: str, key: str, header: str, value: object) -> int:
    """One cell changed in a fresh copy; the revision that came of it."""
    book = town.issue(staff)
    book.people.set(key, header, value)
    town.hand_in(book, f"{staff}{header}{value}.xlsx")
    return last(town)


def removed(town: Community, key: str) -> int:
    book = town.issue("王芳")
    book.people.remove(key)
    assert counted(town.hand_in(book, f"删{key}.xlsx")) == {"removed": 1}
    return last(town)


def typed(town: Community, key: str, phone: str, name: str = "吴刚") -> int:
    book = town.issue("李强")
    book.people.add(编号=key, 姓名=name, 电话=phone, 人口=2)
    assert counted(town.hand_in(book, f"填{key}.xlsx")) == {"added": 1}
    return last(town)


def open_ids(town: Community) -> list[int]:
    with town.session() as session:
        return [case.id for case in session.journal.conflicts.open()]


def test_a_removal_is_not_undone_over_a_key_that_was_typed_again(town: Community) -> None:
    gone = removed(town, "A6")
    typed(town, "A6", "13800000099")
    assert undo(town, gone) == {"conflicts": 1}
    assert keys(town) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    [(kind, field, ours, theirs)] = town.conflicts()
    assert (kind, field) == ("key", None)
    assert "吴刚" in ours and "周涛" in (theirs or "")
    town.assert_consistent()
    assert not decide(town, open_ids(town)[0], "theirs").done, "A6 is 吴刚's"
    assert keys(town) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    assert decide(town, open_ids(town)[0], "value", "B6").done
    assert town.cell("B6", "姓名") == "周涛"
    assert town.conflicts() == []
    town.assert_consistent()


def test_nor_over_a_fallback_key(town: Community) -> None:
    """A row without a number is the one with its phone."""
    typed(town, "", "13900000001")
    gone = removed(town, "13900000001")
    typed(town, "B1", "13900000001", "郑爽")
    assert undo(town, gone) == {"conflicts": 1}
    assert keys(town) == ["A1", "A2", "A3", "A4", "A5", "A6", "B1"]
    town.assert_consistent()


def test_an_addition_is_not_redone_over_a_key_that_was_typed_again(town: Community) -> None:
    added = typed(town, "B1", "13900000001")
    assert undo(town, added) == {"removed": 1}
    back = last(town)
    typed(town, "B1", "13900000002", "郑爽")
    assert undo(town, back) == {"conflicts": 1}
    assert keys(town).count("B1") == 1
    town.assert_consistent()


def test_a_corrected_key_is_not_taken_back_over_another_record(town: Community) -> None:
    corrected = edited(town, "王芳", "A1", "编号", "B1")
    typed(town, "A1", "13900000001")
    assert undo(town, corrected) == {"conflicts": 1}
    assert town.conflicts() == [("key", "no", '"B1"', '"A1"')]
    assert keys(town) == ["A1", "A2", "A3", "A4", "A5", "A6", "B1"]
    assert not decide(town, open_ids(town)[0], "theirs").done
    assert not decide(town, open_ids(town)[0], "value", "A2").done
    assert decide(town, open_ids(town)[0], "value", "C1").done
    assert town.cell("C1", "姓名") == "王芳"
    town.assert_consistent()


def test_a_decision_gives_no_key_that_another_record_has(town: Community) -> None:
    one, other = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "编号", "B1")
    other.people.set("A1", "编号", "B2")
    town.hand_in(one)
    town.hand_in(other)
    typed(town, "B2", "13900000001")
    [number] = open_ids(town)
    refused = decide(town, number, "theirs")
    assert not refused.done
    assert "B2" in refused.message.zh and "编号" in refused.message.zh
    assert not decide(town, number, "value", "A2").done
    assert open_ids(town) == [number]
    assert keys(town) == ["A2", "A3", "A4", "A5", "A6", "B1", "B2"]
    removed(town, "B2")
    assert decide(town, number, "theirs").done, "the number is free again"
    assert keys(town) == ["A2", "A3", "A4", "A5", "A6", "B2"]
    town.assert_consistent()


def test_two_records_may_exchange_their_keys_and_back(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "编号", "X").set("A2", "编号", "A1").set("X", "编号", "A2")
    town.hand_in(book)
    swapped = last(town)
    assert [town.cell(key, "姓名") for key in ("A1", "A2")] == ["李强", "王芳"]
    undo(town, swapped)
    assert [town.cell(key, "姓名") for key in ("A1", "A2")] == ["王芳", "李强"]
    assert town.conflicts() == []
    town.assert_consistent()


def test_a_key_that_its_record_keeps_after_all_is_nobody_elses(town: Community) -> None:
    """A2's new number is no number and goes back, so that A1 cannot have A2."""
    book = town.issue("王芳")
    line = book.people.line("A2")
    book.people.set("A1", "编号", "A2")
    book.people.fill(line, {"编号": "#REF!"})
    town.hand_in(book)
    assert keys(town) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    town.assert_consistent()


def test_a_generated_number_that_is_taken_becomes_another_and_references_follow(
    town: Community,
) -> None:
    book = town.issue("王芳")
    row = max(book.matters.lines()) + 1
    book.matters.fill(row, {"事项编号": "SX-9", "事项内容": "修门", "办理日期": "2022-06-01"})
    steps = book["经过"]
    steps.add(所属事项编号="SX-9", 经过说明="看过", 经过日期="2022-06-02")
    assert counted(town.hand_in(book)) == {"added": 2}
    added = last(town)
    undo(town, added)
    back = last(town)
    book = town.issue("李强")
    book.matters.fill(
        max(book.matters.lines()) + 1,
        {"事项编号": "SX-9", "事项内容": "修窗", "办理日期": "2022-06-03"},
    )
    assert counted(town.hand_in(book)) == {"added": 1}
    assert undo(town, back) == {"added": 2}
    assert town.cell("修窗", "事项编号", "事项") == "SX-9"
    number = town.cell("修门", "事项编号", "事项")
    assert number not in ("SX-9", "")
    assert town.cell("看过", "所属事项编号", "经过") == number
    town.assert_consistent()


def test_a_given_number_never_comes_again(town: Community) -> None:
    """History, references and undo name records by it."""
    first = town.cell("送药", "事项编号", "事项")
    book = town.issue("王芳")
    book.matters.remove("送药")
    town.hand_in(book)
    book = Book(town, "李强", town.issue("李强").path)
    book.matters.add(事项编号=None, 事项内容="修窗", 办理日期="2022-06-03")
    town.hand_in(book)
    assert town.cell("修窗", "事项编号", "事项") not in ("", first)
    town.assert_consistent()
