"""What a file is by its first bytes and its list of members, whatever its name says.

Nothing is unpacked here: a zip's directory is listed, no member is inflated but the few bytes in
which an OpenDocument file names its type.
"""

import io
import zipfile
from typing import BinaryIO, Literal

from ledgersync.dataclass import dataclass
from ledgersync.filenames import readable
from ledgersync.workbook.read.formats.text_files import is_html, is_text

Kind = Literal[
    "workbook",
    "html",
    "text",
    "damaged",
    "empty",
    "numbers",
    "zip",
    "archive",
    "pdf",
    "document",
    "image",
    "mhtml",
    "shortcut",
    "mark",
    "unknown",
]

_HEAD = 8192
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF", "pdf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"{\\rtf", "document"),
    (b"\x4c\0\0\0\x01\x14\x02\0", "shortcut"),
    (b"[InternetShortcut]", "shortcut"),
    (b"[Desktop Entry]", "shortcut"),
    (b"bplist00", "shortcut"),  # what iCloud leaves for a file that is not on this disk
    (b"\0\x05\x16\x07", "mark"),  # the other half of a file from a Mac: `._台账.xlsx`
)
_OLE = b"\xd0\xcf\x11\xe0"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Content:
    """A file's kind; `inside` are the workbooks that a zip holds, by name."""

    kind: Kind
    inside: tuple[str, ...] = ()

    @property
    def is_workbook(self) -> bool:
        return self.kind == "workbook"


def content_of(stream: BinaryIO) -> Content:
    """Looks at a file that is open for reading; raises OSError."""
    head = stream.read(_HEAD)
    if not head:
        return Content("empty")
    if head[:2] == b"PK":
        return _package(stream)
    if head[:4] == _OLE:
        return Content(_compound(stream))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Content("image")
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return Content("image")
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    return Content(kind or _text(head))


def _text(head: bytes) -> Kind:
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"mime-version:") or b"content-type: multipart/related" in start:
        return "mhtml"
    if is_html(head):
        return "html"
    return "text" if is_text(head) else "unknown"


def _package(stream: BinaryIO) -> Content:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = [info.filename.replace("\\", "/") for info in archive.infolist()]
            kind = _package_kind(archive, [name.casefold() for name in names])
            inside = _inside(archive) if kind == "zip" else ()
            return Content(kind, inside)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return Content("damaged")


def _package_kind(archive: zipfile.ZipFile, names: list[str]) -> Kind:
    if any(name.startswith("xl/") for name in names):
        return "workbook"
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            start = member.read(200)
        return "workbook" if start.startswith(_SPREADSHEET) else "document"
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return "numbers"
    if any(name.startswith(("word/", "ppt/")) or name == "ofd.xml" for name in names):
        return "document"
    return "zip"


def _inside(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """The workbooks in a zip by their last names, as they were meant."""
    found = []
    for info in archive.infolist():
        name = _member_name(info).replace("\\", "/").rpartition("/")[2]
        if name.casefold().endswith(_WORKBOOKS) and not name.startswith(("~$", "._")):
            found.append(readable(name))
    return tuple(found)


def _member_name(info: zipfile.ZipInfo) -> str:
    """Names without the mark for UTF-8 are GBK in Chinese zips, and come here as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _compound(stream: BinaryIO) -> Kind:
    """An old workbook, an encrypted one, or a document of another program."""
    import olefile  # of few files the kind is in doubt

    stream.seek(0)
    try:
        with olefile.OleFileIO(io.BytesIO(stream.read())) as ole:
            names = ("Workbook", "Book", "EncryptedPackage")
            return "workbook" if any(ole.exists(name) for name in names) else "document"
    except (OSError, ValueError, IndexError, TypeError, EOFError):
        return "damaged"
