"""Temporary files that a killed process left in a workspace."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledgersync.files import writer_of

_FORGOTTEN = 3600.0  # seconds after which another machine's temporary file counts as left behind


def remove_left_over(folders: Iterable[Path]) -> int:
    """Removes what killed processes left in these folders; how many files.

    A file of a process that lives, or of another machine within the last hour, stays.
    """
    removed = 0
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _is_left_over(entry):
                    Path(entry.path).unlink(missing_ok=True)
                    removed += 1
    return removed


def _is_left_over(entry: "os.DirEntry[str]") -> bool:
    process = writer_of(entry.name)
    if process is None:
        return False
    if time.time() - entry.stat().st_mtime > _FORGOTTEN:
        return True
    return process > 0 and not _lives(process)


def _lives(process: int) -> bool:
    import psutil  # only where something was left behind

    return psutil.pid_exists(process)
