"""Files in the inbox that nobody can read: each is reported once, and then only counted.

What was said of a file is remembered with its size and time, so that another save of it, or
another reason, is news again.
"""

import os
from collections.abc import Iterable

from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session

_KEY = "unreadable:"  # in the journal's meta, by file


def is_reported(session: Session, file: str, stat: os.stat_result) -> bool:
    """Whether an earlier run said that this very save cannot be read."""
    return (session.journal.meta(_KEY + file) or "").startswith(_save(stat))


def note_unreadable(
    session: Session, file: str, stat: os.stat_result, results: Iterable[SubmissionResult]
) -> None:
    """Marks what was said before as known, and remembers what is said for the first time."""
    for result in results:
        if result.status == "unreadable" and result.message:
            remembered = _save(stat) + result.message.zh
            result.known = session.journal.meta(_KEY + file) == remembered
            if not result.known:
                with session.journal.transaction():
                    session.journal.set_meta(_KEY + file, remembered)


def _save(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:"
