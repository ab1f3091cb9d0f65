"""Every workbook and document that is written here is valid for somebody else's validator.

`openxml-audit` knows the schemas of Office 2010 and is not ours.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from tests.district import A, community, district, primaries, run, visits

TEMPLATES = Path(__file__).parents[2] / "workbooks"
VALIDATOR = OpenXmlValidator(FileFormat.OFFICE_2010)


def faults(path: Path) -> list[str]:
    found = [e for e in VALIDATOR.validate(path).errors if e.severity is ValidationSeverity.ERROR]
    return [f"{path.name}: {e.description} at {e.path}" for e in found]


def test_the_validator_finds_another_order(tmp_path: Path) -> None:
    """What openpyxl writes by itself."""
    book = Workbook()
    book.worksheets[0]["A1"].font = Font(name="宋体", bold=True, color="FF0000")
    book.save(tmp_path / "a.xlsx")
    assert len(faults(tmp_path / "a.xlsx")) > 0


def hand_in(root: Path, name: str, **cells: str) -> None:
    """A fresh copy, its first row below the header filled in by header, put into the inbox."""
    run("-C", root, "issue", "--staff", name, "走访")
    book = load_workbook(root / "issued" / name / "走访台账.xlsx")
    sheet = book["走访记录"]
    headers = next(r for r in sheet.iter_rows(max_row=6) if any(c.value == "备注" for c in r))
    for cell in headers:
        if cell.value in cells:
            sheet[f"{cell.column_letter}{cell.row + 1}"] = cells[str(cell.value)]
    sent = root / "inbox" / name / "走访台账.xlsx"
    sent.parent.mkdir(parents=True, exist_ok=True)
    book.save(sent)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community in which two people disagree, something goes back, and lists are made."""
    root = tmp_path_factory.mktemp("office") / "社区"
    patch = pytest.MonkeyPatch()
    patch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    run("init", root, "--name", "幸福社区", "--code", A, "--level", "community")
    hand_in(root, "王芳", 走访日期="2022-05-01", 户址="解放路1号", 走访结果="见到本人")
    run("-C", root, "merge")
    for name in ("王芳", "李强"):
        hand_in(root, name, 备注=f"{name}写的", 走访结果="逢五", 走访日期="2022-02-30")
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


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_what_a_community_writes(written: Path, every: bool) -> None:
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
    # the other primaries are empty, as the templates are, and one copy is like the other
    alike = [written / "primary" / f"{name}.xlsx" for name in ("低保台账", "重点人员台账")]
    alike += [written / "primary" / "志愿活动台账.xlsx", *(written / "issued" / "李强").iterdir()]
    own = [p for p in found if "returned" not in p.parts and (every or p not in alike)]
    assert every or set(alike) <= {*found}
    assert [fault for path in own for fault in faults(path)] == []


def test_a_returned_workbook_is_as_valid_as_it_was_sent(written: Path) -> None:
    for path in kinds(written / "returned"):
        sent = written / "inbox" / path.parent.name / path.name
        assert len(faults(path)) <= len(faults(sent))


def templates() -> Iterator[object]:
    """Of those with macros, which have the same sheets, one."""
    yield from sorted(TEMPLATES.glob("*.xlsx"))
    for n, path in enumerate(sorted(TEMPLATES.glob("*.xlsm"))):
        yield pytest.param(path, marks=[pytest.mark.slow] if n else [])


@pytest.mark.parametrize("path", list(templates()), ids=lambda p: p.name)
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
