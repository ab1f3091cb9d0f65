"""Hidden sheets of our own: their first row is read however long they are, all of them if small."""

import zipfile
from pathlib import Path

import xlsxwriter

from ledgersync.workbook.hidden import first_row, sheet_cells


def listed(path: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("_ledgersync_lists")
    for row in range(rows):
        sheet.write_row(row, 0, [f"R{row}", f" ZF-{row} ", row])
    sheet.write(0, 27, "远")
    book.close()
    return path


def test_the_first_row_of_a_long_list(tmp_path: Path) -> None:
    with zipfile.ZipFile(listed(tmp_path / "a.xlsx", 12_000)) as package:
        assert package.getinfo("xl/worksheets/sheet1.xml").file_size > 1 << 20
        found = first_row(package, "_ledgersync_lists")
        assert sheet_cells(package, "_ledgersync_lists") == {}  # of none of ours, it is too large
        assert first_row(package, "别的") == {}
    assert found == {"A1": "R0", "B1": "ZF-0", "C1": "0", "AB1": "远"}


def test_all_cells_of_a_short_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(listed(tmp_path / "a.xlsx", 2)) as package:
        found = sheet_cells(package, "_ledgersync_lists")
    assert found["B2"] == "ZF-1"
    assert found.keys() == {"A1", "B1", "C1", "AB1", "A2", "B2", "C2"}
