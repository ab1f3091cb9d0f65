"""What people do to a sheet besides typing, in a real LibreOffice: the sheet never falls silent."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.e2e.native_typing import _property, opened, speaking, store
from tests.e2e.office import load_uno, needs_office
from tests.e2e.test_native_entry import CATALOG, TODAY, _copy

from ledgersync.checks import check_workbook
from ledgersync.workbook.read import read_workbook

pytestmark = [pytest.mark.office, needs_office]
DATE, HOUSEHOLD, REMARK, CHECK = 1, 3, 14, 15  # columns of the visits, from 0
BANNER = 5


class Keyboard:
    """An open copy of the visits, and what its sheet says."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.sheet = document.Sheets.getByName("走访记录")
        self.row_of_banner = 1  # from 0; another one once rows are inserted above

    def type(self, row: int, column: int, text: str) -> None:
        self.sheet.getCellByPosition(column, row - 1).FormulaLocal = text

    def said(self, row: int, column: int = CHECK) -> str:
        self.document.calculateAll()
        text: str = self.sheet.getCellByPosition(column, row - 1).String
        return text

    def led_to(self) -> int:
        """The row in which somebody stands who follows the banner's link."""
        self.document.calculateAll()
        banner = self.sheet.getCellByPosition(BANNER, self.row_of_banner).Formula
        target = re.search(r'HYPERLINK\((.+?);"有 ', banner)
        assert target
        aside = self.sheet.getCellByPosition(30, 0)
        aside.Formula = "=" + target[1]
        url = load_uno().createUnoStruct("com.sun.star.util.URL")
        url.Complete, url.Protocol, url.Path = ".uno:JumpToMark", ".uno:", "JumpToMark"
        controller = self.document.CurrentController
        controller.setActiveSheet(self.sheet)
        mark = _property("Bookmark", aside.String.removeprefix("#"))
        controller.Frame.queryDispatch(url, "", 0).dispatch(url, (mark,))
        there = self.document.CurrentSelection.CellAddress
        assert there.Sheet == self.sheet.RangeAddress.Sheet
        return int(there.Row) + 1

    def banner(self) -> str:
        """What stands behind the caption."""
        row = self.row_of_banner + 1
        return "".join(self.said(row, column) for column in range(1, 20))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="ledgersync-habits-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def keyboard_of(folder: Path) -> Iterator[Any]:
    office = speaking(folder, "zh-CN")
    path = _copy(folder)
    try:
        office.start()
        office.give(folder)
        yield lambda: Keyboard(opened(office, path))
    finally:
        office.stop()


@pytest.fixture
def keyboard(keyboard_of: Any) -> Iterator[Keyboard]:
    made: Keyboard = keyboard_of()
    yield made
    made.document.close(True)


def test_rows_without_a_verdict_are_counted_beside_the_faults(keyboard: Keyboard) -> None:
    assert keyboard.banner() == ""
    keyboard.sheet.Rows.insertByIndex(5, 1)
    keyboard.type(6, HOUSEHOLD, "3-2")
    assert keyboard.banner().startswith("有 1 行没有校验公式")
    keyboard.type(61, HOUSEHOLD, "3-2")
    keyboard.type(4, DATE, "2022.13.1")
    assert "有 1 行待更正" in keyboard.banner()
    assert "有 2 行没有校验公式" in keyboard.banner()


def test_a_deleted_check_column_and_a_renamed_sheet_are_no_silence(keyboard: Keyboard) -> None:
    keyboard.sheet.Name = "六月走访"
    keyboard.type(4, DATE, "2022.13.1")
    assert "有 1 行待更正" in keyboard.banner()
    assert keyboard.said(4).startswith("〔走访日期〕")
    keyboard.sheet.Columns.removeByIndex(CHECK, 1)
    assert "“校验”列不见了" in keyboard.banner()


@pytest.mark.parametrize(
    ("at", "name"),
    [(None, "六月 走访"), (0, "走访记录"), (3, "走访'记录"), (5, "走访记录")],
    ids=["renamed", "row above the title", "row above the first record", "row in between"],
)
def test_the_banner_leads_to_the_row_wherever_it_is_now(
    keyboard: Keyboard, at: int | None, name: str
) -> None:
    keyboard.sheet.Name = name
    row = 9
    if at is not None:
        keyboard.sheet.Rows.insertByIndex(at, 1)
        keyboard.row_of_banner += at == 0
    keyboard.type(row, DATE, "2022.13.1")
    assert f"有 1 行待更正，点此查看：第{row}行〔走访日期〕" in keyboard.banner()
    assert keyboard.led_to() == row


def test_a_row_inserted_above_the_first_record_is_counted(keyboard: Keyboard) -> None:
    keyboard.sheet.Rows.insertByIndex(3, 1)
    keyboard.type(4, HOUSEHOLD, "3-2")
    assert keyboard.banner().startswith("有 1 行没有校验公式")


@pytest.mark.parametrize(
    ("column", "text"),
    [(HOUSEHOLD, " "), (HOUSEHOLD, "　"), (REMARK, "无"), (HOUSEHOLD, "－"), (DATE, "小计")],
)
def test_rows_that_are_none_get_no_number_no_visitor_and_no_red(
    keyboard: Keyboard, folder: Path, column: int, text: str
) -> None:
    keyboard.type(4, column, text)
    row = [keyboard.said(4, c) for c in range(CHECK + 1)]
    assert [cell for c, cell in enumerate(row) if c != column and cell] == []
    assert keyboard.banner() == ""
    store(keyboard.document, folder / "typed.xlsx")
    data = read_workbook(folder / "typed.xlsx", CATALOG, today=TODAY)
    assert [f for f in check_workbook(data, CATALOG, TODAY) if f.severity == "error"] == []


NUMBER, VISITOR, HOST, METHOD = 0, 2, 4, 7
TOTALS: dict[str, tuple[dict[int, str], bool]] = {  # what is typed, and whether it is a record
    "word in place of the number": ({NUMBER: "合计", HOUSEHOLD: "3"}, False),
    "word alone": ({NUMBER: "合　计"}, False),
    "word in place of a name": ({HOST: "小计"}, False),
    "word first, numbers with units": ({DATE: "合计", HOUSEHOLD: "28户", HOST: "60"}, False),
    "with 无": ({HOST: "总计", HOUSEHOLD: "3", REMARK: "无"}, False),
    "with a day": ({NUMBER: "合计", DATE: "2022-06-01"}, True),
    "with a choice": ({HOST: "合计", METHOD: "入户"}, True),
    "with a text": ({DATE: "小计", HOUSEHOLD: "解放路1号"}, True),
    "a longer word": ({HOST: "合计家"}, True),
    "of a place": ({HOUSEHOLD: "张庄村合计", HOST: "三户"}, False),
    "of a grid, in place of the number": ({NUMBER: "第1网格小计：", HOUSEHOLD: "12户"}, False),
    "with its own figure": ({HOUSEHOLD: "合计28户"}, False),
    "of a place, with a name": ({HOUSEHOLD: "张庄村合计", HOST: "赵甲"}, True),
    "a sentence": ({REMARK: "与上次合计的数不一样，合计错了"}, True),
    "a place alone": ({HOUSEHOLD: "合计村1号"}, True),
    "an error value": ({DATE: "=1/0", HOUSEHOLD: "1-1"}, True),
}


def test_rows_of_totals_are_the_same_rows_as_for_check(keyboard: Keyboard, folder: Path) -> None:
    for row, (cells, _) in enumerate(TOTALS.values(), 4):
        keyboard.sheet.Rows.insertByIndex(row, 1)
        source = keyboard.sheet.getCellRangeByPosition(0, row - 1, CHECK + 1, row - 1).RangeAddress
        target = keyboard.sheet.getCellByPosition(0, row).CellAddress
        keyboard.sheet.copyRange(target, source)
        for column, typed in cells.items():
            keyboard.type(row, column, typed)
    keyboard.document.calculateAll()
    wide = keyboard.sheet.getCellRangeByPosition(0, 3, CHECK, 2 + len(TOTALS)).getDataArray()
    store(keyboard.document, folder / "totals.xlsx")
    data = read_workbook(folder / "totals.xlsx", CATALOG, today=TODAY)
    for row, (name, (cells, is_record)) in enumerate(TOTALS.items(), 4):
        line = wide[row - 4]
        assert (row in data.tables[0].rows) == is_record, name
        assert bool(line[CHECK]) == is_record, (name, line)
        assert bool(line[VISITOR]) == is_record, (name, line)
        assert NUMBER in cells or bool(line[NUMBER]) == is_record, (name, line)


def test_a_row_that_holds_only_what_is_proposed_elsewhere_is_counted(keyboard: Keyboard) -> None:
    keyboard.sheet.Rows.insertByIndex(5, 1)
    keyboard.type(6, VISITOR, "王芳")
    assert keyboard.banner().startswith("有 1 行没有校验公式")
