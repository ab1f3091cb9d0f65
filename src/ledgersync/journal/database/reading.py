"""Reading a journal that cannot be written: on a read-only medium, in a backup, as somebody else.

SQLite must write beside a journal in WAL mode even to read it. So it is read from a private copy,
together with what of it is still in the write-ahead log.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def is_writable(journal: Path) -> bool:
    """Whether this account may write a journal and beside it; a missing one counts as writable."""
    if not journal.exists():
        return True
    return os.access(journal, os.W_OK) and os.access(journal.parent, os.W_OK)


@contextmanager
def readable(journal: Path) -> Iterator[Path]:
    """Where a journal can be read: where it lies, or in a copy that goes with the block."""
    if is_writable(journal):
        yield journal
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ledgersync-") as folder:
        for suffix in ("", "-wal"):
            part = journal.with_name(journal.name + suffix)
            if part.exists():
                shutil.copyfile(part, Path(folder) / part.name)
        yield Path(folder) / journal.name


@contextmanager
def moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one moment, whoever writes meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()
