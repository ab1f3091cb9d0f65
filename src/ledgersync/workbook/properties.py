"""What a workbook's own properties say: who saved it last, and when."""

import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from ledgersync.workbook.broken import DAMAGE

_LAST = re.compile(rb"<(?:\w+:)?lastModifiedBy[^>]*>([^<]*)<")
_SAVED = {  # by the part that says it
    "docProps/core.xml": re.compile(rb"<(?:\w+:)?modified[^>]*>([^<]*)<"),
    "meta.xml": re.compile(rb"<dc:date[^>]*>([^<]*)<"),
}
_LIMIT = 1 << 20
_OURS = "LedgerSync"  # the author of what this program writes: nobody who saved it
_HERE = timezone(timedelta(hours=8))  # OpenDocument tells the time of the clock on the wall


def last_modified_by(path: Path) -> str | None:
    """`lastModifiedBy` of an Office Open XML file, None where nobody is named."""
    from html import unescape  # most ask when, not who

    try:
        with zipfile.ZipFile(path) as package:
            found = _LAST.search(_part(package, "docProps/core.xml"))
    except DAMAGE:
        return None
    name = unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
    return name if name not in ("", _OURS) else None


def last_saved(content: bytes) -> str | None:
    """When a workbook says it was saved last (ISO 8601, UTC); None where it does not say."""
    try:
        moment = _of_package(content) if content[:2] == b"PK" else _of_container(content)
    except DAMAGE:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _of_package(content: bytes) -> datetime | None:
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name, pattern in _SAVED.items():
            if name in package.namelist() and (found := pattern.search(_part(package, name))):
                moment = datetime.fromisoformat(found[1].decode("ascii").strip()[:26])
                return moment if moment.tzinfo else moment.replace(tzinfo=_zone(name))
    return None


def _zone(part: str) -> timezone:
    return _HERE if part == "meta.xml" else UTC


def _of_container(content: bytes) -> datetime | None:
    """The older binary formats."""
    import olefile  # few are old

    if not olefile.isOleFile(content):
        return None
    with olefile.OleFileIO(BytesIO(content)) as container:
        moment = container.get_metadata().last_saved_time
    known = isinstance(moment, datetime) and moment.year > 1980
    return moment.replace(tzinfo=UTC) if known else None


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    return b"" if package.getinfo(name).file_size > _LIMIT else package.read(name)
