"""A file's bytes → the book inside, whatever its name says it is."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import msoffcrypto
import msoffcrypto.exceptions as crypto

from ledgersync.messages import message
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats import biff
from ledgersync.workbook.read.formats import text_files as textfiles
from ledgersync.workbook.read.formats.kinds import content_of
from ledgersync.workbook.read.formats.spreadsheets import Alarm, read_book
from ledgersync.workbook.read.layout.grid import Book

MOST_BYTES = 300_000_000
# What msoffcrypto and olefile raise on containers that no program wrote.
_BROKEN = (
    crypto.FileFormatError,
    crypto.ParseError,
    zipfile.BadZipFile,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
)
_SPREADSHEET_ML = b"urn:schemas-microsoft-com:office:spreadsheet"


def open_book(
    content: bytes, name: str, password: str | None = None, alarm: Alarm | None = None
) -> Book:
    """The book in a file; raises UnreadableFile with the reason."""
    if not content:
        raise refusals.empty(name)
    if len(content) > MOST_BYTES:
        size = len(content) // 1_000_000
        raise refusals.refused(message("{name} 有 {size} MB，太大了。", name=name, size=size))
    if not _may_be_a_workbook(content):
        found = content_of(BytesIO(content))
        if found.kind not in ("workbook", "html", "text", "unknown", "damaged"):
            raise refusals.other_kind(name, found.kind, found.inside)
    if content[:4] == biff.OLE:
        return _old_or_encrypted(content, name, password, alarm)
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return read_book(content, name, alarm)
    return _text(content, name)


def _may_be_a_workbook(content: bytes) -> bool:
    """At a glance; what is none is looked at more closely, so that it can be called by its name."""
    if content[:2] == b"PK":
        return b"xl/" in content or b"opendocument.spreadsheet" in content
    return False


def _old_or_encrypted(content: bytes, name: str, password: str | None, alarm: Alarm | None) -> Book:
    """An OLE container: an old workbook, or an encrypted package of either kind."""
    try:
        office = msoffcrypto.OfficeFile(BytesIO(content))
        locked = office.is_encrypted()
    except _BROKEN as error:
        if biff.has_workbook(content):
            return read_book(content, name, alarm)
        raise refusals.unknown_format(name, "不是工作簿") from error
    if not locked:
        if not biff.has_workbook(content):
            raise refusals.unknown_format(name, "不是工作簿")
        return read_book(content, name, alarm)
    if not password:
        raise refusals.encrypted(name)
    return open_book(_decrypted(office, name, password), name, None, alarm)


def _decrypted(office: "msoffcrypto.OfficeFile", name: str, password: str) -> bytes:
    opened = BytesIO()
    try:
        office.load_key(password=password)
        office.decrypt(opened)
    except (crypto.InvalidKeyError, crypto.DecryptionError) as error:
        raise refusals.wrong_password(name) from error
    except _BROKEN as error:
        raise refusals.damaged(name) from error
    return opened.getvalue()


def _text(content: bytes, name: str) -> Book:
    if textfiles.is_html(content):
        return textfiles.read_html(content, name)
    if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml"):
        detail = "XML 表格 2003" if _SPREADSHEET_ML in content[:4096] else "XML"
        raise refusals.unknown_format(name, detail)
    if not textfiles.is_text(content):
        raise refusals.unknown_format(name)
    return textfiles.read_csv(content, name, Path(name).stem[:31])
