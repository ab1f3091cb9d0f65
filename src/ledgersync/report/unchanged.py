"""Which files of an earlier run are still what would be written now: those are not drawn again.

A file stands for what it was drawn from (figures, words of the ledgers, day, program), as long as
its bytes are those that were written: what somebody changed by hand is drawn anew.
"""

import hashlib
import json
import os
import pickle
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ledgersync.declared import Declared
from ledgersync.files import atomic_write, file_hash, source_hash

_DRAWN_BY = ("declared", "messages", "privacy.py", "report", "rollup", "schema", "workbook")


class Unchanged:
    """What was written where, kept beside the journal; without a place nothing is remembered."""

    def __init__(self, kept: Path | None) -> None:
        self._file = kept
        self._written: dict[str, list[str]] = _read(kept) if kept else {}

    def stands(self, path: Path, drawn_from: str) -> bool:
        """Whether the file holds what would be drawn."""
        key, written = self._written.get(str(path), ("", ""))
        return key == drawn_from and path.is_file() and file_hash(path) == written

    def remember(self, path: Path, drawn_from: str) -> None:
        """Raises nothing: a place that cannot be written costs time, not the report."""
        if self._file is None or not os.access(self._file.parent, os.W_OK):
            return
        present = {p: known for p, known in self._written.items() if Path(p).exists()}
        self._written = {**present, str(path): [drawn_from, file_hash(path)]}
        try:
            atomic_write(self._file, json.dumps(self._written, ensure_ascii=False), private=True)
        except OSError:
            self._file = None


def drawn_from(*content: object) -> str:
    """One hash over values (of dataclasses, models, mappings, numbers, texts) and the program."""
    plain = BytesIO()
    _Plain(plain, protocol=5).dump(content)
    return hashlib.sha256(plain.getvalue() + source_hash(*_DRAWN_BY).encode()).hexdigest()


class _Plain(pickle.Pickler):
    """Declared objects by their fields alone."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Declared):
            return dict, (obj.as_data(),)
        return NotImplemented


def _read(kept: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, Mapping) and all(
        isinstance(known, list) and len(known) == 2 for known in found.values()
    )
    return dict(found) if whole else {}
