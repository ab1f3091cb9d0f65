"""The replace protocol: beside, synced, read back, compared, replaced in one step."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from tests.patching import book, row, save, sheet_rows, simple, worksheet

from ledgersync.workbook.patch import (
    PatchRefused,
    SheetEdit,
    open_elsewhere,
    patch_sheets,
    patch_workbook,
    rewrite_workbook,
    what_would_be_lost,
)
from ledgersync.workbook.patch.package.parts import Sheet
from ledgersync.workbook.patch.package.verify import verify_members, verify_sheet
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.sheet.cell_xml import content
from ledgersync.workbook.patch.sheet.plan import Write

EDIT = {"台账": SheetEdit(cells={(1, 1): "neu"})}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return book(tmp_path / "台账.xlsx", row(1, "alt"))


def test_source_and_target_may_be_one_file(ledger: Path) -> None:
    ledger.chmod(0o640)
    report = patch_workbook(ledger, ledger, "台账", {(1, 1): "neu"})
    assert ">neu<" in sheet_rows(ledger)
    assert report.sha256 == digest(ledger)
    assert ledger.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in ledger.parent.iterdir()] == [ledger.name]


def test_a_target_saved_in_the_meantime_is_left_alone(ledger: Path, tmp_path: Path) -> None:
    expected = digest(ledger)
    patch_sheets(ledger, ledger, EDIT, expect_sha256=expected)
    saved = digest(ledger)
    with pytest.raises(PatchRefused) as refused:
        patch_sheets(ledger, ledger, EDIT, expect_sha256=expected)
    assert refused.value.reason == "target.changed"
    assert digest(ledger) == saved
    with pytest.raises(PatchRefused) as refused:
        patch_sheets(ledger, tmp_path / "gone.xlsx", EDIT, expect_sha256=expected)
    assert refused.value.reason == "target.changed"


def test_a_target_held_open_keeps_the_write_pending(ledger: Path) -> None:
    before = digest(ledger)

    def sharing_violation(source: Path, target: Path) -> None:
        assert ">neu<" in sheet_rows(source)
        raise PermissionError(13, "in use", str(target))

    with pytest.raises(PatchRefused) as refused:
        patch_sheets(ledger, ledger, EDIT, replace=sharing_violation)
    assert refused.value.reason == "target.open"
    assert "保持待处理" in refused.value.next_step.zh
    assert digest(ledger) == before
    assert [p.name for p in ledger.parent.iterdir()] == [ledger.name]


def test_a_failing_disk_leaves_the_target_as_it_was(ledger: Path) -> None:
    before = digest(ledger)

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        patch_sheets(ledger, ledger, EDIT, replace=full)
    assert digest(ledger) == before
    assert [p.name for p in ledger.parent.iterdir()] == [ledger.name]


def test_a_linked_target_is_replaced_behind_the_link(ledger: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(ledger)
    patch_sheets(link, link, EDIT)
    assert link.is_symlink() and ">neu<" in sheet_rows(ledger)


def test_the_temporary_file_is_one_that_the_watcher_ignores(ledger: Path) -> None:
    seen: list[str] = []

    def note(source: Path, target: Path) -> None:
        seen.append(source.name)
        source.replace(target)

    patch_sheets(ledger, ledger, EDIT, replace=note)
    assert seen[0].startswith(".~") and seen[0].endswith(".tmp")


def test_the_owner_file_names_who_has_it_open(ledger: Path) -> None:
    assert open_elsewhere(ledger) is None
    name = "王芳".encode("gb18030")
    owner = bytes([len(name)]) + name + b" " * 50
    ledger.with_name(f"~${ledger.name}").write_bytes(owner)
    assert open_elsewhere(ledger) == "王芳"


def test_reading_back_notices_a_wrong_value_and_a_changed_member(tmp_path: Path) -> None:
    one = book(tmp_path / "one.xlsx", row(1, "a"))
    two = save(simple(worksheet(row(1, "b")), styles="<other/>"), tmp_path / "two.xlsx")
    sheet = Sheet("台账", "1", 0, "worksheet", "xl/worksheets/sheet1.xml")
    text = worksheet(row(1, "a"))
    span = (text.encode().index(b"<row"), text.encode().index(b"</sheetData"))
    good = {1: {1: Write("a", content("a", False, ""))}}
    bad = {1: {1: Write("z", content("z", False, ""))}}
    with closing(ZipSource(one)) as first, closing(ZipSource(two)) as second:
        verify_sheet(first, sheet, {1: span}, good)
        with pytest.raises(PatchRefused, match="回读"):
            verify_sheet(first, sheet, {1: span}, bad)
        verify_members(first, second, ["xl/workbook.xml"])
        with pytest.raises(PatchRefused, match="回读"):
            verify_members(first, second, ["xl/styles.xml"])


def test_rewriting_says_what_is_lost(tmp_path: Path, ledger: Path) -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    parts = simple(worksheet(rows, tail="<extLst><ext><x14:sparklineGroups/></ext></extLst>"))
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"]
        .replace("<extLst", '<extLst xmlns:x14="x"')
        .replace(
            "<x14:sparklineGroups/>",
            "<x14:sparklineGroups><x14:sparklineGroup/></x14:sparklineGroups>",
        )
    )
    parts["xl/media/image1.png"] = "x"
    source = save(parts, tmp_path / "reich.xlsx")
    lost = {message.zh for message in what_would_be_lost(source)}
    assert lost == {"图片", "迷你图", "公式的缓存值"}
    assert what_would_be_lost(ledger) == []


def test_rewriting_writes_the_edit_through_openpyxl(ledger: Path) -> None:
    before = digest(ledger)
    edit = SheetEdit(cells={(1, 1): "=1+1"}, append=[["b", 2], ["c", 3]])
    rewrite_workbook(ledger, ledger, {"台账": edit}, expect_sha256=before)
    patch_workbook(ledger, ledger, "台账", remove_rows=[2])
    assert ">b<" not in sheet_rows(ledger)
    with pytest.raises(PatchRefused):
        rewrite_workbook(ledger, ledger, {"无": edit})
