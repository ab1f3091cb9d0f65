"""The replace protocol: beside, synced, read back, compared, replaced in one step."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from tests.patching import book, row, save, sheet_rows, simple, worksheet

from ledgersync.files import open_elsewhere
from ledgersync.workbook.patch import PatchRefused, SheetEdit, patch_sheets, patch_workbook
from ledgersync.workbook.patch.package.parts import Sheet
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.scan.cell_xml import content
from ledgersync.workbook.patch.sheet.plan import Write
from ledgersync.workbook.patch.whole.verify import verify_members, verify_sheet

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


def test_a_target_held_open_keeps_the_write_pending(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(ledger)

    def sharing_violation(source: Path, target: Path) -> None:
        assert ">neu<" in sheet_rows(source)
        raise PermissionError(13, "in use", str(target))

    monkeypatch.setattr("ledgersync.files.REPLACE", sharing_violation)
    with pytest.raises(PatchRefused) as refused:
        patch_sheets(ledger, ledger, EDIT)
    assert refused.value.reason == "target.open"
    assert "保持待处理" in refused.value.next_step.zh
    assert digest(ledger) == before
    assert [p.name for p in ledger.parent.iterdir()] == [ledger.name]


def test_a_failing_disk_leaves_the_target_as_it_was(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(ledger)

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledgersync.files.REPLACE", full)
    with pytest.raises(OSError, match="No space"):
        patch_sheets(ledger, ledger, EDIT)
    assert digest(ledger) == before
    assert [p.name for p in ledger.parent.iterdir()] == [ledger.name]


def test_a_linked_target_is_replaced_behind_the_link(ledger: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(ledger)
    patch_sheets(link, link, EDIT)
    assert link.is_symlink() and ">neu<" in sheet_rows(ledger)


def test_the_temporary_file_is_one_that_the_watcher_ignores(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def note(source: Path, target: Path) -> None:
        seen.append(source.name)
        source.replace(target)

    monkeypatch.setattr("ledgersync.files.REPLACE", note)
    patch_sheets(ledger, ledger, EDIT)
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
