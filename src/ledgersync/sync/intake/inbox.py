"""What lies in the inbox: which files are submissions, which are a program's own droppings."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ledgersync.messages import Message
from ledgersync.workbook.read import refusals

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".et"})
_IGNORED = re.compile(
    r"^(?:~\$|\.|\$|~)|\.(?:tmp|temp|part|partial|crdownload|download|bak|lock|lnk|~\w+)$"
    r"|^(?:thumbs\.db|desktop\.ini)$|\.sync-conflict-tmp",
    re.IGNORECASE,
)
NOBODY = "未署名"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that somebody sent."""

    path: Path
    staff: str


def is_submission(path: Path) -> bool:
    """A workbook's name, and none that a program uses while it is saving."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return not _IGNORED.search(name) and path.suffix.casefold() in SUFFIXES


def arrivals(inbox: Path) -> list[Arrival]:
    """Every submission below `inbox`, oldest save first; the first folder names the person."""
    found = [Arrival(p, _person(inbox, p)) for p in _files(inbox) if is_submission(p)]
    return sorted(found, key=lambda a: (_saved(a.path), str(a.path)))


def is_whole(path: Path) -> bool:
    """A zip file's directory is there, so it is not half written; other formats pass."""
    try:
        with path.open("rb") as stream:
            if stream.read(2) != b"PK":
                return path.stat().st_size > 0
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def not_whole(path: Path, name: str) -> Message:
    """Why a file is not whole, in the words of the reader."""
    try:
        empty = path.stat().st_size == 0
    except OSError:
        return refusals.missing(name).message
    return (refusals.empty(name) if empty else refusals.damaged(name)).message


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.rglob("*"):
        if path.is_file() and not any(_IGNORED.search(p) for p in path.relative_to(folder).parts):
            yield path


def _person(inbox: Path, path: Path) -> str:
    parts = path.relative_to(inbox).parts
    return parts[0] if len(parts) > 1 else NOBODY


def _saved(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
