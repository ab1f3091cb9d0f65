"""Sheets whose names look like ours: only what is ours is passed over without a word."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.reading import TODAY

from ledgersync.model import Stamp, WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.stamp import stamp_cells

HEAD = ["序号", "低保证号", "户主姓名", "户主身份证号", "家庭人口数", "保障状态"]
LINE = [1, "DB1", "王芳", "36070219351024220X", 3, "在保"]
OTHER = [["甲", "乙", "丙"], ["一", "二", "三"], ["四", "五", "六"]]
STAMP = Stamp("ws1", "dibao", 1, 7, "c1", "王芳", None, None, None)
Lines = list[list[object]]


def read(tmp_path: Path, name: str, lines: Lines, state: str = "visible") -> WorkbookData:
    book = Workbook()
    book.active.title = "封面"
    sheet = book.create_sheet(name)
    sheet.sheet_state = state
    for line in lines:
        sheet.append(line)
    book.save(tmp_path / "表.xlsx")
    return read_workbook(tmp_path / "表.xlsx", load_catalog(), today=TODAY)


@pytest.mark.parametrize(
    "name", ["_ledgersync_backup", "_ledgersync_keys (2)", "旧_ledgersync", "_ledgersync"]
)
@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_records_on_a_sheet_that_is_only_called_like_ours_are_read(
    tmp_path: Path, name: str, state: str
) -> None:
    [table] = read(tmp_path, name, [HEAD, LINE], state).tables
    assert (table.sheet, table.rows) == (name, [2])


@pytest.mark.parametrize("name", ["_ledgersync_backup", "_ledgersync"])
def test_what_cannot_be_read_there_is_told(tmp_path: Path, name: str) -> None:
    [finding] = read(tmp_path, name, list(OTHER)).findings
    assert (finding.rule, finding.sheet) == ("table.unrecognised", name)


@pytest.mark.parametrize("name", ["_ledgersync_lists", "_ledgersync_keys"])
@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_of_ours_nothing_is_told_even_where_somebody_unhid_it(
    tmp_path: Path, name: str, state: str
) -> None:
    data = read(tmp_path, name, list(OTHER), state)
    assert (data.tables, data.findings) == ([], [])


def test_records_put_on_a_sheet_of_ours_that_shows_are_read(tmp_path: Path) -> None:
    [table] = read(tmp_path, "_ledgersync_keys", [HEAD, LINE]).tables
    assert table.rows == [2]


@pytest.mark.parametrize("name", ["_ledgersync", "Sheet3"])
def test_a_stamp_is_no_table_whatever_its_sheet_is_called(tmp_path: Path, name: str) -> None:
    cells = stamp_cells(STAMP)
    lines: Lines = [[cells[row, 1], cells[row, 2]] for row, column in cells if column == 1]
    data = read(tmp_path, name, lines)
    assert (data.tables, data.findings) == ([], [])
