"""What calamine does not tell: error cells and formulas in the raw forms of each format."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlwt
from tests.fuzz.hostile import SHEET, repacked, sheet_of, valid_workbook
from tests.reading import PEOPLE, TODAY, WANG, save

from ledgersync.errors import SchemaFault
from ledgersync.model import WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.schema.mappings import load_mappings, save_mappings
from ledgersync.workbook.read.formats import biff
from ledgersync.workbook.read.formats.package import read_package
from ledgersync.workbook.read.formats.scan import sheet_facts
from ledgersync.workbook.read.formats.spreadsheets import read_book
from ledgersync.workbook.read.formats.xlsb import read_binary_book
from ledgersync.workbook.read.layout.propose import proposals_for_sheet, proposals_for_table
from ledgersync.workbook.read.layout.wording import (
    is_caption,
    is_hint,
    is_note,
    is_section,
    is_total,
)
from ledgersync.workbook.read.reading import read_here


def facts(cells: bytes) -> dict[tuple[int, int], str]:
    content = repacked(valid_workbook(), {SHEET: sheet_of(cells)})
    return sheet_facts(content, zipfile.ZipFile(BytesIO(content)).getinfo(SHEET)).errors


def test_errors_and_uncalculated_formulas_of_a_sheet() -> None:
    cells = (
        b'<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>1+1</f><v>2</v></c>'
        b'<c r="C1"><f>A1&amp;"x"</f></c><c r="D1"><f>B1</f><v></v></c><c r="E1"><f>B2</f><v/></c>'
        b'<c r="F1" t="str"><f>""</f><v></v></c><c r="G1"><f t="shared" si="0"/></c></row>'
    )
    expected = {(1, 1): "#REF!", (1, 3): '=A1&"x"', (1, 4): "=B1", (1, 5): "=B2", (1, 7): "="}
    assert facts(cells) == expected


def test_sheets_with_a_prefix_and_single_quotes() -> None:
    cells = b"<row r='1'><c r='B1' t='e'><v>#N/A</v></c></row>"
    assert facts(cells) == {(1, 2): "#N/A"}


def test_a_sheet_without_any_is_not_read_twice() -> None:
    assert facts(b'<row r="1"><c r="A1"><v>1</v></c></row>') == {}


def test_sheet_parts_by_name_and_the_date_system(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 甲=[["x"]], 乙=[["y"]])
    package = read_package(zipfile.ZipFile(path))
    assert list(package.parts) == ["甲", "乙"]
    assert package.date1904 is False


def test_errors_of_an_old_workbook() -> None:
    book = xlwt.Workbook()
    for name in ("一", "two"):
        book.add_sheet(name).row(1).set_cell_error(2, "#DIV/0!")
    out = BytesIO()
    book.save(out)
    sheets = biff.read_old_book(out.getvalue()).sheets
    assert {name: facts.errors for name, facts in sheets.items()} == {
        "一": {(2, 3): "#DIV/0!"},
        "two": {(2, 3): "#DIV/0!"},
    }
    assert biff.read_old_book(b"no workbook").sheets == {}


def _record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return head + bytes([len(body)]) + body


def test_errors_of_a_binary_workbook() -> None:
    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = _record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("重点人员"))
    cells = _record(0, struct.pack("<I", 4) + b"\0" * 9)
    cells += _record(3, struct.pack("<II", 2, 0) + b"\x17")
    cells += _record(11, struct.pack("<II", 5, 0) + b"\x07" + b"\0" * 4)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.bin", sheet)
        package.writestr(
            "xl/_rels/workbook.bin.rels",
            '<R><r Id="rId1" Target="worksheets/sheet1.bin"/></R>',
        )
        package.writestr("xl/worksheets/sheet1.bin", cells)
    content = out.getvalue()
    found = read_binary_book(content, zipfile.ZipFile(BytesIO(content)))
    assert found is not None
    facts = found.sheets["重点人员"]
    assert facts.errors == {(5, 3): "#REF!", (5, 6): "#DIV/0!"}
    assert facts.formulas == {6: {5}}


def test_what_calamine_refuses_is_read_the_slow_way(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG])
    edit = {SHEET: lambda x: x.replace(b'<dimension ref="A1:F2"', b'<dimension ref="1:2"')}
    content = repacked(path.read_bytes(), edit)
    path.write_bytes(content)
    assert read_book(content, "a.xlsx").grids[0].rows[1][0] == "王芳"


def _table(tmp_path: Path, header: list[object], *rows: list[object]) -> WorkbookData:
    path = save(tmp_path / "a.xlsx", 名单=[header, *rows])
    return read_here(path, load_catalog(), today=TODAY)


def test_proposals_look_at_the_wording_and_at_the_cells(tmp_path: Path) -> None:
    rows = [[*WANG[:5], "13900000001"], [*WANG[:5], "13900000002"]]
    data = _table(
        tmp_path, ["姓名", "身份证号", "人员类别", "家里电话", "入册日期", "监护电话"], *rows
    )
    found = proposals_for_table(load_catalog(), data.tables[0], TODAY)
    assert {p.header: p.field for p in found} == {
        "家里电话": "phone",
        "入册日期": "enrolled",
        "监护电话": "guardian_phone",
    }


def test_proposals_for_a_sheet_that_nothing_fits(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx", 名单=[["对象名字", "身份号", "人员的类别", "家庭地址"], WANG, WANG]
    )
    grid = read_book(path.read_bytes(), "a.xlsx").grids[0]
    found = proposals_for_sheet(load_catalog(), grid, TODAY)
    assert {p.table for p in found} == {"people"}
    assert {"name", "id_number", "category"} <= {p.field for p in found}


def test_learned_headers_survive_the_file_and_a_wrong_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mappings.toml"
    assert load_mappings(path) == {}
    learned = {
        'care.people/名"字': "name",
        "care.people/监护人▸手机": "-",
        "visit.visits/何时": "date",
    }
    save_mappings(path, learned)
    assert load_mappings(path) == learned
    path.write_text("[x\n", "utf-8")
    with pytest.raises(SchemaFault, match=r"mappings\.toml"):
        load_mappings(path)


@pytest.mark.parametrize(
    "text", ["合计", "小 计", "张庄村合计：", "共12户", "合计880户，选定875户", "本页小计(3户)"]
)
def test_totals_in_words(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize(
    "text", ["会计", "累计欠费较多，已合计入账", "共同生活", "共产党员", "统计员"]
)
def test_words_that_only_sound_like_totals(text: str) -> None:
    assert not is_total(text)


def test_other_words() -> None:
    assert is_note("备 注：按月") and is_note("审核人：") and not is_note("备注")
    assert is_caption("附件1") and is_caption("填报单位：甲") and not is_caption("低保台账")
    assert is_hint("【是/否】") and is_hint("①城市②农村") and not is_hint("城市")
    assert is_section("一、东风村") and is_section("第三村民小组") and not is_section("王芳")
