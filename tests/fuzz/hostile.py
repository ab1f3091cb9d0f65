"""Files that no spreadsheet program writes, made from a sound one."""

import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = b"</sheetData></worksheet>"
Edit = Callable[[bytes], bytes]


def valid_workbook() -> bytes:
    """A small ledger that is read without a finding."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "身份证号", "人员类别"])
    sheet.append(["王芳", "36070219351024220X", "独居老人"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(
    content: bytes, edits: Mapping[str, Edit] | None = None, add: Sequence[tuple[str, bytes]] = ()
) -> bytes:
    """The package with some members changed or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for item in old.infolist():
            part = old.read(item)
            edit = (edits or {}).get(item.filename)
            new.writestr(item.filename, edit(part) if edit else part)
        for name, part in add:
            new.writestr(name, part)
    return out.getvalue()


def bomb(path: Path, member: str, gigabytes: float, *, forged: bool) -> Path:
    """A member that inflates to gigabytes; a forged one declares a million bytes."""
    block = b" " * (1 << 24)
    with zipfile.ZipFile(BytesIO(valid_workbook())) as old, zipfile.ZipFile(path, "w", 8) as new:
        for item in old.infolist():
            if item.filename != member:
                new.writestr(item.filename, old.read(item))
        with new.open(member, "w", force_zip64=True) as part:
            part.write(_HEAD)
            for _ in range(int(gigabytes * 64)):
                part.write(block)
            part.write(_TAIL)
        size = new.getinfo(member).file_size if member in new.namelist() else 0
    if forged:
        raw = path.read_bytes()
        for width in (8, 4):
            if size < 1 << (8 * width):
                honest, lie = size.to_bytes(width, "little"), (10**6).to_bytes(width, "little")
                raw = raw.replace(honest, lie)
        path.write_bytes(raw)
    return path


def sheet_of(cells: bytes) -> Edit:
    return lambda _: _HEAD + cells + _TAIL


def hostile_files() -> dict[str, bytes]:
    """Small ones by name; each must be refused."""
    good = valid_workbook()
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    spread = b"".join(
        b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (r, b"XFD" if r % 2 else b"A", r)
        for r in range(1, 3600)
    )
    entities = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    )
    return {
        "far.xlsx": repacked(good, {SHEET: sheet_of(far)}),
        "spread.xlsx": repacked(good, {SHEET: sheet_of(spread)}),
        "entities.xlsx": repacked(
            good, {"xl/workbook.xml": lambda x: entities + x[x.index(b"<workbook") :]}
        ),
        "traversal.xlsx": repacked(good, add=[("../../evil.xml", b"x")]),
        "absolute.xlsx": repacked(good, add=[("/etc/evil.xml", b"x")]),
        "twice.xlsx": repacked(good, add=[("XL/Workbook.xml", b"x")]),
        "half.xlsx": good[: len(good) // 2],
        "tail.xlsx": good[:-30],
        "empty.xlsx": b"",
        "noise.xlsx": os.urandom(4096),
        "noise.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(4096),
        "zip.xlsx": b"PK\x03\x04" + os.urandom(4096),
        "picture.csv": b"\x89PNG\r\n\x1a\n" + os.urandom(512),
        "ods-bomb.ods": ods_bomb(),
    }


def ods_bomb() -> bytes:
    """One cell repeated over the whole sheet."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    xml = (
        f'<office:document-content xmlns:office="{name}:office:1.0" '
        f'xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="S">'
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", 8) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0)
        new.writestr("content.xml", xml)
        new.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument'
            '.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()
