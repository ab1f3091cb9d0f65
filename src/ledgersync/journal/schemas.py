"""The ledgers as they were accepted: what the stored values mean, in the journal beside them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from ledgersync.journal.database.reading import readable
from ledgersync.journal.rows import dumps
from ledgersync.schema import Accepted

_KEY = "schema:"  # in the journal's meta, by ledger


class SchemaBook:
    """Rows `schema:…` of table `meta`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def accepted(self) -> dict[str, Accepted]:
        """By ledger."""
        return _read(self._db)

    def accept(self, ledger: str, text: str) -> None:
        """A first text, or one that keeps everything as the last one did."""
        known = self.accepted().get(ledger)
        before, since = (known.before, known.since) if known else ((), 0)
        self._write(ledger, Accepted(text, before, since))

    def replace(self, ledger: str, text: str, since: int) -> None:
        """Another text rules from a revision on; what the last one kept is to be read as before."""
        known = self.accepted()[ledger]
        before = tuple(t for t in (*known.before, known.text) if t != text)
        self._write(ledger, Accepted(text, before, since))

    def forget(self, ledger: str) -> None:
        """A ledger without any record is no more."""
        self._db.execute("DELETE FROM meta WHERE key = ?", (_KEY + ledger,))

    def _write(self, ledger: str, ruling: Accepted) -> None:
        stored = dumps({"text": ruling.text, "before": ruling.before, "since": ruling.since})
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_KEY + ledger, stored),
        )


def accepted_ledgers(journal: Path) -> dict[str, Accepted]:
    """What a journal's ledgers are; nothing where there is none, or none that can be read now."""
    if not journal.is_file():
        return {}
    try:
        with readable(journal) as file, closing(sqlite3.connect(file, timeout=10)) as connection:
            return _read(connection)
    except sqlite3.DatabaseError:  # whoever opens the journal itself says what is wrong
        return {}


def _read(connection: sqlite3.Connection) -> dict[str, Accepted]:
    found = connection.execute(
        "SELECT substr(key, ?), value FROM meta WHERE substr(key, 1, ?) = ?",
        (len(_KEY) + 1, len(_KEY), _KEY),
    )
    ruling = {str(name): json.loads(value) for name, value in found.fetchall()}
    return {
        name: Accepted(cells["text"], tuple(cells["before"]), cells["since"])
        for name, cells in ruling.items()
    }
