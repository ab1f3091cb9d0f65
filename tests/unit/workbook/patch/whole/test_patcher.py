"""A whole patch: what is reported, what is refused, and that the target changes in one step."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.patching import (
    book,
    content_types,
    part,
    relations,
    row,
    save,
    sheet_rows,
    simple,
    workbook,
    worksheet,
)

from ledgersync.files import file_hash
from ledgersync.workbook.patch import (
    PatchRefused,
    PatchReport,
    SheetEdit,
    patch_sheets,
    patch_workbook,
)
from ledgersync.workbook.patch.package.zipcopy import Member, ZipSource, ZipTarget
from ledgersync.workbook.patch.scan.row_map import RowMap

SHEET = "xl/worksheets/sheet1.xml"
LINES = row(1, "a") + row(2, "b") + row(3, "c")


def chained() -> dict[str, str]:
    """A workbook with a table, a calculation chain, and a part that nobody touches."""
    rows = row(1, "a") + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
    parts = simple(worksheet(rows))
    parts["xl/chain.xml"] = '<calcChain><c r="A2" i="1"/></calcChain>'
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "calcChain", "chain.xml"),
        ("rId3", "styles", "styles.xml"),
    )
    parts["[Content_Types].xml"] = content_types({"/xl/chain.xml": "application/x-chain"})
    parts["xl/other.xml"] = "<other/>"
    return parts


def test_a_patch_reports_what_it_did(source: Path, target: Path) -> None:
    save(chained(), source)
    edit = SheetEdit(cells={(2, 1): 7}, append=[["x"]], remove_rows=[1], marks={(2, 1): "!"})
    report = patch_sheets(source, target, {"台账": edit}, parts={"custom.xml": b"<c/>"})
    own = report.sheets.pop("台账")
    assert (own.appended_rows, own.append_column, own.rows) == ([2], 1, RowMap.of([1]))
    assert own.cleared_rows == frozenset()
    assert report == PatchReport(
        {},
        changed_members=(
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/workbook.xml",
            SHEET,
        ),
        added_members=(
            "xl/comments1.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
            "xl/drawings/vmlDrawing1.vml",
            "custom.xml",
        ),
        dropped_members=("xl/chain.xml",),
        untouched_members=2,
        sha256=file_hash(target),
    )
    assert part(target, "xl/other.xml") == "<other/>"


def test_sheets_are_reported_by_the_names_they_were_asked_by(source: Path, target: Path) -> None:
    parts = simple(worksheet(LINES), workbook=workbook(sheets=("Data",)))
    save(parts, source)
    report = patch_sheets(source, target, {"DATA": SheetEdit(append=[["x"]], append_column=2)})
    assert report.appended_rows == {"DATA": [4]}
    assert report.sheets["DATA"].append_column == 2


def test_the_frame_of_a_sheet_follows(source: Path, target: Path) -> None:
    head = '<dimension ref="A1:A3"/><cols><col min="1" max="1" width="9"/></cols>'
    tail = '<autoFilter ref="A1:A3"/><mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    book(source, LINES, head, tail)
    edit = SheetEdit(cells={(1, 2): "新"}, append=[["x"]], new_columns=[2], hide=[2])
    patch_sheets(source, target, {"台账": edit})
    text = part(target, SHEET)
    assert '<dimension ref="A1:B4"/>' in text
    assert '<col min="2" max="2" width="24" hidden="1" customWidth="1"/></cols>' in text
    assert '<autoFilter ref="A1:B4"/>' in text
    patch_workbook(source, target, "台账", remove_rows=[3])
    text = part(target, SHEET)
    assert '<dimension ref="A1:A2"/>' in text and '<autoFilter ref="A1:A2"/>' in text
    assert "mergeCell" not in text


def test_what_stands_above_the_cells_follows_moved_rows(source: Path, target: Path) -> None:
    book(source, LINES, '<sheetPr/><autoFilter ref="A1:A3"/>')
    patch_workbook(source, target, "台账", remove_rows=[2])
    assert '<sheetPr/><autoFilter ref="A1:A2"/><sheetData>' in part(target, SHEET)


def test_days_are_counted_as_the_workbook_counts_them(source: Path, target: Path) -> None:
    old = workbook().replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    book(source, LINES, workbook=old)
    patch_workbook(source, target, "台账", {(1, 2): date(2024, 2, 29)})
    assert "<v>43889</v>" in sheet_rows(target)


def left_alone(source: Path, target: Path, reason: str, **given: object) -> None:
    """The patch is refused, and the target, if any, is as it was; nothing lies beside it."""
    before = target.read_bytes() if target.exists() else None
    names = sorted(path.name for path in target.parent.iterdir())
    with pytest.raises(PatchRefused) as refused:
        patch_sheets(source, target, **given)  # type: ignore[arg-type]
    assert refused.value.reason == reason
    assert (target.read_bytes() if target.exists() else None) == before
    assert sorted(path.name for path in target.parent.iterdir()) == names


@pytest.mark.parametrize("there", [True, False])
def test_a_refused_patch_leaves_the_target_alone(source: Path, target: Path, there: bool) -> None:
    book(source, LINES)
    if there:
        target.write_bytes(b"before")
    edits = {"台账": SheetEdit(cells={(0, 1): 1})}
    left_alone(source, target, "edit.address", edits=edits)
    left_alone(source, target, "sheet.missing", edits={"别的": SheetEdit()})
    for name in ("xl/a.xml", "_rels/a.rels", "XL/A.XML"):
        left_alone(source, target, "xml.malformed", edits={}, parts={name: b"<a>"})
    patch_sheets(source, target, {}, parts={"xl/a.bin": b"<a>"})
    assert part(target, "xl/a.bin") == "<a>"


def test_a_sheet_that_would_be_no_xml_is_refused(source: Path, target: Path) -> None:
    book(source, LINES + "<row r='4'><c r='A4'><v>1</c></row>", tail="</open>")
    left_alone(source, target, "xml.malformed", edits={"台账": SheetEdit(cells={(1, 1): 1})})


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("xl/workbook.xml", "verify.members"),
        (SHEET, "verify.values"),
        ("xl/comments1.xml", "verify.members"),
        ("xl/_rels/workbook.xml.rels", "verify.members"),
    ],
)
def test_what_is_read_back_must_be_what_was_meant(
    source: Path, target: Path, member: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk, or a library, that writes something else."""
    write, copy = ZipTarget.write, ZipTarget.copy

    def wrong(self: ZipTarget, pieces: Iterable[bytes], name: str, like: Any = None) -> None:
        whole = b"".join(pieces)
        write(self, [whole.replace(b"7", b"8") if name == member else whole], name, like)

    def other(self: ZipTarget, file: ZipSource, like: Member) -> None:
        if like.name == member:
            write(self, [b"<other/>"], like.name, like)
        else:
            copy(self, file, like)

    book(source, LINES, workbook=workbook(extra="<a x='7'/>"))
    monkeypatch.setattr(ZipTarget, "write", wrong)
    monkeypatch.setattr(ZipTarget, "copy", other)
    edits = {"台账": SheetEdit(cells={(1, 2): 7}, marks={(1, 1): "7"})}
    left_alone(source, target, reason, edits=edits)


def test_a_target_that_somebody_else_replaced_is_left_alone(source: Path, target: Path) -> None:
    book(source, LINES)
    book(target, row(1, "others"))
    known = file_hash(target)
    edits = {"台账": SheetEdit(cells={(1, 1): "x"})}
    with pytest.raises(PatchRefused):
        patch_sheets(source, target, edits, expect_sha256=file_hash(source))
    assert file_hash(target) == known
    report = patch_sheets(source, target, edits, expect_sha256=known)
    assert file_hash(target) == report.sha256 != known


def test_a_file_that_breaks_the_rules_of_its_format_is_refused_by_name(
    source: Path, target: Path
) -> None:
    parts = simple(worksheet(LINES))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../t.xml"))
    parts["xl/t.xml"] = '<table ref="A1:A3"><tableColumn></table>'
    save(parts, source)
    left_alone(source, target, "package.malformed", edits={"台账": SheetEdit(append=[["x"]])})
    with pytest.raises(PatchRefused) as refused:
        patch_workbook(source, target, "台账", append=[["x"]])
    assert source.name in refused.value.message.zh
    assert isinstance(refused.value.__cause__, etree.XMLSyntaxError)
