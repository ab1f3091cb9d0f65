"""What a part is made from, as one hash: another workbook, ledger, word or reader makes another."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import ledgersync
from ledgersync.files import source_hash
from ledgersync.schema import Catalog, TableKey

_READERS = (
    "checks",
    "declared",
    "facts",
    "schema",
    "values",
    "workbook/read",
    "model.py",
    "privacy.py",
)


def part_key(sha256: str, ledger: str, meaning: str, mappings: Mapping[str, str]) -> str:
    """The key of what a workbook says for a ledger, read with these ledgers and headers."""
    return _digest([sha256, ledger, meaning, sorted(mappings.items())])


def meaning_of(catalog: Catalog) -> str:
    """All that decides what is read: every ledger's tables, fields, words and lists, the reader."""
    return _digest([reader_version(), catalog.columns])


def history_key(head: str, meaning: str, tables: Mapping[TableKey, Sequence[str]]) -> str:
    """The key of what a journal says of earlier days, up to the revision with this digest."""
    asked = sorted([*key, *fields] for key, fields in tables.items())
    return _digest([head, asked, meaning])


def reader_version() -> str:
    """Which program reads: a hash over the source of all that reading goes through."""
    return _digest([ledgersync.__version__, source_hash(*_READERS)])


def _digest(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
