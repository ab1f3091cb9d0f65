"""A file's bytes → the book inside, whatever its name says it is."""

from io import BytesIO
from pathlib import Path

from ledgersync.messages import message
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats.spreadsheets import OLE, Alarm, read_book
from ledgersync.workbook.read.layout.grid import Book

MOST_BYTES = 300_000_000
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
        from ledgersync.workbook.read.formats.kinds import content_of

        found = content_of(BytesIO(content))
        if found.kind not in ("workbook", "html", "text", "unknown", "damaged"):
            raise refusals.other_kind(name, found.kind, found.inside)
    if content[:4] == OLE:
        from ledgersync.workbook.read.formats.containers import opened_container  # few are old

        inside = opened_container(content, name, password)
        return open_book(inside, name, None, alarm) if inside else read_book(content, name, alarm)
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return read_book(content, name, alarm)
    return _text(content, name)


def _may_be_a_workbook(content: bytes) -> bool:
    """At a glance; what is none is looked at more closely, so that it can be called by its name."""
    if content[:2] == b"PK":
        return b"xl/" in content or b"opendocument.spreadsheet" in content
    return False


def _text(content: bytes, name: str) -> Book:
    from ledgersync.workbook.read.formats import text_files as textfiles  # most are workbooks

    if textfiles.is_html(content):
        return textfiles.read_html(content, name)
    if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml"):
        detail = "XML 表格 2003" if _SPREADSHEET_ML in content[:4096] else "XML"
        raise refusals.unknown_format(name, detail)
    if not textfiles.is_text(content):
        raise refusals.unknown_format(name)
    return textfiles.read_csv(content, name, Path(name).stem[:31])
