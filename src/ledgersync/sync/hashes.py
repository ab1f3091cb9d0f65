"""The SHA-256 of files within one run, each content read once however often it is asked for."""

import time
from pathlib import Path

from ledgersync.files import file_hash

_SETTLED = 3.0  # seconds: a younger time stamp does not tell a second save of the same size

_Seen = tuple[int, int, int, int]  # inode, size, and when content and entry changed (ns)


class Hashes:
    """What is known of files that nobody has touched since, by their `stat`.

    Only for deciding whether something has to be done: whoever replaces a file compares its hash
    under the lock anew (`files.put_in_place`).
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Seen, str]] = {}

    def of(self, path: Path) -> str:
        """The hash of a file as it is now. Raises OSError."""
        seen = _seen(path)
        known = self._known.get(path)
        if known is not None and known[0] == seen:
            return known[1]
        sha256 = file_hash(path)
        if time.time() - seen[2] / 1e9 > _SETTLED and _seen(path) == seen:
            self._known[path] = seen, sha256
        return sha256


def _seen(path: Path) -> _Seen:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
