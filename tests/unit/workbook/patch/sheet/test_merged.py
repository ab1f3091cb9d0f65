"""Merged ranges of a sheet on disk, and the last column that holds something."""

from pathlib import Path

import pytest
from tests.patching import book, cell, row

from ledgersync.workbook.patch import Area, last_column, merged_areas
from ledgersync.workbook.patch.sheet.hiding import hide_columns
from ledgersync.workbook.patch.sheet.merged import without_merges

A1B1, C1D1 = Area(1, 1, 1, 2), Area(1, 3, 1, 4)


def test_the_merged_ranges_of_a_sheet(tmp_path: Path) -> None:
    cells = '<mergeCell ref="A1:B1"/><mergeCell ref="?"/><mergeCell/><mergeCell ref="C1:D1"/>'
    path = book(tmp_path / "a.xlsx", row(1, "a"), tail=f"<mergeCells>{cells}</mergeCells>")
    assert merged_areas(path, "台账") == [A1B1, C1D1]
    assert merged_areas(book(path, row(1, "a")), "台账") == []


def test_a_list_of_merges_without_a_count_has_none_after() -> None:
    cells = '<mergeCell ref="A1:B1"/><mergeCell/><mergeCell ref="C1:D1"/>'
    raw = f"<ws><mergeCells>{cells}</mergeCells></ws>"
    after = raw.replace('<mergeCell ref="A1:B1"/>', "")
    assert without_merges(raw.encode(), [A1B1]) == after.encode()
    counted = raw.replace("<mergeCells>", '<mergeCells count="9">').encode()
    assert without_merges(counted, [Area(9, 9, 9, 10)]) == counted


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ("", 0),
        (row(1, "a", None, 3) + row(2, "b"), 3),
        ('<row r="1"><c r="A1"/><c r="D1" s="1"/></row>', 0),
        ('<row r="1"><c r="A1"/><c r="AB1"><f>1</f></c></row>', 28),
        ('<row r="1"><c s="1" r="B1" t="s"><v>1</v></c><c r="C1"></c></row>', 2),
        ("<row r='1'><c r='D1'><v>1</v></c><c s='1' r='E1'>\n<v>1</v></c><c r='F1'/></row>", 5),
        (f'<row r="1">{cell("A1", 5, 3)}<c r="C1" s="1" /></row>', 1),
    ],
)
def test_the_last_column_that_holds_something(tmp_path: Path, rows: str, last: int) -> None:
    assert last_column(book(tmp_path / "a.xlsx", rows), "台账") == last


HIDDEN = '<{0}col min="{1}" max="{1}" width="24" hidden="1" customWidth="1"/>'


@pytest.mark.parametrize(
    ("cols", "column", "after"),
    [
        ('<col min="1" max="1"/><col min="5" max="9"/>', 3,
         '<col min="1" max="1"/>{}<col min="5" max="9"/>'),
        ('<col min="3" max="3"/><col min="5" max="5"/>', 4,
         '<col min="3" max="3"/>{}<col min="5" max="5"/>'),
        ('<col width="9"/><col min="2" max="2"/>', 1, '<col width="9"/>{}<col min="2" max="2"/>'),
        ('<col max="9"/>', 9, '<col max="8"/>{}'),
        ('<col min="x"/>', 1, '<col min="x"/>{}'),
        ('<col min="1" max="12" s="1" />', 1, '{}<col min="2" max="12" s="1"/>'),
        ('<col max="11" min="1"/>', 11, '<col max="10" min="1"/>{}'),
    ],
)  # fmt: skip
def test_a_column_is_hidden_in_its_place(cols: str, column: int, after: str) -> None:
    head = "<ws><cols>{}</cols><sheetData/>"
    expected = head.format(after.format(HIDDEN.format("", column)))
    assert hide_columns(head.format(cols).encode(), [column]) == expected.encode()


def test_several_columns_are_hidden_in_order() -> None:
    head = b"<x:ws><x:sheetData/>"
    expected = "<x:ws><x:cols>" + HIDDEN.format("x:", 2) + HIDDEN.format("x:", 4)
    assert hide_columns(head, [4, 2]) == f"{expected}</x:cols><x:sheetData/>".encode()
    assert hide_columns(b"<ws>", [2]) == f"<ws><cols>{HIDDEN.format('', 2)}</cols>".encode()
