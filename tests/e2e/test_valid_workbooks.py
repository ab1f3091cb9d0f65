"""Every workbook and document that is written here is valid for somebody else's validator.

`openxml-audit` knows the schemas of Office 2010 and is not ours.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import FileFormat, OpenXmlValidator
from tests.district import A, community, district, primaries, run, visits

TEMPLATES = Path(__file__).parents[2] / "workbooks"
VALIDATOR = OpenXmlValidator(FileFormat.OFFICE_2010)


def faults(path: Path) -> list[str]:
    found = VALIDATOR.validate(path).errors
    return [
        f"{path.name}: {e.description} at {e.path}" for e in found if "error" in str(e.severity)
    ]


def fill(path: Path, **cells: object) -> None:
    """Writes into the first row below the header of the first sheet, by header."""
    book = load_workbook(path)
    sheet = next(s for s in book.worksheets if s.sheet_state == "visible" and s.title != "填表说明")
    headers = next(r for r in sheet.iter_rows(max_row=6) if any(c.value == "备注" for c in r))
    at = {cell.value: cell.column for cell in headers}
    for header, value in cells.items():
        sheet.cell(headers[0].row + 1, at[header], value)
    book.save(path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community in which two people disagree, something goes back, and lists are made."""
    root = tmp_path_factory.mktemp("office") / "社区"
    patch = pytest.MonkeyPatch()
    patch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    run("init", root, "--name", "幸福社区", "--code", A, "--level", "community")
    primaries(root, visits("2022-05-01", "2022-05-02", "2022-05-03"))
    run("-C", root, "merge")
    for name in ("王芳", "李强"):
        run("-C", root, "issue", "--staff", name, "走访")
        copy = root / "issued" / name / "走访台账.xlsx"
        sent = root / "inbox" / name / copy.name
        sent.parent.mkdir(parents=True, exist_ok=True)
        sent.write_bytes(copy.read_bytes())
        fill(sent, 备注=f"{name}写的", 走访结果="逢五", 走访日期="2022-02-30")
    run("-C", root, "merge")
    run("-C", root, "check", "--annotate")
    run("-C", root, "rollup", "--period", "2022H1")
    run("-C", root, "rollup", "--period", "2022H1", "--format", "xlsx", "-o", root / "一页")
    run("-C", root, "report", "--period", "2022H1", "--format", "xlsx,docx", "-o", root / "报告")
    run("-C", root, "export", "走访记录", "-o", root / "清单.xlsx")
    run("-C", root, "conflicts", "--export", root / "导出的冲突.xlsx")
    patch.undo()
    return root


def kinds(root: Path) -> Iterator[Path]:
    for pattern in ("*.xlsx", "*.xlsm", "*.docx"):
        for path in sorted(root.rglob(pattern)):
            if "inbox" not in path.parts and ".ledgersync" not in path.parts:
                yield path


def test_what_a_community_writes(written: Path) -> None:
    found = list(kinds(written))
    folders = {path.relative_to(written).parts[0] for path in found}
    expected = {
        "primary",
        "issued",
        "conflicts",
        "returned",
        "reports",
        "一页",
        "报告",
        "清单.xlsx",
    }
    assert expected <= folders
    assert [fault for path in found for fault in faults(path)] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.xls?")), ids=lambda p: p.name)
def test_templates(path: Path) -> None:
    assert faults(path) == []


def test_what_a_district_writes(tmp_path: Path) -> None:
    root = district(tmp_path)
    community(root / "units" / A, A)
    primaries(root / "units" / A, visits("2022-05-01"))
    run("-C", root, "rollup", "--period", "2022H1")
    run("-C", root, "units", "template", "-o", root / "单位.xlsx")
    run("-C", root, "remind", "--period", "2022H1", "--format", "xlsx", "-o", root)
    found = list(kinds(root))
    assert any("汇总表" in path.name for path in found) and len(found) > 4
    assert [fault for path in found if "primary" not in path.parts for fault in faults(path)] == []
