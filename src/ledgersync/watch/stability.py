"""Which files have come to rest: seen with the same size and time twice, some seconds apart."""

import os
import re
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.filenames import readable
from ledgersync.messages import Message, message

LONGEST_NAME, LONGEST_PATH = 120, 255  # Windows programs stop at a path of 260
_CLOUD = 0x00400000 | 0x00040000 | 0x00001000  # recall on data access, on open, offline
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]|[ .]$')

Mark = tuple[int, int, int, int]  # size, mtime, change time in ns; the file's number


@dataclass(slots=True)
class Observation:
    """How a file looked since when; `until` is when to look at it again (inf: once it changes)."""

    mark: Mark
    since: float
    until: float = 0.0


class FileStability:
    """Remembers what files looked like; `clock` counts seconds and never goes back.

    A file at rest is shown until somebody says what became of it: `done` until it changes,
    `later` for some seconds.
    """

    def __init__(self, settle: float = 3.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._settle = settle
        self._clock = clock
        self._seen: dict[Path, Observation] = {}

    def settled(self, paths: Iterable[Path]) -> list[Path]:
        """The files that have not changed for `settle` seconds and wait to be dealt with."""
        now = self._clock()
        present: dict[Path, Observation] = {}
        for path in paths:
            mark = mark_of(path)
            if mark is not None:
                known = self._seen.get(path)
                present[path] = known if known and known.mark == mark else Observation(mark, now)
        self._seen = present
        return [p for p, s in present.items() if now - s.since >= self._settle and now >= s.until]

    def done(self, path: Path) -> None:
        """Nothing more is to be done until the file changes."""
        self.later(path, float("inf"))

    def later(self, path: Path, seconds: float) -> None:
        """The file is shown again after some seconds, or once it has changed."""
        if path in self._seen:
            self._seen[path].until = self._clock() + seconds

    def forget(self, paths: Collection[str]) -> None:
        """Something happened to these files: they are looked at as new ones."""
        keys = {name_key(Path(p)) for p in paths}
        if keys:
            self._seen = {p: s for p, s in self._seen.items() if name_key(p) not in keys}

    @property
    def waiting(self) -> bool:
        """Whether a file is on its way to rest, or due again."""
        now = self._clock()
        return any(now >= s.until for s in self._seen.values())


def mark_of(path: Path) -> Mark | None:
    """What changes when a file does; None for cloud placeholders and vanished files.

    The change time shows a save whose own time was put back (it is the creation time on Windows,
    where an event tells).
    """
    try:
        stat = path.stat()
    except OSError:
        return None
    if getattr(stat, "st_file_attributes", 0) & _CLOUD:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def name_key(path: Path) -> str:
    """Names as file systems compare them: NFC and, where they do so, without case."""
    text = unicodedata.normalize("NFC", str(path))
    return text.casefold() if os.name == "nt" else text


def bad_name(path: Path) -> Message | None:
    """What is wrong with a name on Windows, None when nothing is.

    The file is taken in all the same; somebody's computer will not open it.
    """
    name = readable(path.name)
    if len(name) > LONGEST_NAME or len(str(path)) > LONGEST_PATH:
        return message(
            "文件名或路径太长（{count} 个字）：{name}…；Windows 上可能打不开，请改短。",
            count=len(name),
            name=name[:20],
        )
    if _RESERVED.match(name) or _FORBIDDEN.search(name):
        return message("文件名“{name}”在 Windows 上不能用，请改名。", name=name)
    return None
