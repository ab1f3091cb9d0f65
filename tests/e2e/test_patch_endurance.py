"""A workbook full of people's own things goes through many merges and keeps all of them."""

import random
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.patching import packed, part, save
from tests.rich_workbook import ROWS, rich_parts

from ledgersync.workbook.patch import PatchRefused, SheetEdit, patch_sheets
from ledgersync.workbook.patch.scan.edits import CellValue

SHEET = "xl/worksheets/sheet1.xml"
SUMMARY = "xl/worksheets/sheet2.xml"
CHART = "xl/charts/chart1.xml"
THINGS = (
    "<drawing ",
    "<legacyDrawing ",
    "x14:sparkline>",
    "x14:dataValidation ",
    "<control ",
    "<pageSetup ",
    "<hyperlink ",
    "<cfRule ",
)


@pytest.fixture
def primary(tmp_path: Path) -> Path:
    return save(rich_parts(), tmp_path / "台账.xlsm")


def grid(path: Path) -> list[list[object]]:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("台账")
    return [line[:3] for line in sheet.to_python()]


def test_a_hundred_merges_keep_everything(primary: Path, tmp_path: Path) -> None:
    """Edits and appended rows only: what reads all the data grows, every other part stays."""
    before, expected = packed(primary), grid(primary)
    chance = random.Random(7)
    for number in range(100):
        changed = chance.randrange(2, len(expected) + 1)
        cells: dict[tuple[int, int], CellValue] = {(changed, 3): f"网格{number}"}
        expected[changed - 1][2] = f"网格{number}"
        edit = SheetEdit(cells=cells, append=[[f"新居民{number}", number]])
        expected.append([f"新居民{number}", float(number), ""])
        patch_sheets(primary, primary, {"台账": edit})
    after = packed(primary)
    allowed = {SHEET, SUMMARY, CHART, "xl/workbook.xml", "xl/styles.xml"}
    assert {name for name in before if before[name] != after[name]} <= allowed
    assert list(after) == list(before)
    assert grid(primary) == expected
    sheet = part(primary, SHEET)
    for thing in THINGS:
        assert sheet.count(thing) == part_of_source(thing)
    last = ROWS + 100
    assert f'<autoFilter ref="A1:E{last}"/>' in sheet
    assert f"<xm:sqref>C2:C{last}</xm:sqref>" in sheet
    assert f"台账!$A$1:$E${last}" in part(primary, "xl/workbook.xml")
    assert f"台账!$A$2:$A${last}<" in part(primary, CHART)
    assert f"SUM(台账!B2:B{last})" in part(primary, SUMMARY)


def part_of_source(thing: str) -> int:
    return str(rich_parts()[SHEET]).count(thing)


def test_a_hundred_merges_with_removals_keep_everything_in_place(primary: Path) -> None:
    """Removals too: anchored things follow their rows, charts their data."""
    names = set(packed(primary))
    expected = grid(primary)
    chance = random.Random(11)
    kept = {"居民4", "居民5", "居民7", "居民9", "居民10", "居民2", "居民12"}
    for number in range(100):
        removable = [i for i, line in enumerate(expected, 1) if i > 1 and str(line[0]) not in kept]
        gone = chance.sample(removable, min(len(removable), chance.randrange(3)))
        edit = SheetEdit(append=[[f"新{number}", number]], remove_rows=gone)
        expected = [line for i, line in enumerate(expected, 1) if i not in gone]
        expected.append([f"新{number}", float(number), ""])
        patch_sheets(primary, primary, {"台账": edit})
    assert grid(primary) == expected
    assert set(packed(primary)) == names
    at = {str(line[0]): i for i, line in enumerate(expected, 1)}
    sheet = part(primary, SHEET)
    for thing in THINGS:
        assert sheet.count(thing) == part_of_source(thing)
    assert f'<hyperlink ref="A{at["居民7"]}"' in sheet
    assert f"<xm:f>台账!B{at['居民9']}:C{at['居民9']}</xm:f><xm:sqref>D{at['居民9']}<" in sheet
    assert f'ref="C{at["居民4"]}"' in part(primary, "xl/comments1.xml")
    assert f'ref="C{at["居民4"]}"' in part(primary, "xl/threadedComments/threadedComment1.xml")
    vml = part(primary, "xl/drawings/vmlDrawing1.vml")
    assert f"<x:Row>{at['居民4'] - 1}</x:Row>" in vml
    assert f"<x:FmlaLink>$F${at['居民10']}</x:FmlaLink>" in vml
    assert f'fmlaLink="$F${at["居民10"]}"' in part(primary, "xl/ctrlProps/ctrlProp1.xml")
    assert f"<xdr:row>{at['居民10'] - 1}</xdr:row>" in sheet
    assert f'textlink="台账!$A${at["居民5"]}"' in part(primary, "xl/drawings/drawing1.xml")
    assert f"台账!$A$2:$A${len(expected)}<" in part(primary, CHART)
    pivot = part(primary, "xl/pivotCache/pivotCacheDefinition1.xml")
    assert f'ref="A1:C{at["居民12"]}"' in pivot
    formula = load_workbook(primary, keep_vba=True)["汇总"]["A1"].value
    assert formula == f"=SUM(台账!B2:B{len(expected)})"


def test_a_note_goes_with_its_row(primary: Path) -> None:
    patch_sheets(primary, primary, {"台账": SheetEdit(remove_rows=[4, 9])})
    assert "<comment " not in part(primary, "xl/comments1.xml")
    assert "<threadedComment " not in part(primary, "xl/threadedComments/threadedComment1.xml")
    assert 'ObjectType="Note"' not in part(primary, "xl/drawings/vmlDrawing1.vml")
    assert 'ObjectType="Checkbox"' in part(primary, "xl/drawings/vmlDrawing1.vml")
    assert part(primary, SHEET).count("<x14:sparkline>") == 1


def test_rows_of_a_pivot_are_not_cut(primary: Path) -> None:
    with pytest.raises(PatchRefused) as refused:
        patch_sheets(primary, primary, {"汇总": SheetEdit(remove_rows=[4])})
    assert refused.value.reason == "rows.pivot"
    patch_sheets(primary, primary, {"汇总": SheetEdit(remove_rows=[2])})
    assert 'location ref="A2:B7"' in part(primary, "xl/pivotTables/pivotTable1.xml")


@pytest.mark.office
def test_libreoffice_opens_the_result(primary: Path, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    marks = {(3, 1): "身份证号校验错误"}
    edit = SheetEdit(
        cells={(2, 3): "新网格", (3, 4): date(2024, 2, 29)},
        append=[["新居民", 5]],
        remove_rows=[6],
        marks=marks,
    )
    patch_sheets(primary, primary, {"台账": edit})
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"]
    command += ["--outdir", str(tmp_path), str(primary)]
    subprocess.run(command, timeout=180, check=True, capture_output=True)
    lines = (tmp_path / "台账.csv").read_text("utf-8").splitlines()
    assert lines[1].startswith("居民2,22,新网格")
    assert re.match(r"居民3,23,第一网格,.*2024|居民3,23,第一网格,.*24", lines[2])
    assert lines[-1].startswith("新居民,5")
    assert not any(line.startswith("居民6,") for line in lines)
