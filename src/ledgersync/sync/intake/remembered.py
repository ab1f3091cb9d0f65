"""What is remembered of files in the inbox from one run to the next, in the journal's meta.

When the files of a copy were saved, as they say themselves: a sync tool brings its conflict copy
late; that it was saved before what the same copy has said since, only the file itself knows.

What was said of files that nobody can read, with their size and time: each is reported once, and
then only counted; another save of it, or another reason, is news again.
"""

import os
from collections.abc import Iterable

from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session

_SAVED = "saved:"  # by copy: the latest save that was ingested
_UNREADABLE = "unreadable:"  # by file


def note_saved(session: Session, copy: str, saved: str | None) -> None:
    """A file of this copy was ingested."""
    if saved and saved > (session.journal.meta(_SAVED + copy) or ""):
        session.journal.set_meta(_SAVED + copy, saved)


def is_earlier(session: Session, copy: str, saved: str | None) -> bool:
    """Whether a file was saved before another one of the same copy that was ingested."""
    return bool(saved) and (saved or "") < (session.journal.meta(_SAVED + copy) or "")


def is_reported(session: Session, file: str, stat: os.stat_result) -> bool:
    """Whether an earlier run said that this very save cannot be read."""
    return (session.journal.meta(_UNREADABLE + file) or "").startswith(_save(stat))


def note_unreadable(
    session: Session, file: str, stat: os.stat_result, results: Iterable[SubmissionResult]
) -> None:
    """Marks what was said before as known, and remembers what is said for the first time."""
    for result in results:
        if result.status == "unreadable" and result.message:
            remembered = _save(stat) + result.message.zh
            result.known = session.journal.meta(_UNREADABLE + file) == remembered
            if not result.known:
                with session.journal.transaction():
                    session.journal.set_meta(_UNREADABLE + file, remembered)


def _save(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:"
