"""When the files of a copy were saved, as they say themselves.

A sync tool brings its conflict copy late; that it was saved before what the same copy has said
since, only the file itself knows.
"""

from ledgersync.sync.session import Session

_KEY = "saved:"  # in the journal's meta, by copy: the latest save that was ingested


def note_saved(session: Session, copy: str, saved: str | None) -> None:
    """A file of this copy was ingested."""
    if saved and saved > (session.journal.meta(_KEY + copy) or ""):
        session.journal.set_meta(_KEY + copy, saved)


def is_earlier(session: Session, copy: str, saved: str | None) -> bool:
    """Whether a file was saved before another one of the same copy that was ingested."""
    return bool(saved) and (saved or "") < (session.journal.meta(_KEY + copy) or "")
