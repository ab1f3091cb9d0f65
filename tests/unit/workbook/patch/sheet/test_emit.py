"""A sheet's rows as they are written out again: what stays, what moves, what is new."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.patching import STYLES, book, cell, emitted, row, save, simple, worksheet, written

from ledgersync.workbook.patch import SheetEdit
from ledgersync.workbook.patch.package.styles import Styles
from ledgersync.workbook.patch.scan.edits import CellValue

Place = tuple[int, int]


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def cells(changes: dict[Place, CellValue]) -> SheetEdit:
    return SheetEdit(cells=changes)


R2, R5 = row(2, "甲", 1), row(5, "乙", 2)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, f"\n{R2} \n{R5}\n"),
        ({(1, 1): 7}, f'\n{row(1, 7)}{R2} \n{R5}\n'),
        ({(3, 1): 7}, f'\n{R2} \n{row(3, 7)}{R5}\n'),
        ({(9, 1): 7}, f'\n{R2} \n{R5}\n{row(9, 7)}'),
        ({(2, 2): 7}, f'\n{row(2, "甲", 7)} \n{R5}\n'),
        ({(2, 3): 7, (5, 1): "丙"}, f'\n{row(2, "甲", 1, 7)} \n{row(5, "丙", 2)}\n'),
        ({(2, 1): None}, f'\n<row r="2"><c r="A2"/>{cell("B2", 1)}</row> \n{R5}\n'),
        ({(2, 9): None, (3, 1): "", (7, 7): None}, f"\n{R2} \n{R5}\n"),
    ],
)  # fmt: skip
def test_cells_are_changed_in_place(
    at: Path, changes: dict[Place, CellValue], expected: str
) -> None:
    assert emitted(at, f"\n{R2} \n{R5}\n", cells(changes)) == expected


@pytest.mark.parametrize(
    ("old", "changes", "new"),
    [
        ('<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>', {(2, 1): 7},
         '<row r="2"><c r="A2"><v>7</v></c><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'),
        ('<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>', {(2, 3): 7, (2, 5): 8},
         '<row r="2"><c r="B2"><v>1</v></c><c r="C2"><v>7</v></c><c r="D2"><v>2</v></c>'
         '<c r="E2"><v>8</v></c></row>'),
        ('<row r="2" ht="9"/>', {(2, 3): 7, (2, 1): 8},
         '<row r="2" ht="9"><c r="A2"><v>8</v></c><c r="C2"><v>7</v></c></row>'),
        ('<row r="2"></row>', {(2, 3): 7}, '<row r="2"><c r="C2"><v>7</v></c></row>'),
        ('<row r="2"><c><v>1</v></c><c s="4"/></row>', {(2, 2): 7},
         '<row r="2"><c><v>1</v></c><c r="B2" s="4"><v>7</v></c></row>'),
        ('<row r="2" spans="2:3"><c r="B2"/></row>', {(2, 5): 7, (2, 1): 8},
         '<row r="2" spans="1:5"><c r="A2"><v>8</v></c><c r="B2"/><c r="E2"><v>7</v></c></row>'),
        ('<row r="2" spans="2:3" ht="9"><c r="B2"/></row>', {(2, 2): 7, (2, 9): None},
         '<row r="2" spans="2:3" ht="9"><c r="B2"><v>7</v></c></row>'),
        ("<row r='2' spans='2:3'><c r='B2'/></row>", {(2, 4): 7},
         "<row r='2' spans='2:4'><c r='B2'/><c r=\"D2\"><v>7</v></c></row>"),
        ('<row r="2"><c r="B2" t="s" s="4"><v>7</v></c></row>', {(2, 2): "x"},
         f'<row r="2">{cell("B2", "x", 4)}</row>'),
    ],
)  # fmt: skip
def test_a_changed_row(at: Path, old: str, changes: dict[Place, CellValue], new: str) -> None:
    assert emitted(at, old, cells(changes)) == new


STYLED = '<cols><col min="2" max="3" style="4"/><col min="5" max="6" width="9"/></cols>'


@pytest.mark.parametrize(
    ("attributes", "styles"),
    [
        ("", {"A": 0, "B": 4, "C": 4, "D": 0, "E": 0, "F": 0}),
        (' s="1"', {"A": 0, "B": 4, "C": 4, "D": 0, "E": 0, "F": 0}),
        (' s="1" customFormat="1"', dict.fromkeys("ABCDEF", 1)),
        (' s="0" customFormat="true"', dict.fromkeys("ABCDEF", 0)),
    ],
)
def test_a_new_cell_looks_like_its_row_or_column(
    at: Path, attributes: str, styles: dict[str, int]
) -> None:
    places = {(2, n): True for n in range(1, 7)}
    found = emitted(at, f'<row r="2"{attributes}/>', cells(places), STYLED)
    looks = re.findall(r'<c r="([A-Z])2"(?: s="(\d+)")?', found)
    assert {name: int(look or 0) for name, look in looks} == styles


def test_a_cell_that_is_there_keeps_its_own_look(at: Path) -> None:
    old = '<row r="2" s="1" customFormat="1"><c r="B2"><v>1</v></c><c r="D2" s="4"/></row>'
    found = emitted(at, old, cells({(2, 2): True, (2, 4): True}), STYLED)
    assert re.findall(r'<c r="[BD]2"( s="4")? t="b">', found) == ["", ' s="4"']


def test_a_row_is_changed_and_moved_at_once(at: Path) -> None:
    rows = row(1, 1) + row(2, 2) + '<row r="4" s="4" customFormat="1"><c r="A4"/></row>'
    found = emitted(at, rows, SheetEdit(cells={(4, 2): 7}, remove_rows=[1]))
    moved = '<row r="3" s="4" customFormat="1"><c r="A3"/><c r="B3" s="4"><v>7</v></c></row>'
    assert found == row(1, 2) + moved
    assert emitted(at, row(1, 1), SheetEdit(cells={(4, 1): 7}, remove_rows=[1])) == row(3, 7)


def test_rows_open_above_a_line(at: Path) -> None:
    rows = row(1, 1) + row(3, "填表人") + row(4, 4)
    found = emitted(at, rows, SheetEdit(append=[[7], [8]], append_before=3))
    assert found == row(1, 1) + row(3, 7) + row(4, 8) + row(5, "填表人") + row(6, 4)
    both = SheetEdit(append=[[7]], append_before=3, remove_rows=[1])
    assert emitted(at, rows, both) == row(2, 7) + row(3, "填表人") + row(4, 4)


def test_a_sheet_with_a_prefix(at: Path) -> None:
    parts = simple(worksheet(row(1, 1) + row(2, 2)))
    whole = re.sub(r"<(/?)(\w)", r"<\1x:\2", parts["xl/worksheets/sheet1.xml"])
    parts["xl/worksheets/sheet1.xml"] = whole.replace("xmlns=", "xmlns:x=")
    save(parts, at)
    edit = SheetEdit(cells={(2, 2): "x"}, remove_rows=[1], append=[[]], marks={(2, 1): ""})
    assert written(at, edit) == (
        '<x:row r="1"><x:c r="A1" s="5"><x:v>2</x:v></x:c><x:c r="B1" t="inlineStr"><x:is>'
        '<x:t xml:space="preserve">x</x:t></x:is></x:c></x:row><x:row r="2"></x:row>'
    )


DONOR = (
    '<row r="3" s="1" customFormat="1" ht="30" customHeight="1" hidden="1" spans="1:3">'
    '<c r="A3" s="4"><v>1</v></c><c r="B3"/><c r="C3" s="2"/></row>'
)
LOOK = ' s="1" customFormat="1" ht="30" customHeight="1"'


@pytest.mark.parametrize(
    ("values", "cells_after"),
    [
        ([7], '<c r="A4" s="4"><v>7</v></c><c r="C4" s="2"/>'),
        ([None, True], '<c r="A4" s="4"/><c r="B4" t="b"><v>1</v></c><c r="C4" s="2"/>'),
        ([None, None, None, True],
         '<c r="A4" s="4"/><c r="C4" s="2"/><c r="D4" s="1" t="b"><v>1</v></c>'),
    ],
)  # fmt: skip
def test_an_appended_row_looks_like_the_last_one(
    at: Path, values: list[CellValue], cells_after: str
) -> None:
    edit = SheetEdit(append=[values])
    expected = f'{DONOR}<row r="4"{LOOK}>{cells_after}</row>'
    assert emitted(at, DONOR, edit, STYLED) == expected


def test_an_appended_row_where_a_blank_one_stands(at: Path) -> None:
    """It keeps its own attributes, and its cells take the look of the others."""
    blank = '<row r="4" ht="20"><c r="A4" s="1"/><c r="E4" s="1"/></row>'
    found = emitted(at, DONOR + blank, SheetEdit(append=[[7]]))
    row_after = '<c r="A4" s="4"><v>7</v></c><c r="C4" s="2"/><c r="E4" s="1"/>'
    assert found == f'{DONOR}<row r="4" ht="20">{row_after}</row>'


def test_the_first_row_of_a_sheet_looks_like_its_columns(at: Path) -> None:
    found = emitted(at, "", SheetEdit(append=[[7, True], []]), STYLED)
    first = '<row r="1"><c r="A1"><v>7</v></c><c r="B1" s="4" t="b"><v>1</v></c></row>'
    assert found == first + '<row r="2"></row>'
    blank = '<row r="1"><c r="B1"/></row>'
    assert emitted(at, blank, SheetEdit(append=[[None, True]]), STYLED) == (
        '<row r="1"><c r="B1" t="b"><v>1</v></c></row>'
    )


def dated(*styles: int) -> str:
    """Rows with a value in column B of these styles."""
    return "".join(
        f'<row r="{n}"><c r="A{n}"/><c r="B{n}" s="{style}"><v>1</v></c></row>'
        for n, style in enumerate(styles, 1)
    )


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        (dated(3, 0), 2, 164),
        (dated(2, 3, 0), 2, 164),
        (dated(3, 2, 0), 2, 14),
        (dated(3, 1), 2, 164),
        (dated(3, 0), 1, 14),  # another column's dates tell nothing
        (dated(0, 0), 2, 14),
        (dated(3, *[0] * 49), 2, 164),
        (dated(3, *[0] * 50), 2, 14),
    ],
)
def test_a_date_is_shown_as_the_others_of_its_column(
    at: Path, rows: str, column: int, expected: int
) -> None:
    styles, last = Styles(STYLES.encode()), rows.count("<row")
    edit = SheetEdit(cells={(last, column): date(2024, 2, 29)})
    found = emitted(at, rows, edit, styles=styles)
    letter = "AB"[column - 1]
    look = re.search(rf'<c r="{letter}{last}" s="(\d+)"><v>45351</v>', found)
    assert look and styles.number_format(int(look[1])) == expected
    assert "<v>45351</v>" in emitted(at, rows, SheetEdit(append=[[None, date(2024, 2, 29)]]))


def test_the_last_record_tells_how_dates_are_shown(at: Path) -> None:
    edit = SheetEdit(cells={(1, 2): date(2024, 2, 29)}, append=[[7]])
    styles = Styles(STYLES.encode())
    look = re.search(r's="(\d+)"><v>45351', emitted(at, dated(0, 3), edit, styles=styles))
    assert look and styles.number_format(int(look[1])) == 164


def test_below_the_records_no_dates_are_looked_for(at: Path) -> None:
    """What stands below the place of the new rows, a date of signing, tells nothing."""
    styles = Styles(STYLES.encode())
    rows = dated(2, 0) + '<row r="3"><c r="B3" s="3"><v>1</v></c></row>'
    edit = SheetEdit(append=[[None, date(2024, 2, 29)], [None, datetime(2024, 2, 29, 12)]])
    found = emitted(at, rows, SheetEdit(append=edit.append, append_before=3), styles=styles)
    looks = re.findall(r's="(\d+)"><v>45351', found)
    assert [styles.number_format(int(look)) for look in looks] == [14, 14]


def test_values_change_a_style_only_where_they_must(at: Path) -> None:
    styles = Styles(STYLES.encode())
    row_of = '<row r="1"><c r="A1" s="2"/><c r="B1" s="3"/><c r="C1" s="4"/><c r="D1" s="2"/></row>'
    changes = {(1, 1): date(2024, 2, 29), (1, 2): 5, (1, 3): datetime(2024, 2, 29, 12), (1, 4): "x"}
    found = emitted(at, row_of, cells(dict(changes)), styles=styles)
    looks = [int(look) for look in re.findall(r's="(\d+)"', found)]
    assert [styles.number_format(look) for look in looks] == [14, 0, 22, 14]
    assert looks[0] == looks[3] == 2


MARKED = (
    '<row r="1"><c r="A1" s="4"><f>B1</f><v>1</v></c><c r="B1" s="4" />'
    '<c s=\'1\' r="C1" t="s"><v>0</v></c></row>'
)


def test_a_marked_cell_keeps_what_it_holds(at: Path) -> None:
    styles = Styles(STYLES.encode())
    marks = {(1, 1): "", (1, 2): "", (1, 3): "", (1, 4): "", (3, 1): ""}
    edit = SheetEdit(marks=marks, colours={(1, 3): "FFFF0000"})
    found = emitted(at, MARKED, edit, styles=styles)
    assert found == (
        '<row r="1"><c r="A1" s="5"><f>B1</f><v>1</v></c><c r="B1" s="5"/>'
        '<c r="C1" t="s" s="6"><v>0</v></c><c r="D1" s="7"/></row>'
        '<row r="3"><c r="A3" s="7"/></row>'
    )
    look = styles.render().decode()
    assert look.index("FFFFC000") < look.index("FFFF0000")
    assert [styles.number_format(n) for n in (5, 6, 7)] == [4, 49, 0]


def test_what_a_merged_range_shows_moves_on(at: Path) -> None:
    rows = row(1, 1) + '<row r="2"><c r="A2" s="4"><v>2</v></c></row>' + row(3, None, 3)
    book(at, rows, tail='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')
    moved = '<row r="2"><c r="A2" s="4"><v>2</v></c><c r="B2"><v>3</v></c></row>'
    assert written(at, SheetEdit(remove_rows=[2])) == row(1, 1) + moved


def test_a_mark_on_what_is_written(at: Path) -> None:
    edit = SheetEdit(cells={(1, 1): 7, (1, 2): None}, marks={(1, 1): "", (1, 2): ""})
    expected = '<row r="1"><c r="A1" s="5"><v>7</v></c><c r="B1" s="5"/></row>'
    assert emitted(at, row(1, 1), edit) == expected
