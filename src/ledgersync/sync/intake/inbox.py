"""What lies in the inbox: submissions, files that nobody can take, programs' own droppings.

A workbook's name is believed at once. Of any other file the content decides: `台账.xlsx(1)`,
`台账.xlsx.1` and `台账` without an ending are what they are. What cannot be taken is told with what
to do, unless a program keeps it for itself.
"""

import re
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledgersync.dataclass import dataclass
from ledgersync.filenames import meant, readable
from ledgersync.messages import Message, listed, message
from ledgersync.workbook.read import refusals

if TYPE_CHECKING:
    from ledgersync.workbook.read.formats.kinds import Content

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".et"})
NOBODY = "未署名"
_HOUR = 3600.0  # what a program left behind for so long, it has forgotten
_OWN_FOLDER = re.compile(r"^(?:[.~$@#]|__macosx$)", re.IGNORECASE)  # of a system or a sync tool
_OWN_FILE = re.compile(
    r"^(?:thumbs\.db|desktop\.ini|\.ds_store|\.~lock\..*#|\.~ls-.*)$|\.(?:lock|lsp|lskey)$",
    re.IGNORECASE,
)
_ODD_START = re.compile(r"^(?:\.|~\$|~wr[a-z]\d)", re.IGNORECASE)
_LOCK = re.compile(r"^(?:~\$|\.~)")
_PASSING = re.compile(
    r"\.(?:tmp|temp|part|partial|filepart|crdownload|download|opdownload|aria2|xltd|td|~\w+)$"
    r"|\.sync-conflict-tmp|^[0-9A-F]{8}$",
    re.IGNORECASE,
)
_BACKUP = re.compile(r"\.(?:bak|backup|old|xlk|wbk|asd|sav)$", re.IGNORECASE)
_SEPARATED = re.compile(r"\.(?:csv|tsv|tab)\b", re.IGNORECASE)
_DELIMITERS = (b",", b"\t", b";", b"|", "，".encode(), "；".encode())

Rule = Literal["file.name", "file.format"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that somebody sent."""

    path: Path
    staff: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A file in the inbox that is not taken: why, and what to do."""

    path: Path
    staff: str
    rule: Rule
    message: Message


@dataclass(slots=True)
class Inbox:
    """All that was sent: `arrivals` oldest save first; the first folder names the person."""

    arrivals: list[Arrival] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)


def survey(inbox: Path) -> Inbox:
    """Looks at every file below a folder."""
    found = Inbox()
    for path in _files(inbox):
        staff = _person(inbox, path)
        verdict = submission_verdict(path)
        if verdict is True:
            found.arrivals.append(Arrival(path, staff))
        elif verdict:
            found.strays.append(Stray(path, staff, *verdict))
    found.arrivals.sort(key=lambda a: (_saved(a.path), str(a.path)))
    found.strays.sort(key=lambda s: str(s.path))
    return found


def arrivals(inbox: Path) -> list[Arrival]:
    """Every submission below `inbox`."""
    return survey(inbox).arrivals


def submission_verdict(path: Path) -> bool | tuple[Rule, Message]:
    """Whether a file is a submission; where it is none and people should know, why."""
    name = unicodedata.normalize("NFC", path.name)
    odd = bool(_ODD_START.search(name) or _OWN_FILE.search(name) or _PASSING.search(name))
    if not odd and path.suffix.casefold() in SUFFIXES:
        return True
    try:
        return _by_content(path, name, _look(path))
    except OSError:
        return not odd  # the merge says why it cannot be opened


def is_submission(path: Path) -> bool:
    """A workbook, and none that a program keeps for itself."""
    return submission_verdict(path) is True


def _by_content(path: Path, name: str, content: "Content") -> bool | tuple[Rule, Message]:
    shown, kind = readable(path.name), content.kind
    if _OWN_FILE.search(name) or kind == "mark":
        return False
    if _PASSING.search(name):
        left = time.time() - path.stat().st_mtime > _HOUR
        return ("file.name", _left_behind(shown)) if left else False
    if _LOCK.search(name):
        return ("file.name", _left_behind(shown)) if content.is_workbook else False
    if _BACKUP.search(name) and kind in ("workbook", "damaged"):
        return "file.name", _backup(shown)
    if kind in ("workbook", "html") or (kind == "text" and _is_table(path, name)):
        return True
    if _ODD_START.search(name):  # what such a file is called is the program's own matter
        return False
    if kind in ("damaged", "empty"):
        return True  # which the merge says of it
    refusal = refusals.other_kind(shown, kind, content.inside)
    return "file.format", listed([refusal.message, refusal.next_step], "")


def _look(path: Path) -> "Content":
    from ledgersync.workbook.read.formats.kinds import (
        content_of,  # parsers, which a plain inbox does not need
    )

    with path.open("rb") as stream:
        return content_of(stream)


def _is_table(path: Path, name: str) -> bool:
    """A text whose lines are cut into cells, or that is called so."""
    if _SEPARATED.search(name):
        return True
    if path.suffix.casefold() not in ("", ".txt") and not re.search(r"\.txt\b", name.casefold()):
        return False
    with path.open("rb") as stream:
        lines = [line for line in stream.read(4096).splitlines()[:10] if line.strip()]
    cuts = [min(line.count(d) for line in lines) for d in _DELIMITERS] if len(lines) > 1 else []
    return max(cuts, default=0) > 0


def _left_behind(name: str) -> Message:
    return message(
        "{name} 像是没有传完、或程序留下的临时文件，没有收。"
        "是台账的，请重新传一次，或改名为 .xlsx；不是的请删去。",
        name=name,
    )


def _backup(name: str) -> Message:
    return message(
        "{name} 像是程序自动留的备份，没有收。确实要收的，请改名为 .xlsx；否则请移走。", name=name
    )


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
        folders = path.relative_to(folder).parts[:-1]
        if path.is_file() and not any(_OWN_FOLDER.search(part) for part in folders):
            yield path


def _person(inbox: Path, path: Path) -> str:
    parts = path.relative_to(inbox).parts
    return meant(parts[0]) if len(parts) > 1 else NOBODY


def _saved(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
