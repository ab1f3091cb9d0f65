"""Cells, appended and removed rows in one sheet: what changes, what follows, what stays."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.patching import (
    OFFICE,
    X14,
    XM,
    book,
    cell,
    content_types,
    packed,
    part,
    relations,
    row,
    save,
    sheet_rows,
    simple,
    workbook,
    worksheet,
)

from ledgersync.workbook.patch import PatchRefused, SheetEdit, patch_sheets, patch_workbook

SHEET = "xl/worksheets/sheet1.xml"


def test_only_the_named_cells_change(source: Path, target: Path) -> None:
    rows = (
        '<row r="1" spans="1:3" ht="20" customHeight="1">'
        + cell("A1", "姓名")
        + '<c r="C1" s="4"><v>5</v></c></row>\n  <row r="2"/><row r="4">'
        + '<c r="B4" s="2"><f>C1*2</f><v>10</v></c></row>'
    )
    book(source, rows, head='<dimension ref="A1:C4"/>')
    patch_workbook(
        source, target, "台账", cells={(1, 2): 7, (1, 3): 8, (2, 1): "x", (4, 2): 9, (9, 5): True}
    )
    assert sheet_rows(target) == (
        '<row r="1" spans="1:3" ht="20" customHeight="1">'
        + cell("A1", "姓名")
        + '<c r="B1"><v>7</v></c><c r="C1" s="4"><v>8</v></c></row>\n  '
        + f'<row r="2">{cell("A2", "x")}</row><row r="4"><c r="B4" s="5"><v>9</v></c></row>'
        + '<row r="9"><c r="E9" t="b"><v>1</v></c></row>'
    )
    assert '<dimension ref="A1:E9"/>' in part(target, SHEET)


def test_untouched_members_keep_their_compressed_bytes(source: Path, target: Path) -> None:
    book(source, row(1, "a"))
    report = patch_workbook(source, target, "台账", {(1, 1): "b"})
    before, after = packed(source), packed(target)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {SHEET, "xl/workbook.xml"} == set(report.changed_members)
    assert report.untouched_members == len(before) - 2


def test_clearing_a_cell_keeps_its_style(source: Path, target: Path) -> None:
    book(source, f'<row r="1">{cell("A1", "x", 4)}</row>')
    patch_workbook(source, target, "台账", {(1, 1): None, (1, 5): None, (7, 7): ""})
    assert sheet_rows(target) == '<row r="1"><c r="A1" s="4"/></row>'


def test_appended_rows_look_like_the_row_above(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "电话") + (
        '<row r="2" ht="18" customHeight="1" hidden="1">'
        + cell("A2", "张伟", 1)
        + '<c r="B2" s="2"><v>45000</v></c><c r="C2" s="4"/></row>'
        + '<row r="5"><c r="A5" s="1"/></row>'
    )
    book(source, rows)
    report = patch_workbook(
        source, target, "台账", append=[["王芳", date(2024, 2, 29)], ["李娜", 3.5, 1]]
    )
    assert report.appended_rows == {"台账": [3, 4]}
    assert sheet_rows(target).partition('<row r="3"')[2] == (
        ' ht="18" customHeight="1">'
        + cell("A3", "王芳", 1)
        + '<c r="B3" s="2"><v>45351</v></c><c r="C3" s="4"/></row>'
        + '<row r="4" ht="18" customHeight="1">'
        + cell("A4", "李娜", 1)
        + '<c r="B4" s="5"><v>3.5</v></c><c r="C4" s="4"><v>1</v></c></row>'
        + '<row r="5"><c r="A5" s="1"/></row>'
    )
    assert load_workbook(target).active["B4"].value == 3.5


def test_an_appended_date_takes_the_columns_own_format(source: Path, target: Path) -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="{s}"><v>45000</v></c></row>' for r, s in ((1, 3), (2, 0))
    )
    book(source, rows)
    patch_workbook(source, target, "台账", append=[[date(2024, 1, 1)]])
    assert load_workbook(target).active["A3"].number_format == 'yyyy"年"m"月"d"日"'


def test_ranges_that_end_at_the_data_grow(source: Path, target: Path) -> None:
    tail = (
        '<autoFilter ref="A1:B3"/><conditionalFormatting sqref="A2:B3 D1">'
        '<cfRule type="expression" priority="1"><formula>$A2=1</formula></cfRule>'
        '</conditionalFormatting><dataValidations count="2"><dataValidation type="list"'
        ' sqref="B2:B3"><formula1>"是,否"</formula1></dataValidation><dataValidation'
        ' sqref="A1:A2"/></dataValidations>'
        f'<extLst><ext xmlns:x14="{X14}" xmlns:xm="{XM}"><x14:dataValidations count="1">'
        "<x14:dataValidation><x14:formula1><xm:f>代码!$A$1:$A$3</xm:f></x14:formula1>"
        "<xm:sqref>A2:A3</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    names = (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">台账!$A$1:$B$3'
        '</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">台账!$A$1:$F$3'
        '</definedName><definedName name="人员">台账!$A$2:$A$3</definedName>'
        '<definedName name="标题">台账!$A$1:$B$1</definedName>'
        '<definedName name="一格">台账!$A$3</definedName>'
    )
    rows = row(1, "姓名", "是否") + row(2, "张伟", "是") + row(3, "王芳", "否")
    book(source, rows, tail=tail, workbook=workbook(names))
    patch_workbook(source, target, "台账", append=[["李娜", "是"], ["刘洋", "否"]])
    expected = (
        tail.replace('ref="A1:B3"', 'ref="A1:B5"')
        .replace("A2:B3 D1", "A2:B5 D1")
        .replace('sqref="B2:B3"', 'sqref="B2:B5"')
        .replace("<xm:sqref>A2:A3", "<xm:sqref>A2:A5")
    )
    assert part(target, SHEET).endswith(f"</sheetData>{expected}</worksheet>")
    text = part(target, "xl/workbook.xml")
    for grown in ("$A$1:$B$5<", "$A$1:$F$5<", "$A$2:$A$5<", "$A$1:$B$1<", "台账!$A$3<"):
        assert grown in text


REMOVAL_TAIL = (
    '<autoFilter ref="A1:C8"/><mergeCells count="3"><mergeCell ref="A5:A6"/><mergeCell'
    ' ref="B7:C8"/><mergeCell ref="C2:C4"/></mergeCells><conditionalFormatting sqref="A2:A8">'
    '<cfRule type="expression" priority="1"><formula>$B2&gt;$B$9</formula></cfRule>'
    '</conditionalFormatting><conditionalFormatting sqref="C5:C5"><cfRule type="expression"'
    ' priority="2"><formula>TRUE</formula></cfRule></conditionalFormatting>'
    '<dataValidations count="2"><dataValidation sqref="B2:B8"/><dataValidation sqref="B5"/>'
    '</dataValidations><hyperlinks><hyperlink ref="A8" location="x"/><hyperlink ref="A5"'
    ' location="y"/></hyperlinks><rowBreaks count="1"><brk id="7" max="16383" man="1"/></rowBreaks>'
)


def test_removed_rows_close_up_and_everything_follows(source: Path, target: Path) -> None:
    rows = "".join(row(r, f"r{r}", r) for r in range(1, 5)) + row(5, "gone", 5)
    rows += f'<row r="6">{cell("A6", "r6")}<c r="C6"><f>SUM(B2:B6)+B5</f><v>1</v></c></row>'
    rows += row(7, "r7", 7) + row(8, "r8", 8)
    names = '<definedName name="全部">台账!$A$1:$C$8</definedName>'
    book(source, rows, '<dimension ref="A1:C8"/>', REMOVAL_TAIL, workbook=workbook(names))
    report = patch_workbook(source, target, "台账", remove_rows=[5])
    assert [report.sheets["台账"].row_after(r) for r in (4, 5, 6)] == [4, None, 5]
    after = sheet_rows(target)
    assert after.startswith("".join(row(r, f"r{r}", r) for r in range(1, 5)))
    assert '<c r="C5"><f>SUM(B2:B5)+#REF!</f>' in after
    assert after.endswith(
        row(7, "r7", 7).replace('7"', '6"').replace(">r6<", ">r7<")
        + '<row r="7">'
        + cell("A7", "r8")
        + '<c r="B7"><v>8</v></c></row>'
    )
    text = part(target, SHEET)
    assert '<dimension ref="A1:C7"/>' in text
    assert '<autoFilter ref="A1:C7"/>' in text
    assert '<mergeCells count="2"><mergeCell ref="B6:C7"/><mergeCell ref="C2:C4"/>' in text
    assert 'sqref="A2:A7"' in text and "$B2&gt;$B$8" in text
    assert "TRUE" not in text
    assert '<dataValidations count="1"><dataValidation sqref="B2:B7"/></dataValidations>' in text
    assert '<hyperlinks><hyperlink ref="A7" location="x"/></hyperlinks>' in text
    assert '<brk id="6"' in text
    assert "台账!$A$1:$C$7" in part(target, "xl/workbook.xml")


def test_the_last_entry_of_a_list_takes_the_list_with_it(source: Path, target: Path) -> None:
    tail = '<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells><hyperlinks><hyperlink'
    tail += ' ref="A2" location="x"/></hyperlinks><pageMargins left="1"/>'
    book(source, row(1, "a") + row(2, "b") + row(3, "c"), tail=tail)
    patch_workbook(source, target, "台账", remove_rows=[2])
    assert part(target, SHEET).endswith('</sheetData><pageMargins left="1"/></worksheet>')


def test_a_merged_head_of_household_survives_the_removal_of_its_first_row(
    source: Path, target: Path
) -> None:
    rows = (
        row(1, "户主", "成员")
        + row(2, "张伟", "张伟")
        + row(3, None, "王芳")
        + row(4, None, "张三")
    )
    book(source, rows, tail='<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>')
    patch_workbook(source, target, "台账", remove_rows=[2])
    sheet = load_workbook(target).active
    assert [c.value for c in sheet["A"]] == ["户主", "张伟", None]
    assert [c.value for c in sheet["B"]] == ["成员", "王芳", "张三"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A2:A3"]


def test_remove_edit_and_append_in_one_pass(source: Path, target: Path) -> None:
    book(source, "".join(row(r, f"r{r}", r) for r in range(1, 7)))
    report = patch_workbook(
        source, target, "台账", {(6, 2): "neu"}, append=[["n", 1]], remove_rows=[2, 4]
    )
    values = list(load_workbook(target).active.values)
    assert values == [("r1", 1), ("r3", 3), ("r5", 5), ("r6", "neu"), ("n", 1)]
    assert report.appended_rows == {"台账": [5]}


def test_rows_can_be_put_above_the_signature(source: Path, target: Path) -> None:
    book(source, row(1, "姓名") + row(2, "张伟") + row(3, "填表人："))
    edit = SheetEdit(append=[["王芳"], ["李娜"]], append_before=3)
    report = patch_sheets(source, target, {"台账": edit})
    values = [r[0] for r in load_workbook(target).active.values]
    assert values == ["姓名", "张伟", "王芳", "李娜", "填表人："]
    assert report.sheets["台账"].row_after(3) == 5


def test_an_append_lands_below_a_merged_range_that_reaches_further(
    source: Path, target: Path
) -> None:
    tail = '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    book(source, row(1, "户主", "成员") + row(2, "张伟", "a") + row(3, None, "b"), tail=tail)
    assert patch_workbook(source, target, "台账", append=[["王芳"]]).appended_rows["台账"] == [5]


def shared_rows() -> str:
    return (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f>'
        '<v>2</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/>'
        '<v>4</v></c></row><row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/>'
        "<v>6</v></c></row>"
    )


def test_the_master_of_a_shared_formula_is_rehomed(source: Path, target: Path) -> None:
    book(source, shared_rows())
    patch_workbook(source, target, "台账", {(1, 2): 99})
    after = sheet_rows(target)
    assert '<c r="B1"><v>99</v></c>' in after
    assert '<c r="B2"><f t="shared" ref="B2:B3" si="0">A2*2</f><v>4</v></c>' in after
    assert '<c r="B3"><f t="shared" si="0"/><v>6</v></c>' in after
    sheet = load_workbook(target).active
    assert [sheet[f"B{r}"].value for r in (1, 2, 3)] == [99, "=A2*2", "=A3*2"]


def test_a_member_of_a_shared_formula_is_overwritten(source: Path, target: Path) -> None:
    book(source, shared_rows())
    patch_workbook(source, target, "台账", {(2, 2): 99})
    expected = shared_rows().replace('<f t="shared" si="0"/><v>4</v>', "<v>99</v>")
    assert sheet_rows(target) == expected


def test_shared_formulas_are_written_out_when_rows_move(source: Path, target: Path) -> None:
    book(source, shared_rows())
    patch_workbook(source, target, "台账", remove_rows=[1])
    sheet = load_workbook(target).active
    assert [sheet[f"B{r}"].value for r in (1, 2)] == ["=A1*2", "=A2*2"]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ('<f t="array" ref="A1:A3">B1:B3</f>', "cell.array_formula"),
        ('<f t="dataTable" ref="A1:A3" dt2D="0" r1="B1"/>', "cell.data_table"),
    ],
)
def test_members_of_formula_blocks_are_refused(
    source: Path, target: Path, formula: str, reason: str
) -> None:
    rows = (
        f'<row r="1"><c r="A1">{formula}<v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    )
    book(source, rows + row(3, 1) + row(4, 1) + row(6, 1))
    for edit in (SheetEdit(cells={(2, 1): 5}), SheetEdit(remove_rows=[2])):
        with pytest.raises(PatchRefused) as refused:
            patch_sheets(source, target, {"台账": edit})
        assert refused.value.reason in (reason, "rows.array_formula")
    assert not target.exists()
    patch_workbook(source, target, "台账", {(4, 1): 5}, remove_rows=[6])


def test_the_calculation_chain_loses_overwritten_formulas(source: Path, target: Path) -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>2+2</f><v>4</v></c></row>'
    rows += '<row r="3"><c r="A3"><f>3+3</f><v>6</v></c></row>'
    parts = simple(worksheet(rows))
    parts["xl/calcChain.xml"] = '<calcChain xmlns="x"><c r="A1" i="1" l="1"/><c r="B1"/><c r="A3"/>'
    parts["xl/calcChain.xml"] += "</calcChain>"
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "calcChain", "calcChain.xml")
    )
    parts["[Content_Types].xml"] = content_types({"/xl/calcChain.xml": "application/x-chain"})
    save(parts, source)
    patch_workbook(source, target, "台账", {(1, 1): 5}, remove_rows=[2])
    chain = part(target, "xl/calcChain.xml")
    assert chain == '<calcChain xmlns="x"><c i="1" r="B1"/><c r="A2"/></calcChain>'
    report = patch_workbook(target, target, "台账", {(1, 2): 5, (2, 1): 6})
    assert report.dropped_members == ("xl/calcChain.xml",)
    assert "calcChain" not in part(target, "[Content_Types].xml")
    assert "calcChain" not in part(target, "xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ('<calcPr calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        (
            "<customWorkbookViews/><extLst><ext/></extLst>",
            '<calcPr fullCalcOnLoad="1"/><customWorkbookViews/>',
        ),
    ],
)
def test_the_workbook_calculates_on_load(
    source: Path, target: Path, extra: str, expected: str
) -> None:
    book(source, row(1, "a"), workbook=workbook(extra=extra))
    patch_workbook(source, target, "台账", {(1, 1): "b"})
    assert expected in part(target, "xl/workbook.xml")


def test_several_sheets_in_one_pass(source: Path, target: Path) -> None:
    parts = simple(worksheet(row(1, "a") + row(2, "b") + row(3, "c")))
    parts["xl/workbook.xml"] = workbook(sheets=("台账", "汇总"))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "/xl/worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/Sheet2.xml"),
    )
    formula = '<row r="1"><c r="A1"><f>COUNTA(台账!A1:A3)&amp;台账!A3</f></c></row>'
    parts["xl/worksheets/sheet2.xml"] = worksheet(formula)
    save(parts, source)
    edits = {"台账": SheetEdit(remove_rows=[2]), "汇总": SheetEdit(cells={(2, 1): "ok"})}
    patch_sheets(source, target, edits)
    expected = '<row r="1"><c r="A1"><f>COUNTA(台账!A1:A2)&amp;台账!A2</f></c></row>'
    expected += f'<row r="2">{cell("A2", "ok")}</row>'
    assert sheet_rows(target, "xl/worksheets/sheet2.xml") == expected


def test_a_workbook_without_styles_gets_a_style_part_for_a_date(source: Path, target: Path) -> None:
    parts = simple(worksheet(row(1, "a")))
    del parts["xl/styles.xml"]
    parts["[Content_Types].xml"] = content_types().replace(
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.styles+xml"/>',
        "",
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(("rId1", "worksheet", "worksheets/sheet1.xml"))
    save(parts, source)
    report = patch_workbook(source, target, "台账", {(1, 2): date(2024, 2, 29)})
    assert report.added_members == ("xl/styles.xml",)
    value = load_workbook(target).active["B1"].value
    assert value.date() == date(2024, 2, 29)


def test_marks_colour_cells_and_say_why(source: Path, target: Path) -> None:
    rows = f'<row r="1">{cell("A1", "x", 2)}<c r="B1"><f>1+1</f><v>2</v></c></row>'
    book(source, rows, tail='<pageMargins left="1"/><tableParts count="0"/>')
    marks = {(1, 1): "身份证号校验错误", (1, 2): "公式", (3, 3): "必填"}
    patch_sheets(source, target, {"台账": SheetEdit(cells={(1, 1): "y"}, marks=marks)})
    sheet = load_workbook(target).active
    for (r, c), text in marks.items():
        assert sheet.cell(r, c).comment.text == text
        assert sheet.cell(r, c).fill.fgColor.rgb == "FFFFC000"
    assert sheet["A1"].value == "y" and sheet["A1"].number_format == "mm-dd-yy"
    assert sheet["B1"].value == "=1+1"
    assert f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/><tableParts' in part(target, SHEET)
    patch_sheets(target, target, {"台账": SheetEdit(marks={(1, 1): "再次", (5, 5): "新"})})
    sheet = load_workbook(target).active
    assert sheet["A1"].comment.text == "身份证号校验错误\n再次"
    assert sheet["E5"].comment.text == "新"
    with zipfile.ZipFile(target) as package:
        assert sum(name.endswith(".vml") for name in package.namelist()) == 1


def test_parts_replace_or_add_members(source: Path, target: Path) -> None:
    book(source, row(1, "a"))
    stamp = "<Properties><x/></Properties>"
    patch_sheets(source, target, {}, parts={"docProps/custom.xml": stamp.encode()})
    assert part(target, "docProps/custom.xml") == stamp
    assert "custom-properties" in part(target, "_rels/.rels")
    assert "/docProps/custom.xml" in part(target, "[Content_Types].xml")
    again = stamp.replace("x", "y").encode()
    report = patch_sheets(target, target, {}, parts={"docProps/custom.xml": again})
    assert report.added_members == ()
    assert part(target, "docProps/custom.xml") == again.decode()
