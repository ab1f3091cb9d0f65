"""Packages written by other programs, odd ones and hostile ones: patched, or refused by name."""

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook
from tests.patching import (
    MAIN,
    book,
    cell,
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

from ledgersync.workbook.patch import REASONS, PatchRefused, patch_workbook

SHEET = "xl/worksheets/sheet1.xml"


def values(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def reason_of(source: Path, target: Path, **edit: object) -> str:
    """Patches and returns the reason of the refusal; nothing may have been written."""
    before = source.read_bytes()
    with pytest.raises(PatchRefused) as refused:
        patch_workbook(source, target, "台账", **(edit or {"cells": {(1, 1): "x"}}))  # type: ignore[arg-type]
    assert refused.value.reason in REASONS
    assert refused.value.message.zh.startswith("无法写入")
    assert not target.exists() and source.read_bytes() == before
    assert [p.name for p in source.parent.iterdir()] == [source.name]
    return refused.value.reason


def test_prefixed_elements(source: Path, target: Path) -> None:
    sheet = worksheet(row(1, "a") + '<row r="2"/>', tail="<mergeCells/>")
    for name in ("worksheet", "sheetData", "row", "mergeCells", "c>", "c ", "is", "t>", "t "):
        sheet = sheet.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    sheet = sheet.replace("xmlns=", "xmlns:x=")
    save(simple(sheet), source)
    patch_workbook(source, target, "台账", {(1, 1): "b", (2, 2): 5}, append=[["n"]])
    text = part(target, SHEET)
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">b</x:t></x:is></x:c>' in text
    assert '<x:row r="2"><x:c r="B2"><x:v>5</x:v></x:c></x:row><x:row r="3">' in text
    assert [r[0] for r in load_workbook(target).active.values] == ["b", None, "n"]


def test_rows_and_cells_without_numbers(source: Path, target: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    book(source, rows)
    patch_workbook(source, target, "台账", {(1, 2): 9, (2, 4): "d"}, append=[["n"]])
    assert values(target) == [[1, 9, "", ""], [3, "", "", "d"], ["n", "", "", ""]]
    patch_workbook(source, target, "台账", {(2, 1): 4}, remove_rows=[1])
    assert values(target) == [[4]]


def test_single_quotes_blanks_and_line_breaks(source: Path, target: Path) -> None:
    rows = "<row\n r = '1' ><c\tr = 'A1' s='2'><v>1</v></c ></row >\n<row r='3'></row>"
    book(source, rows)
    patch_workbook(source, target, "台账", {(1, 1): 7, (3, 1): "x"})
    assert sheet_rows(target) == (
        "<row\n r = '1' >"
        + '<c r="A1" s="5"><v>7</v></c>'
        + "</row >\n<row r='3'>"
        + cell("A3", "x")
        + "</row>"
    )


def test_comments_and_cdata_among_the_cells(source: Path, target: Path) -> None:
    rows = '<!-- <row r="9"> --><row r="1"><c r="A1" t="str"><v><![CDATA[</c><row>]]></v></c>'
    rows += '<!-- <c r="B1"/> --><c r="C1"><v>3</v></c></row>'
    book(source, rows)
    patch_workbook(source, target, "台账", {(1, 3): 4, (1, 2): 2}, append=[["n"]])
    got = list(load_workbook(target).active.values)
    assert got == [("</c><row>", 2, 4), ("n", None, None)]
    assert '<!-- <row r="9"> -->' in sheet_rows(target)


def test_an_empty_sheet(source: Path, target: Path) -> None:
    sheet = worksheet("").replace("<sheetData></sheetData>", "<sheetData />")
    save(simple(sheet), source)
    report = patch_workbook(source, target, "台账", append=[["a", 1]])
    assert report.appended_rows["台账"] == [1]
    assert values(target) == [["a", 1]]


def test_content_counts_not_styled_rows(source: Path, target: Path) -> None:
    rows = row(1, "a") + "".join(f'<row r="{r}"><c r="A{r}" s="1"/></row>' for r in range(2, 500))
    book(source, rows + '<row r="1048576"><c r="A1048576" s="1"/></row>')
    assert patch_workbook(source, target, "台账", append=[["n"]]).appended_rows["台账"] == [2]


def test_strict_workbooks(source: Path, target: Path) -> None:
    parts = simple(worksheet(row(1, "a")))
    strict = {
        name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, text in parts.items()
    }
    save(strict, source)
    patch_workbook(source, target, "台账", {(1, 1): "b"})
    assert cell("A1", "b") in sheet_rows(target)


@pytest.mark.parametrize("goal", ["/xl/worksheets/Sheet%201.xml", "worksheets\\sheet 1.xml"])
def test_relationship_targets_of_any_shape(source: Path, target: Path, goal: str) -> None:
    parts = simple(worksheet(row(1, "a")))
    parts["xl/worksheets/Sheet 1.xml"] = parts.pop(SHEET)
    parts["xl/_rels/workbook.xml.rels"] = relations(("rId1", "worksheet", goal))
    save(parts, source)
    patch_workbook(source, target, "台账", {(1, 1): "b"})
    assert cell("A1", "b") in sheet_rows(target, "xl/worksheets/Sheet 1.xml")


def test_dates_of_a_1904_workbook(source: Path, target: Path) -> None:
    import datetime

    made = Workbook()
    made.epoch = datetime.datetime(1904, 1, 1)
    made.active.title = "台账"
    made.active["A1"] = "a"
    made.save(source)
    patch_workbook(source, target, "台账", {(1, 2): datetime.date(2024, 2, 29)})
    assert load_workbook(target).active["B1"].value == datetime.datetime(2024, 2, 29)


def test_data_descriptors_stored_members_and_comments_are_copied(
    source: Path, target: Path
) -> None:
    class Stream(io.RawIOBase):
        """A file that cannot seek: zipfile then writes data descriptors."""

        def __init__(self, path: Path) -> None:
            self.file = path.open("wb")

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return self.file.write(data)  # type: ignore[arg-type]

    stream = Stream(source)
    with zipfile.ZipFile(stream, "w") as package:  # type: ignore[type-var]
        package.comment = "备注".encode()
        for name, text in simple(worksheet(row(1, "a"))).items():
            method = zipfile.ZIP_STORED if "rels" in name else zipfile.ZIP_DEFLATED
            package.writestr(name, text, method)
    stream.file.close()
    patch_workbook(source, target, "台账", {(1, 1): "b"})
    before, after = packed(source), packed(target)
    assert all(before[n] == after[n] for n in before if n not in (SHEET, "xl/workbook.xml"))
    with zipfile.ZipFile(target) as package:
        assert package.testzip() is None and package.comment == "备注".encode()
    assert values(target) == [["b"]]


def test_zip64_members_are_copied(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in simple(worksheet(row(1, "a"))).items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(text.encode())
    patch_workbook(source, target, "台账", {(1, 1): "b"})
    assert values(target) == [["b"]]


def test_sheet_names_are_found_without_regard_to_case(source: Path, target: Path) -> None:
    book(source, row(1, "a"), workbook=workbook(sheets=("Grid",)))
    report = patch_workbook(source, target, "grid", {(1, 1): "b"})
    assert list(report.sheets) == ["grid"]
    with pytest.raises(PatchRefused, match="没有名为此的工作表"):
        patch_workbook(source, target, "其他", {(1, 1): "b"})


REFUSED_SHEETS = {
    "sheet.rows_out_of_order": worksheet(row(2, "a") + row(1, "b") + row(5, "c")),
    "sheet.cells_out_of_order": worksheet('<row r="1"><c r="B1"/><c r="A1"/></row>'),
    "sheet.no_data": f'<worksheet xmlns="{MAIN}"/>',
    "xml.malformed": worksheet(row(1, "a"), tail="<mergeCells>"),
    "xml.doctype": worksheet(row(1, "a")).replace("<worksheet", "<!DOCTYPE x><worksheet", 1),
    "sheet.alternate_content": worksheet(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility'
        f'/2006">{row(1, "a")}</mc:AlternateContent>'
    ).replace("<sheetData>", '<cols xmlns:m="a/markup-compatibility"/><sheetData>'),
}


@pytest.mark.parametrize("reason", REFUSED_SHEETS)
def test_sheets_that_cannot_be_spliced(source: Path, target: Path, reason: str) -> None:
    save(simple(REFUSED_SHEETS[reason]), source)
    assert reason_of(source, target) == reason


def test_permuted_rows_that_look_dense_are_noticed(source: Path, target: Path) -> None:
    save(simple(worksheet(row(1, "a") + row(3, "b") + row(2, "c") + row(4, "d"))), source)
    assert reason_of(source, target, cells={(2, 1): "x"}) == "sheet.rows_out_of_order"


def test_other_encodings_are_refused(source: Path, target: Path) -> None:
    parts: dict[str, str | bytes] = {**simple("")}
    parts[SHEET] = worksheet(row(1, "a")).replace("UTF-8", "UTF-16").encode("utf-16")
    save(parts, source)
    assert reason_of(source, target) == "xml.encoding"


def test_a_chart_sheet_is_no_worksheet(source: Path, target: Path) -> None:
    parts = simple(worksheet(row(1, "a")))
    parts["xl/_rels/workbook.xml.rels"] = relations(("rId1", "chartsheet", "worksheets/sheet1.xml"))
    save(parts, source)
    assert reason_of(source, target) == "sheet.not_worksheet"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["xl/media/A.png", "xl/media/a.png"], "package.duplicate_names"),
        (["../evil.xml"], "package.unsafe_name"),
        (["_xmlsignatures/sig1.xml"], "package.signed"),
    ],
)
def test_unsafe_packages(source: Path, target: Path, names: list[str], reason: str) -> None:
    save({**simple(worksheet(row(1, "a"))), **dict.fromkeys(names, "x")}, source)
    assert reason_of(source, target) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "package.not_zip"),
        (b"a,b\n1,2\n", "package.not_zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "package.not_zip"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(2000) + "EncryptedPackage".encode("utf-16-le"),
            "package.encrypted",
        ),
    ],
)
def test_files_that_are_no_packages(source: Path, target: Path, data: bytes, reason: str) -> None:
    source.write_bytes(data)
    assert reason_of(source, target) == reason


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_files(source: Path, target: Path, share: float) -> None:
    book(source, "".join(row(r, f"r{r}") for r in range(1, 300)))
    data = source.read_bytes()
    source.write_bytes(data[: int(len(data) * share)])
    assert reason_of(source, target) == "package.damaged"


def test_a_damaged_member_is_noticed(source: Path, target: Path) -> None:
    book(source, "".join(row(r, f"r{r}") for r in range(1, 300)))
    data = bytearray(source.read_bytes())
    at = data.index(packed(source)[SHEET]) + 20
    data[at] ^= 0x55
    source.write_bytes(data)
    assert reason_of(source, target) == "package.damaged"


def test_a_bomb_that_lies_about_its_size_inflates_no_further(source: Path, target: Path) -> None:
    bomb = b"<worksheet>" + b" " * 60_000_000
    parts: dict[str, str | bytes] = {**simple(worksheet(row(1, "a")))}
    parts[SHEET] = zlib.compress(bomb[:1000])
    save(parts, source)
    compressor = zlib.compressobj(1, zlib.DEFLATED, -15)
    data = compressor.compress(bomb) + compressor.flush()
    _replace_member(source, SHEET, data, size=1000)
    start = time.perf_counter()
    assert reason_of(source, target) == "package.damaged"
    assert time.perf_counter() - start < 2


def _replace_member(path: Path, name: str, data: bytes, size: int) -> None:
    """Rewrites a package with raw compressed bytes for one member and a false size."""
    with zipfile.ZipFile(path) as package:
        others = {n: package.read(n) for n in package.namelist() if n != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for other, content in others.items():
            package.writestr(other, content)
    raw = path.read_bytes()
    start = zipfile.ZipFile(path).start_dir
    end = raw.rindex(b"PK\x05\x06")
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(data), size, len(name), 0)
    central = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        33,
        0,
        len(data),
        size,
        len(name),
        0,
        0,
        0,
        0,
        0,
        start,
    )
    directory = raw[start:end] + central + name.encode()
    at = start + len(local) + len(name) + len(data)
    count = len(others) + 1
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
    path.write_bytes(raw[:start] + local + name.encode() + data + directory + tail)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"cells": {(0, 1): "x"}}, "edit.address"),
        ({"cells": {(1, 16_385): "x"}}, "edit.address"),
        ({"cells": {(2, 1): "x"}, "remove_rows": [2]}, "edit.contradiction"),
        ({"append": [["x"] * 16_385]}, "sheet.full"),
        ({"cells": {(1_048_576, 1): "x"}, "append": [["y"]]}, "sheet.full"),
        ({"cells": {(1, 1): "x" * 32_768}}, "value.too_long"),
        ({"cells": {(1, 1): object()}}, "value.unsupported"),
    ],
)
def test_edits_that_do_not_fit(
    source: Path, target: Path, edit: dict[str, object], reason: str
) -> None:
    book(source, row(1, "a") + row(2, "b"))
    assert reason_of(source, target, **edit) == reason


@pytest.mark.parametrize(
    ("rows", "tail", "head"),
    [
        ('<row r="1"><c r="A1"><f t="shared" si="0">B1</c></row>', "", ""),
        ('<row r="x"><c r="A1"/></row><row r="99999999999"/>', "", ""),
        (row(1, "a") + row(2, "b"), '<rowBreaks count="1"><brk id="1e9"/></rowBreaks>', ""),
        (row(1, "a") + row(2, "b"), "", '<cols><col min="x" max="" style="-1"/></cols>'),
        (row(1, "a") + row(2, "b"), '<mergeCells><mergeCell ref="#REF!"/></mergeCells>', ""),
    ],
)
def test_broken_numbers_never_crash(
    source: Path, target: Path, rows: str, tail: str, head: str
) -> None:
    """Patched as it is, or refused: no other exception leaves the patcher."""
    book(source, rows, head, tail)
    for edit in ({"cells": {(2, 3): "x"}, "append": [["y"]]}, {"remove_rows": [1]}):
        try:
            patch_workbook(source, target, "台账", **edit)  # type: ignore[arg-type]
        except PatchRefused as refused:
            assert refused.reason in REASONS
