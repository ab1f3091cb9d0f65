"""Rows grow with the texts that are written into them; print areas follow appended rows."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.patching import STYLES, book, cell, part, row, workbook

from ledgersync.workbook.patch import SheetContent, SheetEdit, add_sheets, patch_sheets

LONG = "独居，子女在外地务工，每周由网格员上门一次，需要协助办理高龄津贴和家庭医生签约"
WRAPPED = STYLES.replace(
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment wrapText="1"/></xf>',
)
WRAP = 4  # its style
COLS = '<cols><col min="2" max="2" width="20" customWidth="1"/></cols>'


def patched(path: Path, rows: str, edit: SheetEdit, head: str = COLS, tail: str = "") -> Path:
    book(path, rows, head, tail, styles=WRAPPED)
    patch_sheets(path, path, {"台账": edit})
    return path


def heights(path: Path) -> dict[int, tuple[float | None, bool]]:
    """Of every row its height and whether it is the user's own."""
    found = {}
    for number, rest in re.findall(
        r'<row r="(\d+)"([^>]*)>', part(path, "xl/worksheets/sheet1.xml")
    ):
        height = re.search(r' ht="([\d.]+)"', rest)
        found[int(number)] = (float(height[1]) if height else None, "customHeight" in rest)
    return found


def line(number: int, text: str, attributes: str = "", style: int = WRAP) -> str:
    cells = cell(f"A{number}", number) + cell(f"B{number}", text, style)
    return f'<row r="{number}"{attributes}>{cells}</row>'


def test_a_changed_row_grows_with_its_text(tmp_path: Path) -> None:
    rows = line(1, "表头") + line(2, "短") + line(3, "短")
    path = patched(tmp_path / "a.xlsx", rows, SheetEdit(cells={(2, 2): LONG}))
    found = heights(path)
    assert found[1] == found[3] == (None, False)
    assert found[2] == (84, False), "five lines of 16.5 points and a little"


def test_a_row_never_shrinks_and_a_height_that_a_person_set_stays(tmp_path: Path) -> None:
    own = ' ht="18" customHeight="1"'
    rows = line(1, "表头") + line(2, "短", ' ht="200"') + line(3, "短", own)
    edit = SheetEdit(cells={(2, 2): LONG, (3, 2): LONG})
    found = heights(patched(tmp_path / "a.xlsx", rows, edit))
    assert (found[2], found[3]) == ((200, False), (18, True))


def test_text_in_a_cell_that_does_not_wrap_changes_no_height(tmp_path: Path) -> None:
    rows = line(1, "表头", style=0) + line(2, "短", style=0)
    found = heights(patched(tmp_path / "a.xlsx", rows, SheetEdit(cells={(2, 2): LONG})))
    assert found[2] == (None, False)


def test_text_in_a_merged_cell_changes_no_height(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="B2:F2"/></mergeCells>'
    edit = SheetEdit(cells={(2, 2): LONG})
    path = patched(tmp_path / "a.xlsx", line(1, "表头") + line(2, "短"), edit, tail=merged)
    assert heights(path)[2] == (None, False)


def test_appended_rows_have_the_height_of_their_own_text(tmp_path: Path) -> None:
    """The last row was tall for its own text; the next one with a short text is not."""
    rows = line(1, "表头") + line(2, LONG, ' ht="84"')
    edit = SheetEdit(append=[[3, "短"], [4, LONG]])
    found = heights(patched(tmp_path / "a.xlsx", rows, edit))
    assert (found[3], found[4]) == ((None, False), (84, False))


def test_appended_rows_keep_the_height_that_a_person_gave_the_last_row(tmp_path: Path) -> None:
    rows = line(1, "表头") + line(2, "短", ' ht="30" customHeight="1"')
    found = heights(patched(tmp_path / "a.xlsx", rows, SheetEdit(append=[[3, LONG]])))
    assert found[3] == (30, True)


def area_after(tmp_path: Path, area: str, rows: str, edit: SheetEdit) -> str:
    """The print area of the sheet after the edit."""
    name = f'<definedName name="_xlnm.Print_Area" localSheetId="0">台账!{area}</definedName>'
    path = book(tmp_path / "a.xlsx", rows, workbook=workbook(name))
    patch_sheets(path, path, {"台账": edit})
    found = re.findall(r'Print_Area"[^>]*>([^<]*)<', part(path, "xl/workbook.xml"))
    assert len(found) == 1
    return str(found[0]).removeprefix("台账!")


TITLE = row(1, "标题") + row(2, "编号", "姓名")
DATA = TITLE + row(3, "A", "甲") + row(4, "B", "乙")


@pytest.mark.parametrize(
    ("area", "rows", "expected"),
    [
        ("$A$1:$B$4", DATA, "$A$1:$B$6"),
        ("$A$1:$B$5", DATA, "$A$1:$B$6"),
        ("$A$1:$B$40", DATA, "$A$1:$B$40"),
        ("$A$1:$B$1048576", DATA, "$A$1:$B$1048576"),
        ("$A$1:$B$3", DATA, "$A$1:$B$3"),
        ("$F$1:$G$3", DATA, "$F$1:$G$3"),
        ("$B$1:$C$5", DATA, "$B$1:$C$6"),
        ("$C$1:$D$5", DATA, "$C$1:$D$5"),
        ("$A$1:$B$5,台账!$F$1:$G$3", DATA, "$A$1:$B$6,台账!$F$1:$G$3"),
    ],
    ids=[
        "to the end",
        "a row more",
        "room",
        "all rows",
        "a part only",
        "beside",
        "half",
        "next",
        "two areas",
    ],
)
def test_print_areas_follow_appended_rows(
    tmp_path: Path, area: str, rows: str, expected: str
) -> None:
    edit = SheetEdit(append=[["C", "丙"], ["D", "丁"]], first_row=3)
    assert area_after(tmp_path, area, rows, edit) == expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [("$A$1:$C$5", "$A$1:$C$6"), ("$A$1:$B$5", "$A$1:$B$5"), ("$C$1:$D$5", "$C$1:$D$6")],
)
def test_a_print_area_follows_the_columns_that_it_shows(
    tmp_path: Path, area: str, expected: str
) -> None:
    edit = SheetEdit(append=[["丙"], ["丁"]], append_column=3, first_row=3)
    assert area_after(tmp_path, area, DATA, edit) == expected


def test_blank_rows_below_the_data_hide_nothing(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in (5, 6, 7))
    edit = SheetEdit(append=[["丙"], ["丁"]], first_row=3)
    assert area_after(tmp_path, "$A$1:$B$5", DATA + blank, edit) == "$A$1:$B$6"


def test_a_form_whose_empty_rows_are_not_all_printed(tmp_path: Path) -> None:
    """Its ids and formulas stand beside the printed columns, so nothing printed is left out."""
    ids = "".join(row(n, None, None, None, f"R{n}") for n in range(5, 10))
    edit = SheetEdit(append=[["C", "丙", None, "R10"]], first_row=3)
    assert area_after(tmp_path, "$A$1:$B$6", DATA + ids, edit) == "$A$1:$B$10"


def test_rows_that_were_left_out_on_purpose_stay_out(tmp_path: Path) -> None:
    more = DATA + row(5, "C", "丙") + row(6, "D", "丁")
    edit = SheetEdit(append=[["E", "戊"]], first_row=3)
    assert area_after(tmp_path, "$A$1:$B$5", more, edit) == "$A$1:$B$5"


def test_a_print_area_follows_when_rows_go_and_come_at_once(tmp_path: Path) -> None:
    edit = SheetEdit(remove_rows=[3], append=[["C", "丙"], ["D", "丁"]], first_row=3)
    assert area_after(tmp_path, "$A$1:$B$4", DATA, edit) == "$A$1:$B$5"


@pytest.mark.parametrize("names", ["", '<definedName name="甲">台账!$A$1</definedName>'])
def test_an_added_list_is_set_up_for_paper(tmp_path: Path, names: str) -> None:
    content = SheetContent(
        {(1, 1): "问题", (2, 1): LONG, (3, 1): "短"}, {1: 20.0}, frozen=1, landscape=True
    )
    path = book(tmp_path / "a.xlsx", TITLE, workbook=workbook(names))
    add_sheets(path, path, {"校验结果": content})
    file = load_workbook(path)
    sheet = file["校验结果"]
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.oddFooter is not None
    assert "第 &P 页，共 &N 页" in str(sheet.oddFooter.right.text)
    assert [sheet.cell(n, 1).alignment.wrap_text for n in (1, 2, 3)] == [True] * 3
    assert [sheet.row_dimensions[n].height for n in (1, 2, 3)] == [None, 84, None]
    assert ("甲" in file.defined_names) == bool(names)


def test_an_empty_list_of_names_is_filled(tmp_path: Path) -> None:
    content = SheetContent({(1, 1): "问题"}, frozen=1, landscape=True)
    whole = workbook().replace("</sheets>", "</sheets><definedNames/>")
    path = book(tmp_path / "a.xlsx", TITLE, workbook=whole)
    add_sheets(path, path, {"校验结果": content})
    assert load_workbook(path)["校验结果"].print_title_rows == "$1:$1"
    assert part(path, "xl/workbook.xml").count("<definedNames") == 1
