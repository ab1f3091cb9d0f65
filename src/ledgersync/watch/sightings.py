"""Which files have come to rest: seen with the same size and time twice, some seconds apart."""

import os
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

LONGEST_NAME = 200  # with a workspace folder before it, Windows stops at 260
_CLOUD = 0x00400000 | 0x00040000 | 0x00001000  # recall on data access, on open, offline

Mark = tuple[int, int]  # size, mtime in ns


@dataclass(frozen=True, slots=True)
class Sighting:
    mark: Mark
    since: float


class Sightings:
    """Remembers what files looked like; `clock` counts seconds and never goes back."""

    def __init__(self, settle: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._settle = settle
        self._clock = clock
        self._seen: dict[str, Sighting] = {}

    def settled(self, paths: Iterable[Path]) -> list[Path]:
        """The files that have not changed since they were first seen so, `settle` seconds ago."""
        now = self._clock()
        present: dict[str, Sighting] = {}
        ready = []
        for path in paths:
            mark = mark_of(path)
            if mark is None:
                continue
            key = name_key(path)
            known = self._seen.get(key)
            same = known is not None and known.mark == mark
            present[key] = known if same and known else Sighting(mark, now)
            if same and known and now - known.since >= self._settle:
                ready.append(path)
        self._seen = present
        return ready

    @property
    def waiting(self) -> int:
        """How many files are being looked at."""
        return len(self._seen)


def mark_of(path: Path) -> Mark | None:
    """Size and time of a file that is there; None for cloud placeholders and vanished files."""
    try:
        stat = path.stat()
    except OSError:
        return None
    if getattr(stat, "st_file_attributes", 0) & _CLOUD:
        return None
    return stat.st_size, stat.st_mtime_ns


def name_key(path: Path) -> str:
    """Names as file systems compare them: NFC and, where they do so, without case."""
    text = unicodedata.normalize("NFC", str(path))
    return text.casefold() if os.name == "nt" else text


def has_bad_name(path: Path) -> bool:
    """A name so long that another program may fail on it."""
    return len(path.name) > LONGEST_NAME
