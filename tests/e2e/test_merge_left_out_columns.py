"""An entry in a column that cannot be merged is told in every run, until it is mended."""

from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from tests.commands import run
from tests.community import Book, Community, Sheet, counted, write_csv
from tests.e2e.test_merge_extra_columns import add_column

from ledgersync.sync.results import MergeReport
from ledgersync.sync.status import status_of

RULE = "column.left_out"


def another_name(sheet: Sheet) -> None:
    add_column(sheet, "联系电话", A1="13811111111")


def the_same_header(sheet: Sheet) -> None:
    add_column(sheet, "备注", A1="另写的")


def beside_the_table(sheet: Sheet) -> None:
    sheet.ws.cell(sheet.line("A1"), sheet.ws.max_column + 1).value = "没有表头的"


def further_away(sheet: Sheet) -> None:
    sheet.ws.cell(sheet.line("A1"), sheet.ws.max_column + 4).value = "远处的"


def wiped_header(sheet: Sheet) -> None:
    sheet.set("A1", "备注", "新的")
    sheet.ws.cell(sheet.top, sheet.columns["备注"]).value = None


def blank_header(sheet: Sheet) -> None:
    sheet.set("A1", "电话", "13811111111")
    sheet.ws.cell(sheet.top, sheet.columns["电话"]).value = " 　"


def too_long_header(sheet: Sheet) -> None:
    add_column(sheet, "很长的表头" * 21, A1="值")


def own_header_twice(sheet: Sheet) -> None:
    add_column(sheet, "疫苗", A1=None)
    add_column(sheet, "疫苗", A2="乙")
    sheet.ws.cell(sheet.line("A1"), sheet.columns["疫苗"] - 1).value = "甲"


VARIANTS = (
    another_name,
    the_same_header,
    beside_the_table,
    further_away,
    wiped_header,
    blank_header,
    too_long_header,
    own_header_twice,
)


def told(report: MergeReport) -> list[tuple[str, str]]:
    found = [n for n in report.told() if n.finding.rule == RULE]
    return [(n.staff, n.finding.sheet or "") for n in found]


def spoilt(town: Community, spoil: Callable[[Sheet], None]) -> Book:
    book = town.issue("王芳")
    spoil(book.people)
    return book


@pytest.mark.parametrize("spoil", VARIANTS, ids=lambda f: f.__name__)
def test_it_is_told_by_merge_status_and_the_returned_file_every_time(
    town: Community, spoil: Callable[[Sheet], None]
) -> None:
    path = spoilt(town, spoil).send()
    for _ in range(2):
        assert told(town.merge()) == [("王芳", "人员")]
        code, text = run(town.root, "merge")
        assert code == 1 and "没有并入" in text and "王芳/名册.xlsx" in text
        code, text = run(town.root, "status")
        assert code == 1 and "没有并入" in text
    marked = load_workbook(town.root / "returned" / "王芳" / path.name)["人员"]
    assert any("没有并入" in c.comment.text for row in marked for c in row if c.comment)
    reasons = (town.root / "returned" / "王芳" / "退回原因.txt").read_text("utf-8-sig")
    assert "没有并入" in reasons
    town.assert_consistent()


@pytest.mark.parametrize("spoil", VARIANTS, ids=lambda f: f.__name__)
def test_a_mended_file_settles_it(town: Community, spoil: Callable[[Sheet], None]) -> None:
    book = town.issue("王芳")
    as_issued = book.path.read_bytes()
    spoil(book.people)
    path = book.send()
    town.merge()
    path.write_bytes(as_issued)
    assert told(town.merge()) == []
    with town.session() as session:
        assert status_of(session).notices == []


def test_dismissed_it_is_told_no_more_unless_something_else_is_typed(town: Community) -> None:
    book = spoilt(town, beside_the_table)
    book.send()
    town.merge()
    with town.session() as session:
        [line] = status_of(session).notices
    assert run(town.root, "notices", "dismiss", str(line.id))[0] == 0
    assert told(town.merge()) == []
    assert run(town.root, "merge")[0] == 0
    book.people.set("A2", "备注", "新")
    book.send()
    assert told(town.merge()) == []
    book.people.ws.cell(book.people.line("A2"), book.people.ws.max_column).value = "又一格"
    book.send()
    assert told(town.merge()) == [("王芳", "人员")]


def test_other_formats_too(town: Community) -> None:
    text = "编号 | 姓名 | 电话 | 手机\nA1 | 王芳 | 13800000001 | 13811111111"
    write_csv(town.root / "inbox" / "李强" / "补.csv", text)
    for _ in range(2):
        assert told(town.merge()) == [("李强", "补")]
    assert (town.root / "returned" / "李强" / "补.xlsx").exists()


def test_a_copy_sent_where_it_lies_keeps_the_entry(town: Community) -> None:
    """The refresh of a copy does not take away what was not taken in."""
    book, other = spoilt(town, beside_the_table), town.issue("李强")
    book.save()
    town.merge(book.path)
    other.people.set("A2", "备注", "新")
    assert counted(town.hand_in(other)) == {"applied": 1}
    cells = [c.value for row in load_workbook(book.path)["人员"] for c in row]
    assert "没有表头的" in cells


@pytest.mark.parametrize("spoil", VARIANTS, ids=lambda f: f.__name__)
def test_typed_into_a_primary_it_is_told_every_time_too(
    town: Community, spoil: Callable[[Sheet], None]
) -> None:
    book = town.open_primary()
    as_written = book.path.read_bytes()
    spoil(book.people)
    book.save()
    for _ in range(2):
        town.merge()
        code, text = run(town.root, "merge")
        assert code == 1 and "primary/名册.xlsx" in text.replace("\n", "")
        code, text = run(town.root, "status")
        assert code == 1 and "没有收进来或存疑的" in text
    with town.session() as session:
        found = status_of(session).notices
    assert RULE in {line.rule for line in found}
    assert run(town.root, "notices", "dismiss", *(str(line.id) for line in found))[0] == 0
    assert run(town.root, "merge")[0] == 0
    town.primary.write_bytes(as_written)
    town.merge()
    town.assert_consistent()


def test_a_merge_that_writes_such_a_primary_still_tells_it(town: Community) -> None:
    book = town.open_primary()
    beside_the_table(book.people)
    book.save()
    town.merge()
    copy = town.issue("王芳")
    copy.people.set("A2", "备注", "新")
    assert counted(town.hand_in(copy)) == {"applied": 1}
    assert run(town.root, "merge")[0] == 1
    with town.session() as session:
        assert [n.rule for n in status_of(session).notices] == [RULE]
