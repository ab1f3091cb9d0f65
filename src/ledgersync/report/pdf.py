"""PDF through LibreOffice; bookmarks become named places in it."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import message

_BOOK = "xl/workbook.xml"
_LIMIT = 180  # seconds
_FILTERS = {".docx": "writer_pdf_Export", ".xlsx": "calc_pdf_Export"}
_OPTIONS = {"ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"}}
_PLACES = ("/usr/lib/libreoffice/program", "/opt/libreoffice/program")
_WINDOWS = ("ProgramFiles", "ProgramFiles(x86)")


class NoOffice(LedgerSyncError):
    """LibreOffice is not here, or makes nothing of a file."""


def soffice() -> str | None:
    """The program, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    folders = [Path(p) for p in _PLACES]
    folders += [Path(os.environ[n]) / "LibreOffice/program" for n in _WINDOWS if n in os.environ]
    names = ("soffice.com", "soffice")
    return next((str(f / n) for f in folders for n in names if (f / n).is_file()), None)


def as_pdf(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each document (by file name) as a PDF; raises NoOffice.

    The office runs with a profile of its own, so that one which is open is not disturbed.
    """
    program = soffice()
    if program is None:
        raise NoOffice(
            message("没有 LibreOffice，PDF 没有写出；其余文件照写。"),
            message("安装 LibreOffice 后再运行一次，或在 Word、WPS 里另存为 PDF。"),
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        made: dict[str, bytes] = {}
        for suffix in _FILTERS:
            some = {file: data for file, data in documents.items() if file.endswith(suffix)}
            made |= _converted(program, folder, suffix, some)
        return made


def without_sheets(workbook: bytes, names: Collection[str]) -> bytes:
    """The workbook with these sheets hidden, which no program prints."""
    buffer = BytesIO()
    with ZipFile(BytesIO(workbook)) as before, ZipFile(buffer, "w", ZIP_DEFLATED) as after:
        for item in before.infolist():
            part = before.read(item)
            after.writestr(item, _hidden(part, names) if item.filename == _BOOK else part)
    return buffer.getvalue()


def _hidden(part: bytes, names: Collection[str]) -> bytes:
    root = etree.fromstring(part)
    numbers = set()
    for number, sheet in enumerate(root.iter("{*}sheet")):
        if sheet.get("name") in names:
            sheet.set("state", "hidden")
            numbers.add(str(number))
    for name in list(root.iter("{*}definedName")):  # LibreOffice prints a hidden print area
        parent = name.getparent()
        if parent is not None and name.get("localSheetId") in numbers:
            parent.remove(name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _converted(
    program: str, folder: Path, suffix: str, documents: Mapping[str, bytes]
) -> dict[str, bytes]:
    """All documents of a kind in one run, since the office starts slowly."""
    sources = {file: folder / f"{n}{suffix}" for n, file in enumerate(documents)}
    for file, source in sources.items():
        source.write_bytes(documents[file])
    how = f"pdf:{_FILTERS[suffix]}:{json.dumps(_OPTIONS, separators=(',', ':'))}"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--norestore", "--convert-to", how]
    try:
        if sources:
            subprocess.run(
                [*command, "--outdir", str(folder), *map(str, sources.values())],
                capture_output=True,
                timeout=_LIMIT,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        return {file: _pdf(source) for file, source in sources.items()}
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoOffice(
            message("LibreOffice 没有转成 PDF；其余文件照写。"),
            message("请在 Word、WPS 里打开文件另存为 PDF；或运行 ledgersync doctor 看看。"),
        ) from error


def _pdf(source: Path) -> bytes:
    made = source.with_suffix(".pdf")
    data = made.read_bytes()
    made.unlink()
    return data
