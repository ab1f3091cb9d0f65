"""New worksheets in packages as other programs write them; the rest stays byte for byte."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.patching import (
    MAIN,
    OFFICE,
    STYLES,
    book,
    content_types,
    packed,
    part,
    relations,
    row,
    save,
    simple,
    workbook,
    worksheet,
)

from ledgersync.workbook.patch import PatchRefused, SheetContent, add_sheets, sheet_names

MEMBERS = SheetContent(
    {(1, 1): "家庭成员", (2, 1): "姓名", (2, 2): '证件号 <"&>', (2, 3): "_LS_ID"},
    widths={1: 12.5, 2: 21.0},
    hidden=frozenset([3]),
    text=frozenset([2, 3]),
)
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def refused(source: Path, *names: str) -> str:
    """The reason, and nothing was written."""
    target = source.with_name("新.xlsx")
    with pytest.raises(PatchRefused) as caught:
        add_sheets(source, target, dict.fromkeys(names or ("家庭成员",), MEMBERS))
    assert not target.exists()
    assert [p.name for p in source.parent.iterdir()] == [source.name]
    return caught.value.reason


def test_a_sheet_with_texts_widths_and_a_hidden_column(tmp_path: Path) -> None:
    source = book(tmp_path / "旧.xlsx", row(1, "姓名", 5))
    target = tmp_path / "新.xlsx"
    report = add_sheets(source, target, {"家庭成员": MEMBERS})
    assert report.added_members == ("xl/worksheets/sheet2.xml",)
    file = load_workbook(target)
    assert file.sheetnames == ["台账", "家庭成员"]
    ws = file["家庭成员"]
    assert [[c.value for c in line] for line in ws] == [
        ["家庭成员", None, None],
        ["姓名", '证件号 <"&>', "_LS_ID"],
    ]
    assert (ws.column_dimensions["A"].width, ws.column_dimensions["B"].width) == (12.5, 21.0)
    assert [ws.column_dimensions[c].hidden for c in "ABC"] == [False, False, True]
    look = part(target, "xl/worksheets/sheet2.xml")
    assert '<col min="2" max="2" width="21" style="5" customWidth="1"/>' in look
    assert part(target, "xl/styles.xml").count('numFmtId="49"') == 2


def test_every_other_member_stays_byte_for_byte(tmp_path: Path) -> None:
    source = tmp_path / "旧.xlsx"
    made = Workbook()
    made.worksheets[0].append(["姓名", 1.5])
    made.create_sheet("草稿")["C3"] = "=1+1"
    made.save(source)
    before = packed(source)
    target = tmp_path / "新.xlsx"
    add_sheets(source, target, {"家庭成员": SheetContent({(1, 1): "甲"})})
    after = packed(target)
    changed = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert set(after) - set(before) == {"xl/worksheets/sheet3.xml"}
    assert {name for name in before if before[name] != after[name]} == changed


def test_a_very_hidden_sheet_and_ids_that_nobody_has(tmp_path: Path) -> None:
    parts = simple(worksheet(row(1, "姓名")))
    parts["xl/workbook.xml"] = workbook().replace('sheetId="1"', 'sheetId="40"')
    source = save(parts, tmp_path / "旧.xlsx")
    new = {"家庭成员": MEMBERS, "_stamp": SheetContent({(1, 1): "x"})}
    add_sheets(source, source, new, very_hidden={"_stamp"})
    file = load_workbook(source)
    assert [ws.sheet_state for ws in file.worksheets] == ["visible", "visible", "veryHidden"]
    text = part(source, "xl/workbook.xml")
    assert '<sheet name="家庭成员" sheetId="41" r:id="' in text
    assert '<sheet name="_stamp" sheetId="42" state="veryHidden" r:id="' in text


def test_a_full_range_of_ids_takes_a_free_one(tmp_path: Path) -> None:
    parts = simple(worksheet(row(1, "姓名")))
    parts["xl/workbook.xml"] = workbook().replace('sheetId="1"', 'sheetId="65534"')
    source = save(parts, tmp_path / "旧.xlsx")
    add_sheets(source, source, {"家庭成员": MEMBERS})
    assert '<sheet name="家庭成员" sheetId="1"' in part(source, "xl/workbook.xml")


def test_prefixes_and_names_and_macros_stay(tmp_path: Path) -> None:
    """The workbook part with a prefix, another prefix for r, names by sheet, an old macro part."""
    extra = {"/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject"}
    parts: dict[str, str | bytes] = dict(simple(worksheet(row(1, "姓名"))))
    parts["[Content_Types].xml"] = content_types(extra)
    parts["xl/workbook.xml"] = (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:rel="{OFFICE}"><x:sheets>'
        '<x:sheet name="台账" sheetId="1" rel:id="rId1"/></x:sheets>'
        '<x:definedNames><x:definedName name="_xlnm.Print_Area" localSheetId="0">'
        "台账!$A$1:$B$9</x:definedName></x:definedNames></x:workbook>"
    )
    parts["xl/vbaProject.bin"] = b"\xcc\x61macro"
    source, target = save(parts, tmp_path / "旧.xlsm"), tmp_path / "新.xlsm"
    add_sheets(source, target, {"家庭成员": MEMBERS})
    assert sheet_names(target) == ["台账", "家庭成员"]
    assert load_workbook(target)["台账"].print_area == "'台账'!$A$1:$B$9"
    assert '<x:sheet name="家庭成员" sheetId="2" rel:id="rId' in part(target, "xl/workbook.xml")
    assert packed(target)["xl/vbaProject.bin"] == packed(source)["xl/vbaProject.bin"]


def test_comments_that_look_like_tags_mislead_nobody(tmp_path: Path) -> None:
    text = workbook().replace("</sheets>", "<!-- </sheets><sheets> --></sheets>")
    source = book(tmp_path / "旧.xlsx", row(1, "姓名"), workbook=text)
    add_sheets(source, source, {"家庭成员": MEMBERS})
    assert sheet_names(source) == ["台账", "家庭成员"]
    assert " --><sheet name=" in part(source, "xl/workbook.xml")


def test_the_relationship_prefix_declared_on_each_sheet(tmp_path: Path) -> None:
    text = workbook().replace(f' xmlns:r="{OFFICE}"', "")
    text = text.replace("<sheet ", f'<sheet xmlns:q="{OFFICE}" ').replace("r:id", "q:id")
    source = book(tmp_path / "旧.xlsx", row(1, "姓名"), workbook=text)
    add_sheets(source, source, {"家庭成员": MEMBERS})
    assert load_workbook(source)["家庭成员"]["A2"].value == "姓名"


def test_a_strict_workbook_gets_a_strict_sheet(tmp_path: Path) -> None:
    parts = {
        name: text.replace(MAIN, STRICT).replace(OFFICE, STRICT_OFFICE)
        for name, text in simple(worksheet(row(1, "姓名"))).items()
    }
    source = save(parts, tmp_path / "旧.xlsx")
    add_sheets(source, source, {"家庭成员": MEMBERS})
    assert f'<worksheet xmlns="{STRICT}">' in part(source, "xl/worksheets/sheet2.xml")
    links = part(source, "xl/_rels/workbook.xml.rels")
    assert f'Type="{STRICT_OFFICE}/worksheet" Target="worksheets/sheet2.xml"' in links


def test_the_next_free_part_name_is_taken(tmp_path: Path) -> None:
    parts = simple(worksheet(row(1, "姓名")))
    parts["xl/worksheets/Sheet2.xml"] = worksheet(row(1, "孤儿"))
    source = save(parts, tmp_path / "旧.xlsx")
    report = add_sheets(source, source, {"家庭成员": MEMBERS})
    assert report.added_members == ("xl/worksheets/sheet3.xml",)
    assert part(source, "xl/worksheets/Sheet2.xml") == worksheet(row(1, "孤儿"))


def test_part_names_with_backslashes(tmp_path: Path) -> None:
    parts = {
        name.replace("/", "\\") if name.startswith("xl/") else name: text
        for name, text in simple(worksheet(row(1, "姓名"))).items()
    }
    source = save(parts, tmp_path / "旧.xlsx")
    add_sheets(source, source, {"家庭成员": MEMBERS})
    assert "家庭成员" in part(source, "xl/worksheets/sheet2.xml")
    links = part(source, "xl\\_rels\\workbook.xml.rels")
    assert 'Target="worksheets/sheet2.xml"' in links


@pytest.mark.parametrize("name", ["", "a/b", "a" * 32, "'引号", "a:b", "x[1]"])
def test_names_that_no_sheet_can_have_are_refused(tmp_path: Path, name: str) -> None:
    assert refused(book(tmp_path / "旧.xlsx", row(1, "姓名")), name) == "sheet.name"


def test_a_sheet_of_that_name_is_refused_in_any_case(tmp_path: Path) -> None:
    source = book(tmp_path / "旧.xlsx", row(1, "x"), workbook=workbook(sheets=("Members",)))
    assert refused(source, "MEMBERS") == "sheet.exists"
    assert refused(source, "新表", "Neu", "neu") == "sheet.exists"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<sheets>", "<sheets/><sheets>"),
        (MAIN, "urn:something-else"),
        ("<sheets>", '<sheets xmlns="urn:other">'),
        ("<sheets>", f'<sheets xmlns:r="{OFFICE}-not">'),
    ],
)
def test_workbook_parts_that_cannot_be_understood_are_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    text = workbook().replace(old, new, 1)
    assert refused(book(tmp_path / "旧.xlsx", row(1, "x"), workbook=text)) == "package.malformed"


def test_a_shared_workbook_with_its_log_is_refused(tmp_path: Path) -> None:
    parts = simple(worksheet(row(1, "x")))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "revisionHeaders", "revisions/revisionHeaders.xml"),
    )
    parts["xl/revisions/revisionHeaders.xml"] = f'<headers xmlns="{MAIN}"/>'
    assert refused(save(parts, tmp_path / "旧.xlsx")) == "sheet.shared_workbook"


def test_styles_without_any_style_are_refused_only_where_one_is_needed(tmp_path: Path) -> None:
    styles = STYLES.partition("<cellXfs")[0] + "</styleSheet>"
    source = book(tmp_path / "旧.xlsx", row(1, "x"), styles=styles)
    assert refused(source) == "styles.missing"
    add_sheets(source, source, {"甲": SheetContent({(1, 1): "乙"})})
    assert sheet_names(source) == ["台账", "甲"]


def test_cells_outside_a_sheet_and_texts_too_long_are_refused(tmp_path: Path) -> None:
    source = book(tmp_path / "旧.xlsx", row(1, "x"))
    for cells, reason in (
        ({(0, 1): "a"}, "edit.address"),
        ({(1, 1): "长" * 32768}, "value.too_long"),
    ):
        with pytest.raises(PatchRefused) as caught:
            add_sheets(source, source, {"甲": SheetContent(cells)})
        assert caught.value.reason == reason
    assert sheet_names(source) == ["台账"]


def test_a_damaged_package_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "旧.xlsx"
    source.write_bytes(b"no zip at all")
    assert refused(source) == "package.not_zip"
    with zipfile.ZipFile(source, "w") as package:
        package.writestr("a.txt", "b")
    assert refused(source) == "package.no_workbook"
