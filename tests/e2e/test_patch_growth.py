"""Appended rows count in what reads the data to its end: totals, charts, rules; nothing else."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.patching import (
    MAIN,
    OFFICE,
    X14,
    XM,
    cell,
    content_types,
    part,
    relations,
    row,
    save,
    simple,
    workbook,
    worksheet,
)

from ledgersync.workbook.patch import SheetEdit, patch_sheets, patch_workbook

HEADER = row(1, "姓名", "网格", "A", "B", "C", "D", "E", "金额")
NEW = ["王芳", "二", 1, 2, 3, 4, 5, 60]


def formula(address: str, text: str, attributes: str = "") -> str:
    return f'<c r="{address}"><f{attributes}>{text}</f><v>0</v></c>'


def line(number: int, *extra: str) -> str:
    """A record in A:H with formulas behind it."""
    record = row(number, f"人{number}", "一", 1, 2, 3, 4, 5, number * 10)
    return record.replace("</row>", "".join(extra) + "</row>")


def with_sheets(path: Path, rows: str, other: str = "", names: str = "", tail: str = "") -> Path:
    """The sheet 台账, and 汇总 which refers to it."""
    parts = simple(worksheet(rows, tail=tail), workbook=workbook(names, ("台账", "汇总")))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/sheet2.xml"),
        ("rId9", "styles", "styles.xml"),
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    parts["[Content_Types].xml"] = content_types({"/xl/worksheets/sheet2.xml": kind})
    parts["xl/worksheets/sheet2.xml"] = other or worksheet("")
    return save(parts, path)


def formulas(path: Path, sheet: str = "台账") -> dict[str, str]:
    found = {}
    for cells in load_workbook(path)[sheet].iter_rows():
        for item in cells:
            value = getattr(item.value, "text", item.value)
            if isinstance(value, str) and value.startswith("="):
                found[item.coordinate] = value[1:]
    return found


def records(*extra: str) -> str:
    return HEADER + line(2) + line(3) + line(4, *extra)


def total(*cells: str, number: int = 5) -> str:
    return f'<row r="{number}">{cell(f"A{number}", "合计")}{"".join(cells)}</row>'


def test_a_total_below_the_records_takes_the_new_one_in(source: Path, target: Path) -> None:
    with_sheets(source, records() + total(formula("H5", "SUM(H2:H4)")))
    patch_sheets(source, target, {"台账": SheetEdit(append=[NEW], append_before=5)})
    assert formulas(target) == {"H6": "SUM(H2:H5)"}


def test_a_total_above_the_records_takes_the_new_one_in(source: Path, target: Path) -> None:
    sums = f'<row r="3">{formula("E3", "SUM(E4:E6)")}</row>'
    rows = row(1, "台账") + row(2, "姓名", "", "", "", "金额") + sums
    with_sheets(source, rows + line(4) + line(5) + line(6))
    patch_workbook(source, target, "台账", append=[NEW])
    assert formulas(target) == {"E3": "SUM(E4:E7)"}


def test_removed_and_appended_rows_together(source: Path, target: Path) -> None:
    rows = records() + total(formula("G5", "SUM(G2:G3)"), formula("H5", "SUM(H2:H4)"))
    with_sheets(source, rows)
    edit = SheetEdit(append=[NEW, NEW], append_before=5, remove_rows=[2, 4])
    patch_sheets(source, target, {"台账": edit})
    assert formulas(target) == {"G5": "SUM(G2:G2)", "H5": "SUM(H2:H4)"}
    only_new = SheetEdit(append=[NEW], append_before=5, remove_rows=[2, 3, 4])
    patch_sheets(source, target, {"台账": only_new})
    assert formulas(target)["H3"] == "SUM(H2:H2)"
    again = SheetEdit(append=[NEW], append_before=3)
    patch_sheets(target, target, {"台账": again})
    assert formulas(target)["H4"] == "SUM(H2:H3)"


def test_the_totals_row_of_a_table_takes_the_new_ones_in(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数") + "".join(row(n, f"人{n}", n) for n in range(2, 12))
    rows += f'<row r="12">{cell("A12", "汇总")}{formula("B12", "SUBTOTAL(109,B2:B11)")}</row>'
    rows += f'<row r="14">{formula("A14", "SUM(B2:B11)+SUM(B2:B10)")}</row>'
    parts = simple(worksheet(rows, tail='<tableParts count="1"/>'))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("rId1", "table", "../tables/table1.xml")
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    parts["[Content_Types].xml"] = content_types({"/xl/tables/table1.xml": kind})
    parts["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" name="表1" displayName="表1" ref="A1:B12"'
        ' totalsRowCount="1"><autoFilter ref="A1:B11"/><tableColumns count="2"><tableColumn id="1"'
        ' name="姓名"/><tableColumn id="2" name="数" totalsRowFunction="custom">'
        "<totalsRowFormula>SUBTOTAL(109,B2:B11)</totalsRowFormula></tableColumn></tableColumns>"
        "</table>"
    )
    save(parts, source)
    patch_workbook(source, target, "台账", append=[["王芳", 1], ["李娜", 2]])
    assert formulas(target) == {
        "B14": "SUBTOTAL(109,B2:B13)",
        "A16": "SUM(B2:B13)+SUM(B2:B10)",
    }
    after = part(target, "xl/tables/table1.xml")
    assert 'ref="A1:B14"' in after
    assert ">SUBTOTAL(109,B2:B13)<" in after
    patch_workbook(source, target, "台账", append=[["王芳", 1]], remove_rows=[10, 11])
    assert formulas(target)["B11"] == "SUBTOTAL(109,B2:B10)"


def test_blank_rows_of_a_table_are_filled_and_sums_over_the_records_follow(
    source: Path, target: Path
) -> None:
    rows = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "数")}{formula("D1", "SUM(B2:B3)")}</row>'
    parts = simple(worksheet(rows + row(2, "张伟", 1) + row(3, "李娜", 2) + '<row r="4"/>'))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("rId1", "table", "../tables/table1.xml")
    )
    parts["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" name="表1" displayName="表1" ref="A1:B6"><tableColumns'
        ' count="2"><tableColumn id="1" name="姓名"/><tableColumn id="2" name="数"/></tableColumns>'
        "</table>"
    )
    save(parts, source)
    patch_workbook(source, target, "台账", append=[["王芳", 1]])
    assert formulas(target) == {"D1": "SUM(B2:B4)"}
    assert part(target, "xl/tables/table1.xml") == parts["xl/tables/table1.xml"]


@pytest.mark.parametrize(
    ("text", "grown"),
    [
        ("SUM($H$2:$H$4)", "SUM($H$2:$H$5)"),
        ("COUNTIF(A$1:A$4,A9)", "COUNTIF(A$1:A$5,A9)"),
        ("VLOOKUP(K1,$A$2:$H$4,8,0)", "VLOOKUP(K1,$A$2:$H$5,8,0)"),
        ("SUM(H4:H2)", "SUM(H5:H2)"),
        ("SUM(H3:H4)", "SUM(H3:H5)"),
        ("SUM(H:H)", "SUM(H:H)"),
        ("SUM(2:4)", "SUM(2:4)"),
        ("H4+$H$4", "H4+$H$4"),
        ("SUM(H2:H3)", "SUM(H2:H3)"),
        ("SUM(C4:H4)", "SUM(C4:H4)"),
        ("SUM(K2:K4)", "SUM(K2:K4)"),
        ("SUM(H2:H100)", "SUM(H2:H100)"),
        ("SUM(汇总!H2:H4)", "SUM(汇总!H2:H4)"),
        ('"H2:H4"&amp;SUM(表1[H2:H4])', '"H2:H4"&SUM(表1[H2:H4])'),
    ],
)
def test_what_grows_beside_the_records(source: Path, target: Path, text: str, grown: str) -> None:
    header = HEADER.replace("</row>", formula("J1", text) + "</row>")
    with_sheets(source, header + line(2) + line(3) + line(4))
    patch_workbook(source, target, "台账", append=[NEW])
    assert formulas(target) == {"J1": grown}


def test_what_a_record_sums_for_itself_stays_its_own(source: Path, target: Path) -> None:
    own = [
        formula("I4", "SUM(H$2:H4)"),
        formula("J4", "SUM(C4:G4)"),
        formula("K4", "H4/SUM(H$2:H$4)"),
    ]
    group = formula("L3", "COUNTA(A3:A4)")
    side = formula("M2", "SUM(H2:H4)")
    with_sheets(source, HEADER + line(2, side) + line(3, group) + line(4, *own))
    patch_workbook(source, target, "台账", append=[NEW])
    assert formulas(target) == {
        "I4": "SUM(H$2:H4)",
        "J4": "SUM(C4:G4)",
        "K4": "H4/SUM(H$2:H$5)",
        "L3": "COUNTA(A3:A4)",
        "M2": "SUM(H2:H5)",
    }


def test_the_first_record_decides_what_one_row_covers(source: Path, target: Path) -> None:
    rows = row(1, "台账") + row(2, "姓名", "数") + row(3, "张伟", 1)
    with_sheets(source, rows + f'<row r="4">{formula("B4", "SUM(B3:B3)+SUM(A1:A2)")}</row>')
    edit = SheetEdit(append=[["王芳", 2]], append_before=4, first_row=3)
    patch_sheets(source, target, {"台账": edit})
    assert formulas(target) == {"B5": "SUM(B3:B4)+SUM(A1:A2)"}


def test_a_header_is_no_data(source: Path, target: Path) -> None:
    other = worksheet(f'<row r="1">{formula("A1", "MATCH(B1,台账!$A$1:$H$1,0)")}</row>')
    with_sheets(source, HEADER, other)
    patch_workbook(source, target, "台账", append=[NEW])
    assert formulas(target, "汇总") == {"A1": "MATCH(B1,台账!$A$1:$H$1,0)"}


@pytest.mark.parametrize("before", [None, 5])
def test_other_sheets_and_names_follow(source: Path, target: Path, before: int | None) -> None:
    tail = (
        '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"><x14:sparklineGroups'
        f' xmlns:x14="{X14}" xmlns:xm="{XM}"><x14:sparklineGroup><x14:sparklines><x14:sparkline>'
        "<xm:f>台账!H2:H4</xm:f><xm:sqref>B9</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    cells = formula("A1", "SUM(台账!H2:H4)-SUM(H2:H4)") + formula("B1", "SUM('台账'!$H$2:$H$3)")
    names = "".join(
        f'<definedName name="{name}">{text}</definedName>'
        for name, text in (("金额", "台账!$H$2:$H$4"), ("部分", "台账!$H$2:$H$3"))
    )
    with_sheets(source, records(), worksheet(f'<row r="1">{cells}</row>', tail=tail), names)
    patch_sheets(source, target, {"台账": SheetEdit(append=[NEW], append_before=before)})
    assert formulas(target, "汇总") == {
        "A1": "SUM(台账!H2:H5)-SUM(H2:H4)",
        "B1": "SUM('台账'!$H$2:$H$3)",
    }
    assert "<xm:f>台账!H2:H5</xm:f>" in part(target, "xl/worksheets/sheet2.xml")
    book = part(target, "xl/workbook.xml")
    assert re.findall(r"<definedName [^>]*>([^<]*)", book) == ["台账!$H$2:$H$5", "台账!$H$2:$H$3"]


def test_charts_follow_and_parts_that_read_no_data_stay(source: Path, target: Path) -> None:
    with_sheets(source, records(), worksheet(f'<row r="1">{formula("A1", "SUM(B2:B4)")}</row>'))
    patch_workbook(source, target, "台账", append=[NEW])
    assert part(source, "xl/worksheets/sheet2.xml") == part(target, "xl/worksheets/sheet2.xml")
    plain = simple(worksheet(records(), tail='<drawing r:id="rId1"/>'))
    plain["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("rId1", "drawing", "../drawings/drawing1.xml")
    )
    plain["xl/drawings/drawing1.xml"] = f'<d xmlns:r="{OFFICE}"/>'
    plain["xl/drawings/_rels/drawing1.xml.rels"] = relations(
        ("rId1", "chart", "../charts/chart1.xml")
    )
    plain["xl/charts/chart1.xml"] = (
        '<c:c xmlns:c="c"><c:f>台账!$H$2:$H$4</c:f><c:f>台账!$G$2:$G$3</c:f></c:c>'
    )
    save(plain, source)
    patch_workbook(source, target, "台账", append=[NEW])
    chart = part(target, "xl/charts/chart1.xml")
    assert re.findall("<c:f>([^<]*)", chart) == ["台账!$H$2:$H$5", "台账!$G$2:$G$3"]


def test_rules_compare_with_the_new_records_too(source: Path, target: Path) -> None:
    tail = (
        '<conditionalFormatting sqref="A2:A4"><cfRule type="expression" priority="1">'
        "<formula>COUNTIF($A$2:$A$4,A2)&gt;1</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="custom" sqref="H2:H4">'
        "<formula1>SUM(H2:H4)&lt;9</formula1></dataValidation></dataValidations>"
    )
    with_sheets(source, records(), tail=tail)
    patch_workbook(source, target, "台账", append=[NEW])
    after = part(target, "xl/worksheets/sheet1.xml")
    assert '<conditionalFormatting sqref="A2:A5">' in after
    assert "<formula>COUNTIF($A$2:$A$5,A2)&gt;1</formula>" in after
    assert "<formula1>SUM(H2:H4)&lt;9</formula1>" in after


@pytest.mark.parametrize("before", [None, 5])
def test_shared_and_array_formulas(source: Path, target: Path, before: int | None) -> None:
    """A shared formula is written out only where its members part ways or rows move."""
    top = (
        formula("J1", "SUM(G2:G4)", ' t="shared" ref="J1:K1" si="0"')
        + '<c r="K1"><f t="shared" si="0"/><v>0</v></c>'
        + formula("L1", "MAX(H2:H4*G2:G4)", ' t="array" ref="L1"')
    )
    products = formula("M2", "G2*H2", ' t="shared" ref="M2:M4" si="1"')
    rows = HEADER.replace("</row>", top + "</row>") + line(2, products)
    for number in (3, 4):
        rows += line(number, f'<c r="M{number}"><f t="shared" si="1"/><v>0</v></c>')
    with_sheets(source, rows)
    patch_sheets(source, target, {"台账": SheetEdit(append=[NEW], append_before=before)})
    found = formulas(target)
    assert (found["J1"], found["K1"]) == ("SUM(G2:G5)", "SUM(H2:H5)")
    assert found["L1"] == "MAX(H2:H5*G2:G5)"
    assert [found[f"M{n}"] for n in (2, 3, 4)] == ["G2*H2", "G3*H3", "G4*H4"]
    kept = 'si="1"' in part(target, "xl/worksheets/sheet1.xml")
    assert kept is (before is None)
